"""A model's own tokenizer, and where its tokens stand in a text."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tokenizers import Tokenizer

from neural_lab.backends.failures import loading
from neural_lab.backends.model_folder import TOKENIZER, ModelFolder
from neural_lab.errors import ModelUnavailable
from neural_lab.types import Offsets


class Tokens(NamedTuple):
    """`[start, end)` in code points; both ascend, and a token that stands for no character is empty."""

    ids: list[int]
    starts: Offsets
    ends: Offsets


class FastTokenizer:
    """Encodes without special tokens, and whole: nothing is cut off and nothing is filled up."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self.before, self.after = _surrounding(tokenizer)
        # A text that spells out a special token must not become one.
        tokenizer.encode_special_tokens = True
        self._gap = gap(tokenizer)
        self.size = 1 + max(tokenizer.get_vocab(with_added_tokens=True).values(), default=-1)

    def save(self, path: Path) -> None:
        """As a file that needs no other."""
        self._tokenizer.save(str(path))

    def sentence(self, text: str) -> list[int]:
        """The tokens of a sentence that follows another one."""
        return self.ids(self._gap + text)

    def ids(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return found

    def tokens(self, text: str) -> Tokens:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return Tokens(encoding.ids, *ordered(encoding.offsets, len(text)))


def opened_tokenizer(model: ModelFolder, what: str) -> FastTokenizer:
    """From `tokenizer.json`, else converted from an older tokenizer's files; raises `ModelUnavailable`."""
    with loading(model.folder, what):
        if TOKENIZER in model.checksums:
            return FastTokenizer(Tokenizer.from_file(str(model.folder / TOKENIZER)))
        from transformers import AutoTokenizer

        found = AutoTokenizer.from_pretrained(
            model.folder, use_fast=True, local_files_only=True, trust_remote_code=False
        )
        inner = getattr(found, "backend_tokenizer", None)
    if inner is None:
        message = f"The tokenizer in {model.folder} cannot tell where its tokens stand; add its {TOKENIZER}."
        raise ModelUnavailable("no_tokenizer", message)
    return FastTokenizer(inner)


def gap(tokenizer: Tokenizer) -> str:
    """What stands between two sentences whose tokens are put side by side.

    A space where the tokenizer counts it to the word behind it, as that of RoBERTa does: the model was
    never shown a sentence whose first word sticks to the last full stop. Else nothing.
    """
    both, first, glued, apart = (
        tokenizer.encode(text, add_special_tokens=False).ids for text in ("a b", "a", "b", " b")
    )
    return " " if apart != glued and both == [*first, *apart] else ""


def ordered(offsets: Sequence[tuple[int, int]], length: int) -> tuple[Offsets, Offsets]:
    """Starts and ends, ascending and inside the text whatever the tokenizer says.

    Parts of one character all have its span; a token without characters stands, empty,
    where the one before it ended.
    """
    pairs = np.array(offsets, dtype=np.int64).reshape(-1, 2).clip(0, length)
    ends = np.maximum.accumulate(pairs.max(axis=1))
    starts = np.where(pairs[:, 0] < pairs[:, 1], pairs[:, 0], ends)
    return np.minimum(np.maximum.accumulate(starts), ends), ends


def _surrounding(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """The special tokens that the model was trained to see before and behind a text."""
    found = tokenizer.encode("a", add_special_tokens=True)
    special = np.array(found.special_tokens_mask, dtype=bool)
    first, last = int(np.argmin(special)), len(special) - int(np.argmin(special[::-1]))
    return ([], []) if special.all() else (found.ids[:first], found.ids[last:])
