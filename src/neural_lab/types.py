"""The values everything else is made of. All are frozen; spans count code points."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b, sha256
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Offsets = NDArray[np.int64]


class Span(NamedTuple):
    """Half-open `[start, end)` in code points of `Document.text`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the file a document came from: its number (from 1) and its span."""

    number: int
    span: Span


@dataclass(frozen=True)
class Document:
    """One text under examination, exactly as read; `text` is never blank."""

    text: str
    title: str = ""
    path: str = ""
    pages: tuple[Page, ...] = ()
    quoted: tuple[Span, ...] = ()
    """What the file's markup calls a quotation, in order and disjoint."""

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a document needs text")

    @property
    def text_sha256(self) -> str:
        return sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def id(self, key: bytes) -> str:
        """Keyed blake2b of the text: stable for one owner, not confirmable by another."""
        return blake2b(self.text.encode("utf-8", "surrogatepass"), key=key[:64], digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit scored and highlighted; ordered, disjoint, together every non-space character."""

    index: int
    span: Span


@dataclass(frozen=True)
class TokenScores:
    """What a causal language model said about each token, in text order.

    `starts` and `ends` are code points of the text that was scored, `logprob`,
    `entropy` and `variance` (of the log-probability under the model's own
    distribution) are in nats; `variance` in nats squared; `rank` 0 is the token
    the model thought likeliest. Equal lengths.
    """

    starts: Offsets
    ends: Offsets
    logprob: Floats
    entropy: Floats
    variance: Floats
    rank: Floats

    def __post_init__(self) -> None:
        if len({len(column) for column in self.columns}) != 1:
            raise ValueError("token columns differ in length")

    @property
    def columns(self) -> tuple[NDArray[np.generic], ...]:
        return self.starts, self.ends, self.logprob, self.entropy, self.variance, self.rank

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True)
class Encoding:
    """What an encoder made of one passage.

    `vectors` `[sentences, width]` are the mean states of each sentence's tokens,
    zero where it has none; `tokens` `[sentences]` says how many it has.
    """

    vectors: NDArray[np.float32]
    tokens: NDArray[np.int64]

    def __post_init__(self) -> None:
        if len(self.vectors) != len(self.tokens):
            raise ValueError("an encoding has a vector and a count for every sentence")


class FindingKind(StrEnum):
    """What a finding can be about; findings never change the score."""

    HIDDEN = "hidden_characters"
    LOOKALIKE = "lookalike_letters"
    STYLISED = "stylised_letters"
    ODD_SPACE = "odd_spaces"
    MIXED_SCRIPT = "mixed_scripts"
    UNDECODABLE = "undecodable_bytes"
    CONTROL = "control_characters"
    TYPING_ERROR = "typing_error"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth a human's eye that does not change the score."""

    kind: FindingKind
    span: Span
    detail: str = ""
