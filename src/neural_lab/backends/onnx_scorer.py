"""A language model as an ONNX graph: ONNX Runtime on the processor, one window a run."""

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.cached_windows import CachedWindows, Columns, Read
from neural_lab.backends.failures import loading, translated
from neural_lab.backends.onnx_reading import BEGINNING as BEGINNING
from neural_lab.backends.onnx_reading import EmbeddedReading, GivenReading
from neural_lab.backends.onnx_session import default_threads, opened, side_by_side
from neural_lab.backends.token_columns import COLUMNS, WHAT, owners, token_scores
from neural_lab.types import Span, TokenScores

SKIPPED, HIDDEN = "skipped", "hidden"


class OnnxScorer:
    """A `TokenScorer`. Windows are not padded and share no run: an answer depends on its text alone.

    A graph with an input `skipped` gives no columns for so many first tokens, and so
    spends nothing on them behind its last states.
    """

    def __init__(
        self,
        model: Path,
        tokenizer: Path,
        identity: str,
        threads: int | None = None,
        cached: CachedWindows | None = None,
        reading: Mapping[str, Any] | None = None,
    ) -> None:
        """`reading` is that of `GivenReading`; without it the model is read as the embedded one.

        Raises `ModelUnavailable`.
        """
        self.identity, self._cached = identity, cached
        self._session, read = opened(model, tokenizer, WHAT)
        with loading(model.parent, WHAT):
            self._reading = EmbeddedReading(read) if reading is None else GivenReading(read, reading)
        self._skips = any(each.name == SKIPPED for each in self._session.get_inputs())
        shape = {each.name: each.shape for each in self._session.get_outputs()}[HIDDEN]
        # The embedded graph does not say how wide its states are.
        self._none = np.zeros((0, shape[1] if isinstance(shape[1], int) else 0), dtype=np.float32)
        self._threads = threads or default_threads()

    def score(self, texts: Sequence[str]) -> list[TokenScores]:
        """Columns of each text. Windows run side by side, one a thread; raises `ScoringFailed`."""
        with translated(WHAT):
            encoded = [self._reading.tokens(text) for text in texts]
            reads = [self._reading.reads(each.ids) for each in encoded]
            found = iter(self._columns([read for mine in reads for read in mine]))
            parts = [list(islice(found, len(mine))) for mine in reads]
            return [token_scores(p, e.starts, e.ends) for p, e in zip(parts, encoded, strict=True)]

    def _columns(self, reads: list[Read]) -> Sequence[Columns]:
        return self._cached.columns(reads, self._fresh) if self._cached else self._fresh(reads)

    def _fresh(self, reads: list[Read]) -> list[Columns]:
        return side_by_side(self._threads, self._scored, reads)

    def pool(self, text: str, spans: Sequence[Span]) -> NDArray[np.float32]:
        """Mean last hidden state per span; a token belongs to the span that holds its last character.

        Raises `ScoringFailed`.
        """
        with translated(WHAT):
            tokens = self._reading.tokens(text)
            states = [self._states(read) for read in self._reading.reads(tokens.ids)]
            mine = owners(tokens.ends, spans) if spans else np.full(len(tokens.ids), -1)
            return _means(np.concatenate(states or [self._none]), mine, len(spans))

    def _scored(self, read: Read) -> Columns:
        columns = np.stack(self._run(read.tokens, COLUMNS, read.skipped))
        return columns if self._skips else columns[:, read.skipped :]

    def _states(self, read: Read) -> Columns:
        """As few columns as a graph can give come with them."""
        return self._run(read.tokens, (HIDDEN,), len(read.tokens) - 2)[0][read.skipped :]

    def _run(self, tokens: NDArray[np.int64], outputs: Sequence[str], skipped: int) -> list[Columns]:
        inputs = {"ids": tokens[None]} | ({SKIPPED: np.array([skipped])} if self._skips else {})
        found: list[Columns] = self._session.run(outputs, inputs)
        return found


def _means(states: Columns, mine: NDArray[np.int64], spans: int) -> Columns:
    sums = np.zeros((spans, states.shape[1]))
    np.add.at(sums, mine[mine >= 0], states[mine >= 0])
    counts = np.bincount(mine[mine >= 0], minlength=spans)
    means: Columns = (sums / np.maximum(counts, 1)[:, None]).astype(np.float32)
    return means
