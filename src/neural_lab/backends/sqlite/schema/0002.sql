-- Words of users that change, or go in another order than they came: names, hashes of passwords, labels of keys,
-- payloads and results of jobs. Rows are only appended and emptied, for the reason given in 0001.sql; tables
-- below name them by number and hold no such words themselves, so that their rows may grow, move and go.
create table kept_text (
    id integer primary key,
    text blob not null
);

create table account (
    id integer primary key autoincrement,
    name integer,
    name_sha256 blob not null unique,
    password integer,
    admin integer not null,
    created text not null
);
create view account_seen as
select account.id, coalesce(named.text, x'') as name, coalesce(hashed.text, x'') as password, admin, created
from account
left join kept_text as named on named.id = account.name
left join kept_text as hashed on hashed.id = account.password;

create table session (
    digest blob primary key,
    account integer not null references account (id) on delete cascade,
    expires text not null
) without rowid;
create index session_of_account on session (account);
create index session_of_time on session (expires);

create table account_key (
    id integer primary key autoincrement,
    account integer not null references account (id) on delete cascade,
    digest blob not null unique,
    label integer,
    scopes blob not null,
    created text not null
);
create index account_key_of_account on account_key (account);
create view account_key_seen as
select account_key.id, account, digest, coalesce(text, x'') as label, scopes, created
from account_key
left join kept_text on kept_text.id = label;

create table job (
    id integer primary key autoincrement,
    owner integer not null,
    kind blob not null,
    state text not null default 'queued',
    worker blob not null default x'',
    lease text not null default '',
    done integer not null default 0,
    total integer not null default 0,
    created text not null,
    updated text not null,
    error blob not null default x'',
    once_sha256 blob,
    payload integer,
    result integer,
    message integer
);
create index job_of_owner on job (owner);
create index job_of_state on job (state);
create unique index job_once on job (owner, once_sha256) where once_sha256 is not null;
create view job_seen as
select
    job.id, job.owner, owner.name, kind, state, done, total, created, updated, error,
    coalesce((select text from kept_text where id = job.payload), x'') as payload,
    coalesce((select text from kept_text where id = job.result), x'') as result,
    coalesce((select text from kept_text where id = job.message), x'') as message
from job
cross join owner on owner.id = job.owner;

create table event (
    at text not null,
    kind blob not null,
    status integer not null,
    milliseconds real not null,
    characters integer not null,
    words integer,
    probability real,
    verdict blob not null,
    detector blob not null,
    signals blob not null
);
create index event_of_time on event (at);
