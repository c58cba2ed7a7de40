"""What a retraining is doing, said while it is done, and how long each step took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from neural_lab.guard import tell

STEPS = ("reading", "copies", "measuring", "champion", "training", "challenger", "promotion")
IN_WORDS = {
    "reading": "Reading what is labelled",
    "copies": "Looking for copies of frozen texts and for other languages",
    "measuring": "Measuring new texts, and looking at their labels and phrases",
    "champion": "Asking the champion about new and frozen texts",
    "training": "Training the challenger",
    "challenger": "Asking the challenger, and comparing both",
    "promotion": "Promoting the challenger",
}


class Steps:
    """`seconds` has each step that was begun."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        tell(f"Step {STEPS.index(name) + 1} of {len(STEPS)}: {IN_WORDS[name]}.")
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - start, 1)
