-- What an owner has chosen, as JSON: no words.
create table preference (
    owner integer primary key,
    chosen blob not null
);

-- Words, as in 0002.sql, are in `kept_text`: those of a dispute together, as JSON, and the packed text of a snapshot.
create table dispute (
    id integer primary key autoincrement,
    owner integer not null,
    created text not null,
    consented text not null,
    text_sha256 text not null,
    span_start integer not null,
    span_end integer not null,
    probability real not null,
    words integer not null
);
create index dispute_of_owner on dispute (owner);

create table draft (
    id integer primary key autoincrement,
    owner integer not null,
    name text not null,
    title integer,
    bytes integer not null default 0
);
create unique index draft_of_owner on draft (owner, name);
create table snapshot (
    draft integer not null references draft (id) on delete cascade,
    seq integer not null,
    at text not null,
    characters integer not null,
    text_sha256 text not null,
    previous text not null,
    digest text not null,
    text integer not null,
    primary key (draft, seq)
) without rowid;
create view draft_seen as
select
    draft.id, draft.owner, draft.name, coalesce(kept_text.text, x'') as title,
    first.at as created, last.at as updated, last.seq, last.characters, last.digest
from draft
join snapshot as first on first.draft = draft.id and first.seq = 1
join snapshot as last
    on last.draft = draft.id and last.seq = (select max(seq) from snapshot where snapshot.draft = draft.id)
left join kept_text on kept_text.id = draft.title;
