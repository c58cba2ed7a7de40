"""What every `Queue` owes those who work on jobs, whatever jobs are kept in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from job_desk import EARLY, ENDED, LATE, LEASE, PAYLOAD, RESULT, added, claimed, ended
from stores import NOW

from neural_lab.entry import Entry
from neural_lab.job import Claim, Job, JobState
from neural_lab.ports import Jobs, Queue, Store

ENTRY = Entry("check", NOW, "Title", "", "plums and pears \udcff\0", "d 1", "", 0.5, None, "{}", "{}")


def test_the_oldest_job_is_claimed_first(store: Store, queue: Queue) -> None:
    given = [(store.jobs(owner), f"{PAYLOAD}{owner}") for owner in ("me", "you", "me")]
    expected = [replace(jobs.add("check", payload)[0], state=JobState.RUNNING) for jobs, payload in given]
    found = [queue.claim("worker", EARLY, LEASE) for _ in range(3)]
    expected = [replace(job, attempts=1, updated=EARLY) for job in expected]
    assert found == [Claim(job, payload) for job, (_, payload) in zip(expected, given, strict=True)]
    assert [store.jobs(job.owner).job(job.id) for job in expected] == expected
    assert queue.claim("worker", EARLY, LEASE) is None


def test_a_worker_says_how_far_it_is(jobs: Jobs, queue: Queue) -> None:
    added(jobs, PAYLOAD)
    job = claimed(queue)
    assert queue.beat(job.id, "worker", 3, 2**40, LEASE) is True
    assert jobs.job(job.id) == replace(job, done=3, total=2**40, updated=NOW)


@pytest.mark.parametrize("worker", ["", "other", "Worker"])
def test_nobody_else_does(jobs: Jobs, queue: Queue, worker: str) -> None:
    (waiting,) = added(jobs, PAYLOAD)
    assert queue.beat(waiting.id, worker, 1, 2, LEASE) is queue.finish(waiting.id, worker, "") is False
    assert queue.release(waiting.id, worker) is False
    assert jobs.job(waiting.id) == waiting
    job = claimed(queue)
    assert queue.beat(job.id, worker, 1, 2, LEASE) is queue.finish(job.id, worker, "") is False
    assert queue.release(job.id, worker) is False
    assert jobs.job(job.id) == job


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED])
def test_a_finished_job_has_a_result(store: Store, state: JobState) -> None:
    job = ended(store, state)
    words = ("no_text", "There is no text.") if state is JobState.FAILED else ("", "")
    assert job == Job(job.id, "me", "check", state, 0, 0, NOW, NOW, 1, *words)
    assert store.jobs("me").result(job.id) == RESULT
    assert store.queue().claim("worker", LATE, "9999") is None


def test_what_a_job_says_last_is_kept(jobs: Jobs, queue: Queue) -> None:
    added(jobs, PAYLOAD)
    job = claimed(queue)
    queue.beat(job.id, "worker", 5, 9, LEASE)
    queue.finish(job.id, "worker", "", "odd \udcff\0", "what \udcff\0")
    expected = replace(job, state=JobState.FAILED, done=5, total=9, updated=NOW)
    assert jobs.job(job.id) == replace(expected, error="odd \udcff\0", message="what \udcff\0")


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_stays_as_it_is(store: Store, state: JobState) -> None:
    job, queue = ended(store, state), store.queue()
    result = store.jobs("me").result(job.id)
    assert queue.beat(job.id, "worker", 1, 2, LEASE) is queue.release(job.id, "worker") is False
    assert queue.finish(job.id, "worker", "other") is False
    assert store.jobs("me").cancel(job.id) == store.jobs("me").job(job.id) == job
    assert store.jobs("me").result(job.id) == result


def test_a_job_is_claimed_again_when_its_lease_has_ended(jobs: Jobs, queue: Queue) -> None:
    added(jobs, PAYLOAD)
    job = claimed(queue, "lost")
    queue.beat(job.id, "lost", 3, 9, LEASE)
    assert queue.claim("other", LEASE, "9999") is None
    assert queue.claim("other", LATE, "9999") == Claim(replace(job, attempts=2, updated=LATE), PAYLOAD)
    assert queue.claim("third", LATE, "9999") is None
    before = jobs.job(job.id)
    assert queue.beat(job.id, "lost", 4, 9, LEASE) is queue.finish(job.id, "lost", "wrong") is False
    assert queue.release(job.id, "lost") is False
    assert jobs.job(job.id) == before
    assert queue.finish(job.id, "other", "right") is True
    assert jobs.result(job.id) == "right"


def test_attempts_count_the_workers_that_were_lost(jobs: Jobs, queue: Queue) -> None:
    (job,) = added(jobs, PAYLOAD)
    for attempt in (1, 2, 3, 4):
        assert claimed(queue, f"worker {attempt}", LATE).attempts == attempt
        assert queue.beat(job.id, f"worker {attempt}", 1, 2, LEASE)
        assert jobs.job(job.id).attempts == jobs.jobs()[0].attempts == attempt


def test_a_job_that_was_let_go_waits_for_anybody_and_that_was_no_attempt(jobs: Jobs, queue: Queue) -> None:
    (job,) = added(jobs, PAYLOAD)
    claimed(queue, "lost")
    for _ in range(5):
        assert claimed(queue, "worker", LATE).attempts == 2
        queue.beat(job.id, "worker", 1, 2, "9999")
        assert queue.release(job.id, "worker") is True
        assert jobs.job(job.id) == replace(job, attempts=1, updated=NOW)
        assert queue.release(job.id, "worker") is queue.beat(job.id, "worker", 1, 2, LEASE) is False
    # No lease has to end first.
    assert queue.claim("other", EARLY, LEASE) == Claim(
        replace(job, state=JobState.RUNNING, attempts=2, updated=EARLY), PAYLOAD
    )


def test_a_beat_makes_the_lease_longer(jobs: Jobs, queue: Queue) -> None:
    added(jobs, PAYLOAD)
    job = claimed(queue)
    assert queue.beat(job.id, "worker", 1, 2, "2026-02-03T04:07:00Z")
    assert queue.claim("other", LATE, "9999") is None
    # Nobody was faster, so the job is still its own.
    assert queue.beat(job.id, "worker", 2, 2, LEASE) is True


def test_what_was_lost_comes_before_what_waits(jobs: Jobs, queue: Queue) -> None:
    one, two = added(jobs, PAYLOAD, PAYLOAD)
    claimed(queue, "lost")
    assert claimed(queue, now=LATE).id == one.id
    assert claimed(queue, now=LEASE).id == two.id


def test_who_works_on_a_cancelled_job_is_told(jobs: Jobs, queue: Queue) -> None:
    added(jobs, PAYLOAD)
    job = claimed(queue)
    cancelled = jobs.cancel(job.id)
    assert cancelled == replace(job, state=JobState.CANCELLED, updated=NOW)
    assert queue.beat(job.id, "worker", 1, 2, LEASE) is queue.finish(job.id, "worker", RESULT) is False
    assert jobs.job(job.id) == cancelled
    assert queue.claim("worker", LATE, "9999") is None


def test_what_came_of_a_job_is_kept_as_it_ends(store: Store, jobs: Jobs, queue: Queue) -> None:
    added(jobs, PAYLOAD)
    job = claimed(queue)
    assert queue.finish(job.id, "worker", RESULT, entries=[ENTRY, ENTRY]) is True
    assert queue.finish(job.id, "worker", RESULT, entries=[ENTRY]) is False
    first, second = store.history("me").entries()
    assert store.history("me").entry(second.id) == replace(ENTRY, id=second.id)
    assert [each.id for each in store.history("me").search("pears")] == [first.id, second.id]
    assert store.history("worker").entries() == []


def test_of_a_job_that_is_no_longer_held_nothing_is_kept(store: Store, jobs: Jobs, queue: Queue) -> None:
    one, two = added(jobs, PAYLOAD, PAYLOAD)
    claimed(queue)
    jobs.cancel(one.id)
    claimed(queue, "lost")
    claimed(queue, "other", LATE)
    assert queue.finish(one.id, "worker", RESULT, entries=[ENTRY]) is False
    assert queue.finish(two.id, "lost", RESULT, entries=[ENTRY]) is False
    assert store.history("me").entries() == []


def test_a_job_whose_end_was_cut_off_has_not_ended_and_nothing_of_it_is_kept(
    store: Store, jobs: Jobs, queue: Queue
) -> None:
    added(jobs, PAYLOAD)
    job = claimed(queue)
    broken: list[Any] = [ENTRY, None]
    with pytest.raises((TypeError, AttributeError)):
        queue.finish(job.id, "worker", RESULT, entries=broken)
    assert jobs.job(job.id) == job
    assert store.history("me").entries() == []
    assert queue.claim("other", LATE, "9999") == Claim(replace(job, attempts=2, updated=LATE), PAYLOAD)


def test_old_jobs_expire(store: Store, jobs: Jobs, queue: Queue) -> None:
    for state in ENDED:
        ended(store, state)
    ended(store, JobState.DONE, "you")
    running, waiting = added(jobs, PAYLOAD, PAYLOAD)
    claimed(queue)
    assert queue.expire(NOW) == 0
    assert queue.expire(LATE) == 4
    assert queue.expire("9999") == 0
    assert [job.id for job in jobs.jobs()] == [waiting.id, running.id]
    assert store.jobs("you").jobs() == []
