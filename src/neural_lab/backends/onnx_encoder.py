"""A passage encoder as an ONNX graph: ONNX Runtime on the processor, one passage a run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from neural_lab.backends.failures import loading, translated
from neural_lab.backends.fast_tokenizer import gap
from neural_lab.backends.onnx_session import default_threads, opened, side_by_side
from neural_lab.backends.pieces import WHAT, Passages, Piece, Sums, encodings, pieces
from neural_lab.text.passages import LONGEST
from neural_lab.types import Encoding

FIRST, LAST = "[CLS]", "[SEP]"


class OnnxEncoder:
    """An `Encoder`. Passages are not padded and share no run: an answer depends on its passage alone."""

    def __init__(
        self,
        model: Path,
        tokenizer: Path,
        identity: str,
        threads: int | None = None,
        reading: Mapping[str, Any] | None = None,
    ) -> None:
        """`reading` says what stands `before` and `after` the `longest` piece of a passage, in tokens.

        Without it the model is read as the embedded one. Raises `ModelUnavailable`.
        """
        self.identity = identity
        self._session, self._tokenizer = opened(model, tokenizer, WHAT)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        # A text that spells out "[SEP]" must not become one.
        self._tokenizer.encode_special_tokens = True
        self._gap = gap(self._tokenizer)
        with loading(model.parent, WHAT):
            reading = _embedded(self._tokenizer) if reading is None else reading
            self._before, self._after = ([int(token) for token in reading[at]] for at in ("before", "after"))
            self._longest = int(reading["longest"])
        self._width = int(self._session.get_outputs()[0].shape[1])
        self._threads = threads or default_threads()

    def tokens(self, sentences: Sequence[str]) -> list[list[int]]:
        """The tokens of each sentence; raises `ScoringFailed`."""
        with translated(WHAT):
            return [
                self._tokenizer.encode(self._gap + each, add_special_tokens=False).ids for each in sentences
            ]

    def encode(self, passages: Passages) -> list[Encoding]:
        """Encodings of `passages`. Pieces run side by side, the longest first; raises `ScoringFailed`."""
        with translated(WHAT):
            cut = pieces(passages, self._longest)
            runs = side_by_side(self._threads, self._run, cut)
            return encodings(passages, zip(cut, runs, strict=True), self._width)

    def _run(self, piece: Piece) -> Sums:
        ids = np.array([[*self._before, *piece.ids, *self._after]], dtype=np.int64)
        states: NDArray[np.float32] = self._session.run(("hidden",), {"ids": ids})[0]
        first = len(self._before)
        return piece.sums(states[first : first + len(piece.ids)])


def _embedded(tokenizer: Tokenizer) -> dict[str, Any]:
    first, last = (int(tokenizer.token_to_id(name) or 0) for name in (FIRST, LAST))
    return {"before": [first], "after": [last], "longest": LONGEST}
