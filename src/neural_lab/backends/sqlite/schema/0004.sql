-- How often a job was claimed by a worker that did not let it go, and what stands for its payload when that is gone.
alter table job add column attempts integer not null default 0;
alter table job add column payload_digest blob;
drop view job_seen;
create view job_seen as
select
    job.id, job.owner, owner.name, kind, state, done, total, created, updated, attempts, error,
    coalesce((select text from kept_text where id = job.payload), x'') as payload,
    coalesce((select text from kept_text where id = job.result), x'') as result,
    coalesce((select text from kept_text where id = job.message), x'') as message
from job
cross join owner on owner.id = job.owner;
