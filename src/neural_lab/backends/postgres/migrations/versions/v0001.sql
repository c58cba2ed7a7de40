-- pg_trgm is a trusted extension: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Words are looked for in any case, and alike in every kind of store: as the Unicode standard folds case, which
-- is more than small letters. The letters that make the difference are few, and most texts have none of them.
CREATE FUNCTION folded(given text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    odd text;
    letters CONSTANT text := '['
        || '\u00b5\u00df\u0130\u0149\u017f\u01f0\u0345\u0390\u03b0\u03c2\u03d0\u03d1\u03d5\u03d6'
        || '\u03f0\u03f1\u03f5\u0587\u1c80-\u1c88\u1e96-\u1e9b\u1e9e\u1f50\u1f52\u1f54\u1f56'
        || '\u1f80-\u1faf\u1fb2-\u1fb4\u1fb6\u1fb7\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6\u1fc7\u1fcc'
        || '\u1fd2\u1fd3\u1fd6\u1fd7\u1fe2-\u1fe4\u1fe6\u1fe7\u1ff2-\u1ff4\u1ff6\u1ff7\u1ffc'
        || '\ufb00-\ufb06\ufb13-\ufb17'
        || ']';
    folds CONSTANT jsonb := '{
        "\u00b5": "\u03bc", "\u00df": "ss", "\u0130": "i\u0307", "\u0149": "\u02bcn", "\u017f": "s",
        "\u01f0": "j\u030c", "\u0345": "\u03b9", "\u0390": "\u03b9\u0308\u0301",
        "\u03b0": "\u03c5\u0308\u0301", "\u03c2": "\u03c3", "\u03d0": "\u03b2", "\u03d1": "\u03b8",
        "\u03d5": "\u03c6", "\u03d6": "\u03c0", "\u03f0": "\u03ba", "\u03f1": "\u03c1", "\u03f5": "\u03b5",
        "\u0587": "\u0565\u0582", "\u1c80": "\u0432", "\u1c81": "\u0434", "\u1c82": "\u043e",
        "\u1c83": "\u0441", "\u1c84": "\u0442", "\u1c85": "\u0442", "\u1c86": "\u044a", "\u1c87": "\u0463",
        "\u1c88": "\ua64b", "\u1e96": "h\u0331", "\u1e97": "t\u0308", "\u1e98": "w\u030a",
        "\u1e99": "y\u030a", "\u1e9a": "a\u02be", "\u1e9b": "\u1e61", "\u1e9e": "ss",
        "\u1f50": "\u03c5\u0313", "\u1f52": "\u03c5\u0313\u0300", "\u1f54": "\u03c5\u0313\u0301",
        "\u1f56": "\u03c5\u0313\u0342", "\u1f80": "\u1f00\u03b9", "\u1f81": "\u1f01\u03b9",
        "\u1f82": "\u1f02\u03b9", "\u1f83": "\u1f03\u03b9", "\u1f84": "\u1f04\u03b9",
        "\u1f85": "\u1f05\u03b9", "\u1f86": "\u1f06\u03b9", "\u1f87": "\u1f07\u03b9",
        "\u1f88": "\u1f00\u03b9", "\u1f89": "\u1f01\u03b9", "\u1f8a": "\u1f02\u03b9",
        "\u1f8b": "\u1f03\u03b9", "\u1f8c": "\u1f04\u03b9", "\u1f8d": "\u1f05\u03b9",
        "\u1f8e": "\u1f06\u03b9", "\u1f8f": "\u1f07\u03b9", "\u1f90": "\u1f20\u03b9",
        "\u1f91": "\u1f21\u03b9", "\u1f92": "\u1f22\u03b9", "\u1f93": "\u1f23\u03b9",
        "\u1f94": "\u1f24\u03b9", "\u1f95": "\u1f25\u03b9", "\u1f96": "\u1f26\u03b9",
        "\u1f97": "\u1f27\u03b9", "\u1f98": "\u1f20\u03b9", "\u1f99": "\u1f21\u03b9",
        "\u1f9a": "\u1f22\u03b9", "\u1f9b": "\u1f23\u03b9", "\u1f9c": "\u1f24\u03b9",
        "\u1f9d": "\u1f25\u03b9", "\u1f9e": "\u1f26\u03b9", "\u1f9f": "\u1f27\u03b9",
        "\u1fa0": "\u1f60\u03b9", "\u1fa1": "\u1f61\u03b9", "\u1fa2": "\u1f62\u03b9",
        "\u1fa3": "\u1f63\u03b9", "\u1fa4": "\u1f64\u03b9", "\u1fa5": "\u1f65\u03b9",
        "\u1fa6": "\u1f66\u03b9", "\u1fa7": "\u1f67\u03b9", "\u1fa8": "\u1f60\u03b9",
        "\u1fa9": "\u1f61\u03b9", "\u1faa": "\u1f62\u03b9", "\u1fab": "\u1f63\u03b9",
        "\u1fac": "\u1f64\u03b9", "\u1fad": "\u1f65\u03b9", "\u1fae": "\u1f66\u03b9",
        "\u1faf": "\u1f67\u03b9", "\u1fb2": "\u1f70\u03b9", "\u1fb3": "\u03b1\u03b9",
        "\u1fb4": "\u03ac\u03b9", "\u1fb6": "\u03b1\u0342", "\u1fb7": "\u03b1\u0342\u03b9",
        "\u1fbc": "\u03b1\u03b9", "\u1fbe": "\u03b9", "\u1fc2": "\u1f74\u03b9", "\u1fc3": "\u03b7\u03b9",
        "\u1fc4": "\u03ae\u03b9", "\u1fc6": "\u03b7\u0342", "\u1fc7": "\u03b7\u0342\u03b9",
        "\u1fcc": "\u03b7\u03b9", "\u1fd2": "\u03b9\u0308\u0300", "\u1fd3": "\u03b9\u0308\u0301",
        "\u1fd6": "\u03b9\u0342", "\u1fd7": "\u03b9\u0308\u0342", "\u1fe2": "\u03c5\u0308\u0300",
        "\u1fe3": "\u03c5\u0308\u0301", "\u1fe4": "\u03c1\u0313", "\u1fe6": "\u03c5\u0342",
        "\u1fe7": "\u03c5\u0308\u0342", "\u1ff2": "\u1f7c\u03b9", "\u1ff3": "\u03c9\u03b9",
        "\u1ff4": "\u03ce\u03b9", "\u1ff6": "\u03c9\u0342", "\u1ff7": "\u03c9\u0342\u03b9",
        "\u1ffc": "\u03c9\u03b9", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi",
        "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st", "\ufb13": "\u0574\u0576",
        "\ufb14": "\u0574\u0565", "\ufb15": "\u0574\u056b", "\ufb16": "\u057e\u0576",
        "\ufb17": "\u0574\u056d"
    }';
BEGIN
    IF octet_length(given) > length(given) THEN
        FOR odd IN
            SELECT DISTINCT hit[1] FROM regexp_matches(given, letters, 'g') AS hit
        LOOP
            given := replace(given, odd, folds ->> odd);
        END LOOP;
    END IF;
    RETURN lower(given);
END
$$;

CREATE TABLE owner (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE
);

CREATE TABLE source (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner integer NOT NULL REFERENCES owner (id),
    title text NOT NULL,
    path text NOT NULL,
    date text NOT NULL,
    language text NOT NULL,
    collection text NOT NULL,
    characters integer NOT NULL,
    part integer NOT NULL,
    fingerprints integer NOT NULL,
    sha256 bytea NOT NULL,
    added text NOT NULL,
    version smallint NOT NULL,
    body text NOT NULL,
    UNIQUE (owner, sha256)
);

-- A path may be longer than an entry of an index.
CREATE UNIQUE INDEX source_path ON source (owner, md5(path)) WHERE path <> '';

-- New texts wait in a list that is merged into the index when it is full: the longer the list, the fewer
-- the merges. A search reads the list from end to end.
CREATE INDEX source_words ON source
    USING gin (folded(title) gin_trgm_ops, folded(body) gin_trgm_ops) WITH (gin_pending_list_limit = 16384);

-- Hashes are as good as random, so every import writes to nearly every page of the index that it can reach.
-- Therefore the fingerprints of an owner are kept in parts, an index within the index: an import writes only to
-- the last part, and begins another when that no longer fits into memory. Sources of a later part have higher
-- numbers.
CREATE TABLE part (
    owner integer NOT NULL REFERENCES owner (id),
    number integer NOT NULL,
    rows bigint NOT NULL,
    PRIMARY KEY (owner, number)
);

-- No foreign keys: checking them would cost an import as much as writing the rows, and rows come and go only
-- in the transaction that adds or removes their source. No index on source either: it would have to be kept
-- for two hundred rows a text, and the rows of a source are found by the hashes of its text.
CREATE TABLE fingerprint (
    owner integer NOT NULL,
    part integer NOT NULL,
    hash bigint NOT NULL,
    source integer NOT NULL,
    seeds bytea NOT NULL
) WITH (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02);

-- Holds all that is asked for, so that the table itself is not read.
CREATE UNIQUE INDEX fingerprint_hash ON fingerprint (owner, part, hash, source) INCLUDE (seeds);

CREATE TABLE entry (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner integer NOT NULL REFERENCES owner (id),
    kind text NOT NULL,
    created text COLLATE "C" NOT NULL,
    title text NOT NULL,
    path text NOT NULL,
    text text NOT NULL,
    detector text NOT NULL,
    verdict text NOT NULL,
    probability double precision,
    coverage double precision,
    settings text NOT NULL,
    report text NOT NULL
);

CREATE INDEX entry_number ON entry (owner, id);

CREATE INDEX entry_created ON entry (owner, created);

CREATE INDEX entry_words ON entry
    USING gin (folded(title) gin_trgm_ops, folded(path) gin_trgm_ops, folded(text) gin_trgm_ops);
