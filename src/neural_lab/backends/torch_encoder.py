"""Any encoder of transformers, a folder of sentence-transformers among them, on a card or a processor."""

from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
import torch

from neural_lab.backends.failures import translated
from neural_lab.backends.model_folder import SENTENCES
from neural_lab.backends.pieces import WHAT, Passages, Piece, Sums, encodings, pieces
from neural_lab.backends.torch_batches import BUDGET, in_batches, padded
from neural_lab.backends.torch_model import TorchModel
from neural_lab.errors import InvalidRequest, ScoringFailed
from neural_lab.types import Encoding

MOST = 512


class TorchEncoder:
    """An `Encoder`: means of last states, whatever a folder says of pooling, since sentences share a run.

    On a processor every piece is read alone; on a card pieces of like length share a
    run, masked, and their neighbours change an answer by rounding only.
    """

    def __init__(self, model: TorchModel, limit: int | None = None, budget: int | None = None) -> None:
        """`limit` is the most tokens read at once, special ones among them; `budget` those of a run.

        Raises `InvalidRequest` for a limit beyond the model's.
        """
        self._model = model
        self._before, self._after = model.tokenizer.before, model.tokenizer.after
        self.limit = _limit(model, limit)
        self._longest = self.limit - len(self._before) - len(self._after)
        self._budget = BUDGET[model.device.type] if budget is None else budget
        self._known = int(model.module.get_input_embeddings().weight.shape[0])
        self._lock = Lock()
        self.identity = f"{model.identity}:{self._longest}"

    def tokens(self, sentences: Sequence[str]) -> list[list[int]]:
        """The tokens of each sentence; raises `ScoringFailed`."""
        with translated(WHAT):
            return [self._model.tokenizer.sentence(each) for each in sentences]

    def encode(self, passages: Passages) -> list[Encoding]:
        """Encodings of `passages`; raises `ScoringFailed`."""
        with translated(WHAT):
            cut = pieces(passages, self._longest)
            self._check(cut)
            with self._lock, torch.inference_mode():
                runs = in_batches(self._run, cut, [len(piece.ids) for piece in cut], self._budget)
            width = int(self._model.module.config.hidden_size)
            return encodings(passages, zip(cut, runs, strict=True), width)

    def _run(self, batch: list[Piece]) -> list[Sums]:
        rows = [np.array([*self._before, *piece.ids, *self._after], dtype=np.int64) for piece in batch]
        ids, mask = padded(rows, self._model.device)
        states = self._model.module(input_ids=ids, attention_mask=mask)[0].float().cpu().numpy()
        first = len(self._before)
        return [
            piece.sums(each[first : first + len(piece.ids)])
            for piece, each in zip(batch, states, strict=True)
        ]

    def _check(self, cut: Sequence[Piece]) -> None:
        """A number beyond the table ends the process on CUDA."""
        if any(piece.ids.min() < 0 or piece.ids.max() >= self._known for piece in cut):
            raise ScoringFailed("model_failed", f"The {WHAT} has no such token.")


def _limit(model: TorchModel, wanted: int | None) -> int:
    """What was asked for, else what the folder says, else what there are places for."""
    most = _places(model.module)
    named = model.folder.settings(SENTENCES).get("max_seq_length")
    limit = wanted or min(int(named or MOST), most)
    least = 1 + len(model.tokenizer.before) + len(model.tokenizer.after)
    if not least <= limit <= most:
        raise InvalidRequest("window", f"The encoder reads {least} to {most} tokens at once.")
    return limit


def _places(module: Any) -> int:
    """How many tokens the model has positions for; the family of RoBERTa leaves the first ones unused."""
    table = getattr(getattr(module, "embeddings", None), "position_embeddings", None)
    unused = getattr(table, "padding_idx", None)
    places = getattr(module.config, "max_position_embeddings", None) or MOST
    return int(places) - (0 if unused is None else int(unused) + 1)
