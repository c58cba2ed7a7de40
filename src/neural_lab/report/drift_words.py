"""Sentences about drift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STATES: Mapping[str, str] = {
    "drift": "drift",
    "moved": "moved",
    "steady": "steady",
    "too_few": "too few texts",
}
OVERALL: Mapping[str, str] = {
    "drift": "The texts are not like those of the reference: at least one figure has drifted.",
    "moved": "Some figures have moved, none so far that it is called drift.",
    "steady": "The texts are like those of the reference, as far as these figures show.",
    "too_few": "There are too few texts to compare: nothing can be said.",
}
LIMITS = (
    "Nobody knows who wrote these texts: drift says that they have changed, and not that verdicts are wrong. "
    "No drift does not say that they are right."
)
NO_REFERENCE = (
    "There is no reference yet: this detector has read nothing before the days that are compared. Shares "
    "outside the fitted range can be read without one."
)
NOTHING = "No text was read: the event log of this store is empty, or NEURAL_LAB_EVENT_DAYS is 0."
NO_PLOTS = "There are no pictures: matplotlib is not installed (it comes with the extra `train`)."
CHANGED, SCORE, VERDICTS, INDEX, OUTSIDE = (
    "Signals that have moved",
    "Probabilities",
    "Verdicts",
    "Population stability index of all signals",
    "Outside the range of the texts that the detector was fitted on",
)
NOTES: Mapping[str, str] = {
    CHANGED: "`chance` is what the index stays below where nothing has changed; only what is larger counts.",
    SCORE: "The distance is Kolmogorov's and Smirnov's: by how much shares of texts differ at most.",
    VERDICTS: "With Wilson's 95 % intervals. Verdicts depend on the error rate that users ask for, too; they "
    "are shown, and no reason for calling something drift.",
    INDEX: "0.1 and 0.25 are the usual limits by convention; a dash stands for too few texts.",
    OUTSIDE: "Of texts like those it was fitted on at most 2 % are outside, in whatever mixture of human and "
    "machine texts; of short ones more, since those were of all lengths. Shown where it is surely above 2 %.",
}


def windows(found: Mapping[str, Any]) -> str:
    """Which days were compared, and how many texts."""
    before = found["reference"]
    against = f"with {_days(before)}" if before else "with nothing yet"
    return f"Detector {found['detector']}: {_days(found['current'])} compared {against}."


def written(path: object, pictures: int) -> str:
    return f"The report is in {path}{f', with {pictures} pictures' if pictures else ''}."


def _days(window: Mapping[str, Any]) -> str:
    some = f", {window['sampled']:,} of them drawn" if window["sampled"] < window["texts"] else ""
    return f"{window['first']} to {window['last']} ({window['texts']:,} texts{some})"
