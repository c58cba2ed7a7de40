"""One retraining at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from neural_lab.detectors.disk import locked
from neural_lab.errors import Overloaded

BUSY = "Another retraining is under way: start again when it is done; its report says what came of it."


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Held by the system, which gives it back when its holder is killed; raises `Overloaded` at once.

    Half-written folders that a killed retraining left behind are removed.
    """
    with ExitStack() as held:
        try:
            held.enter_context(locked(folder, seconds=0))
        except Overloaded as error:
            raise Overloaded("retraining", BUSY, 60) from error
        yield
