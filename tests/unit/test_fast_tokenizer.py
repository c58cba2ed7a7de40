"""Where the tokens of any tokenizer stand: inside the text, in order, and over all of its characters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers import needed
from hypothesis import example, given, settings
from hypothesis import strategies as st
from large_models import PROSE, spaced_tokenizer, tokenizer
from tokenizers import Tokenizer

from neural_lab.backends.fast_tokenizer import FastTokenizer, opened_tokenizer, ordered
from neural_lab.backends.model_folder import opened_folder

BYTES, SPACED = FastTokenizer(tokenizer(prefix=False, suffix=False)), FastTokenizer(spaced_tokenizer())
AWKWARD = (
    st.text()
    | st.text("a é\u0301\u0323שלום مرحبا\u200f👩\u200d👩\u200d👧😀🏽漢\u200b\n\t<s>▁Ġ")
    | st.lists(
        st.sampled_from(["<s>", "</s>", "<0x41>", "👩🏽\u200d🚀", "ﷺ", "\u202e", "e\u0301" * 3, " "])
    ).map("".join)
)


@settings(deadline=None)
@given(AWKWARD)
@example(PROSE)
@example("😀")
@example(" \u200b ")
@pytest.mark.parametrize("made", [BYTES, SPACED], ids=["bytes", "spaced"])
def test_spans_ascend_inside_the_text_and_cover_it(made: FastTokenizer, text: str) -> None:
    ids, starts, ends = made.tokens(text)
    assert len(ids) == len(starts) == len(ends)
    assert ((starts >= 0) & (starts <= ends) & (ends <= len(text))).all()
    assert (np.diff(starts) >= 0).all()
    assert (np.diff(ends) >= 0).all()
    covered = np.zeros(len(text), dtype=bool)
    for start, end in zip(starts, ends, strict=True):
        covered[start:end] = True
    assert covered.all()


def test_parts_of_one_character_have_its_span() -> None:
    _, starts, ends = BYTES.tokens("a\U000e0041b")
    assert starts.tolist() == [0, 1, 1, 1, 1, 2]
    assert ends.tolist() == [1, 2, 2, 2, 2, 3]


def test_a_token_without_characters_stands_empty_where_the_one_before_it_ended() -> None:
    starts, ends = ordered([(0, 0), (0, 3), (0, 0), (2, 3), (3, 5), (9, 9)], 5)
    assert starts.tolist() == [0, 0, 3, 3, 3, 5]
    assert ends.tolist() == [0, 3, 3, 3, 5, 5]
    assert [len(each) for each in ordered([], 0)] == [0, 0]


def test_a_text_is_read_whole_and_special_tokens_in_it_are_text() -> None:
    made = FastTokenizer(tokenizer(prefix=True, suffix=True))
    assert (made.before, made.after, made.size) == ([0], [2], 400)
    assert (BYTES.before, BYTES.after) == ([], [])
    assert len(made.ids("duck " * 100)) > 100
    assert not {0, 1, 2} & {*made.ids("<s> </s> <pad>")}
    assert made.ids("") == []


def test_an_older_tokenizer_is_converted(tmp_path: Path) -> None:
    needed("transformers")
    built = tokenizer(prefix=False, suffix=False)
    built.model.save(str(tmp_path))
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}')
    (tmp_path / "model.safetensors").write_bytes(b"")
    found = opened_tokenizer(opened_folder(tmp_path), "language model")
    assert found.tokens(PROSE).ids == BYTES.tokens(PROSE).ids
    assert found.tokens(PROSE).starts.tolist() == BYTES.tokens(PROSE).starts.tolist()


def test_a_sentence_is_read_as_the_one_behind_another() -> None:
    """Side by side the tokens of sentences are those of their text, but for the space before the first."""
    first, second = "The miller counted ducks.", "A river ran past."
    assert BYTES.sentence(first) + BYTES.sentence(second) == BYTES.ids(f" {first} {second}")
    assert BYTES.sentence(second) != BYTES.ids(second)


def test_nothing_is_put_before_a_sentence_where_spaces_are_no_part_of_words() -> None:
    from neural_lab.backends.second_files import ENCODER_TOKENIZER
    from neural_lab.compose import EMBEDDED

    embedded = FastTokenizer(Tokenizer.from_file(str(EMBEDDED / ENCODER_TOKENIZER)))
    assert embedded.sentence("A river ran past.") == embedded.ids("A river ran past.")
