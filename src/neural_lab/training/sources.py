"""Which sources a detector is made from, in which fold, and how much of each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

EMBEDDED = Path(__file__).with_name("detector.toml")
HUMAN = "reserved/"


@dataclass(frozen=True, slots=True)
class Source:
    """One source: what it is held out with (`group`, `fold`), whether it `stays`, how much of it is used.

    `family` names sources that are weighed as one.
    """

    name: str
    group: int
    fold: int
    stays: bool
    family: str
    encoder: int
    detector: int
    share: float


@dataclass(frozen=True)
class Sources:
    """A recipe: labelled `sources`, human `corpora`, `lengths` in words, and `genres` by domain or corpus.

    The reader of the fold `served` is the one that the bundle gets.
    """

    seed: int
    served: int
    sources: tuple[Source, ...]
    corpora: tuple[Source, ...]
    lengths: dict[str, tuple[int, int]]
    genres: dict[str, str]

    @classmethod
    def read(cls, path: Path = EMBEDDED) -> "Sources":
        table = tomllib.loads(path.read_text("utf-8"))
        sources = tuple(_source(name, row) for name, row in table["sources"].items())
        corpora = tuple(_source(f"{HUMAN}{name}", row, CORPUS) for name, row in table["human"].items())
        lengths = {name: (low, high) for name, (low, high) in table["lengths"].items()}
        return cls(table["seed"], table["served"], sources, corpora, lengths, table["genres"])

    @property
    def folds(self) -> dict[int, int]:
        """The group of each fold."""
        return dict(sorted({source.fold: source.group for source in self.sources}.items()))

    def named(self, name: str) -> Source:
        return next(source for source in (*self.sources, *self.corpora) if source.name == name)

    def genre(self, domain: str) -> str:
        return self.genres.get(domain, self.genres["other"])


CORPUS = {"encoder": 500, "detector": 120, "share": 0.5}


def _source(name: str, row: dict[str, Any], defaults: Mapping[str, Any] = MappingProxyType({})) -> Source:
    table: dict[str, Any] = {"name": name, "family": name, "share": 1.0, "stays": False}
    return Source(**table | dict(defaults) | row)
