"""Threads and processes that claim, finish and cancel at the same moment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import postgres_server
import pytest
from job_desk import EARLY, LATE, LEASE, PAYLOAD, RESULT, added, at_once, claimed

from neural_lab.compose import open_store
from neural_lab.job import Job, JobState
from neural_lab.ports import Store

# What another process runs: it says `ready`, waits for the others, and then claims all it can.
PROCESS = """
import sys, time
from neural_lab.compose import open_store

store = open_store(sys.argv[1])
queue = store.queue()
print("ready", flush=True)
sys.stdin.readline()
while claim := queue.claim(sys.argv[2], sys.argv[3], sys.argv[4]):
    print(claim.job.id, flush=True)
    time.sleep(0.005)
store.close()
"""


def test_threads_never_claim_the_same(store: Store) -> None:
    expected = [job.id for job in added(store.jobs("me"), *["{}"] * 40)]
    found = list[int]()

    def work(number: int) -> None:
        while claim := store.queue().claim(f"worker {number}", EARLY, LEASE):
            found.append(claim.job.id)
            assert store.queue().beat(claim.job.id, f"worker {number}", 1, 2, LEASE)

    at_once(work, 4)
    assert sorted(found) == expected


def test_threads_never_claim_the_same_lost_job(store: Store) -> None:
    added(store.jobs("me"), *["{}"] * 20)
    lost = [claimed(store.queue(), "lost").id for _ in range(20)]
    found = list[int]()

    def work(number: int) -> None:
        while claim := store.queue().claim(f"worker {number}", LATE, "9999"):
            found.append(claim.job.id)

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
        assert jobs.result(job.id) == (RESULT if state is JobState.DONE else "")


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
