-- What owners and reviewers say of a dispute. The note of a reviewer is words: it is in `kept_text`.
alter table dispute add column training_consented text not null default '';
alter table dispute add column state text not null default 'quarantined';
alter table dispute add column reviewed text not null default '';
alter table dispute add column reviewer integer not null default 0;
alter table dispute add column review_note integer;
create index dispute_to_review on dispute (state, id) where training_consented > '';
create view dispute_seen as
select
    dispute.id, dispute.owner, owner.name, created, consented, text_sha256, span_start, span_end, probability,
    kept_text.text as words, training_consented, state, reviewed, reviewer, coalesce(noted.text, x'') as review_note
from dispute
cross join owner on owner.id = dispute.owner
cross join kept_text on kept_text.id = dispute.words
left join kept_text as noted on noted.id = dispute.review_note;
