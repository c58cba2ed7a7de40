"""How far a document's probability moves when the embedded models compute in another precision.

The language model has its trained weights (`training/checkpoints/language-model`); the encoder
those of the bundle, whose codes are taken for exact. Everything else is the bundle's. Texts are drawn
from labelled ones by a seeded hash, both classes alike.
"""

import argparse
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from rich.console import Console
from rich.progress import track
from rich.table import Table
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from neural_lab.backends.bundle import MODEL, TOKENIZER, Bundle
from neural_lab.backends.cached_windows import Columns
from neural_lab.backends.fast_tokenizer import FastTokenizer
from neural_lab.backends.language import LangId
from neural_lab.backends.pieces import Passages, Piece, Sums, encodings, pieces
from neural_lab.backends.second_files import ENCODER, ENCODER_TOKENIZER
from neural_lab.backends.token_columns import token_scores
from neural_lab.backends.torch_columns import columns
from neural_lab.backends.torch_head import Head
from neural_lab.compose import EMBEDDED, open_lab
from neural_lab.second_reader import SecondReader
from neural_lab.service import Lab
from neural_lab.text.passages import LONGEST
from neural_lab.text.windows import windows
from neural_lab.training.encoder import PassageEncoder
from neural_lab.training.language_model import LanguageModel, Shape
from neural_lab.types import Document, Encoding, TokenScores

CHECKPOINT = Path(__file__).parents[1] / "training" / "checkpoints" / "language-model"
DTYPES = ("float32", "bfloat16", "float16")
SERVED, LIMIT = "int8", 0.02
CHARACTERS = 6_000
Judged = tuple[Any, list[str]]


class Scorer:
    """The embedded language model in PyTorch, window by window as it is served."""

    def __init__(self, module: nn.Module, dtype: torch.dtype) -> None:
        self.identity = f"benchmark-{dtype}"
        self._module = deepcopy(module).to(dtype).eval()
        self._head = Head(module.embedding)
        tokenizer = Tokenizer.from_file(str(EMBEDDED / TOKENIZER))
        self._beginning = tokenizer.token_to_id("<|text|>")
        self._tokenizer = FastTokenizer(tokenizer)

    def score(self, texts: Sequence[str]) -> list[TokenScores]:
        return [self._one(text) for text in texts]

    @torch.inference_mode()
    def _one(self, text: str) -> TokenScores:
        tokens = self._tokenizer.tokens(text)
        parts = [self._window(tokens.ids, window) for window in windows(tokens.ids)]
        return token_scores(parts, tokens.starts, tokens.ends)

    def _window(self, ids: list[int], window: Any) -> Columns:
        before = ids[window.start - 1] if window.start else self._beginning
        read = torch.tensor([before, *ids[window.start : window.end]])
        skipped = window.first - window.start
        hidden = self._module(read[None, :-1])[0, skipped:]
        return columns(hidden, read[1 + skipped :], self._head)


class Encoder:
    """The embedded encoder in PyTorch."""

    def __init__(self, module: nn.Module, dtype: torch.dtype) -> None:
        self.identity = f"benchmark-{dtype}"
        self._module = deepcopy(module).to(dtype).eval()
        self._tokenizer = FastTokenizer(Tokenizer.from_file(str(EMBEDDED / ENCODER_TOKENIZER)))

    def tokens(self, sentences: Sequence[str]) -> list[list[int]]:
        return [self._tokenizer.ids(each) for each in sentences]

    @torch.inference_mode()
    def encode(self, passages: Passages) -> list[Encoding]:
        cut = pieces(passages, LONGEST)
        runs = [self._run(piece) for piece in cut]
        return encodings(passages, zip(cut, runs, strict=True), self._module.shape.width)

    def _run(self, piece: Piece) -> Sums:
        ids = [*self._tokenizer.before, *piece.ids, *self._tokenizer.after]
        states = self._module(torch.tensor([ids]))[1][0].float().numpy()
        return piece.sums(states[1:-1])


def language_model() -> LanguageModel:
    weights = {name: tensor.float() for name, tensor in load_file(CHECKPOINT / "model.safetensors").items()}
    model = LanguageModel(Shape())
    model.load_state_dict(weights)
    changed = sum(_changed(name, weights) for name in weights)
    print(f"Codes of the served language model that these weights do not round to: {changed:,}.")
    return model


def _changed(name: str, weights: dict[str, Tensor]) -> int:
    """Codes of the bundle that are not those of this weight: the served model may have been trained on."""
    served = constants(MODEL)
    mine = "head" if name == "embedding.weight" else name.removesuffix(".weight")
    codes, scale = served[mine], served[f"{mine}.scale"]
    codes = codes if name == "embedding.weight" else codes.T
    return int((np.round(weights[name].numpy() / scale[:, None]).astype(np.int8) != codes).sum())


def passage_encoder() -> PassageEncoder:
    """From the served codes."""
    served = constants(ENCODER)
    model = PassageEncoder()
    model.load_state_dict(
        {name: torch.from_numpy(_weight(served, name, like)) for name, like in model.state_dict().items()}
    )
    return model


def _weight(served: dict[str, Any], name: str, like: Tensor) -> Any:
    mine = name.removesuffix(".weight")
    if name.startswith("head."):
        return np.zeros(like.shape, np.float32)  # The head is the bundle's, and stays outside.
    if f"{mine}.scale" not in served or mine == name:
        return served.get(name, served.get(mine)).copy()
    codes = served[mine] if served[mine].shape == tuple(like.shape) and mine == "words" else served[mine].T
    return codes.astype(np.float32) * served[f"{mine}.scale"][:, None]


def constants(name: str) -> dict[str, Any]:
    graph = onnx.load(EMBEDDED / name).graph
    return {each.name: numpy_helper.to_array(each) for each in graph.initializer}


def lab_in(dtype: str, scorer: LanguageModel, encoder: PassageEncoder) -> Lab:
    bundle, precision = Bundle(EMBEDDED), getattr(torch, dtype)
    served = bundle.second()
    second = SecondReader(Encoder(encoder, precision), served.head, served.ngrams)
    return Lab(
        bundle.detector(), Scorer(scorer, precision), bundle.lexicon(), second, bundle.ensemble(), LangId()
    )


def drawn(folder: Path, most: int) -> Iterator[str]:
    """Texts of every file in turn, human and machine by turns."""
    from neural_lab.training.dataset import Columns as Named
    from neural_lab.training.dataset import read_dataset
    from neural_lab.training.detection import seeded_hash

    records = sorted(read_dataset([folder], Named()), key=lambda record: seeded_hash(record.text, 7))
    sides = [[record.text for record in records if record.label == label] for label in (0, 1)]
    pairs = zip(*sides, strict=False)
    return (text[:CHARACTERS] for _, pair in zip(range(most // 2), pairs, strict=False) for text in pair)


def probabilities(lab: Lab, texts: Sequence[str], name: str) -> Judged:
    asked = (lab.analyze(Document(text)) for text in texts)
    reports = list(track(asked, name, total=len(texts), console=Console(stderr=True)))
    return np.array([report.probability for report in reports]), [str(report.verdict) for report in reports]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of labelled texts")
    parser.add_argument("--texts", type=int, default=200)
    options = parser.parse_args()
    texts = list(drawn(options.data, options.texts))
    models = language_model(), passage_encoder()
    found = {SERVED: probabilities(open_lab(), texts, SERVED)}
    found |= {dtype: probabilities(lab_in(dtype, *models), texts, dtype) for dtype in DTYPES}
    names = ("from", "to", "mean", "95 % below", "largest", f"over {LIMIT}", "other verdict")
    table = Table(*names, title=f"Document probabilities of {len(texts)} texts")
    for one, other in combinations(found, 2):
        table.add_row(one, other, *moved(found[one], found[other]))
    Console().print(table)


def moved(one: Judged, other: Judged) -> list[str]:
    gap = np.abs(one[0] - other[0])
    verdicts = sum(a != b for a, b in zip(one[1], other[1], strict=True))
    figures = (gap.mean(), np.quantile(gap, 0.95), gap.max())
    return [*(f"{each:.4f}" for each in figures), str(int((gap > LIMIT).sum())), str(verdicts)]


if __name__ == "__main__":
    main()
