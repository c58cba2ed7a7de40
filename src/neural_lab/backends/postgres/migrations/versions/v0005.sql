CREATE TABLE preference (
    owner integer PRIMARY KEY REFERENCES owner (id),
    chosen text NOT NULL
);

CREATE TABLE dispute (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner integer NOT NULL REFERENCES owner (id),
    created text NOT NULL,
    consented text NOT NULL,
    title text NOT NULL,
    text_sha256 text NOT NULL,
    span_start bigint NOT NULL,
    span_end bigint NOT NULL,
    passage text NOT NULL,
    probability double precision NOT NULL,
    detector text NOT NULL,
    version text NOT NULL,
    claim text NOT NULL,
    note text NOT NULL
);

CREATE INDEX dispute_number ON dispute (owner, id);

-- Numbers tell the order in which drafts were begun; asking whether there is one takes a number, too.
CREATE TABLE draft (
    id bigint GENERATED ALWAYS AS IDENTITY,
    owner integer NOT NULL REFERENCES owner (id),
    name text NOT NULL,
    title text NOT NULL,
    bytes bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (owner, name)
);

CREATE TABLE snapshot (
    owner integer NOT NULL,
    draft text NOT NULL,
    seq integer NOT NULL,
    at text COLLATE "C" NOT NULL,
    characters integer NOT NULL,
    text_sha256 text NOT NULL,
    previous text NOT NULL,
    digest text NOT NULL,
    packed bytea NOT NULL,
    PRIMARY KEY (owner, draft, seq),
    FOREIGN KEY (owner, draft) REFERENCES draft (owner, name) ON DELETE CASCADE
);

-- What is packed already would only be tried again.
ALTER TABLE snapshot ALTER COLUMN packed SET STORAGE EXTERNAL;
