-- How often a job was claimed by a worker that did not let it go, and what stands for its payload when that is gone.
ALTER TABLE job ADD COLUMN attempts integer NOT NULL DEFAULT 0, ADD COLUMN payload_digest bytea;
