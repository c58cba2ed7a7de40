-- Where texts came from: a digest for every path, and an empty one for a text that was given without a path.
-- A source without a row came from nowhere any more, and goes.
CREATE TABLE origin (
    source integer NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    path_sha256 bytea NOT NULL,
    owner integer NOT NULL,
    PRIMARY KEY (source, path_sha256)
);

INSERT INTO origin (source, path_sha256, owner)
SELECT id, CASE path WHEN '' THEN '' ELSE sha256(convert_to(path, 'UTF8')) END, owner FROM source ORDER BY id;

CREATE UNIQUE INDEX origin_path ON origin (owner, path_sha256) WHERE path_sha256 <> '';

DROP INDEX source_path;
