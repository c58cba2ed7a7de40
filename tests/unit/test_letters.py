"""Letters: the same for texts that differ in case, spacing, marks and accents, each with its place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.audit.letters import letters, letters_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("Ætna, naïve—café", "ÆTNA NAÏVE cafe"),
        ("ﬁnal ﬂight", "FINAL FLIGHT"),
        ("İstanbul ıslak", "istanbul islak"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("Привет, мир!", "ПРИВЕТ МИР"),
        ("x² + H₂O", "x2 h2o"),
        ("ＡＢＣ１２３", "abc123"),
        ("한국어", "한국어"),
        ("раypаl", "paypal"),  # Cyrillic letters that look Latin
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
    ],
)
def test_what_reads_alike_has_the_same_letters(one: str, other: str) -> None:
    assert letters(one).text == letters(other).text


def test_every_script_has_letters() -> None:
    for text, count in (("漢字かな", 4), ("مرحبا", 5), ("नमस्ते", 4), ("שלום", 4), ("😀👍", 0), ("ไทย", 3)):
        assert len(letters(text)) == count, text


@given(st.text())
def test_places_say_where_a_letter_stands(text: str) -> None:
    found = letters(text)
    assert len(found.offsets) == len(found.codes)
    assert (np.diff(found.offsets) >= 0).all()
    for code, at in zip(found.codes.tolist(), found.offsets.tolist(), strict=True):
        assert chr(code) in letters(text[at]).text
    assert all(chr(code).isalnum() for code in found.codes.tolist())


@given(st.lists(st.text(), max_size=6))
def test_many_at_once_are_the_same_as_one_by_one(texts: list[str]) -> None:
    for together, text in zip(letters_of(texts), texts, strict=True):
        alone = letters(text)
        assert together.text == alone.text
        assert together.offsets.tolist() == alone.offsets.tolist()


@given(st.text(), st.text())
def test_a_character_does_not_depend_on_its_neighbours(one: str, other: str) -> None:
    assert letters(one + other).text == letters(one).text + letters(other).text


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüéßñçABCXYZ0123456789 .,;"))
def test_case_and_spacing_change_nothing(text: str) -> None:
    assert letters(text.upper()).text == letters(text.lower()).text == letters(" ".join(text)).text


def test_lone_surrogates_and_nul_have_no_letters() -> None:
    assert letters("a\ud800b\x00c\udfff").text == "abc"
