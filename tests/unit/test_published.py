"""The published fingerprints of 55 characters follow from verified runs."""

import pytest

from neural_lab.audit.match import Match, MatchKind
from neural_lab.audit.published import LENGTH, fingerprints, found
from neural_lab.types import Span


def match(*runs: tuple[int, int]) -> Match:
    spans = tuple(Span(*run) for run in runs)
    whole = Span(spans[0].start, spans[-1].end)
    return Match(whole, 1, whole, 1.0, MatchKind.VERBATIM, spans)


@pytest.mark.parametrize(("end", "windows"), [(54, 0), (55, 1), (155, 101)])
def test_every_window_of_a_run_is_one(end: int, windows: int) -> None:
    one = match((0, end))
    listed = list(fingerprints(one))
    assert len(listed) == windows == found([one])
    assert all(span.length == LENGTH and span.end <= end for span in listed)


def test_windows_across_runs_are_none_and_overlaps_count_once() -> None:
    assert list(fingerprints(match((0, 40), (50, 90)))) == []
    assert found([match((0, 100)), match((30, 130))]) == 130 - LENGTH + 1
    assert [span.start for span in fingerprints(match((0, 165)), stride=55)] == [0, 55, 110]
