-- What users wrote is kept as bytes, UTF-8 with lone surrogates, since SQLite's own texts end at the first NUL.
--
-- Rows of tables with users' words are never deleted but emptied, and their numbers only ascend. SQLite wipes
-- what is cut off in place; what it moves between pages, as it does when rows are deleted or inserted in the
-- middle, may leave copies behind that it forgets, and that no later deletion would reach. For the same reason
-- no ordinary index holds a path. An emptied row has no owner.

create table owner (
    id integer primary key,
    name blob not null unique
);

create table source (
    id integer primary key autoincrement,
    owner integer,
    title blob not null,
    path blob not null,
    date blob not null,
    language blob not null,
    collection blob not null,
    characters integer not null,
    sha256 blob,
    path_sha256 blob,
    added text not null,
    version integer not null,
    fingerprints integer not null
);
create unique index source_of_content on source (owner, sha256);
create unique index source_of_path on source (owner, path_sha256) where path_sha256 is not null;

-- Apart, so that listing sources does not read their texts.
create table source_text (
    source integer primary key,
    text blob not null
);

-- New rows are in `fresh`, and in `fingerprint` those of sources up to `settled.source`; rows.py says why.
create table fingerprint (
    owner integer not null,
    hash integer not null,
    source integer not null,
    seeds blob not null,
    primary key (owner, hash, source)
) without rowid;
create table fresh (
    owner integer not null,
    hash integer not null,
    source integer not null,
    seeds blob not null,
    primary key (owner, hash, source)
) without rowid;
create table settled (source integer not null);
insert into settled (source) values (0);

create table entry (
    id integer primary key autoincrement,
    owner integer,
    kind blob not null,
    created text not null,
    title blob not null,
    path blob not null,
    detector blob not null,
    verdict blob not null,
    probability real,
    coverage real,
    settings blob not null
);
create index entry_of_owner on entry (owner) where owner is not null;

create table entry_text (
    entry integer primary key,
    text blob not null,
    report blob not null
);

-- Of words only the trigrams, without their order. Python folds case before they come here, all of Unicode's;
-- SQLite would fold less, and its LIKE only the letters from A to Z.
create virtual table source_words using fts5 (
    title, text, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
);
create virtual table entry_words using fts5 (
    title, path, text, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
);
-- A batch of texts becomes one segment of the index, and not one for every megabyte.
insert into source_words (source_words, rank) values ('hashsize', 33554432);
