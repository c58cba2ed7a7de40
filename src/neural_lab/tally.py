"""What became of texts that were offered to a library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from neural_lab.audit.source import Incoming
from neural_lab.ports import Library

Place = tuple[str, str]
"""Collection and title."""


@dataclass
class Tally:
    """Numbers of new sources, apart those in the place of an older text of the same file, and what was there.

    `known` counts all texts that the library had already; of those `elsewhere` are in
    another collection than the one asked for, `renamed` in that one under another title.
    """

    added: list[int] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    known: int = 0
    elsewhere: int = 0
    renamed: int = 0


class Shelving:
    """Puts texts into a library and counts them. The library is looked through once, before the first."""

    def __init__(self, library: Library) -> None:
        known = library.sources()
        self._library, self.tally = library, Tally()
        self._places: dict[str, Place] = {each.sha256: (each.collection, each.title) for each in known}
        self._paths = {each.path for each in known if each.path}

    def put(self, batch: Sequence[Incoming]) -> None:
        """Add a batch, whole or not at all."""
        for text, number in zip(batch, self._library.add(batch), strict=True):
            if number is None:
                self._count(text)
                continue
            (self.tally.replaced if text.path in self._paths else self.tally.added).append(number)
            self._places[text.sha256] = text.collection, text.title
            self._paths |= {text.path} - {""}

    def _count(self, text: Incoming) -> None:
        # A text that another process added meanwhile has no place here.
        collection, title = self._places.get(text.sha256, (text.collection, text.title))
        self.tally.known += 1
        self.tally.elsewhere += collection != text.collection
        self.tally.renamed += collection == text.collection and title != text.title
