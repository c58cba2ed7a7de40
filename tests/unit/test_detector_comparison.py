"""How two detectors differ on the documents that both read: counts that can be counted by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from neural_lab.backends.clock import utc
from neural_lab.backends.memory_events import MemoryEvents
from neural_lab.detectors.bundles import require_loose
from neural_lab.detectors.comparison import compared
from neural_lab.detectors.paired import Paired, Said, event, pairs
from neural_lab.detectors.reading import between, latest_pairs
from neural_lab.detectors.registry import Registry
from neural_lab.errors import InvalidRequest
from neural_lab.event import Event
from neural_lab.rates import wilson

REQUEST = Event("2026-01-01T00:00:00Z", "/detect", 200, 3.0, 40, 8, 0.3, "likely_human", "embedded 1", "{}")


def pair(first: float, second: float, words: int = 100, said: str = "likely_human likely_human") -> Paired:
    mine, its = said.split()
    return Paired(Said("", first, mine), Said("b-2", second, its), words, 6 * words, "embedded 1", 12.5)


def test_a_pair_is_an_event_of_numbers_and_comes_back_as_it_was() -> None:
    one = pair(0.25, 0.75, said="likely_human likely_ai")
    kept = event(one, utc())
    assert (kept.kind, kept.status, kept.probability, kept.verdict) == ("shadow", 200, 0.25, "likely_human")
    assert set(json.loads(kept.signals)) == {"champion", "challenger", "probability", "verdict"}
    assert [*pairs([REQUEST, kept])] == [one]


def test_differences_and_changes_are_counted() -> None:
    found = compared(
        [
            pair(0.2, 0.3),
            pair(0.5, 0.4, 80, "inconclusive likely_human"),
            pair(0.9, 0.99, 700, "mixed likely_ai"),
            pair(0.3, 0.9, 74, "likely_human likely_ai"),
        ]
    )
    assert (found["texts"], found["changed"]) == (4, 3)
    assert found["mean_difference"] == pytest.approx((0.1 - 0.1 + 0.09 + 0.6) / 4)
    assert found["quantiles"]["0.5"] == pytest.approx(0.1)
    assert found["quantiles"]["1"] == pytest.approx(0.6)
    assert found["flagged"]["champion"] == {"texts": 1, "share": 0.25, "interval": list(wilson(1, 4))}
    assert found["flagged"]["challenger"]["texts"] == 2
    assert found["verdicts"]["likely_human"] == {
        "likely_human": 1,
        "mixed": 0,
        "likely_ai": 1,
        "inconclusive": 0,
    }
    assert sum(sum(row.values()) for row in found["verdicts"].values()) == 4
    assert [(b["minimum_words"], b["maximum_words"], b["texts"]) for b in found["bands"]] == [
        (0, 74, 1),
        (75, 149, 2),
        (150, 299, 0),
        (300, 599, 0),
        (600, None, 1),
    ]
    json.dumps(found, allow_nan=False)


def test_of_nothing_nothing_is_said() -> None:
    found = compared([])
    assert (found["texts"], found["mean_difference"], found["quantiles"]) == (0, None, None)
    assert found["flagged"]["champion"] == {"texts": 0, "share": None, "interval": [0.0, 1.0]}


@pytest.mark.parametrize(
    ("hits", "texts", "low", "high"),
    # Newcombe 1998, table I; and none of ten.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_those_of_the_literature(hits: int, texts: int, low: float, high: float) -> None:
    assert wilson(hits, texts) == pytest.approx((low, high), abs=5e-5)


def test_the_detectors_that_were_compared_last_count_and_only_the_last_days() -> None:
    events, one = MemoryEvents(), pair(0.2, 0.3)
    other = Paired(one.champion, Said("a-1", 0.9, "likely_ai"), 100, 600, "embedded 1", 12.5)
    events.record([event(one, utc(9)), event(one, utc(2)), event(other, utc(1)), event(one, utc()), REQUEST])
    assert latest_pairs(events, 7) == [one, one]
    assert latest_pairs(events, 10) == latest_pairs(events, 10**17) == [one] * 3
    assert latest_pairs(MemoryEvents(), 7) == []


def test_as_many_events_as_there_are_are_read_in_order_and_none_twice() -> None:
    log, begun = MemoryEvents(), datetime(2026, 1, 1, tzinfo=UTC)
    moments = [begun + timedelta(seconds=at // 3 if at < 60 else 40 + at) for at in range(150)]
    events = [replace(REQUEST, at=f"{at:%Y-%m-%dT%H:%M:%SZ}", characters=n) for n, at in enumerate(moments)]
    log.record(events)
    for most in (2, 3, 7, 1000):
        assert [*between(log, begun, begun + timedelta(hours=1), most)] == events


def test_what_is_kept_by_its_checksum_is_not_written_into(tmp_path: Path) -> None:
    kept = Registry().folder / "embedded-1-0123456789ab"
    with pytest.raises(InvalidRequest, match="detectors add"):
        require_loose(kept)
    require_loose(tmp_path)
