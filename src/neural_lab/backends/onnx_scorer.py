"""The embedded language model: ONNX Runtime on the processor, one window a run."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.cached_windows import CachedWindows, Columns, Read
from neural_lab.backends.failures import translated
from neural_lab.backends.onnx_session import default_threads, opened, side_by_side
from neural_lab.backends.token_columns import COLUMNS, WHAT, owners, token_scores
from neural_lab.text.windows import Window, windows
from neural_lab.types import Offsets, Span, TokenScores

BEGINNING = "<|text|>"


class OnnxScorer:
    """A `TokenScorer`. Windows are not padded and share no run: an answer depends on its text alone."""

    def __init__(
        self,
        model: Path,
        tokenizer: Path,
        identity: str,
        threads: int | None = None,
        cached: CachedWindows | None = None,
    ) -> None:
        self.identity, self._cached = identity, cached
        self._session, self._tokenizer = opened(model, tokenizer, WHAT)
        self._beginning = int(self._tokenizer.token_to_id(BEGINNING) or 0)
        self._threads = threads or default_threads()

    def score(self, texts: Sequence[str]) -> list[TokenScores]:
        """Columns of each text. Windows run side by side, one a thread; raises `ScoringFailed`."""
        with translated(WHAT):
            return self._score(texts)

    def _score(self, texts: Sequence[str]) -> list[TokenScores]:
        encoded = [self._encode(text) for text in texts]
        reads = [[self._read(ids, window) for window in windows(ids)] for ids, *_ in encoded]
        found = iter(self._columns([read for mine in reads for read in mine]))
        parts = [list(islice(found, len(mine))) for mine in reads]
        return [token_scores(part, *edges) for part, (_, *edges) in zip(parts, encoded, strict=True)]

    def _columns(self, reads: list[Read]) -> Sequence[Columns]:
        return self._cached.columns(reads, self._fresh) if self._cached else self._fresh(reads)

    def _fresh(self, reads: list[Read]) -> list[Columns]:
        run = side_by_side(self._threads, lambda read: self._run(read, COLUMNS), reads)
        return [np.stack(columns) for columns in run]

    def pool(self, text: str, spans: Sequence[Span]) -> NDArray[np.float32]:
        """Mean last hidden state per span; a token belongs to the span that holds its last character."""
        ids, _, ends = self._encode(text)
        mine = owners(ends, spans)
        sums: list[NDArray[np.float64]] = []
        for window in windows(ids):
            hidden = self._run(self._read(ids, window), ("hidden",))[0]
            sums = sums or [np.zeros(hidden.shape[1]) for _ in spans]
            for owner, row in zip(mine[window.first : window.end], hidden, strict=True):
                if owner >= 0:
                    sums[owner] += row
        counts = np.bincount(mine[mine >= 0], minlength=len(spans))
        means: Columns = (np.array(sums) / np.maximum(counts, 1)[:, None]).astype(np.float32)
        return means

    def _encode(self, text: str) -> tuple[list[int], Offsets, Offsets]:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        return encoding.ids, offsets[:, 0], offsets[:, 1]

    def _read(self, ids: list[int], window: Window) -> Read:
        before = ids[window.start - 1] if window.start else self._beginning
        tokens = np.array([before, *ids[window.start : window.end]], dtype=np.int64)
        return Read(tokens, window.first - window.start)

    def _run(self, read: Read, outputs: Sequence[str]) -> list[Columns]:
        columns: list[Columns] = self._session.run(outputs, {"ids": read.tokens[None]})
        return [column[read.skipped :] for column in columns]
