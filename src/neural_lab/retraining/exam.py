"""What champion and challenger are both asked: frozen texts as they are, attacked, with phrases put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural_lab.errors import ModelUnavailable
from neural_lab.retraining.limits import EVERY_ATTACK, Limits
from neural_lab.retraining.phrases import Phrase
from neural_lab.text.sentences import segment
from neural_lab.training.attacks import ATTACKS
from neural_lab.training.dataset import Record
from neural_lab.training.detection import seeded_hash
from neural_lab.training.judged import Judged, judge_all, on_the_same
from neural_lab.training.robustness import attacked

FROZEN, FRESH = "frozen", "fresh"


@dataclass
class Exam:
    """All texts of an exam in one row, scored by one pool of processes; `parts` says which stand where."""

    records: list[Record] = field(default_factory=list)
    parts: dict[str, range] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def add(self, part: str, records: Sequence[Record]) -> None:
        self.parts[part] = range(len(self.records), len(self.records) + len(records))
        self.records += records

    def answers(self, bundle: Path, doing: str, workers: int | None, without: str = "") -> Answers:
        """What the detector in `bundle` says to all of it, but for the part named last.

        Raises `ModelUnavailable`, and `InvalidDocument` when nothing can be scored.
        """
        last = self.parts[without].start if without else len(self.records)
        judged, unread = judge_all(bundle, self.records[:last], workers, doing)
        return Answers(judged, self.parts, sum(unread.values()))


@dataclass(frozen=True)
class Answers:
    """What one detector said; `unread` texts could not be scored."""

    judged: Judged
    parts: dict[str, range]
    unread: int

    def part(self, name: str) -> Judged:
        """Its answers to one part; `index` is the place within the part."""
        where = self.parts[name]
        mine = (self.judged.index >= where.start) & (self.judged.index < where.stop)
        found = self.judged.where(mine)
        return replace(found, index=found.index - where.start)


@dataclass(frozen=True)
class Compared:
    """Challenger and champion on the texts that both could score, part by part."""

    challenger: Answers
    champion: Answers

    def part(self, name: str) -> tuple[Judged, Judged]:
        return on_the_same(self.challenger.part(name), self.champion.part(name))

    def changed(self, part: str, places: Sequence[int]) -> list[Changed]:
        """Challenger's, then champion's: of `part`, made of the frozen texts at `places`."""
        after = self.part(part)
        frozen = np.array(places, dtype=np.int64)[after[0].index]
        before = self.part(FROZEN)
        known = np.isin(frozen, before[0].index)
        place = np.searchsorted(before[0].index, frozen[known])
        pairs = zip(before, after, strict=True)
        return [Changed(picked(old, place), new.where(known)) for old, new in pairs]


@dataclass(frozen=True)
class Changed:
    """One detector on the same texts before and after they were changed, in the same order."""

    before: Judged
    after: Judged


def picked(judged: Judged, places: NDArray[np.int64]) -> Judged:
    """Documents by their places, in the order given."""
    columns = {f.name: getattr(judged, f.name) for f in fields(judged) if f.name != "targets"}
    return replace(judged, **{name: column[places] for name, column in columns.items()})


def attack_names(limits: Limits) -> tuple[str, ...]:
    return tuple(ATTACKS) if limits.attacks == EVERY_ATTACK else limits.attacks


def places_of(frozen: Sequence[Record], label: int, most: int, seed: int) -> list[int]:
    """Frozen texts of a label, so many in the order of a hash."""
    mine = [at for at, record in enumerate(frozen) if record.label == label]
    return sorted(mine, key=lambda at: seeded_hash(frozen[at].text, seed))[:most]


def write_exam(
    frozen: Sequence[Record], phrases: Sequence[Phrase], asked: Sequence[Record], limits: Limits
) -> Exam:
    """The frozen texts; machine texts under each attack; texts with each phrase; and last the new ones."""
    exam = Exam()
    exam.add(FROZEN, frozen)
    machine = [frozen[at] for at in places_of(frozen, 1, limits.attack_texts, limits.seed)]
    for name in attack_names(limits):
        try:
            exam.add(attack_part(name), attacked(machine, name))
        except ModelUnavailable:
            # `synonyms` needs published weights that not every installation has; the gate says so.
            exam.missing.append(name)
    for number, phrase in enumerate(phrases[: limits.phrases]):
        places = phrase_places(frozen, phrase, limits)
        exam.add(phrase_part(number), [put_in(frozen[at], phrase) for at in places])
    exam.add(FRESH, asked)
    return exam


def attack_part(name: str) -> str:
    return f"attack {name}"


def phrase_part(number: int) -> str:
    return f"phrase {number}"


def phrase_places(frozen: Sequence[Record], phrase: Phrase, limits: Limits) -> list[int]:
    """Texts of the other label than the phrase goes with: those it could carry across."""
    return places_of(frozen, 1 - phrase.label, limits.phrase_texts, limits.seed)


def put_in(record: Record, phrase: Phrase) -> Record:
    """The phrase as a sentence of its own behind the sentence in the middle."""
    spans = [sentence.span for sentence in segment(record.text)]
    place = spans[(len(spans) - 1) // 2].end
    inserted = f" {phrase.words[0].upper()}{phrase.words[1:]}."
    return replace(record, text=record.text[:place] + inserted + record.text[place:], attack="phrase")
