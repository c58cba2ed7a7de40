"""Any causal language model of transformers, read in windows on a graphics card or a processor."""

from collections.abc import Callable, Sequence
from itertools import islice
from threading import Lock

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from neural_lab.backends.cached_windows import CachedWindows, Columns, Read
from neural_lab.backends.failures import translated
from neural_lab.backends.token_columns import WHAT, owners, token_scores
from neural_lab.backends.torch_batches import BUDGET, in_batches, padded
from neural_lab.backends.torch_columns import columns
from neural_lab.backends.torch_head import head_of
from neural_lab.backends.torch_model import TorchModel
from neural_lab.backends.torch_reach import beginning, probe, reach, refuse_looking_ahead
from neural_lab.ports import Cache
from neural_lab.text.windows import Window, windows
from neural_lab.types import Span, TokenScores

Run = Callable[[list[Read]], list[Columns]]


class TorchScorer:
    """A `TokenScorer`. Every window begins with the model's beginning token, then real context.

    On a processor every window is read alone. On a card windows of like length share
    a run, filled up behind their end, where a causal model does not look: their
    neighbours change an answer by rounding only, 1e-5 in float32.
    """

    def __init__(
        self,
        model: TorchModel,
        limit: int | None = None,
        context: int | None = None,
        budget: int | None = None,
    ) -> None:
        """`limit` is the most tokens a window reads, `context` of them before those that it scores.

        `budget` is how many a run reads. Raises `InvalidRequest` for a limit the model
        cannot keep, `ModelUnavailable` for a model that cannot be scored.
        """
        self._model, self._lock = model, Lock()
        self._before = beginning(model)
        self.reach = reach(model, limit, context, len(self._before))
        self._budget = BUDGET[model.device.type] if budget is None else budget
        with torch.inference_mode():
            ids = probe(model, self._before)
            self._head = head_of(model.module, ids)
            refuse_looking_ahead(model, ids)
        self.identity = f"{model.identity}:{self.reach.context}+{self.reach.longest}"
        self._cached: CachedWindows | None = None

    def keep_in(self, cache: Cache, secret: bytes) -> None:
        """From now on keep the columns of windows in `cache`, under keys that need `secret`."""
        self._cached = CachedWindows(cache, secret, self.identity)

    def score(self, texts: Sequence[str]) -> list[TokenScores]:
        """Columns of each text; raises `ScoringFailed`."""
        with translated(WHAT):
            encoded = [self._model.tokenizer.tokens(text) for text in texts]
            reads = [self._reads(each.ids) for each in encoded]
            found = iter(self._columns([read for mine in reads for read in mine]))
            parts = [list(islice(found, len(mine))) for mine in reads]
            return [token_scores(p, e.starts, e.ends) for p, e in zip(parts, encoded, strict=True)]

    def pool(self, text: str, spans: Sequence[Span]) -> NDArray[np.float32]:
        """Mean last hidden state per span; a token belongs to the span that holds its last character.

        A token's state is the one that it was predicted from.
        """
        with translated(WHAT):
            tokens = self._model.tokenizer.tokens(text)
            parts = self._in_batches(self._hidden, self._reads(tokens.ids))
            states = np.concatenate([np.zeros((0, self._head.width)), *parts])
            mine = owners(tokens.ends, spans) if spans else np.full(len(states), -1)
            sums = np.zeros((len(spans), self._head.width))
            np.add.at(sums, mine[mine >= 0], states[mine >= 0])
            counts = np.bincount(mine[mine >= 0], minlength=len(spans))
            return (sums / np.maximum(counts, 1)[:, None]).astype(np.float32)

    def _reads(self, ids: list[int]) -> list[Read]:
        return [self._read(ids, window) for window in windows(ids, self.reach)]

    def _read(self, ids: list[int], window: Window) -> Read:
        tokens = np.array([*self._before, *ids[window.start : window.end]], dtype=np.int64)
        return Read(tokens, len(self._before) - 1 + window.first - window.start)

    def _columns(self, reads: list[Read]) -> list[Columns]:
        return self._cached.columns(reads, self._fresh) if self._cached else self._fresh(reads)

    def _fresh(self, reads: list[Read]) -> list[Columns]:
        return self._in_batches(self._scored, reads)

    def _in_batches(self, run: Run, reads: list[Read]) -> list[Columns]:
        with self._lock, torch.inference_mode():
            return in_batches(run, reads, [len(read.tokens) - 1 for read in reads], self._budget)

    def _scored(self, reads: list[Read]) -> list[Columns]:
        states = self._states(reads)
        targets = np.concatenate([read.tokens[read.skipped + 1 :] for read in reads])
        found = columns(torch.cat(states), torch.from_numpy(targets).to(self._model.device), self._head)
        return np.split(found, np.cumsum([len(each) for each in states])[:-1], axis=1)

    def _hidden(self, reads: list[Read]) -> list[Columns]:
        return [states.float().cpu().numpy() for states in self._states(reads)]

    def _states(self, reads: list[Read]) -> list[Tensor]:
        """For each window the last states before the tokens that are scored, `[scored, width]`."""
        ids, _ = padded([read.tokens[:-1] for read in reads], self._model.device)
        hidden = self._model.module.base_model(input_ids=ids, use_cache=False)[0]
        return [hidden[at, read.skipped : len(read.tokens) - 1] for at, read in enumerate(reads)]
