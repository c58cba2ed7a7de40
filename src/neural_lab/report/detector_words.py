"""Sentences about the detectors that are kept."""

from __future__ import annotations

from collections.abc import Mapping

INSTALLED = "embedded"
"""What people call the detector that was installed with the program."""

NOBODY = "none"
COLUMNS = ("detector", "is", "added", "MB")
DISTANCES = ("words", "texts", "verdicts changed", "mean", "half below", "99 % below")
FLAGGED = ("words", "flagged by champion", "by challenger")
PAIR = "champion \\ challenger"
ROLES: Mapping[str, str] = {
    "champion": "champion",
    "before": "before it",
    "challenger": "challenger",
}
EVENTS: Mapping[str, str] = {
    "added": "added",
    "promoted": "promoted",
    "rolled_back": "put back",
    "challenged": "tried as a challenger",
    "refused": "refused",
    "removed": "removed",
}
NAMED = "NEURAL_LAB_BUNDLE is set: that detector answers here, and the registry is not asked."
ALIAS_STAYS = "The detectors are as said; only the alias `champion` in the tracking stays where it was."
NOTHING = (
    "No document was read by two detectors in the last {days} days. Name a challenger with `neural-lab "
    "detectors challenge VERSION`, and set NEURAL_LAB_SHADOW to the share of documents that it shall read."
)
UNREAD = (
    "The challenger is {challenger} now, and no document was read by it since: the figures are of the "
    "challenger before it. A service lets it read the share NEURAL_LAB_SHADOW of documents."
)
WAITING = (
    "{challenger} is the challenger, and read no document in the last {days} days: set NEURAL_LAB_SHADOW "
    "to the share of documents that it shall read."
)
NOBODY_KNOWS = "Nobody knows who wrote these documents: a difference is no error, of neither detector."


def event(what: str, version: str, before: str | None, who: str, why: str, **_: object) -> str:
    """What happened to a detector, in the place of which one, by whom and why."""
    said = f"{version or NOBODY}: {EVENTS.get(what, what)}"
    place = f" in the place of {before}" if before else ""
    reason = ", ".join(filter(None, (f"by {who}" if who else "", why)))
    return f"{said}{place}{f' ({reason})' if reason else ''}"


def added(version: str) -> str:
    return f"{version} is kept. It answers once it is promoted: neural-lab detectors promote {version}"


def promoted(version: str) -> str:
    return f"{version} answers from now on; a running service takes it within seconds."


def rolled_back(version: str) -> str:
    return f"{version} answers again; a running service takes it within seconds."


def challenged(version: str | None) -> str:
    return f"{version} is the challenger." if version else "There is no challenger any more."


def remove(version: str) -> str:
    return f"Delete the detector {version}?"


def removed(version: str) -> str:
    return f"{version} is deleted."


def pair(champion: str, challenger: str, days: int) -> str:
    return f"Champion {champion}, challenger {challenger}, the last {days} days"
