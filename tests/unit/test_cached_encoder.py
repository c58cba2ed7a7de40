"""The cache of encodings: bounded, exact about what is equal, and asked before the model is."""

from collections.abc import Sequence
from threading import Barrier, Thread
from time import sleep

import numpy as np
import pytest

from neural_lab.backends.cached_encoder import ENTRY, CachedEncoder
from neural_lab.types import Encoding


class Counting:
    """An `Encoder` of lengths that remembers what it was asked."""

    identity = "counting"

    def __init__(self, seconds: float = 0) -> None:
        self.seconds = seconds
        self.asked: list[tuple[str, ...]] = []

    def count(self, sentences: Sequence[str]) -> list[int]:
        return [len(sentence) for sentence in sentences]

    def encode(self, passages: Sequence[Sequence[str]]) -> list[Encoding]:
        self.asked += [tuple(passage) for passage in passages]
        sleep(self.seconds)
        counts = [np.array(self.count(passage), dtype=np.int64) for passage in passages]
        return [Encoding(np.outer(n, np.ones(8)).astype(np.float32), n) for n in counts]


def test_only_what_is_not_kept_is_encoded_and_equal_passages_once() -> None:
    inner = Counting()
    encoder = CachedEncoder(inner)
    first = encoder.encode([["a", "bc"], ["d"], ["a", "bc"]])
    second = encoder.encode([["d"], ["e"], ["a", "bc"]])
    assert inner.asked == [("a", "bc"), ("d",), ("e",)]
    assert first[0] is first[2]
    assert first[0] is second[2]
    assert second[0].tokens.tolist() == [1]


def test_passages_that_join_to_the_same_text_are_not_taken_for_each_other() -> None:
    alike = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], [], [""], ["\ud800"], ["\ud801"]]
    inner = Counting()
    found = CachedEncoder(inner).encode(alike)
    assert [each.tokens.tolist() for each in found] == [inner.count(passage) for passage in alike]
    assert len(inner.asked) == len(alike)


def test_the_cache_is_bounded_and_drops_what_was_used_longest_ago() -> None:
    inner = Counting()
    one = 8 * 4 + 8 + ENTRY
    encoder = CachedEncoder(inner, bytes=2 * one)
    for text in ("a", "b", "a", "c", "a", "b"):
        encoder.encode([[text]])
    assert inner.asked == [("a",), ("b",), ("c",), ("b",)]
    encoder.encode([["too", "large", *"for the cache" * 9]])
    encoder.encode([["a"], ["b"]])
    assert len(inner.asked) == 5


def test_what_is_kept_cannot_be_written_to() -> None:
    found = CachedEncoder(Counting()).encode([["a"]])[0]
    with pytest.raises(ValueError, match="read-only"):
        found.vectors[0] = 1


def test_the_cache_serves_many_threads() -> None:
    encoder, barrier, wrong = CachedEncoder(Counting(1e-4), bytes=20 * (ENTRY + 40)), Barrier(8), []

    def work(seed: int) -> None:
        draw = np.random.default_rng(seed)
        barrier.wait()
        for _ in range(200):
            lengths = draw.integers(0, 40, 5)
            found = encoder.encode([["x" * n] for n in lengths])
            wrong.extend(each for each, n in zip(found, lengths, strict=True) if each.tokens.tolist() != [n])

    threads = [Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert 0 < encoder._size <= 20 * (ENTRY + 40)
    assert encoder._size == len(encoder._kept) * (ENTRY + 40)
