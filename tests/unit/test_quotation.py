"""Quoted text: what counts, and that a mark without a partner does not swallow the rest."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.detect.quotation import quotations, quoted_share

OWN = "I have thought about this for a long time and I still do not know what to make of it. "
LONG = " ".join(f"word{n}" for n in range(45)) + "."
SHORT = "It was late when we left."
PAIRS = [("\u201c", "\u201d"), ('"', '"'), ("\u00ab", "\u00bb"), ("\u201e", "\u201c"), ("\u2018", "\u2019")]


@pytest.mark.parametrize(("opening", "closing"), PAIRS)
def test_long_runs_between_marks_count_with_their_marks(opening: str, closing: str) -> None:
    text = f"{OWN}{opening}{LONG}{closing} {OWN}"
    assert [span.of(text) for span in quotations(text)] == [f"{opening}{LONG}{closing}"]
    own, quoted = (len("".join(part.split())) for part in (OWN, LONG))
    assert quoted_share(text) == pytest.approx((quoted + 2) / (2 * own + quoted + 2))


@pytest.mark.parametrize(("opening", "closing"), PAIRS)
def test_dialogue_does_not_count(opening: str, closing: str) -> None:
    novel = f"{opening}{SHORT}{closing} she said. {opening}{SHORT} {SHORT}{closing}\n\n" * 40
    assert quoted_share(novel) == 0.0


def test_a_mark_without_a_partner_does_not_swallow_the_text() -> None:
    for mark in ('"', "\u201c", "\u2018"):
        assert quoted_share(f"He began, {mark}and then {OWN * 8}\n\n{OWN * 8}") == 0.0
        assert quoted_share(f"{OWN * 8} and then it ended.{mark} {OWN * 8}") == 0.0
    assert quoted_share(f'A 19" screen and {LONG} a 21" one, {OWN * 4}') == 0.0


def test_the_text_between_two_quotations_is_not_quoted() -> None:
    text = f'"{SHORT}" {OWN * 4}"{SHORT}" {OWN * 4}"{SHORT}"'
    assert quoted_share(text) == 0.0


def test_no_quotation_crosses_a_blank_line_but_may_cross_a_line() -> None:
    half = LONG.split(" word20 ")
    assert quoted_share(f'{OWN}"{half[0]}\n\nword20 {half[1]}" {OWN}') == 0.0
    assert quoted_share(f'{OWN}"{half[0]}\nword20 {half[1]}" {OWN}') > 0.4


def test_apostrophes_end_no_quotation() -> None:
    text = f"\u2018The boys\u2019 team didn\u2019t {LONG}\u2019 {OWN}"
    assert [span.of(text)[-8:] for span in quotations(text)] == ["word44.\u2019"]


def test_block_quotations_count_at_any_length() -> None:
    text = f"{OWN}\n\n> {SHORT}\n  > {SHORT}\n\n{OWN}"
    assert [span.of(text).strip(" >") for span in quotations(text)] == [SHORT, SHORT]
    assert quotations(">>> print(1)\n1") == []


def test_a_quotation_inside_a_block_is_counted_once() -> None:
    text = f'> "{LONG}"\n\n{OWN}'
    spans = quotations(text)
    assert sum(span.length for span in spans) == len(text.splitlines()[0])
    assert quoted_share(f'> "{LONG}"') == 1.0


def test_blank_text_is_not_quoted() -> None:
    assert quoted_share(" \n ") == 0.0


@given(st.text(st.sampled_from("ab \n\t>\"'\u2018\u2019\u201c\u201d\u00ab\u00bb."), max_size=400))
def test_spans_are_ordered_disjoint_and_the_share_is_one(text: str) -> None:
    spans = quotations(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert 0.0 <= quoted_share(text) <= 1.0


@pytest.mark.parametrize(
    "piece", ['"a ', "\u201ca ", "\u2018a ", "\u2018a. ", "> ", "\n ", "\n> \u2018", '"']
)
def test_time_grows_with_length_only(piece: str) -> None:
    begin = time.process_time()
    quotations(piece * 100_000)
    assert time.process_time() - begin < 5
