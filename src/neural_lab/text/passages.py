"""Passages: runs of whole sentences that an encoder reads at once."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple

LONGEST = 254
SHORTEST_CORE, LONGEST_CORE = 96, 190


class Passage(NamedTuple):
    """Sentences `[start, end)` are read; `[first, end)` are this passage's own, those before them context."""

    start: int
    first: int
    end: int


def passages(sentences: Sequence[str], tokens: Sequence[int]) -> Iterator[Passage]:
    """Passages whose own sentences are every sentence exactly once, `tokens` being each one's length.

    A passage ends behind the sentence with the smallest hash within its reach, so
    that an edit changes only the passages around it. Whole sentences before it are
    read as context as far as the model's length allows.
    """
    first = 0
    while first < len(sentences):
        end = _cut(sentences, tokens, first)
        yield Passage(_context(tokens, first, end), first, end)
        first = end


def _cut(sentences: Sequence[str], tokens: Sequence[int], first: int) -> int:
    """Where the passage that begins at `first` ends: at least one sentence on."""
    ends, total = [], 0
    for at in range(first, len(sentences)):
        total += tokens[at]
        if total > LONGEST_CORE and at > first:
            break
        if total >= SHORTEST_CORE:
            ends.append(at + 1)
    else:
        return len(sentences)
    return min(ends or [at], key=lambda end: _hash(sentences[end - 1]))


def _context(tokens: Sequence[int], first: int, end: int) -> int:
    room, start = LONGEST - sum(tokens[first:end]), first
    while start and tokens[start - 1] <= room:
        start -= 1
        room -= tokens[start]
    return start


def _hash(sentence: str) -> bytes:
    return blake2b(sentence.encode("utf-8", "surrogatepass"), digest_size=8).digest()
