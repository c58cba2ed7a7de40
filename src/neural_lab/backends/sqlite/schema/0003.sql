-- Where texts came from: a digest for every path, so that rows may move and go, and an empty one for a text that
-- was given without a path. A source without a row came from nowhere any more, and goes.
create table origin (
    source integer not null,
    path_sha256 blob not null,
    owner integer not null,
    primary key (source, path_sha256)
) without rowid;
insert into origin (source, path_sha256, owner)
select id, coalesce(path_sha256, x''), owner from source where owner is not null order by id;
create unique index origin_of_path on origin (owner, path_sha256) where path_sha256 <> x'';
drop index source_of_path;

-- Transactions that deleted something, and how many of them have been taken out of the files. With earlier
-- versions a reader may have prevented that, so one is due.
create table wiping (
    asked integer not null,
    done integer not null
);
insert into wiping (asked, done) values (1, 0);
