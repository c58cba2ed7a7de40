import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from neural_lab.text.blocks import blocks
from neural_lab.text.sentences import LONGEST, segment
from neural_lab.text.words import count_words, words

PIECES = st.sampled_from(
    [
        "\n\n",
        "\n",
        "\r\n",
        "\u2028",
        " ",
        ". ",
        "? ",
        "!",
        "1. ",
        "- ",
        "# ",
        "[3]",
        '"',
        "\u201d",
        "Dr. ",
        "e.g. ",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=60).map("".join) | st.text(max_size=300)

ONE_SENTENCE = [
    "Dr. Smith and Mrs. Jones met Prof. Lee.",
    "Use a short name, e.g. The Lab, i.e. Ours.",
    "This was shown by Jones et al. in 2019.",
    "Smith et al. (2019) disagree.",
    "It costs 3.14 or 1,200.50 euros, approx. 5 % more.",
    "Read https://example.org/a.b?c=D.e and mail a.b@c.de before noon.",
    "Version 2.0.1 is in readme.txt or setup.py today.",
    "J. R. R. Tolkien wrote it at 5 p.m. on a Friday.",
    "See Fig. 3, Eq. 4 and pp. 3-4 of Vol. 2.",
    "The U.S. Army and the U.K. Parliament agreed.",
    '"How are you?" she asked.',
    "Well... maybe it is so.",
    "She has a Ph.D. from M.I.T. already.",
]
SEVERAL = {
    "It was shown.[12] Others agree.[1, 2][3] Done.": [
        "It was shown.[12]",
        "Others agree.[1, 2][3]",
        "Done.",
    ],
    '"Stop." He ran. (It was late.) Yes!': ['"Stop."', "He ran.", "(It was late.)", "Yes!"],
    "Really?! Yes... No.": ["Really?!", "Yes...", "No."],
    "I know. 2. Wash hands.": ["I know.", "2. Wash hands."],
    "Introduction\nIt rained all day long.": ["Introduction", "It rained all day long."],
    "2.1 Methods\nWe counted them.": ["2.1 Methods", "We counted them."],
    "# Of mice\n\nThey ran.": ["# Of mice", "They ran."],
    "no stop here\n\nnor here": ["no stop here", "nor here"],
    "To do:\n- buy milk\n- call Dr. Lee\n\nThen rest.": [
        "To do:",
        "- buy milk",
        "- call Dr. Lee",
        "Then rest.",
    ],
    "1. Wash\n2) Dry. Fold.\n(c) Iron": ["1. Wash", "2) Dry.", "Fold.", "(c) Iron"],
    "Above\n***\nbelow": ["Above", "***", "below"],
    "\u8fd9\u662f\u3002\u90a3\u662f\uff01": ["\u8fd9\u662f\u3002", "\u90a3\u662f\uff01"],
    " \n \u00a0 ": [],
}
WRAPPED = (
    "He wrote this by hand in the year of\nLondon's fire, and then he went on to\n"
    "Paris. There he met his old friend Dr.\nWho of Gallifrey."
)


def sentences(text: str) -> list[str]:
    return [sentence.span.of(text) for sentence in segment(text)]


@given(TEXTS)
@example("a" * 3 * LONGEST + "\x1c\x85" + ", and " * LONGEST)
def test_sentences_are_ordered_disjoint_trimmed_and_cover_all_that_is_visible(text: str) -> None:
    found = segment(text)
    assert [sentence.index for sentence in found] == list(range(len(found)))
    at = 0
    for sentence in found:
        start, end = sentence.span
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        assert end - start <= LONGEST
        at = end
    assert not text[at:].strip()


@given(TEXTS)
def test_blocks_cover_every_character(text: str) -> None:
    assert "".join(block.of(text) for block in blocks(text)) == text


@given(st.text(alphabet="abc .,", max_size=80), st.text(alphabet="abc .,", max_size=80))
def test_a_paragraph_break_ends_a_sentence(first: str, second: str) -> None:
    assert sentences(f"{first}\n\n{second}") == sentences(first) + sentences(second)


@pytest.mark.parametrize("text", ONE_SENTENCE)
def test_one_sentence_stays_whole(text: str) -> None:
    assert sentences(text) == [text]
    assert sentences(f"It rained. {text} Then it stopped.") == ["It rained.", text, "Then it stopped."]


@pytest.mark.parametrize(("text", "expected"), SEVERAL.items())
def test_several_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_wrapped_lines_are_one_paragraph() -> None:
    assert [" ".join(found.split()) for found in sentences(WRAPPED)] == [
        "He wrote this by hand in the year of London's fire, and then he went on to Paris.",
        "There he met his old friend Dr. Who of Gallifrey.",
    ]


def test_an_endless_sentence_is_cut_after_a_clause() -> None:
    found = sentences("the cat sat on the mat, and it purred; " * 40)
    assert all(sentence.endswith(";") for sentence in found)
    assert all(150 <= len(sentence) <= LONGEST for sentence in found)


def test_an_endless_word_is_cut_at_the_limit() -> None:
    assert {len(found) for found in sentences("a" * 1_000_000)} <= {LONGEST, 400, 250, 550}


@pytest.mark.parametrize(
    "unit",
    ["a", "word ", "1. ", "a\n", "A b.\n\n", "- x\r\n", '". ', "Dr. Who (e.g. he) left. ", "[1]. ", "e.g. "],
)
def test_time_grows_with_length(unit: str) -> None:
    began = time.perf_counter()
    segment(unit * (400_000 // len(unit)))
    assert time.perf_counter() - began < 10


def test_words_keep_inner_apostrophes_and_hyphens() -> None:
    text = "Don't 'quote' well-known and/or snake_case, 3.5 caf\u00e9s\u2014it\u2019s -dash-"
    found = [span.of(text) for span in words(text)]
    assert found == [
        *("Don't", "quote", "well-known", "and", "or", "snake", "case"),
        *("3", "5", "caf\u00e9s", "it\u2019s", "dash"),
    ]
    assert count_words(text) == len(found)
