"""Near-copies: what was edited a little joins, what is unrelated does not, and what hangs together is one."""

import json
import subprocess
import sys
import time

import numpy as np
import pytest
from helpers import needed

needed("scipy")

from neural_lab.training.near_duplicates import GRAM, groups

VOCABULARY = np.array([f"word{number}" for number in range(20_000)])
COMMON = 1 / np.arange(1, len(VOCABULARY) + 1)


def written(rng, count, length=200):
    """Unrelated texts with the word frequencies of language: a few words make up most of each."""
    chances = COMMON / COMMON.sum()
    return [list(row) for row in rng.choice(VOCABULARY, (count, length), p=chances)]


def edited(words, share, rng):
    """A copy in which `share` of the words are replaced, removed or doubled."""
    copy = list(words)
    for at in rng.choice(len(words), round(share * len(words)), replace=False):
        copy[at] = str(rng.choice([str(rng.choice(VOCABULARY)), "", f"{copy[at]} {copy[at]}"]))
    return copy


def grouped(texts, also=None):
    return groups([" ".join(text) for text in texts], also or [""] * len(texts)).tolist()


@pytest.mark.parametrize(
    ("share", "least", "most"), [(0, 1, 1), (0.02, 0.99, 1), (0.05, 0.93, 1), (0.3, 0, 0)]
)
def test_copies_join_as_far_as_they_agree(share, least, most):
    rng = np.random.default_rng(5)
    originals = written(rng, 400)
    found = grouped(originals + [edited(text, share, rng) for text in originals])
    assert least <= np.mean(np.equal(found[:400], found[400:])) <= most
    assert len(set(found[:400])) == 400


def test_numbers_have_no_gaps_and_do_not_depend_on_the_run():
    rng = np.random.default_rng(6)
    originals = written(rng, 60)
    texts = originals + [edited(text, 0.08, rng) for text in originals]  # so many are on the verge
    found = grouped(texts)
    assert set(found) == set(range(max(found) + 1))
    code = (
        "import sys, json; from neural_lab.training.near_duplicates import groups;"
        "texts = json.load(sys.stdin); print(groups(texts, [''] * len(texts)).tolist())"
    )
    again = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps([" ".join(t) for t in texts]),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(again.stdout) == found


def test_typography_and_hidden_characters_make_no_other_text():
    plain = "The cat's first morning outside was long, cold and rather quiet."
    disguised = "THE c\u200bat\u2019s  first\nmorning \u043eutside was long, cold and\u00a0rather quiet!"
    assert groups([plain, disguised, "Something else was said about another cat."], [""] * 3).tolist() == [
        0,
        0,
        1,
    ]


def test_short_texts_join_only_when_they_are_equal():
    texts = ["one two", "One, two!", "one three", "two one", "?!", "?!", "!?", "", ""]
    assert groups(texts, [""] * len(texts)).tolist() == [0, 0, 1, 2, 3, 3, 4, 5, 6]
    assert len(texts[0].split()) < GRAM


def test_what_is_said_to_belong_joins_and_joining_is_transitive():
    rng = np.random.default_rng(7)
    first, second, third = written(rng, 3, 60)
    texts = [first, second, third, edited(first, 0.02, rng), second]
    assert grouped(texts) == [0, 1, 2, 0, 1]
    assert grouped(texts, ["", "a", "", "a", "b"]) == [0, 0, 1, 0, 0]
    assert grouped([first, second, third], ["x", "y", "x"]) == [0, 1, 0]


def test_chains_of_copies_are_one_group():
    rng = np.random.default_rng(8)
    chain = written(rng, 1)
    for _ in range(12):
        chain.append(edited(chain[-1], 0.04, rng))
    assert set(grouped(chain)) == {0}
    assert grouped([chain[0], chain[-1]]) == [0, 1]


def test_boilerplate_that_thousands_share_is_no_slow_case():
    began = time.monotonic()
    common = " ".join(written(np.random.default_rng(9), 1, 40)[0])
    found = groups([f"{common} number {n}" for n in range(4000)], [""] * 4000)
    assert set(found.tolist()) == {0}
    assert time.monotonic() - began < 30


def test_no_texts_have_no_groups_and_keys_have_to_match():
    assert groups([], []).tolist() == []
    assert groups(["only one text with many words"], [""]).tolist() == [0]
    with pytest.raises(ValueError, match="shorter"):
        groups(["a", "b"], [""])
