"""Jobs that are added, claimed and ended, for all tests of `Jobs` and `Queue`."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from neural_lab.job import Job, JobState
from neural_lab.ports import Jobs, Queue, Store

EARLY, LEASE, LATE = "2026-02-03T04:05:00Z", "2026-02-03T04:06:00Z", "2026-02-03T04:06:01Z"
PAYLOAD, RESULT = '{"text": "marmalade \0 \udcff 漢字"}', '{"report": "\ud800 pears \0"}' + "x" * 100_000
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


def added(jobs: Jobs, *payloads: str) -> list[Job]:
    return [jobs.add("check", payload)[0] for payload in payloads]


def claimed(queue: Queue, worker: str = "worker", now: str = EARLY) -> Job:
    claim = queue.claim(worker, now, LEASE)
    assert claim is not None
    return claim.job


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
