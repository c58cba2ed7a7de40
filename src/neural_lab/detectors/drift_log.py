"""The texts of the event log, day by day, as samples that fit into memory."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from neural_lab.detect.drift_sample import Sample, is_text, joined, sampled
from neural_lab.detect.drift_windows import Window
from neural_lab.detectors.paired import KIND
from neural_lab.detectors.reading import STEP, between
from neural_lab.event import Event
from neural_lab.ports import Events

A_DAY = 1_000
"""Texts that are looked at of each day and detector: a random sample where there were more."""
LATE = timedelta(minutes=10)
"""After midnight, until all events of a day have certainly been written."""


@dataclass(slots=True)
class Drawn:
    """Events of one day and detector: each of all `texts` is among those `kept` with the same probability."""

    chance: random.Random
    texts: int = 0
    kept: list[Event] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Vitter's algorithm R (1985)."""
        self.texts += 1
        if len(self.kept) < A_DAY:
            self.kept.append(event)
        elif (place := self.chance.randrange(self.texts)) < A_DAY:
            self.kept[place] = event


class DriftLog:
    """Samples of each day by detector, its name and version. A day that is over is read once."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._days: dict[date, dict[str, Sample]] = {}
        self._over: set[date] = set()
        self.detector = ""
        """Of the latest text; "" where there is none."""

    def read(self, now: datetime, going: Callable[[], bool] = lambda: True) -> bool:
        """Read what is new, hour by hour for as long as it is `going`; False when it was stopped."""
        first = self._events.between("", _text(now + LATE), 1)
        begun = date.fromisoformat(first[0].at[:10]) if first else now.date()
        self._days = {day: found for day, found in self._days.items() if day >= begun}
        for day in _days(begun, now.date()):
            if day not in self._over and not self._read(day, now, going):
                return False
        return True

    def known(self, detector: str) -> list[date]:
        """Days with texts that a detector read."""
        return sorted(day for day, found in self._days.items() if detector in found)

    def sample(self, detector: str, window: Window | None) -> Sample:
        days = [day for day in self.known(detector) if window and day in window]
        return joined([self._days[day][detector] for day in days])

    def _read(self, day: date, now: datetime, going: Callable[[], bool]) -> bool:
        drawn: dict[str, Drawn] = {}
        midnight = datetime.combine(day, time(), UTC)
        for hour in range(24):
            if not going():
                return False
            at = midnight + hour * STEP
            for event in between(self._events, at, at + STEP):
                if event.kind != KIND and is_text(event):
                    # Of each day its own: the same texts are drawn whenever it is read.
                    drawn.setdefault(event.detector, Drawn(random.Random(day.toordinal()))).add(event)
                    self.detector = event.detector
        self._days[day] = {name: sampled(d.kept, day.toordinal(), d.texts) for name, d in drawn.items()}
        if now >= midnight + timedelta(days=1) + LATE:
            self._over.add(day)
        return True


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=step) for step in range((last - first).days + 1))


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
