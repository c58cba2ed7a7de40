"""Work that outlasts a request: a thread of each worker process takes jobs from the store, one at a time."""

from __future__ import annotations

import secrets
import threading
from time import monotonic

from neural_lab.api.held import LEASE, GoneError, Held, StoppedError, moment
from neural_lab.api.leaving import forget_gone
from neural_lab.api.logs import log
from neural_lab.api.work import Work, failure
from neural_lab.api.worker import Worker
from neural_lab.backends.clock import utc
from neural_lab.entry import Entry
from neural_lab.errors import ScoringFailed, StoreUnavailable
from neural_lab.job import Claim

IDLE, EXPIRE = 0.5, 60.0
END = 2.0
MOST_ATTEMPTS = 3
GAVE_UP = (
    f"The service was cut off {MOST_ATTEMPTS} times while it worked on this job: send its documents again "
    "in several smaller jobs, and very long ones in parts."
)


class JobRunner:
    """Started with its worker; when that is stopped it lets go of its job, which another worker claims."""

    def __init__(self, worker: Worker) -> None:
        self._worker, self._name = worker, secrets.token_hex(8)
        self._stop, self._expire = threading.Event(), 0.0
        self._held: Held | None = None
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(END)
        # A step that takes long ends with the process, and it was not the job that ended that.
        if self._thread.is_alive() and self._held:
            self._held.let_go()

    def _pause(self, seconds: float) -> bool:
        return self._worker.stopping or self._stop.wait(seconds) or self._worker.stopping

    def _run(self) -> None:
        """Nothing that goes wrong may end this thread: no job would be done any more, and nobody be told."""
        while not self._pause(0):
            try:
                claim = self._claimed() if self._worker.lab else None
                if claim is None:
                    self._pause(IDLE)
                else:
                    self._work(claim)
                    forget_gone(self._worker.store, claim.job.owner)
            except StoreUnavailable:
                self._pause(IDLE)
            except Exception as error:
                log().error("jobs failed", kind=type(error).__name__)
                self._pause(IDLE)

    def _claimed(self) -> Claim | None:
        queue = self._worker.store.queue()
        if monotonic() >= self._expire:
            queue.expire(moment(-self._worker.config.job_seconds))
            self._expire = monotonic() + EXPIRE
        return queue.claim(self._name, utc(), moment(LEASE))

    def _work(self, claim: Claim) -> None:
        """Whatever happens, the job gets an end, unless the store is away: then its lease runs out."""
        self._held = held = Held(self._worker.store.queue(), self._name, claim.job, self._pause)
        try:
            held.finish(*self._done(held, claim))
        except StoppedError:
            held.let_go()
        except (GoneError, StoreUnavailable):
            return
        except Exception as error:
            held.fail(*failure(error))

    def _done(self, held: Held, claim: Claim) -> tuple[str, list[Entry]]:
        if claim.job.attempts > MOST_ATTEMPTS:
            log().error("job gave up", job=claim.job.id)
            raise ScoringFailed("job_gave_up", GAVE_UP)
        return Work(self._worker, held, claim.payload).done()
