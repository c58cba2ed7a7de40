"""What a language model is given for a text: its tokens, in windows."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from neural_lab.backends.cached_windows import Read
from neural_lab.backends.fast_tokenizer import FastTokenizer, Tokens
from neural_lab.text.windows import Reach, Window, windows

BEGINNING = "<|text|>"


class EmbeddedReading:
    """Of the embedded model: a window begins with the token before it, the first with one of its own."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._beginning = int(tokenizer.token_to_id(BEGINNING) or 0)

    def tokens(self, text: str) -> Tokens:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        return Tokens(encoding.ids, offsets[:, 0], offsets[:, 1])

    def reads(self, ids: list[int]) -> list[Read]:
        return [self._read(ids, window) for window in windows(ids)]

    def _read(self, ids: list[int], window: Window) -> Read:
        before = ids[window.start - 1] if window.start else self._beginning
        tokens = np.array([before, *ids[window.start : window.end]], dtype=np.int64)
        return Read(tokens, window.first - window.start)


class GivenReading:
    """As a large model's `reading` says: every window begins with the tokens that begin a text.

    `before` are these tokens, at least one; `context`, `shortest` and `longest` are those of `Reach`.
    """

    def __init__(self, tokenizer: Tokenizer, reading: Mapping[str, Any]) -> None:
        self._tokenizer = FastTokenizer(tokenizer)
        self._before = [int(token) for token in reading["before"]]
        self._reach = Reach(int(reading["context"]), int(reading["shortest"]), int(reading["longest"]))

    def tokens(self, text: str) -> Tokens:
        return self._tokenizer.tokens(text)

    def reads(self, ids: list[int]) -> list[Read]:
        return [self._read(ids, window) for window in windows(ids, self._reach)]

    def _read(self, ids: list[int], window: Window) -> Read:
        tokens = np.array([*self._before, *ids[window.start : window.end]], dtype=np.int64)
        return Read(tokens, len(self._before) - 1 + window.first - window.start)
