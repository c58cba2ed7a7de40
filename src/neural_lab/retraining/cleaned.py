"""What is left out before anything is learnt: copies of frozen texts, contradictions, other languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from neural_lab.backends.language import LangId
from neural_lab.report.progress import watched
from neural_lab.retraining.gate import Gate
from neural_lab.retraining.gathered import Gathered
from neural_lab.retraining.limits import Limits
from neural_lab.text.canonical import canonicalize
from neural_lab.training.dataset import Record
from neural_lab.training.near_duplicates import groups

COPIED, CONTRADICTING, REPEATED, LANGUAGE = "copies_of_frozen", "contradicting", "repeated", "not_english"
IN_WORDS = {
    COPIED: "near-copies of frozen texts",
    CONTRADICTING: "near-copies of one another with different labels",
    REPEATED: "repeated",
    LANGUAGE: "not English",
}
ENGLISH, SURE = "en", 0.9
FEWEST = 100
"""Texts of each class below which `train detector` refuses, too."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`records` to learn from, `new` one flag each, and by reason the rows that are left out."""

    records: list[Record]
    new: list[bool]
    left_out: dict[str, list[str]]

    @property
    def fresh(self) -> list[Record]:
        return [record for record, new in zip(self.records, self.new, strict=True) if new]

    @property
    def old(self) -> list[Record]:
        return [record for record, new in zip(self.records, self.new, strict=True) if not new]


def clean(gathered: Gathered) -> Cleaned:
    """The texts that may be learnt from."""
    group = _groups(gathered)
    reasons = _copies(gathered, group)
    rest = [at for at in range(len(gathered.records)) if at not in reasons]
    reasons |= _foreign([gathered.records[at] for at in rest], rest)
    left: dict[str, list[str]] = {name: [] for name in IN_WORDS}
    for at, reason in sorted(reasons.items()):
        left[reason].append(gathered.records[at].row)
    kept = [at for at in range(len(gathered.records)) if at not in reasons]
    return Cleaned([gathered.records[at] for at in kept], [gathered.new[at] for at in kept], left)


def _groups(gathered: Gathered) -> list[int]:
    """The group of near-copies of each frozen text, then of each text to learn from."""
    texts = [record.text for record in (*gathered.frozen, *gathered.records)]
    return [int(each) for each in groups(texts, [""] * len(texts))]


def _copies(gathered: Gathered, group: Sequence[int]) -> dict[int, str]:
    frozen, mine = set(group[: len(gathered.frozen)]), group[len(gathered.frozen) :]
    labels: dict[int, set[int]] = defaultdict(set)
    for record, number in zip(gathered.records, mine, strict=True):
        labels[number].add(record.label)
    found: dict[int, str] = {}
    seen: set[str] = set()
    for at, number in enumerate(mine):
        # Near-copies with one label stay: they are kept in one fold. Exact ones weigh twice for nothing.
        text = canonicalize(gathered.records[at].text).text.strip()
        if number in frozen:
            found[at] = COPIED
        elif len(labels[number]) > 1:
            found[at] = CONTRADICTING
        elif text in seen:
            found[at] = REPEATED
        seen.add(text)
    return found


def _foreign(records: Sequence[Record], places: Sequence[int]) -> dict[int, str]:
    """Those surely in another language: a detector that reads English learns nothing from them."""
    identifier, found = LangId(), {}
    for at, record in zip(places, watched(records, "Languages", len(records)), strict=True):
        language, probability = identifier.identify(record.text)
        if language != ENGLISH and probability >= SURE:
            found[at] = LANGUAGE
    return found


def data_gates(gathered: Gathered, cleaned: Cleaned, limits: Limits) -> list[Gate]:
    """Whether what is left is enough to learn from, and how much was left out."""
    return [_enough(cleaned.records, limits), _left_out(gathered, cleaned, limits)]


def _enough(records: Sequence[Record], limits: Limits) -> Gate:
    counted = [sum(record.label == label for record in records) for label in (0, 1)]
    share = min(counted) / max(sum(counted), 1)
    said = f"{counted[0]:,} human and {counted[1]:,} machine texts can be learnt from"
    passed = min(counted) >= FEWEST and share >= limits.fewest_share
    wanted = f"; at least {FEWEST} of each and {limits.fewest_share:.0%} of the rarer are needed"
    return Gate("enough", passed, said + ("" if passed else wanted), share, None, limits.fewest_share)


def _left_out(gathered: Gathered, cleaned: Cleaned, limits: Limits) -> Gate:
    counts = {reason: len(rows) for reason, rows in cleaned.left_out.items() if rows}
    named = ", ".join(f"{count:,} {IN_WORDS[reason]}" for reason, count in counts.items())
    # Of new ones alone: frozen sets grow, and what was learnt before may be a copy by now.
    share = 1 - len(cleaned.fresh) / max(len(gathered.fresh), 1)
    said = f"{sum(counts.values()):,} texts are left out" + (f": {named}" if named else "")
    return Gate("left_out", share <= limits.most_left_out, said, share, None, limits.most_left_out)
