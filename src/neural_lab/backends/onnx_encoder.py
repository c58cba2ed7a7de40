"""The passage encoder: ONNX Runtime on the processor, one passage a run."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.failures import translated
from neural_lab.backends.onnx_session import default_threads, opened, side_by_side
from neural_lab.backends.pieces import WHAT, Passages, Piece, Sums, encodings, pieces
from neural_lab.text.passages import LONGEST
from neural_lab.types import Encoding

FIRST, LAST = "[CLS]", "[SEP]"


class OnnxEncoder:
    """An `Encoder`. Passages are not padded and share no run: an answer depends on its passage alone."""

    def __init__(self, model: Path, tokenizer: Path, identity: str, threads: int | None = None) -> None:
        self.identity = identity
        self._session, self._tokenizer = opened(model, tokenizer, WHAT)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        # A text that spells out "[SEP]" must not become one.
        self._tokenizer.encode_special_tokens = True
        self._first, self._last = (int(self._tokenizer.token_to_id(name) or 0) for name in (FIRST, LAST))
        self._width = int(self._session.get_outputs()[0].shape[1])
        self._threads = threads or default_threads()

    def tokens(self, sentences: Sequence[str]) -> list[list[int]]:
        """The tokens of each sentence; raises `ScoringFailed`."""
        with translated(WHAT):
            return [self._tokenizer.encode(each, add_special_tokens=False).ids for each in sentences]

    def encode(self, passages: Passages) -> list[Encoding]:
        """Encodings of `passages`. Pieces run side by side, the longest first; raises `ScoringFailed`."""
        with translated(WHAT):
            cut = pieces(passages, LONGEST)
            runs = side_by_side(self._threads, self._run, cut)
            return encodings(passages, zip(cut, runs, strict=True), self._width)

    def _run(self, piece: Piece) -> Sums:
        ids = np.array([[self._first, *piece.ids, self._last]], dtype=np.int64)
        states: NDArray[np.float32] = self._session.run(("hidden",), {"ids": ids})[0]
        return piece.sums(states[1:-1])
