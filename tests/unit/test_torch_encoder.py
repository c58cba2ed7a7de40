"""PyTorch's encoder against single passages by hand; and encoders that are a function, or a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from helpers import needed
from large_models import PLACES

torch = needed("torch")
needed("transformers")

from neural_lab.backends.large import Large, open_encoder
from neural_lab.backends.torch_encoder import TorchEncoder
from neural_lab.backends.torch_model import TorchModel, encoder_model
from neural_lab.errors import InvalidRequest, ScoringFailed
from neural_lab.types import Encoding

Folders = Callable[[str], Path]
KINDS = ("roberta", "bert")
PASSAGES = (
    ("The river ran slowly.", "Nobody saw it.", "A door fell, and then the night."),
    (),
    ("",),
    ("One.", "", "漢字 😀", " \t"),
    ("the mill " * 60, "River.", "ran " * 7),
    ("</s> and <pad>.",),
)


def by_hand(model: TorchModel, ids: Sequence[Sequence[int]], longest: int) -> np.ndarray:
    """Vectors of a passage: each piece alone between its special tokens, unpadded, unmasked."""
    flat = np.array([i for each in ids for i in each], dtype=np.int64)
    pieces = np.array_split(flat, -(-len(flat) // longest)) if len(flat) else []
    with torch.inference_mode():
        states = [
            model.module(torch.tensor([[0, *piece, 2]]))[0][0, 1:-1].double().numpy() for piece in pieces
        ]
    rows = iter(np.concatenate([*states, np.zeros((0, 32))]))
    sums = [sum((next(rows) for _ in each), np.zeros(32)) for each in ids]
    return np.array([total / max(len(each), 1) for total, each in zip(sums, ids, strict=True)]).reshape(
        -1, 32
    )


def read(encoder: TorchEncoder, passages: Sequence[Sequence[str]]) -> list[Encoding]:
    return encoder.encode([encoder.tokens(passage) for passage in passages])


@pytest.mark.parametrize("kind", KINDS)
def test_vectors_are_those_by_hand_whatever_shares_the_run(kind: str, large: Folders) -> None:
    model = encoder_model(large(kind), "cpu")
    for limit, budget in ((None, 0), (20, 0), (None, 60), (20, 10**6), (3, 10**6)):
        encoder = TorchEncoder(model, limit, budget)
        for batch in (PASSAGES, PASSAGES[::-1]):
            for passage, found in zip(batch, read(encoder, batch), strict=True):
                ids = encoder.tokens(passage)
                assert np.allclose(found.vectors, by_hand(model, ids, (limit or PLACES) - 2), atol=1e-5)
                assert found.tokens.tolist() == [len(each) for each in ids]
                assert found.vectors.dtype == np.float32
    assert encoder.encode([]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_all_places_are_used_and_none_beyond(kind: str, large: Folders) -> None:
    model = encoder_model(large(kind), "cpu")
    assert TorchEncoder(model).identity.endswith(f":{PLACES - 2}")
    for limit in (PLACES + 1, 2):
        with pytest.raises(InvalidRequest, match=str(PLACES)):
            TorchEncoder(model, limit)


def test_nothing_is_cut_off_and_no_text_becomes_a_special_token(large: Folders) -> None:
    encoder = TorchEncoder(encoder_model(large("roberta"), "cpu"))
    long, special = encoder.tokens(["duck " * 300, "</s>"])
    assert len(long) > 300
    assert 2 not in special
    assert len(special) > 1


def test_a_sentence_is_read_in_its_passage(large: Folders) -> None:
    encoder = TorchEncoder(encoder_model(large("bert"), "cpu"))
    among, alone = read(encoder, [PASSAGES[0], PASSAGES[0][:1]])
    assert not np.allclose(among.vectors[0], alone.vectors[0], atol=1e-2)


def test_a_folder_of_sentence_transformers_says_how_far_it_reads(large: Folders, tmp_path: Path) -> None:
    inner = tmp_path / "0_Transformer"
    inner.mkdir()
    for file in large("bert").iterdir():
        (inner / file.name).write_bytes(file.read_bytes())
    (inner / "sentence_bert_config.json").write_text('{"max_seq_length": 12}')
    (tmp_path / "modules.json").write_text('[{"idx": 0, "path": "0_Transformer"}]')
    assert open_encoder(Large(str(tmp_path), device="cpu")).identity.endswith(":10")


@pytest.mark.parametrize(("dtype", "tolerance"), [("float16", 0.01), ("bfloat16", 0.08)])
def test_half_precision_stays_near_and_has_a_name_of_its_own(
    dtype: str, tolerance: float, large: Folders
) -> None:
    exact, half = (TorchEncoder(encoder_model(large("roberta"), "cpu", d)) for d in ("float32", dtype))
    vectors = [
        np.concatenate([each.vectors for each in read(encoder, PASSAGES)]) for encoder in (exact, half)
    ]
    assert 0 < np.abs(vectors[0] - vectors[1]).mean() < tolerance
    assert exact.identity != half.identity


def test_tokens_that_the_model_does_not_have_are_refused(large: Folders) -> None:
    encoder = TorchEncoder(encoder_model(large("roberta"), "cpu"))
    for wrong in (400, -1):
        with pytest.raises(ScoringFailed, match="encoder"):
            encoder.encode([[[5, wrong]]])


def test_an_answer_that_is_not_finite_is_refused(large: Folders) -> None:
    model = encoder_model(large("bert"), "cpu")
    model.module.embeddings.LayerNorm.bias[0] = float("nan")
    with pytest.raises(ScoringFailed) as failure:
        read(TorchEncoder(model), PASSAGES)
    assert failure.value.code == "not_finite"


def test_errors_say_nothing_of_the_text(large: Folders) -> None:
    with pytest.raises(ScoringFailed, match="encoder") as failure:
        TorchEncoder(encoder_model(large("bert"), "cpu")).tokens(["marmalade \ud800"])
    assert "marmalade" not in str(failure.value)
