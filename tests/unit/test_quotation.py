"""Quoted text: what counts, and that a mark without a partner does not swallow the rest."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.detect.quotation import quotations, quotations_in, quoted_share
from neural_lab.types import Document, Span

OWN = "I have thought about this for a long time and I still do not know what to make of it. "
LONG = " ".join(f"word{n}" for n in range(45)) + "."
SHORT = "It was late when we left."
PAIRS = [
    *[("\u201c", "\u201d"), ('"', '"'), ("\u00ab", "\u00bb"), ("\u201e", "\u201c"), ("\u2018", "\u2019")],
    *[("\u00ab ", " \u00bb"), ("\u00ab\u202f", "\u202f\u00bb"), ("\u00ab\xa0", "\xa0\u00bb")],
    *[("\u00bb", "\u00ab"), ("\u2039", "\u203a"), ("\u201d", "\u201d")],
]


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


@pytest.mark.parametrize("place", [" (p. 3)", " [12]", " (Smith 2001, 4)", ", he", ". "])
def test_a_place_after_single_marks_closes_them(place: str) -> None:
    text = f"He says \u2018the boys\u2019 team was late\u2019{place} and more"
    assert [span.of(text) for span in quotations(text, 3)] == ["\u2018the boys\u2019 team was late\u2019"]


def test_a_bracket_after_an_apostrophe_is_no_place() -> None:
    assert quotations("\u2018the boys\u2019 (and girls\u2019) team", 1) == []


def test_the_number_of_a_note_may_follow_a_closing_mark() -> None:
    text = "\u201cIt was late when we left.\u201d12 And so on."
    assert [span.of(text) for span in quotations(text, 3)] == ["\u201cIt was late when we left.\u201d"]


@pytest.mark.parametrize(("opening", "closing"), PAIRS)
@pytest.mark.parametrize("gap", ["\n\n", "\n\n  ", "\n"])
def test_a_quotation_goes_on_where_each_paragraph_is_opened(opening: str, closing: str, gap: str) -> None:
    quotation = f"{opening}{SHORT}{gap}{opening}{SHORT}{gap}{opening}{SHORT}{closing}"
    text = f"He wrote: {quotation} {OWN}"
    assert [span.of(text) for span in quotations(text, 15)] == [quotation]
    assert quotations(text.replace(closing, ""), 15) == []
    assert quotations(f"{opening}{SHORT}\n\n{OWN}\n\n{opening}{SHORT}{closing}", 15) == []


def test_blocks_that_the_file_marks_count_at_any_length_and_runs_do_not() -> None:
    text = f"{OWN}\n\n{SHORT}\n\n{OWN}It said {SHORT}\n\n{OWN}{LONG} {OWN}"
    block = Span(text.index(SHORT), text.index(SHORT) + len(SHORT))
    inline = Span(text.rindex(SHORT), text.rindex(SHORT) + len(SHORT))
    long = Span(text.index(LONG), text.index(LONG) + len(LONG))
    document = Document(text, quoted=(block, inline, long))
    assert quotations_in(document) == (block, long)
    assert quotations_in(document, 3) == (block, inline, long)
    assert quotations(text) == []
    assert quoted_share(text, document.quoted) > quoted_share(text, (block,)) > quoted_share(text) == 0.0


def test_marks_inside_a_marked_block_are_counted_once() -> None:
    text = f'Own.\n\n"{LONG}" so\n\nOwn.'
    block = Span(6, text.index("\n\nOwn."))
    assert quotations(text, 3, [block]) == [block]


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
    "piece",
    [
        *[
            '"a ',
            "\u201ca ",
            "\u2018a ",
            "\u2018a. ",
            "> ",
            "\n ",
            "\n> \u2018",
            '"',
            "\u201c",
            "\u2018",
            "\u00ab",
        ],
        *["\u201ca\n", "\u201ca\n\n", "\u00ab a\n\n", "\u2019 (1", "\u2018a\u2019 ("],
    ],
)
def test_time_grows_with_length_only(piece: str) -> None:
    begin = time.process_time()
    quotations(piece * (1_000_000 // len(piece)))
    assert time.process_time() - begin < 5
