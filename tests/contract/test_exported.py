"""What every `TokenScorer` and every `Encoder` owes, tried on large models as they are exported in int8."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from exports import calm_gpt2, calm_roberta, encoder, kept, scorer
from helpers import needed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from large_models import PROSE

for module in ("torch", "transformers", "onnx", "onnxscript"):
    needed(module)

from neural_lab.backends.onnx_encoder import OnnxEncoder
from neural_lab.backends.onnx_scorer import OnnxScorer
from neural_lab.backends.token_columns import owners
from neural_lab.errors import ScoringFailed
from neural_lab.models.export import Exported, export_model
from neural_lab.types import Encoding, Span, TokenScores

TEXTS = (PROSE * 3, "A short one.", "", "x" * 500, "漢字 \U0001f600 שלום", "<s> </s>")
PASSAGES = (
    ("The river ran slowly.", "Nobody saw it."),
    (),
    ("",),
    (PROSE * 2, "One.", "漢字 \U0001f600"),
    ("The river ran slowly.",),
)
VOCABULARY = 400


@pytest.fixture(scope="module")
def causal(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export_model(kept(calm_gpt2(), "scorer", tmp_path_factory.mktemp("causal")))


@pytest.fixture(scope="module")
def passages(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    home = tmp_path_factory.mktemp("encoder")
    return export_model(kept(calm_roberta(), "encoder", home, specials=True))


@pytest.fixture(scope="module")
def one(causal: Exported) -> OnnxScorer:
    return scorer(causal)


@pytest.fixture(scope="module")
def reader(passages: Exported) -> OnnxEncoder:
    return encoder(passages)


def same(left: TokenScores, right: TokenScores) -> bool:
    return all(map(np.array_equal, left.columns, right.columns))


def equal(left: Encoding, right: Encoding) -> bool:
    return np.array_equal(left.vectors, right.vectors) and np.array_equal(left.tokens, right.tokens)


def test_a_texts_columns_depend_neither_on_companions_nor_on_threads(
    one: OnnxScorer, causal: Exported
) -> None:
    alone = {text: one.score([text])[0] for text in TEXTS}
    for threads in (1, 4):
        for batch in (TEXTS, TEXTS[::-1]):
            found = scorer(causal, threads).score(batch)
            assert all(same(each, alone[text]) for text, each in zip(batch, found, strict=True))


def test_a_window_begins_the_same_whatever_follows(one: OnnxScorer) -> None:
    """What is read of a text before it ends does not depend on how long it is."""
    short, long = one.score([PROSE[:60], PROSE[:90]])
    count = int((short.ends < 50).sum())
    assert count > 10
    assert np.array_equal(short.logprob[:count], long.logprob[:count])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_tokens_cover_every_character_in_order(one: OnnxScorer, text: str) -> None:
    found = one.score([text])[0]
    covered = np.zeros(len(text), dtype=bool)
    for start, end in zip(found.starts, found.ends, strict=True):
        covered[start:end] = True
    assert covered.all()
    assert (np.diff(found.starts) >= 0).all()


def test_columns_are_those_of_a_distribution(one: OnnxScorer) -> None:
    found = one.score([TEXTS[0]])[0]
    assert (found.logprob < 0).all()
    assert ((found.entropy > 0) & (found.entropy <= np.log(VOCABULARY) + 1e-5)).all()
    assert (found.variance >= 0).all()
    assert ((found.rank >= 0) & (found.rank < VOCABULARY)).all()
    assert (found.rank == np.round(found.rank)).all()


def test_pool_is_the_mean_state_of_a_spans_tokens(one: OnnxScorer) -> None:
    text = TEXTS[0]
    spans = [Span(0, 85), Span(85, len(text)), Span(len(text), len(text) + 5)]
    vectors = one.pool(text, spans)
    assert vectors.shape == (3, 32)
    assert vectors[:2].any(axis=1).all()
    assert not vectors[2].any()
    mine = owners(one.score([text])[0].ends, spans)
    whole = one.pool(text, [Span(0, len(text))])[0]
    weights = np.array([(mine == at).sum() for at in (0, 1)])[:, None]
    assert np.allclose(whole, (vectors[:2] * weights).sum(axis=0) / weights.sum(), atol=1e-5)
    assert one.pool("", spans).shape == (3, 32)
    assert one.pool(text, []).shape == (0, 32)


def test_special_tokens_that_are_spelled_out_stay_letters(one: OnnxScorer, reader: OnnxEncoder) -> None:
    assert len(one.score(["</s>"])[0]) > 1
    assert len(reader.tokens(["</s>"])[0]) > 1


def test_an_encoding_depends_neither_on_companions_nor_on_threads(
    reader: OnnxEncoder, passages: Exported
) -> None:
    alone = [reader.encode([reader.tokens(passage)])[0] for passage in PASSAGES]
    for threads in (1, 4):
        found = encoder(passages, threads).encode([reader.tokens(passage) for passage in PASSAGES])
        assert all(map(equal, found, alone))


def test_a_vector_and_a_count_for_every_sentence(reader: OnnxEncoder) -> None:
    for passage in PASSAGES:
        ids = reader.tokens(passage)
        found = reader.encode([ids])[0]
        assert found.vectors.shape == (len(passage), 32)
        assert found.tokens.tolist() == [len(each) for each in ids]
        assert (found.vectors.any(axis=1) == (found.tokens > 0)).all()


def test_a_sentence_is_read_in_its_passage(reader: OnnxEncoder) -> None:
    among, alone = (reader.encode([reader.tokens(passage)])[0] for passage in (PASSAGES[0], PASSAGES[4]))
    assert not np.allclose(among.vectors[0], alone.vectors[0], atol=1e-3)


def test_errors_say_nothing_of_the_text(one: OnnxScorer, reader: OnnxEncoder) -> None:
    for ask in (one.score, reader.tokens):
        with pytest.raises(ScoringFailed) as failure:
            ask(["marmalade \ud800"])
        assert "marmalade" not in str(failure.value)
        assert failure.value.__suppress_context__
    with pytest.raises(ScoringFailed):
        reader.encode([[[10**6]]])


def test_an_export_is_read_from_its_folder_alone(causal: Exported, one: OnnxScorer, tmp_path: Path) -> None:
    for name in causal.files:
        (tmp_path / name).write_bytes((causal.folder / name).read_bytes())
    moved = OnnxScorer(tmp_path / "scorer.onnx", tmp_path / "tokenizer.json", "x", 1, reading=causal.reading)
    assert same(moved.score([PROSE])[0], one.score([PROSE])[0])
