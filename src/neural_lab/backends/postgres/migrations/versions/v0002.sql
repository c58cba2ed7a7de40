-- A name is unique in any case; Python folds it, as everywhere. It may be longer than an entry of an index.
CREATE TABLE account (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    name_sha256 bytea NOT NULL UNIQUE,
    password text NOT NULL,
    admin boolean NOT NULL,
    created text NOT NULL
);

CREATE TABLE session (
    digest bytea PRIMARY KEY,
    account integer NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires text COLLATE "C" NOT NULL
);

CREATE INDEX session_account ON session (account);

CREATE INDEX session_expires ON session (expires);

CREATE TABLE account_key (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account integer NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    digest bytea NOT NULL UNIQUE,
    label text NOT NULL,
    scopes text NOT NULL,
    created text NOT NULL
);

CREATE INDEX account_key_account ON account_key (account, id);

-- No index holds what changes at every beat, so that a beat writes to one page; there is room for it.
CREATE TABLE job (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner integer NOT NULL REFERENCES owner (id),
    kind text NOT NULL,
    state text NOT NULL DEFAULT 'queued',
    worker text NOT NULL DEFAULT '',
    lease text COLLATE "C" NOT NULL DEFAULT '',
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    created text NOT NULL,
    updated text COLLATE "C" NOT NULL,
    payload text NOT NULL,
    result text NOT NULL DEFAULT '',
    error text NOT NULL DEFAULT '',
    message text NOT NULL DEFAULT '',
    once_sha256 bytea,
    UNIQUE (owner, once_sha256)
) WITH (fillfactor = 70);

CREATE INDEX job_number ON job (owner, id);

CREATE INDEX job_waiting ON job (id) WHERE state IN ('queued', 'running');

CREATE INDEX job_ended ON job (id) WHERE state NOT IN ('queued', 'running');

CREATE TABLE event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    status bigint NOT NULL,
    milliseconds double precision NOT NULL,
    characters bigint NOT NULL,
    words bigint,
    probability double precision,
    verdict text NOT NULL,
    detector text NOT NULL,
    signals text NOT NULL
);

CREATE INDEX event_at ON event (at, id);
