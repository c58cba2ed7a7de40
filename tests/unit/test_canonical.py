"""The canonical form: what is folded, what is found, and that positions map back."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.text.canonical import canonicalize, findings
from neural_lab.types import FindingKind

TRICKY = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(
            list(
                " \n\t*#`_-\u2013\u2014\u200b\u00ad\u00a0\u0430\u0435\ufb01\u0301\u2026\u201c\u2019\U0001d400"
            )
        ),
    ),
    max_size=200,
)


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("two  spaces\nand\ta line", "two spaces and a line"),
        ("\u201cquoted\u201d \u2018text\u2019 it\u2019s", "\"quoted\" 'text' it's"),
        ("wait\u2014what\u2026", "wait - what..."),
        ("1990\u20131995", "1990-1995"),
        ("so -- then", "so - then"),
        ("in\u200bvis\u00adible", "invisible"),
        ("p\u0430ypal", "paypal"),
        ("\ufb01ne \uff21\uff22", "fine AB"),
        ("cafe\u0301", "caf\u00e9"),
        ("**bold** and `code`", "bold and code"),
        ("## Heading\ntext", "Heading text"),
        ("5 * 3", "5 * 3"),
        ("2*3=6", "2*3=6"),
        ("__init__", "__init__"),
        ("a_b snake_case", "a_b snake_case"),
        ("no\u00a0break", "no break"),
    ],
)
def test_folds(raw: str, canonical: str) -> None:
    assert canonicalize(raw).text == canonical


def test_leaves_other_scripts_alone() -> None:
    russian = "Это обычный русский текст, и он остаётся таким, какой он есть."
    assert canonicalize(russian).text == russian
    assert canonicalize("The angle \u03b1 and the sum \u03a3.").text == "The angle \u03b1 and the sum \u03a3."


def test_reports_what_hides_with_positions_in_the_original() -> None:
    text = "A\u200bb. P\u0430ypal\u00a0x \U0001d400."
    found = {finding.kind: finding.span.of(text) for finding in findings(canonicalize(text))}
    assert found == {
        FindingKind.HIDDEN: "\u200b",
        FindingKind.LOOKALIKE: "\u0430",
        FindingKind.ODD_SPACE: "\u00a0",
        FindingKind.STYLISED: "\U0001d400",
    }


def test_ordinary_typography_is_no_finding() -> None:
    assert findings(canonicalize("\u201cYes\u201d \u2014 she said\u2026\n\nIt\u2019s **fine**.")) == []


@given(TRICKY)
def test_leaves_no_line_break_and_nothing_hidden(text: str) -> None:
    once = canonicalize(text).text
    assert not set("\n\t\u200b\u00ad\u00a0\u201c\u2019\u2026") & set(once)


@pytest.mark.parametrize("unit", ["a\u0430", "\u0430", "\u0301", "*", "\u2014 ", " \n", "\u200b", "#"])
def test_any_repetition_takes_linear_time(unit: str) -> None:
    started = time.process_time()
    canonicalize("word " * 400 + unit * (200_000 // len(unit)))
    assert time.process_time() - started < 20


@given(TRICKY)
def test_spans_map_back_into_the_original_in_order(text: str) -> None:
    canonical = canonicalize(text)
    positions = np.arange(len(canonical.text))
    starts, ends = canonical.original(positions), canonical.original(positions + 1, end=True)
    assert (np.diff(starts) >= 0).all()
    assert ((starts >= 0) & (ends <= len(text)) & (starts < ends)).all()


@given(TRICKY)
def test_unedited_characters_map_to_themselves(text: str) -> None:
    canonical = canonicalize(text)
    edited = np.zeros(len(text) + 1, dtype=bool)
    for edit in canonical.edits:
        edited[edit.start : edit.end] = True
    kept = np.flatnonzero(~edited[: len(text)])
    there = canonical.canonical(kept)
    assert [canonical.text[at] for at in there] == [text[at] for at in kept]
    assert canonical.original(there).tolist() == kept.tolist()
