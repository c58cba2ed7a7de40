import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import neural_lab.bundles
from neural_lab.detect.human_evidence import FEWEST_WORDS, Evidence, EvidenceKind, find_evidence, rate
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.neighbourhood import Neighbourhood
from neural_lab.detect.wording import Wording
from neural_lab.text.sentences import segment

LEXICON = Lexicon(
    np.load(Path(neural_lab.bundles.__file__).with_name("embedded") / "lexicon.npy", mmap_mode="r")
)

SLIPS = {
    "We recieve many letters here.": ("misspelling", "recieve", "recieve \u2192 receive"),
    "This is teh house where we live.": ("misspelling", "teh", "teh \u2192 the"),
    "I know that you dont like it.": ("misspelling", "dont", "dont \u2192 don't"),
    "There are alot of people here.": ("misspelling", "alot", "alot \u2192 a lot"),
    "The dog ran home.Then it slept.": ("missing_space", "home.Then", "home.Then \u2192 home. Then"),
    "He was tired,but he went on.": ("missing_space", "tired,but", "tired,but \u2192 tired, but"),
    "It stood in the the middle of town.": ("doubled_word", "the the", "the"),
    "They went to the shop , and then home.": ("punctuation", " ,", " ,"),
    "It was late.. We went home.": ("punctuation", "..", ".."),
    "Yesterday i went to the shop.": ("punctuation", "i", "i"),
    "We saw the house. then we went home.": ("punctuation", "then", "then"),
}
CLEAN = [
    "The colour of the neighbours' house, whose centre we analysed, isn't grey.",
    "She moved the dataset to Kubernetes, wrote to jonh.smiht@exmaple.org and read https://exmaple.org/teh/recieve.",
    "Open readme.txt, run `recieve teh`, then see src/recieve/teh.py and config.yml.",
    "The NATO and UNESCO people met Mr. Smiht, Ms. Jhonson and J. R. R. Tolkein in Copenhaguen.",
    "He had had enough, and I know that that is so. It was very, very late. No no, said he.",
    "La casa de mi abuela estaba cerca del rio y los ninos jugaban alli todas las tardes.",
    "It fell approx. five metres, i.e. more than before, e.g. in May, cf. Smith et al. and others...",
    "Let $x_i$ be such that i is the index; for i in the range, i = 1, and i + 1 is next.",
    "A well-known co-worker re-entered the on-line e-mail system at 10.30, paying 1,200.50 euros.",
    "Chop chop chop went the knife, and the iguana, C. nubila nubila, watched.",
    "The wug saw a wug beside a wug, as one does.",
]


def kinds(text: str) -> list[tuple[str, str, str]]:
    return [(found.kind.value, found.span.of(text), found.detail) for found in find_evidence(text, LEXICON)]


@pytest.mark.parametrize(("text", "expected"), SLIPS.items())
def test_a_slip_is_found_where_it_stands(text: str, expected: tuple[str, str, str]) -> None:
    assert kinds(text) == [expected]


@pytest.mark.parametrize("text", CLEAN)
def test_careful_writing_has_no_slips(text: str) -> None:
    assert kinds(text) == []


def test_punctuation_spaced_throughout_is_the_work_of_a_program() -> None:
    assert kinds("We ate bread , cheese , apples , pears and plums . Then we slept , all of us .") == []


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["teh", " i ", ". ", ",", "``", "$", "a@b", "/"])).map("".join)
)
def test_evidence_is_ordered_and_inside_the_text(text: str) -> None:
    found = find_evidence(text, LEXICON)
    assert found == sorted(found, key=lambda each: (each.span, each.kind))
    assert all(0 <= each.span.start < each.span.end <= len(text) for each in found)


@pytest.mark.parametrize(
    "unit", ["a", "a-", "a.", "a@", "/a", "a/", "teh ", "`", "$ ", "<", "\\a", ",", " i", "the the "]
)
def test_no_text_takes_long(unit: str) -> None:
    began = time.perf_counter()
    find_evidence(unit * (200_000 // len(unit)), LEXICON)
    assert time.perf_counter() - began < 20


def test_the_rate_is_per_hundred_words_of_the_neighbourhood() -> None:
    text = "It was a dog. " * 40
    spans = [sentence.span for sentence in segment(text)]
    slip = Evidence(EvidenceKind.MISSPELLING, spans[20], "x")
    found = rate([slip], spans, Wording(text, LEXICON).counts(spans), Neighbourhood(len(spans)))
    assert found[20] == found[17] == found[23] == 100 / FEWEST_WORDS
    assert found[:17].sum() == found[24:].sum() == 0


def test_no_evidence_is_a_rate_of_zero() -> None:
    text = "It was a dog. It slept."
    spans = [sentence.span for sentence in segment(text)]
    assert rate([], spans, Wording(text, LEXICON).counts(spans), Neighbourhood(len(spans))).tolist() == [
        0.0,
        0.0,
    ]
