"""Whether a retraining is written down where `NEURAL_LAB_TRACKING` says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from neural_lab.errors import StoreUnavailable
from neural_lab.guard import tell
from neural_lab.retraining.asked import Asked
from neural_lab.retraining.decided import WHO
from neural_lab.tracking.logged import tracked
from neural_lab.tracking.silent import Silent
from neural_lab.tracking.tracker import Run


@contextmanager
def written(asked: Asked) -> Iterator[tuple[Run, str | None]]:
    """A run, and None; where the tracking cannot be reached, one that keeps nothing, and why.

    A timer is not to miss its week because a server is away.
    """
    with ExitStack() as held:
        try:
            run: Run = held.enter_context(tracked(WHO, [*asked.data, *asked.frozen]))
            untracked = None
        except StoreUnavailable as error:
            run, untracked = Silent(), error.message
            tell(f"{untracked} The retraining goes on without it.")
        yield run, untracked
