"""Any causal language model of transformers, read in windows on a graphics card or a processor."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from neural_lab.backends.failures import translated
from neural_lab.backends.fast_tokenizer import Tokens
from neural_lab.backends.token_columns import COLUMNS, WHAT, owners, token_scores
from neural_lab.backends.torch_batches import BUDGET, in_batches, padded
from neural_lab.backends.torch_columns import columns
from neural_lab.backends.torch_head import head_of
from neural_lab.backends.torch_model import TorchModel
from neural_lab.errors import InvalidRequest, ModelUnavailable
from neural_lab.text.windows import FEWEST, Reach, Window, windows
from neural_lab.types import Floats, Span, TokenScores

MOST = 1024
"""Tokens a window reads at most unless asked, also where a model could read more."""


Run = Callable[[list["Row"]], list[Floats]]


class Row(NamedTuple):
    """Tokens that are read at once, the last of them only predicted, and how many of them are scored."""

    ids: list[int]
    scored: int


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
        self._model = model
        self._before = _beginning(model)
        self._reach = _reach(model, limit, context, len(self._before))
        self._budget = BUDGET[model.device.type] if budget is None else budget
        self._lock = Lock()
        with torch.inference_mode():
            self._head = head_of(model.module, _probe(model, self._before))
        self.identity = f"{model.identity}:{self._reach.context}+{self._reach.longest}"

    def score(self, texts: Sequence[str]) -> list[TokenScores]:
        """Columns of each text; raises `ScoringFailed`."""
        with translated(WHAT):
            encoded = [self._model.tokenizer.tokens(text) for text in texts]
            found = self._each_window(encoded, self._columns, len(COLUMNS))
            return [token_scores(c.T, e.starts, e.ends) for c, e in zip(found, encoded, strict=True)]

    def pool(self, text: str, spans: Sequence[Span]) -> NDArray[np.float32]:
        """Mean last hidden state per span; a token belongs to the span that holds its last character.

        A token's state is the one that it was predicted from.
        """
        with translated(WHAT):
            tokens = self._model.tokenizer.tokens(text)
            width = self._head.width
            states = self._each_window([tokens], self._hidden, width)[0]
            mine = owners(tokens.ends, spans) if spans else np.full(len(states), -1)
            sums = np.zeros((len(spans), width))
            np.add.at(sums, mine[mine >= 0], states[mine >= 0])
            counts = np.bincount(mine[mine >= 0], minlength=len(spans))
            return (sums / np.maximum(counts, 1)[:, None]).astype(np.float32)

    def _each_window(self, encoded: Sequence[Tokens], run: Run, width: int) -> list[Floats]:
        """What `run` says of every token of each text, `[tokens, width]`."""
        cut = [(at, window) for at, each in enumerate(encoded) for window in windows(each.ids, self._reach)]
        rows = [self._row(encoded[at].ids, window) for at, window in cut]
        with self._lock, torch.inference_mode():
            parts = in_batches(run, rows, [len(row.ids) - 1 for row in rows], self._budget)
        found = [np.zeros((len(each.ids), width)) for each in encoded]
        for (at, window), part in zip(cut, parts, strict=True):
            found[at][window.first : window.end] = part
        return found

    def _row(self, ids: list[int], window: Window) -> Row:
        return Row([*self._before, *ids[window.start : window.end]], window.end - window.first)

    def _columns(self, rows: list[Row]) -> list[Floats]:
        targets = torch.cat([torch.tensor(row.ids[-row.scored :]) for row in rows])
        found = columns(torch.cat(self._states(rows)), targets.to(self._model.device), self._head)
        return np.split(found.T, np.cumsum([row.scored for row in rows])[:-1])

    def _hidden(self, rows: list[Row]) -> list[Floats]:
        return [states.float().cpu().numpy() for states in self._states(rows)]

    def _states(self, rows: list[Row]) -> list[Tensor]:
        """Of each row the last states before the tokens that are scored, `[scored, width]`."""
        ids, _ = padded([row.ids[:-1] for row in rows], self._model.device)
        hidden = self._model.module.base_model(input_ids=ids, use_cache=False)[0]
        ends = [len(row.ids) - 1 for row in rows]
        return [
            hidden[at, end - row.scored : end] for at, (row, end) in enumerate(zip(rows, ends, strict=True))
        ]


def _beginning(model: TorchModel) -> list[int]:
    """What stands before the first token: what the tokenizer puts there, else the token that begins texts."""
    config = model.module.config
    known = model.module.get_input_embeddings().weight.shape[0]
    named = (getattr(config, "bos_token_id", None), getattr(config, "eos_token_id", None))
    usable = [[at] for at in named if isinstance(at, int) and 0 <= at < known]
    found = [model.tokenizer.before, *usable]
    if not any(found):
        message = (
            f"The configuration in {model.folder.folder} names no token that begins a text (bos_token_id)."
        )
        raise ModelUnavailable("no_beginning", message)
    return next(filter(None, found))


def _reach(model: TorchModel, limit: int | None, context: int | None, before: int) -> Reach:
    """Windows that the model can read: the beginning counts, and the last token is only predicted."""
    places = getattr(model.module.config, "max_position_embeddings", None) or MOST
    room = places + 1 - before
    limit = min(room, MOST) if limit is None else limit
    try:
        return Reach.within(limit if limit <= room else 0, context)
    except ValueError:
        message = f"A window has at most {room} tokens, and at least {FEWEST} besides its context."
        raise InvalidRequest("window", message) from None


def _probe(model: TorchModel, before: list[int]) -> Tensor:
    ids = [*before, *model.tokenizer.ids("The quick brown fox.")[:8]]
    return torch.tensor([ids], device=model.device)
