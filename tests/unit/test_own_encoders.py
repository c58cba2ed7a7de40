"""Encoders that are a Python function, or a table of vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.backends.cached_encoder import CachedEncoder
from neural_lab.backends.callable_encoder import CallableEncoder
from neural_lab.backends.precomputed_encoder import PrecomputedEncoder
from neural_lab.errors import ModelUnavailable, ScoringFailed
from neural_lab.ports import Encoder

SENTENCES = ("The river ran slowly.", "Nobody saw it.", "", "漢字 😀")


def lengths(sentences: Sequence[str]) -> np.ndarray:
    return np.array([[len(each), each.count(" ")] for each in sentences], dtype=np.float64)


def test_a_function_gets_each_sentence_once_and_none_that_is_empty() -> None:
    asked: list[list[str]] = []

    def embed(sentences: Sequence[str]) -> np.ndarray:
        asked.append([*sentences])
        return lengths(sentences)

    encoder: Encoder = CallableEncoder(embed, 2, "lengths:1")
    ids = encoder.tokens(SENTENCES)
    found = encoder.encode([ids, [], ids[:1], [[]]])
    assert asked == [sorted({*SENTENCES} - {""})]
    assert found[0].vectors.tolist() == [[21, 3], [14, 2], [0, 0], [4, 1]]
    assert found[0].tokens.tolist() == [6, 4, 0, 3]
    assert [each.vectors.shape for each in found] == [(4, 2), (0, 2), (1, 2), (1, 2)]
    assert found[2].vectors.dtype == np.float32
    assert encoder.encode([]) == []


@given(st.lists(st.text(st.characters(), max_size=40)))
def test_a_function_gets_the_text_that_was_asked_about(texts: list[str]) -> None:
    seen: set[str] = set()

    def embed(sentences: Sequence[str]) -> np.ndarray:
        seen.update(sentences)
        return np.ones((len(sentences), 1))

    encoder = CachedEncoder(CallableEncoder(embed, 1, "ones"))
    found = encoder.encode([encoder.tokens(texts)])[0]
    assert seen == {*texts} - {""}
    assert found.vectors[:, 0].tolist() == [float(text != "") for text in texts]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (np.ones((1, 2)), "other_shape"),
        (np.ones((2, 3)), "other_shape"),
        (np.full((2, 2), np.inf), "not_finite"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused(answer: np.ndarray, code: str) -> None:
    encoder = CallableEncoder(lambda sentences: answer, 2, "wrong")
    with pytest.raises(ScoringFailed) as failure:
        encoder.encode([encoder.tokens(SENTENCES[:2])])
    assert failure.value.code == code


def test_a_function_that_fails_does_not_tell_the_text() -> None:
    def embed(sentences: Sequence[str]) -> np.ndarray:
        raise ValueError(sentences[0])

    encoder = CallableEncoder(embed, 2, "failing")
    with pytest.raises(ScoringFailed) as failure:
        encoder.encode([encoder.tokens(["marmalade"])])
    assert "marmalade" not in str(failure.value)
    assert failure.value.__suppress_context__


def test_a_table_is_read_from_a_file_and_knows_what_it_has(tmp_path: Path) -> None:
    known = [text for text in SENTENCES if text]
    np.savez(tmp_path / "vectors.npz", sentences=np.array(known), vectors=lengths(known))
    encoder = PrecomputedEncoder.read(tmp_path / "vectors.npz")
    found = encoder.encode([encoder.tokens(["The river\n ran  slowly.", "", "Nobody saw it."])])[0]
    assert found.vectors.tolist() == [[21, 3], [0, 0], [14, 2]]
    with pytest.raises(ScoringFailed, match="1 of 2") as failure:
        encoder.encode([encoder.tokens(["Nobody saw it.", "marmalade"])])
    assert failure.value.code == "no_vector"
    assert "marmalade" not in str(failure.value)


def test_a_table_is_named_by_what_is_in_it() -> None:
    table = dict(zip(SENTENCES, lengths(SENTENCES), strict=True))
    turned = dict(reversed(table.items()))
    changed = table | {"Nobody saw it.": np.array([14.0, 3.0])}
    assert PrecomputedEncoder(table).identity == PrecomputedEncoder(turned).identity
    assert PrecomputedEncoder(table).identity != PrecomputedEncoder(changed).identity


@pytest.mark.parametrize("vectors", [{}, {"a": np.ones(2), "b": np.ones(3)}, {"a": np.ones((2, 2))}])
def test_a_table_of_nothing_or_of_unlike_vectors_is_refused(vectors: dict[str, np.ndarray]) -> None:
    with pytest.raises(ModelUnavailable) as failure:
        PrecomputedEncoder(vectors)
    assert failure.value.code == "no_vectors"


def test_a_damaged_file_and_one_with_code_are_refused(tmp_path: Path) -> None:
    (tmp_path / "damaged.npz").write_bytes(b"PK nothing")
    np.savez(tmp_path / "pickled.npz", sentences=np.array(["a", 1], dtype=object), vectors=np.ones((2, 2)))
    for name in ("damaged.npz", "pickled.npz", "missing.npz"):
        with pytest.raises(ModelUnavailable) as failure:
            PrecomputedEncoder.read(tmp_path / name)
        assert failure.value.code == "damaged_model"
