"""What every `Jobs` owes its owner, whatever jobs are kept in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from job_desk import ENDED, LATE, LEASE, PAYLOAD, RESULT, added, at_once, claimed, ended
from stores import NOW

from neural_lab.errors import InvalidRequest, NotFound
from neural_lab.job import Job, JobState
from neural_lab.ports import Jobs, Queue, Store

UNKNOWN = (0, -1, 99, 2**31, 2**70)
MINE, OTHER = b"\0" * 32, b"\xff" * 32


def test_there_are_no_jobs_at_first(jobs: Jobs, queue: Queue) -> None:
    assert jobs.jobs() == []
    assert queue.claim("worker", NOW, LEASE) is None
    assert queue.expire("9999") == 0


@pytest.mark.parametrize("number", UNKNOWN)
def test_an_unknown_number_is_not_found(jobs: Jobs, queue: Queue, number: int) -> None:
    added(jobs, PAYLOAD)
    for method in (jobs.job, jobs.result, jobs.cancel):
        with pytest.raises(NotFound) as failure:
            method(number)
        assert failure.value.code == "no_job"
    assert jobs.remove(number) is queue.beat(number, "", 1, 2, LEASE) is False
    assert queue.finish(number, "", "") is queue.release(number, "") is False


def test_a_job_comes_back_as_it_was(store: Store) -> None:
    jobs = store.jobs("me \udcff\0")
    job, new = jobs.add("audit \udcff\0", PAYLOAD)
    expected = Job(job.id, "me \udcff\0", "audit \udcff\0", JobState.QUEUED, 0, 0, NOW, NOW, 0, "", "")
    assert (job, new) == (expected, True)
    assert jobs.job(job.id) == expected
    assert jobs.result(job.id) == ""


def test_the_newest_come_first(store: Store, jobs: Jobs) -> None:
    job = ended(store, JobState.FAILED)
    expected = [*added(jobs, *["{}"] * 59)[::-1], job]
    assert jobs.jobs(100) == expected
    assert jobs.jobs() == expected[:50]
    assert jobs.jobs(2) == expected[:2]
    assert jobs.jobs(0) == jobs.jobs(-1) == []


def test_what_was_added_once_is_not_added_again(store: Store, jobs: Jobs, queue: Queue) -> None:
    job, new = jobs.add("check", PAYLOAD, "key \udcff\0")
    assert new is True
    assert jobs.add("audit", "other", "key \udcff\0") == (job, False)
    other, new = store.jobs("you").add("check", PAYLOAD, "key \udcff\0")
    assert new is True
    assert other.owner == "you"
    assert jobs.add("check", PAYLOAD, "KEY \udcff\0")[1] is True
    queue.finish(claimed(queue).id, "worker", RESULT)
    assert jobs.add("check", PAYLOAD, "key \udcff\0") == (jobs.job(job.id), False)


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.DONE, JobState.CANCELLED])
def test_a_key_is_refused_for_another_payload_also_when_its_own_is_gone(
    store: Store, jobs: Jobs, queue: Queue, state: JobState
) -> None:
    job, _ = jobs.add("check", PAYLOAD, "key", MINE)
    if state is JobState.DONE:
        queue.finish(claimed(queue).id, "worker", RESULT)
    if state is JobState.CANCELLED:
        jobs.cancel(job.id)
    assert jobs.add("check", PAYLOAD, "key", MINE) == (jobs.job(job.id), False)
    for digest in (OTHER, MINE[1:], b""):
        with pytest.raises(InvalidRequest) as failure:
            jobs.add("check", "other", "key", digest)
        assert failure.value.code == "key_reused"
    assert store.jobs("you").add("check", "other", "key", OTHER)[1] is True
    assert jobs.jobs() == [jobs.job(job.id)]


def test_without_a_key_everything_is_added(jobs: Jobs) -> None:
    assert [jobs.add("check", PAYLOAD, "", digest)[1] for digest in (MINE, MINE, OTHER)] == [True] * 3


def test_a_key_is_free_when_its_job_is_removed(jobs: Jobs) -> None:
    job, _ = jobs.add("check", PAYLOAD, "key", MINE)
    jobs.cancel(job.id)
    assert jobs.remove(job.id)
    other, new = jobs.add("check", PAYLOAD, "key", OTHER)
    assert new is True
    assert other.id > job.id


def test_one_of_many_adds_what_is_added_once(store: Store) -> None:
    found = list[tuple[Job, bool]]()

    def work(number: int) -> None:
        for key in ("a", "b", "c"):
            found.append(store.jobs("me").add("check", str(number), key))

    at_once(work, 8)
    assert len({job.id for job, _ in found}) == 3
    assert sum(new for _, new in found) == 3
    assert {job for job, _ in found} == {job for job, new in found if new}
    assert len(store.jobs("me").jobs()) == 3


def test_a_cancelled_job_is_over(jobs: Jobs, queue: Queue) -> None:
    (job,) = added(jobs, PAYLOAD)
    assert jobs.cancel(job.id) == replace(job, state=JobState.CANCELLED, updated=NOW)
    assert jobs.result(job.id) == ""
    assert queue.claim("worker", LATE, "9999") is None


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_can_be_removed(store: Store, state: JobState) -> None:
    job, jobs = ended(store, state), store.jobs("me")
    assert jobs.remove(job.id) is True
    assert jobs.remove(job.id) is False
    assert jobs.jobs() == []
    for method in (jobs.job, jobs.result):
        with pytest.raises(NotFound):
            method(job.id)
    assert added(jobs, PAYLOAD)[0].id > job.id


def test_what_has_not_ended_cannot_be_removed(jobs: Jobs, queue: Queue) -> None:
    one, two = added(jobs, PAYLOAD, PAYLOAD)
    claimed(queue)
    assert jobs.remove(one.id) is jobs.remove(two.id) is False
    assert [job.id for job in jobs.jobs()] == [two.id, one.id]


def test_owners_do_not_see_each_other(store: Store) -> None:
    mine, yours = store.jobs("me"), store.jobs("you")
    done = ended(store, JobState.DONE)
    (waiting,) = added(mine, PAYLOAD)
    for number in (done.id, waiting.id):
        for method in (yours.job, yours.result, yours.cancel):
            with pytest.raises(NotFound):
                method(number)
        assert yours.remove(number) is False
    assert yours.jobs() == []
    assert [mine.job(job.id) for job in (done, waiting)] == [done, waiting]
