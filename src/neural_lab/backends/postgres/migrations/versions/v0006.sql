ALTER TABLE dispute
ADD COLUMN training_consented text NOT NULL DEFAULT '',
ADD COLUMN state text NOT NULL DEFAULT 'quarantined',
ADD COLUMN reviewed text NOT NULL DEFAULT '',
ADD COLUMN reviewer integer NOT NULL DEFAULT 0,
ADD COLUMN review_note text NOT NULL DEFAULT '';

CREATE INDEX dispute_to_review ON dispute (state, id) WHERE training_consented <> '';
