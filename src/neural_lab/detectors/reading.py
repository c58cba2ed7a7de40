"""What was noted of documents that two detectors read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from neural_lab.detectors.paired import Paired, pairs
from neural_lab.ports import Events

STEP, MOST = timedelta(hours=1), 2**31 - 1
"""Events are read by the hour: a service that is much asked has too many for one answer."""


def latest_pairs(events: Events, days: int) -> list[Paired]:
    """Of the last days and of the two detectors that were compared last, in order."""
    end = datetime.now(UTC) + timedelta(seconds=1)
    at, found = end - timedelta(days=days), list[Paired]()
    while at < end:
        found += pairs(events.between(_text(at), _text(min(at + STEP, end)), MOST))
        at += STEP
    return [pair for pair in found if _who(pair) == _who(found[-1])]


def _who(pair: Paired) -> tuple[str, str]:
    return pair.champion.version, pair.challenger.version


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
