"""Released disputes as labelled texts: how many of one owner, and how many of all."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from neural_lab.dispute import Claim, Dispute
from neural_lab.retraining.disputes import as_records, within
from neural_lab.retraining.gathered import gather
from neural_lab.retraining.limits import Limits
from neural_lab.training.dataset import DEFAULT_COLUMNS
from neural_lab.types import Span

NOW = "2026-02-03T04:05:06Z"
FIRST = Dispute(NOW, NOW, "", "ab" * 32, Span(0, 9), "The river", 0.9, "embedded", "1", "human")


def disputes(owner: str, first: int, count: int, claim: Claim = "human") -> list[Dispute]:
    return [
        replace(FIRST, id=number, owner=owner, claim=claim, passage=f"River {number}")
        for number in range(first, first + count)
    ]


def test_claims_become_labels() -> None:
    human, machine = as_records(disputes("a", 1, 1) + disputes("b", 2, 1, "machine"), 9)
    assert (human.label, human.text, human.source, human.row) == (0, "River 1", "disputes", "disputes:1")
    assert machine.label == 1


def test_nobody_has_more_than_some_and_first_ones_come_first() -> None:
    loud, quiet = disputes("loud", 1, 100), disputes("quiet", 101, 2)
    records = as_records([*reversed(loud), *quiet], 20)
    assert Counter(record.group for record in records) == {"disputes:loud": 20, "disputes:quiet": 2}
    assert [record.row for record in records[:5]] == [f"disputes:{number}" for number in (1, 101, 2, 102, 3)]
    assert records[-1].row == "disputes:20"


@pytest.mark.parametrize(("texts", "share", "taken"), [(95, 0.05, 5), (94, 0.05, 4), (0, 0.05, 0), (9, 0, 0)])
def test_they_are_at_most_a_share_of_all(texts: int, share: float, taken: int) -> None:
    records = as_records(disputes("a", 1, 10), 10)
    assert within(records, texts, share) == records[:taken]
    assert within(records, texts, 1.0) == records


def test_a_retraining_gathers_no_more_than_that(tmp_path: Path) -> None:
    for name, count in (("data.csv", 200), ("frozen.csv", 2)):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("text", "label"))
            rows.writerows((f"{name}: the river ran, {at}.", at % 2) for at in range(count))
    released = [each for owner in range(50) for each in disputes(f"{owner}", 1000 * owner + 1, 30)]
    limits = Limits()
    records = as_records(released, limits.disputes_per_owner)
    paths = [tmp_path / "data.csv"], [tmp_path / "frozen.csv"]
    found = gather(*paths, records, set(), b"key", DEFAULT_COLUMNS, limits.disputes_share)
    assert found.disputes == 10
    assert len(found.records) == 210
    assert len({record.group for record in found.records[-10:]}) == 10, "one each of ten people"
