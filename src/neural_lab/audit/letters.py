"""The letters of a text: what is compared, whatever its case, spacing, punctuation and accents.

A letter is an alphanumeric code point after compatibility decomposition and case
folding; accents, other marks, spaces and punctuation have none. Letters of other
alphabets that look like Latin ones count as those. What becomes of a character does
not depend on its neighbours, so equal stretches of text have equal letters.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from neural_lab.text.canonical import LOOKALIKES
from neural_lab.types import Offsets, Span

VERSION = 1
"""Stands with every stored fingerprint; another number means other letters or other hashes."""

CODE_POINTS, BLOCK, SEVERAL = 0x110000, 256, 0xFFFFFFFF
USUAL = 0x2200 // BLOCK

Codes = NDArray[np.uint32]


@dataclass(frozen=True)
class Letters:
    """`codes` `[n]`, one a letter, and the code point of the text at which each stands, `[n]`."""

    codes: Codes
    offsets: Offsets

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def text(self) -> str:
        return self.codes.tobytes().decode("utf-32-le")

    def span(self, start: int, end: int) -> Span:
        """The span of the text from the first to the last of the letters `[start, end)`."""
        return Span(self.offsets.item(start), self.offsets.item(end - 1) + 1)


def letters(text: str) -> Letters:
    """The letters of `text` in order."""
    if text.isascii():
        plain = _TABLE.ascii[np.frombuffer(text.encode(), dtype=np.uint8)]
        kept = plain != 0
        return Letters(plain[kept].astype(np.uint32), np.flatnonzero(kept))
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    folded = _TABLE.of(codes)
    if folded.max() == SEVERAL:
        return _expanded(codes, folded)
    kept = folded != 0
    return Letters(folded[kept], np.flatnonzero(kept))


def letters_of(texts: Sequence[str]) -> list[Letters]:
    """As `letters` of each, faster for many short texts."""
    plain = [text.isascii() for text in texts]
    kinds = {
        kind: iter(_of_alike([t for t, p in zip(texts, plain, strict=True) if p == kind]))
        for kind in (True, False)
    }
    return [next(kinds[kind]) for kind in plain]


def _of_alike(texts: Sequence[str]) -> list[Letters]:
    together, ends = letters("\n".join(texts)), np.cumsum([len(text) + 1 for text in texts])
    borders = [0, *np.searchsorted(together.offsets, ends).tolist()]
    starts = [0, *ends.tolist()]
    parts = zip(pairwise(borders), starts, strict=False)
    return [Letters(together.codes[a:b], together.offsets[a:b] - start) for (a, b), start in parts]


def _expanded(codes: Codes, folded: Codes) -> Letters:
    """As `letters`, where some characters stand for several."""
    places = np.flatnonzero(folded == SEVERAL)
    distinct, which = np.unique(codes[places], return_inverse=True)
    parts = [np.array([ord(letter) for letter in _folded(code)], np.uint32) for code in distinct.tolist()]
    lengths, table = np.array([len(part) for part in parts]), np.concatenate(parts)
    counts = (folded != 0).astype(np.int32)
    counts[places] = lengths[which]
    offsets = np.repeat(np.arange(len(codes)), counts)
    found = np.repeat(folded, counts)
    begins = (np.cumsum(lengths) - lengths)[which]
    steps = np.arange(counts[places].sum()) - np.repeat(
        np.cumsum(counts[places]) - counts[places], counts[places]
    )
    found[found == SEVERAL] = table[np.repeat(begins, counts[places]) + steps]
    return Letters(found, offsets)


@lru_cache(maxsize=4096)
def _folded(code: int) -> str:
    """The letters of one character."""
    if code < CODE_POINTS and not 0xD800 <= code < 0xE000:
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        return "".join(_ALIKE.get(each, each) for each in plain if each.isalnum())
    return ""


class _Table:
    """Letter by character, filled in blocks as they are met; 0 for none, `SEVERAL` for more than one."""

    def __init__(self) -> None:
        self._letter = np.zeros(CODE_POINTS, dtype=np.uint32)
        self._filled = np.zeros(CODE_POINTS // BLOCK, dtype=bool)

    @cached_property
    def ascii(self) -> NDArray[np.uint8]:
        return self.of(np.arange(128, dtype=np.uint32)).astype(np.uint8)

    def of(self, codes: Codes) -> Codes:
        if codes.max(initial=0) < self._first_empty:
            return self._letter[codes]
        used = np.zeros(len(self._filled), dtype=bool)
        used[codes // BLOCK] = True
        for block in np.flatnonzero(used & ~self._filled).tolist():
            self._fill(block)
        return self._letter[codes]

    @cached_property
    def _first_empty(self) -> int:
        """Blocks up to this character, those of most texts, are filled beforehand."""
        for block in range(USUAL):
            self._fill(block)
        return USUAL * BLOCK

    def _fill(self, block: int) -> None:
        for code in range(block * BLOCK, (block + 1) * BLOCK):
            found = _folded(code)
            self._letter[code] = 0 if not found else ord(found) if len(found) == 1 else SEVERAL
        self._filled[block] = True


# Only small letters: a capital that looks Latin may have a small one that does not. The capital of ı is I.
_ALIKE = {letter: plain.casefold() for letter, plain in LOOKALIKES.items() if letter == letter.casefold()}
_ALIKE |= {"ı": "i"}
_TABLE = _Table()
