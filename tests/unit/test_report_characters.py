"""No character of a text can act on what shows it."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from neural_lab.report.characters import one_line, visible, well_formed

ANYTHING = st.text(st.characters())


@given(ANYTHING)
def test_nothing_invisible_is_left(text):
    assert all(
        unicodedata.category(c) not in ("Cc", "Cf", "Cs") or c in "\n\t\u200c\u200d" for c in visible(text)
    )


@given(ANYTHING)
def test_one_line_is_one_line(text):
    assert not {"\n", "\t", "\r"} & set(one_line(text))


@given(ANYTHING)
def test_well_formed_text_keeps_its_length_and_can_be_encoded(text):
    assert len(well_formed(text)) == len(text)
    well_formed(text).encode("utf-8")


def test_control_and_direction_characters_are_spelled_out():
    assert visible("a\x1b[31m\x7f\x9b\u202e\u200b") == "a␛[31m␡‹U+009B›‹U+202E›‹U+200B›"


def test_line_ends_become_line_feeds():
    assert visible("a\r\nb\rc\u2028d") == "a\nb\nc\nd"


def test_joined_letters_stay_joined():
    assert visible("👩\u200d🔬 می\u200cخواهم") == "👩\u200d🔬 می\u200cخواهم"
