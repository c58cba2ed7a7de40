"""What a retraining is asked for, and where it starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from neural_lab.api.secret_file import FILE, kept_secret
from neural_lab.backends.bundle import Bundle
from neural_lab.compose import EMBEDDED
from neural_lab.detectors.disk import draft_of
from neural_lab.detectors.registry import Registry
from neural_lab.retraining.gathered import mark
from neural_lab.retraining.limits import Limits
from neural_lab.settings import home
from neural_lab.tracking.figures import bundle_digest
from neural_lab.training.dataset import DEFAULT_COLUMNS, Columns, Record
from neural_lab.training.sources import EMBEDDED as RECIPE
from neural_lab.training.sources import Sources

FOLDER, MEASURED, NAME = "retraining", "measured", "retrained"


@dataclass(frozen=True)
class Asked:
    """`data` are all labelled texts there are, `frozen` those that are only ever judged on.

    `base` is the bundle whose models are taken over, the champion's by default; `writers` are
    groups of writers as in `promote`.
    """

    data: Sequence[Path]
    frozen: Sequence[Path]
    disputes: Sequence[Record] = ()
    base: Path | None = None
    keep: int = 5
    dry_run: bool = False
    columns: Columns = DEFAULT_COLUMNS
    writers: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    workers: int | None = None


class Start:
    """The champion as it stands when a retraining begins, and the models to start from."""

    def __init__(self, asked: Asked) -> None:
        self.registry = Registry()
        self.version = self.registry.champion()
        self.champion = self.registry.folder_of(self.version) if self.version else EMBEDDED
        self.base = asked.base or self.champion
        self.key = kept_secret(home() / FILE)
        # A passage may be withdrawn: what was measured of it is kept for no later run.
        self.measured = draft_of(workplace() / MEASURED) if asked.disputes else workplace() / MEASURED

    @cached_property
    def recipe(self) -> Sources:
        return Sources.read(RECIPE)

    @cached_property
    def shortest_words(self) -> int:
        return Bundle(self.champion).detector().shortest_words

    def named(self, records: Sequence[Record]) -> tuple[str, str]:
        """Name and version of a challenger: the same for the same texts, models and recipe."""
        marks = sorted(mark(record, b"") for record in records)
        parts = [bundle_digest(self.base), str(self.recipe), *marks]
        return NAME, blake2b("\n".join(parts).encode(), digest_size=4).hexdigest()


def workplace() -> Path:
    """Where reports and measurements of retrainings are kept."""
    return home() / FOLDER
