"""What may be kept of somebody's texts: as the owner has chosen, within what the service allows."""

from __future__ import annotations

from neural_lab.api.held import moment
from neural_lab.api.worker import Worker
from neural_lab.errors import NotAllowed

RESULT_SECONDS, MOST_JOBS = 600, 1_000
"""For how long results of jobs wait for owners who keep nothing, and of how many jobs they go at once."""
NOTHING = "This service keeps nothing of your texts: whoever runs it can change that."
ZERO = "You chose that nothing of your texts is kept: change that in your settings first."


def keeps(worker: Worker, owner: str, asked: bool | None) -> bool:
    """Whether a report is kept: as a request `asked`, or, None, as the owner has chosen."""
    return worker.keeps and worker.store.preferences(owner).get().keeps(asked)


def check_kept(worker: Worker, owner: str) -> None:
    """Raises `NotAllowed` where nothing of a text is kept."""
    if not worker.keeps:
        raise NotAllowed("nothing_kept", NOTHING)
    if worker.store.preferences(owner).get().zero_retention:
        raise NotAllowed("zero_retention", ZERO)


def forget_results(worker: Worker) -> None:
    """Remove the jobs of owners who keep nothing, some time after they have ended.

    Those are all, where the service keeps nothing.
    """
    before = moment(-RESULT_SECONDS)
    if not worker.keeps:
        worker.store.queue().expire(before)
        return
    for owner, choices in worker.store.chosen().items():
        if choices.zero_retention:
            jobs = worker.store.jobs(owner)
            for job in jobs.jobs(MOST_JOBS):
                if job.state.ended and job.updated < before:
                    jobs.remove(job.id)
