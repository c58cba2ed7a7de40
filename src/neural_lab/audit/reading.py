"""The sources that are looked at for one document: each is read once."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from neural_lab.audit.letters import Letters, letters_of
from neural_lab.audit.runs import Sources
from neural_lab.audit.seeds import Seeds
from neural_lab.audit.spans import Side

Texts = Callable[[Sequence[int]], Mapping[int, str]]


class Reading:
    """Texts and letters by the number of their source, as far as they were asked for."""

    def __init__(self, texts: Texts) -> None:
        self._ask = texts
        self._texts: dict[int, str] = {}
        self.letters: dict[int, Letters] = {}

    def sources(self, seeds: Seeds, more: Iterable[int] = ()) -> tuple[Sources, Seeds]:
        """The sources of seeds and `more`, and the seeds of those that are still there."""
        wanted = set(seeds.sources.tolist()).union(more)
        self._read(sorted(wanted - self._texts.keys()))
        known = {number: self.letters[number] for number in wanted if number in self.letters}
        return Sources(known), seeds.where(np.isin(seeds.sources, list(known)))

    def side(self, number: int) -> Side:
        return Side(self._texts[number], self.letters[number])

    def _read(self, numbers: Sequence[int]) -> None:
        found = self._ask(numbers) if numbers else {}
        self._texts.update(found)
        self.letters.update(zip(found, letters_of(list(found.values())), strict=True))
