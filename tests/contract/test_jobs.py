"""What every `Jobs` and every `Queue` owe, and what `Store.forget` does, whatever they are kept in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread

import postgres_server
import pytest
from stores import NOW, STORES, hashes

from neural_lab.audit.source import Incoming
from neural_lab.compose import open_store
from neural_lab.entry import Entry
from neural_lab.errors import NotFound
from neural_lab.job import Job, JobState
from neural_lab.ports import Jobs, Queue, Store

EARLY, LEASE, LATE = "2026-02-03T04:05:00Z", "2026-02-03T04:06:00Z", "2026-02-03T04:06:01Z"
PAYLOAD, RESULT = '{"text": "marmalade \0 \udcff 漢字"}', '{"report": "\ud800 pears \0"}' + "x" * 100_000
UNKNOWN = (0, -1, 99, 2**31, 2**70)
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
RIVER = "The river ran slowly past the mill and nobody saw it go. " * 3
ENTRY = Entry("check", NOW, "Title", "/path", RIVER, "", "", None, None, "{}", "{}")
# What another process runs: it says `ready`, waits for the others, and then claims all it can.
PROCESS = """
import sys, time
from neural_lab.compose import open_store

store = open_store(sys.argv[1])
queue = store.queue()
print("ready", flush=True)
sys.stdin.readline()
while job := queue.claim(sys.argv[2], sys.argv[3], sys.argv[4]):
    print(job.id, flush=True)
    time.sleep(0.005)
store.close()
"""


@pytest.fixture(params=[*STORES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with STORES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture
def jobs(store: Store) -> Jobs:
    return store.jobs("me")


@pytest.fixture
def queue(store: Store) -> Queue:
    return store.queue()


def added(jobs: Jobs, *payloads: str) -> list[Job]:
    return [jobs.add("check", payload)[0] for payload in payloads]


def claimed(queue: Queue, worker: str = "worker", now: str = EARLY) -> Job:
    job = queue.claim(worker, now, LEASE)
    assert job is not None
    return job


def ended(store: Store, state: JobState, owner: str = "me") -> Job:
    """A job that came to its end in one of three ways; nothing else may wait."""
    jobs, queue = store.jobs(owner), store.queue()
    (job,) = added(jobs, PAYLOAD)
    if state is JobState.CANCELLED:
        return jobs.cancel(job.id)
    error = ("no_text", "There is no text.") if state is JobState.FAILED else ("", "")
    assert queue.finish(claimed(queue).id, "worker", RESULT, *error)
    return jobs.job(job.id)


def at_once(work: Callable[[int], None], count: int) -> None:
    barrier, errors = Barrier(count), list[BaseException]()

    def run(number: int) -> None:
        try:
            barrier.wait()
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_there_are_no_jobs_at_first(jobs: Jobs, queue: Queue) -> None:
    assert jobs.jobs() == []
    assert queue.claim("worker", EARLY, LEASE) is None
    assert queue.expire("9999") == 0


@pytest.mark.parametrize("number", UNKNOWN)
def test_an_unknown_number_is_not_found(jobs: Jobs, queue: Queue, number: int) -> None:
    added(jobs, PAYLOAD)
    for method in (jobs.job, jobs.cancel):
        with pytest.raises(NotFound) as failure:
            method(number)
        assert failure.value.code == "no_job"
    assert jobs.remove(number) is queue.beat(number, "", 1, 2, LEASE) is queue.finish(number, "", "") is False


def test_a_job_comes_back_as_it_was(store: Store) -> None:
    job, new = store.jobs("me \udcff\0").add("audit \udcff\0", PAYLOAD)
    expected = Job(
        job.id, "me \udcff\0", "audit \udcff\0", JobState.QUEUED, 0, 0, NOW, NOW, PAYLOAD, "", "", ""
    )
    assert (job, new) == (expected, True)
    assert store.jobs("me \udcff\0").job(job.id) == expected


def test_the_newest_come_first_without_their_texts(store: Store, jobs: Jobs) -> None:
    job = ended(store, JobState.FAILED)
    others = added(jobs, *["{}"] * 59)
    expected = [replace(each, payload="", result="") for each in (*others[::-1], job)]
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
    again, new = jobs.add("check", PAYLOAD, "key \udcff\0")
    assert (again, new) == (jobs.job(job.id), False)
    assert again.result == RESULT


def test_without_a_key_everything_is_added(jobs: Jobs) -> None:
    assert [jobs.add("check", PAYLOAD, "")[1] for _ in range(3)] == [True] * 3


def test_a_key_is_free_when_its_job_is_removed(jobs: Jobs) -> None:
    job, _ = jobs.add("check", PAYLOAD, "key")
    jobs.cancel(job.id)
    assert jobs.remove(job.id)
    other, new = jobs.add("check", PAYLOAD, "key")
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


def test_the_oldest_job_is_claimed_first(store: Store, queue: Queue) -> None:
    expected = [store.jobs(owner).add("check", PAYLOAD)[0] for owner in ("me", "you", "me")]
    found = [claimed(queue) for _ in range(3)]
    assert found == [replace(job, state=JobState.RUNNING, updated=EARLY) for job in expected]
    assert [store.jobs(job.owner).job(job.id) for job in found] == found
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
    assert jobs.job(waiting.id) == waiting
    job = claimed(queue)
    assert queue.beat(job.id, worker, 1, 2, LEASE) is queue.finish(job.id, worker, "") is False
    assert jobs.job(job.id) == job


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED])
def test_a_finished_job_has_a_result_and_no_payload(store: Store, state: JobState) -> None:
    job = ended(store, state)
    words = ("no_text", "There is no text.") if state is JobState.FAILED else ("", "")
    assert job == Job(job.id, "me", "check", state, 0, 0, NOW, NOW, "", RESULT, *words)
    assert store.queue().claim("worker", LATE, "9999") is None


def test_what_a_job_says_last_is_kept(jobs: Jobs, queue: Queue) -> None:
    added(jobs, PAYLOAD)
    job = claimed(queue)
    queue.beat(job.id, "worker", 5, 9, LEASE)
    queue.finish(job.id, "worker", "", "odd \udcff\0", "what \udcff\0")
    expected = replace(job, state=JobState.FAILED, done=5, total=9, updated=NOW, payload="")
    assert jobs.job(job.id) == replace(expected, error="odd \udcff\0", message="what \udcff\0")


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_stays_as_it_is(store: Store, state: JobState) -> None:
    job = ended(store, state)
    assert store.queue().beat(job.id, "worker", 1, 2, LEASE) is False
    assert store.queue().finish(job.id, "worker", "other") is False
    assert store.jobs("me").cancel(job.id) == store.jobs("me").job(job.id) == job


def test_a_job_is_claimed_again_when_its_lease_has_ended(jobs: Jobs, queue: Queue) -> None:
    added(jobs, PAYLOAD)
    job = claimed(queue, "lost")
    queue.beat(job.id, "lost", 3, 9, LEASE)
    assert queue.claim("other", LEASE, "9999") is None
    assert queue.claim("other", LATE, "9999") == replace(job, updated=LATE)
    assert queue.claim("third", LATE, "9999") is None
    before = jobs.job(job.id)
    assert queue.beat(job.id, "lost", 4, 9, LEASE) is queue.finish(job.id, "lost", "wrong") is False
    assert jobs.job(job.id) == before
    assert queue.finish(job.id, "other", "right") is True
    assert jobs.job(job.id).result == "right"


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


def test_a_cancelled_job_is_not_claimed(jobs: Jobs, queue: Queue) -> None:
    (job,) = added(jobs, PAYLOAD)
    assert jobs.cancel(job.id) == replace(job, state=JobState.CANCELLED, payload="", updated=NOW)
    assert queue.claim("worker", EARLY, LEASE) is None


def test_who_works_on_a_cancelled_job_is_told(jobs: Jobs, queue: Queue) -> None:
    added(jobs, PAYLOAD)
    job = claimed(queue)
    cancelled = jobs.cancel(job.id)
    assert cancelled == replace(job, state=JobState.CANCELLED, payload="", updated=NOW)
    assert queue.beat(job.id, "worker", 1, 2, LEASE) is queue.finish(job.id, "worker", RESULT) is False
    assert jobs.job(job.id) == cancelled
    assert queue.claim("worker", LATE, "9999") is None


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_can_be_removed(store: Store, state: JobState) -> None:
    job, jobs = ended(store, state), store.jobs("me")
    assert jobs.remove(job.id) is True
    assert jobs.remove(job.id) is False
    assert jobs.jobs() == []
    with pytest.raises(NotFound):
        jobs.job(job.id)
    assert added(jobs, PAYLOAD)[0].id > job.id


def test_what_has_not_ended_cannot_be_removed(jobs: Jobs, queue: Queue) -> None:
    one, two = added(jobs, PAYLOAD, PAYLOAD)
    claimed(queue)
    assert jobs.remove(one.id) is jobs.remove(two.id) is False
    assert [job.id for job in jobs.jobs()] == [two.id, one.id]


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


def test_owners_do_not_see_each_other(store: Store) -> None:
    mine, yours = store.jobs("me"), store.jobs("you")
    done = ended(store, JobState.DONE)
    (waiting,) = added(mine, PAYLOAD)
    for number in (done.id, waiting.id):
        for method in (yours.job, yours.cancel):
            with pytest.raises(NotFound):
                method(number)
        assert yours.remove(number) is False
    assert yours.jobs() == []
    assert [mine.job(job.id) for job in (done, waiting)] == [done, waiting]


def test_threads_never_claim_the_same(store: Store) -> None:
    expected = [job.id for job in added(store.jobs("me"), *["{}"] * 40)]
    found = list[int]()

    def work(number: int) -> None:
        while job := store.queue().claim(f"worker {number}", EARLY, LEASE):
            found.append(job.id)
            assert store.queue().beat(job.id, f"worker {number}", 1, 2, LEASE)

    at_once(work, 4)
    assert sorted(found) == expected


def test_threads_never_claim_the_same_lost_job(store: Store) -> None:
    added(store.jobs("me"), *["{}"] * 20)
    lost = [claimed(store.queue(), "lost").id for _ in range(20)]
    found = list[int]()

    def work(number: int) -> None:
        while job := store.queue().claim(f"worker {number}", LATE, "9999"):
            found.append(job.id)

    at_once(work, 4)
    assert sorted(found) == lost


def test_a_job_is_finished_or_cancelled_and_never_both(store: Store) -> None:
    jobs, queue = store.jobs("me"), store.queue()
    for _ in range(10):
        (job,) = added(jobs, PAYLOAD)
        claimed(queue)
        finished, states = list[bool](), list[JobState]()

        def work(
            number: int, job: Job = job, finished: list[bool] = finished, states: list[JobState] = states
        ) -> None:
            if number:
                finished.append(queue.finish(job.id, "worker", RESULT))
            else:
                states.append(jobs.cancel(job.id).state)

        at_once(work, 2)
        state = JobState.DONE if finished == [True] else JobState.CANCELLED
        assert states == [jobs.job(job.id).state] == [state]
        assert jobs.job(job.id).result == (RESULT if state is JobState.DONE else "")


@contextmanager
def shared(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a store that several processes can use."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'store.db'}"
    else:
        with postgres_server.database() as url:
            yield url


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_processes_never_claim_the_same(kind: str, tmp_path: Path) -> None:
    with shared(kind, tmp_path) as url:
        store = open_store(url)
        expected = [job.id for job in added(store.jobs("me"), *["{}"] * 60)]
        others = [process(url, f"worker {number}") for number in range(2)]
        for other in others:
            assert other.stdout is not None
            assert other.stdout.readline() == "ready\n"
        for other in others:
            assert other.stdin is not None
            other.stdin.write("\n")
            other.stdin.flush()
        found = [[int(number) for number in other.communicate(timeout=60)[0].split()] for other in others]
        store.close()
    assert [other.returncode for other in others] == [0, 0]
    assert sorted(found[0] + found[1]) == expected
    assert all(found)


def process(url: str, worker: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROCESS, url, worker, EARLY, LEASE]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def filled(store: Store, owner: str) -> None:
    """Something of every kind, and more of it than is forgotten at once."""
    texts = [Incoming(f"{RIVER}{number}", path=f"/{number}") for number in range(120)]
    store.library(owner).add(texts)
    store.history(owner).keep([ENTRY] * 120)
    store.jobs(owner).add("check", PAYLOAD, "key")


def seen(store: Store, owner: str) -> list[object]:
    library, history, jobs = store.library(owner), store.history(owner), store.jobs(owner)
    found = library.search("river", 200), library.recall(hashes(RIVER)), history.search("river", 200)
    return [library.sources(), library.stats(), *found, history.entries(200), jobs.jobs()]


def test_forgetting_leaves_nothing_and_touches_nobody_else(store: Store) -> None:
    nothing = seen(store, "me")
    for owner in ("me", "you"):
        filled(store, owner)
    user = store.accounts().add_user("me", "hash")
    yours, held = seen(store, "you"), store.library("me")
    store.forget("me")
    assert seen(store, "me") == nothing
    assert held.sources() == []
    assert seen(store, "you") == yours
    assert store.accounts().users() == [user]
    store.forget("me")
    store.forget("nobody")
    assert seen(store, "you") == yours


def test_after_forgetting_an_owner_begins_anew(store: Store) -> None:
    filled(store, "me")
    store.forget("me")
    filled(store, "me")
    assert len(store.library("me").sources()) == len(store.history("me").entries(200)) == 120
    assert store.jobs("me").add("check", PAYLOAD, "key")[1] is False


def test_who_works_for_a_forgotten_owner_is_told(store: Store) -> None:
    queue = store.queue()
    (running,) = added(store.jobs("me"), PAYLOAD)
    claimed(queue)
    added(store.jobs("me"), PAYLOAD)
    store.forget("me")
    assert (
        queue.beat(running.id, "worker", 1, 2, LEASE) is queue.finish(running.id, "worker", RESULT) is False
    )
    assert queue.claim("other", LATE, "9999") is None


def test_an_open_store_answers(store: Store) -> None:
    for _ in range(3):
        store.ping()
