"""What was noted of documents that two detectors read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from neural_lab.detectors.paired import Paired, pairs
from neural_lab.event import Event
from neural_lab.ports import Events

STEP, MOST = timedelta(hours=1), 20_000
"""Events are read by the hour, and in shorter steps where a service is asked much."""
SECOND, ALL = timedelta(seconds=1), 2**31 - 1
LONGEST = 36_500


def latest_pairs(events: Events, days: int) -> list[Paired]:
    """Of the last days and of the two detectors that were compared last, in order."""
    end, found = datetime.now(UTC) + timedelta(seconds=1), list[Paired]()
    first = events.between("", _text(end), 1)
    begun = datetime.fromisoformat(first[0].at) if first else end
    at = max(begun, end - timedelta(days=min(days, LONGEST)))
    while at < end:
        found += pairs(between(events, at, min(at + STEP, end)))
        at += STEP
    return [pair for pair in found if _who(pair) == _who(found[-1])]


def between(events: Events, start: datetime, end: datetime, most: int = MOST) -> Iterator[Event]:
    """Events from `start` on and before `end`, in order; about `most` of them are in memory at once."""
    found = events.between(_text(start), _text(end), most)
    if len(found) < most:
        yield from found
    elif end - start <= SECOND:
        yield from events.between(_text(start), _text(end), ALL)
    else:
        found.clear()
        # Moments are whole seconds: so must the middle be.
        middle = start + max((end - start) // 2 // SECOND * SECOND, SECOND)
        yield from between(events, start, middle, most)
        yield from between(events, middle, end, most)


def _who(pair: Paired) -> tuple[str, str]:
    return pair.champion.version, pair.challenger.version


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
