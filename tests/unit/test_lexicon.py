from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import neural_lab.bundles
from neural_lab.detect.lexicon import Lexicon, edits, keys, normalised, pack

BUNDLED = Path(neural_lab.bundles.__file__).with_name("embedded") / "lexicon.npy"
SMALL = Lexicon(
    pack({"receive": 5.2, "relieve": 4.1, "the": 7.7, "don't": 5.8, "caf\u00e9": 2.0, "rare": 0.001})
)
WORDS = st.dictionaries(st.text(min_size=1, max_size=12).map(normalised), st.floats(0.1, 8.0), min_size=1)

MISSPELT = """
    teh recieve definately seperate occured untill wich thier becuase goverment enviroment beleive
    wierd freind acheive adress begining existance independant knowlege neccessary noticable
    occurence prefered realy refered religous sence suprise tounge truely usefull writting wiht adn
    taht jsut lenght dont doesnt didnt isnt
"""
GOOD = """
    colour color favour favor organise organize rumor aluminum analyse neighbours neighborhoods
    gonna dataset qubit Kubernetes smartphone selfie emoji website email backend metadata eigenvalue
    mitochondrial boson judgement tyre maths mum okay didn't company's na\u00efve whilst learnt
    storytelling podcast archeology
"""


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(np.load(BUNDLED, mmap_mode="r"))


@given(WORDS)
def test_every_packed_word_is_found_with_its_frequency(zipf: dict[str, float]) -> None:
    found = Lexicon(pack(zipf)).frequency(list(zipf))
    assert np.allclose(found, list(zipf.values()), atol=0.5 / 30 + 1e-9)


def test_a_word_is_known_in_any_case_and_as_a_possessive() -> None:
    assert SMALL.frequency(["THE", "the's", "don\u2019t", "cafe", ""]).tolist()[:3] == pytest.approx(
        [7.7, 7.7, 5.8], abs=0.02
    )
    assert not SMALL.known("cafe")
    assert SMALL.known("rare")


def test_an_empty_lexicon_knows_nothing() -> None:
    empty = Lexicon(pack({}))
    assert not empty.known("the")
    assert empty.corrections("the") == []


def test_corrections_are_one_edit_away_and_the_most_frequent_comes_first() -> None:
    assert [found.word for found in SMALL.corrections("recieve")] == ["receive", "relieve"]
    assert [found.word for found in SMALL.corrections("teh")] == ["the"]
    assert [found.word for found in SMALL.corrections("Dont")] == ["don't"]
    assert SMALL.corrections("the") == SMALL.corrections("recievve") == SMALL.corrections("x" * 10_000) == []


@given(st.text(alphabet="abc'", min_size=1, max_size=6))
def test_edits_can_be_undone(word: str) -> None:
    for edited in set(edits(word)) - {""}:
        assert word in set(edits(edited))


def test_hashes_are_the_same_in_every_run() -> None:
    assert [hex(key) for key in keys(["the", "caf\u00e9"])] == ["0x5edaab6c90973a00", "0x5777a2bd3192d700"]


def test_the_bundled_lexicon_is_small_sorted_and_free_of_collisions(lexicon: Lexicon) -> None:
    assert BUNDLED.stat().st_size <= 2_500_000
    hashes = np.asarray(lexicon.entries) >> np.uint64(8)
    assert (np.diff(hashes.astype(np.int64)) > 0).all()
    assert len(hashes) > 120_000


@pytest.mark.parametrize("word", MISSPELT.split())
def test_a_common_misspelling_is_unknown_and_has_a_correction(lexicon: Lexicon, word: str) -> None:
    assert lexicon.corrections(word)


def test_spellings_of_both_sides_of_the_ocean_and_words_of_today_are_known(lexicon: Lexicon) -> None:
    assert [word for word in GOOD.split() if not lexicon.known(word)] == []
