"""Processes of a Ray cluster that score parts."""

from __future__ import annotations

from collections.abc import Sequence

from neural_lab.backends.ray_processes import Gone, RayProcess, outcome
from neural_lab.scoring.answer import Answer, Wanted, answers
from neural_lab.scoring.given import Given
from neural_lab.scoring.hands import Died, Scored


class RayHand:
    """A `Hand`; Ray puts another process in the place of one that died."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted, self._process = wanted, RayProcess()

    def score(self, rows: Sequence[Given]) -> Scored:
        return self._process.start(answers, self._wanted, rows)

    def result(self, scored: Scored) -> list[Answer]:
        try:
            found: list[Answer] = outcome(scored)
        except Gone as error:
            raise Died from error
        return found

    def close(self) -> None:
        self._process.close()
