"""Drift is found where texts have changed, and seldom where they have not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from drifting import BANDS, sample
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.backends.bundle import Bundle
from neural_lab.compose import EMBEDDED
from neural_lab.detect.drift import bands_of, compared
from neural_lab.detect.drift_pairs import FEWEST
from neural_lab.detect.drift_sample import VERDICTS, joined
from neural_lab.detect.drift_windows import Window, current, reference
from neural_lab.detect.signals import FUSED
from neural_lab.errors import InvalidRequest
from neural_lab.outcome import Verdict
from neural_lab.rates import wilson

WINDOW = Window(date(2026, 11, 13), date(2026, 11, 20))


def drawn(seed: int, texts: int, shift: float = 0.0, lots: float = 0.0, days: int = 7):
    return sample(np.random.default_rng(seed), texts, shift, days, lots)


def test_the_same_texts_have_not_moved_at_all() -> None:
    texts = drawn(1, 400)
    found = compared(texts, texts, BANDS)
    assert found["state"] == "steady"
    assert {row["psi"] for row in found["signals"]} == {0.0}
    assert {row["ks"] for row in found["score"]} == {0.0}


def test_texts_that_are_shifted_have_drifted_in_every_figure() -> None:
    found = compared(drawn(1, 2_000), drawn(2, 1_000, shift=1.0), BANDS)
    assert found["state"] == "drift"
    states = {(row["signal"], row["state"]) for row in (*found["signals"], *found["score"])}
    assert states == {(name, "drift") for name in (*FUSED, "probability")} | {("length", "steady")}


def test_one_signal_and_one_band_are_named() -> None:
    before, now = drawn(1, 1_000), drawn(2, 1_000)
    now.signals[now.words >= 150, FUSED.index("comma_rate")] += 1.2
    found = [row for row in compared(before, now, BANDS)["signals"] if row["state"] == "drift"]
    assert [(row["signal"], row["band"]) for row in found] == [("comma_rate", "150+")]


def test_other_lengths_are_drift_of_the_length_alone() -> None:
    before, now = drawn(1, 1_000), drawn(2, 1_000)
    shorter = replace(now, words=(now.words // 3).astype(np.int32))
    found = [row for row in compared(before, shorter, BANDS)["signals"] if row["state"] == "drift"]
    assert [(row["signal"], row["band"]) for row in found] == [("length", "all")]


def test_few_texts_that_have_not_changed_are_seldom_called_drift() -> None:
    """Read by the usual limit alone, most of these would be."""
    states, usual = [], 0
    for seed in range(200):
        found = compared(drawn(seed, 150), drawn(1_000 + seed, 90), BANDS)
        states.append(found["state"])
        usual += any((row["psi"] or 0) > 0.25 for row in found["signals"])
    assert usual > 100
    assert states.count("drift") <= 0.03 * len(states)


def test_texts_that_come_in_lots_are_given_more_room() -> None:
    """A class hands in one subject on one day: days differ, and no day is like the weeks before."""
    alarms = sum(
        compared(drawn(seed, 3_000, lots=0.4, days=28), drawn(500 + seed, 800, lots=0.4), BANDS)["state"]
        == "drift"
        for seed in range(20)
    )
    assert alarms <= 4


@pytest.mark.parametrize("side", ["before", "now"])
def test_too_few_texts_say_nothing(side: str) -> None:
    few, many = drawn(1, FEWEST - 1, shift=3), drawn(2, 500)
    found = compared(*((few, many) if side == "before" else (many, few)), BANDS)
    assert (found["state"], found["comparisons"]) == ("too_few", 0)
    assert {row["psi"] for row in found["signals"]} == {None}


def test_nothing_at_all_can_be_compared() -> None:
    found = compared(joined([]), joined([]), BANDS)
    assert found["state"] == "too_few"
    assert [row["flagged"]["interval"] for row in found["verdicts"]] == [[0.0, 1.0]] * 6


def test_values_that_are_undefined_do_not_count() -> None:
    before, now = drawn(1, 400), drawn(2, 400)
    now.signals[::2, 0] = np.nan
    now.signals[:, 1] = before.signals[:, 1] = np.nan
    rows = compared(before, now, BANDS)["signals"]
    assert sum(row["texts"] for row in rows if row["signal"] == FUSED[0]) == 200
    assert [row for row in rows if row["signal"] == FUSED[1]] == []


def test_shares_are_counted_with_their_intervals() -> None:
    now = drawn(2, 300)
    rows = compared(drawn(1, 300), now, BANDS)["verdicts"]
    mine = next(row for row in rows if (row["band"], row["window"]) == ("all", "current"))
    flagged = sum(VERDICTS[v] in (Verdict.MIXED, Verdict.LIKELY_AI) for v in now.verdict)
    assert mine["flagged"] == {"hits": flagged, "share": flagged / 300, "interval": [*wilson(flagged, 300)]}
    assert sum(share["hits"] for share in mine["mix"].values()) == mine["texts"] == 300
    assert mine["inconclusive"] == mine["mix"]["inconclusive"]


def test_few_texts_like_those_it_was_fitted_on_are_outside_in_any_mixture() -> None:
    fitted = Bundle(EMBEDDED).distributions()
    assert fitted
    rng, texts = np.random.default_rng(3), drawn(1, 4_000)
    kind = np.where(rng.random(4_000) < 0.3, "machine", "human")
    for signal, kinds in fitted.signals.items():
        values = {name: np.interp(rng.random(4_000), fitted.levels, each) for name, each in kinds.items()}
        texts.signals[:, FUSED.index(signal)] = np.where(kind == "human", values["human"], values["machine"])
    rows = compared(texts, texts, BANDS, fitted)["outside"]
    assert len(rows) == len(fitted.signals) * len(BANDS)
    assert max(row["share"] for row in rows) <= 0.02
    texts.signals[:] += 100
    assert {row["share"] for row in compared(texts, texts, BANDS, fitted)["outside"]} == {1.0}


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(0, 120), st.integers(0, 120))
def test_whatever_is_compared_the_answer_is_whole(seed: int, before: int, now: int) -> None:
    found = compared(drawn(seed, before), drawn(seed + 1, now), BANDS)
    assert found["state"] in ("drift", "moved", "steady", "too_few")
    for row in found["signals"]:
        assert (row["psi"] is None) == (row["state"] == "too_few")
        assert (row["state"] in ("drift", "moved")) <= ((row["psi"] or 0) > (row["chance"] or 0))


def test_bands_are_those_of_the_cut_points_and_leave_no_length_out() -> None:
    bands = bands_of(Bundle(EMBEDDED).detector())
    assert (bands[0].low, bands[-1].high) == (0, None)
    assert [band.low for band in bands[1:]] == [(band.high or 0) + 1 for band in bands[:-1]]


def test_the_reference_is_the_beginning_and_ends_before_the_window() -> None:
    assert current(date(2026, 11, 20), 7) == WINDOW
    assert current(date(2026, 11, 20), 10**17).last == WINDOW.last
    known = [date(2026, 10, 1), date(2026, 10, 3), date(2026, 11, 20)]
    assert reference("28", known, WINDOW) == Window(date(2026, 10, 1), date(2026, 10, 28))
    assert reference("90", known, WINDOW) == Window(date(2026, 10, 1), date(2026, 11, 12))
    assert reference("28", known[2:], WINDOW) is None
    named = reference("2026-09-01..2026-09-30", (), WINDOW)
    assert named == Window(date(2026, 9, 1), date(2026, 9, 30))


BACKWARDS, OVERLAPPING, NO_DAY = (
    "2026-11-02..2026-11-01",
    "2026-11-01..2026-11-13",
    "2026-02-30..2026-03-01",
)


@pytest.mark.parametrize("asked", ["", "0", "-1", "1.5", "²", "weeks", BACKWARDS, OVERLAPPING, NO_DAY])
def test_a_reference_that_cannot_be_is_refused(asked: str) -> None:
    with pytest.raises(InvalidRequest):
        reference(asked, [date(2026, 10, 1)], WINDOW)
