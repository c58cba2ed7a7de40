"""The cache of encodings: bounded, exact about what is equal, and asked before the model is."""

from collections.abc import Sequence
from threading import Barrier, Thread
from time import sleep

import numpy as np
import pytest

from neural_lab.backends.cache_trace import tracing
from neural_lab.backends.cached_encoder import CachedEncoder
from neural_lab.backends.memory_cache import ENTRY, MemoryCache
from neural_lab.backends.packed import HEAD, pack_encoding, unpack_encoding
from neural_lab.types import Encoding

WIDTH, SECRET = 8, bytes(32)
ONE = HEAD.size + 4 * WIDTH + 4 + 32 + ENTRY  # Bytes that a passage of one sentence takes in a cache.


class Counting:
    """An `Encoder` of lengths that remembers what it was asked."""

    identity = "counting"

    def __init__(self, seconds: float = 0) -> None:
        self.seconds = seconds
        self.asked: list[str] = []

    def tokens(self, sentences: Sequence[str]) -> list[list[int]]:
        return [ids(sentence) for sentence in sentences]

    def encode(self, passages: Sequence[Sequence[Sequence[int]]]) -> list[Encoding]:
        self.asked += [" ".join("".join(map(chr, ids)) for ids in passage) for passage in passages]
        sleep(self.seconds)
        counts = [np.array([len(ids) for ids in passage], dtype=np.int64) for passage in passages]
        return [Encoding(np.outer(n, np.ones(WIDTH)).astype(np.float32), n) for n in counts]


def ids(sentence: str) -> list[int]:
    return [ord(letter) for letter in sentence]


def encoded(encoder: CachedEncoder, *passages: Sequence[str]) -> list[Encoding]:
    """Passages whose tokens are letters."""
    return encoder.encode([encoder.tokens(passage) for passage in passages])


def test_only_what_is_not_kept_is_encoded_and_equal_passages_once() -> None:
    inner = Counting()
    encoder = CachedEncoder(inner)
    first = encoded(encoder, ["a", "bc"], ["d"], ["a", "bc"])
    second = encoded(encoder, ["d"], ["e"], ["a", "bc"])
    assert inner.asked == ["a bc", "d", "e"]
    assert first[0] is first[2]
    assert same(first[0], second[2])
    assert second[0].tokens.tolist() == [1]


def test_a_trace_says_what_was_computed() -> None:
    encoder = CachedEncoder(Counting())
    with tracing() as trace:
        encoded(encoder, "a", "a", "b")
    assert (trace.found, trace.missed) == (0, 2)
    with tracing() as trace:
        encoded(encoder, "a", "c", "b")
    assert (trace.found, trace.missed) == (2, 1)


def test_passages_that_join_to_the_same_text_are_not_taken_for_each_other() -> None:
    alike = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], [], [""], ["\ud800"], ["\ud801"]]
    inner = Counting()
    found = encoded(CachedEncoder(inner), *alike)
    assert [each.tokens.tolist() for each in found] == [[len(each) for each in passage] for passage in alike]
    assert len(inner.asked) == len(alike)


def test_the_cache_is_bounded_and_drops_what_was_used_longest_ago() -> None:
    inner = Counting()
    encoder = CachedEncoder(inner, MemoryCache(2 * ONE), SECRET)
    for text in ("a", "b", "a", "c", "a", "b"):
        encoded(encoder, text)
    assert inner.asked == [*"abcb"]
    encoded(encoder, ["too", "large", *"for the cache" * 9])
    encoded(encoder, "a", "b")
    assert len(inner.asked) == 5


def test_what_is_kept_cannot_be_written_to() -> None:
    encoder = CachedEncoder(Counting())
    for found in (encoded(encoder, "a")[0], encoded(encoder, "a")[0]):
        for column in (found.vectors, found.tokens):
            with pytest.raises(ValueError, match="read-only"):
                column[0] = 1


@pytest.mark.parametrize("sentences", [0, 1, 7])
def test_an_encoding_comes_back_exactly(sentences: int) -> None:
    draw = np.random.default_rng(sentences)
    vectors = draw.standard_normal((sentences, 384)).astype(np.float32)
    encoding = Encoding(vectors, draw.integers(0, 2**32, sentences, dtype=np.int64))
    packed = pack_encoding(encoding)
    assert packed is not None
    found = unpack_encoding(packed)
    assert found is not None
    assert same(found, encoding)
    assert found.vectors.shape == vectors.shape


def test_what_would_not_come_back_exactly_is_not_packed() -> None:
    good = np.ones((1, 2), np.float32)
    for vectors, tokens in (
        (good.astype(np.float64), np.array([1])),
        (good * np.nan, np.array([1])),
        (good, np.array([-1])),
        (good, np.array([2**32])),
        (np.ones(1, np.float32), np.array([1])),
    ):
        assert pack_encoding(Encoding(vectors, tokens)) is None


def test_what_was_not_packed_here_is_not_read() -> None:
    packed = pack_encoding(Encoding(np.ones((3, 2), np.float32), np.arange(3)))
    assert packed is not None
    infinite = packed[: HEAD.size] + np.float32("inf").tobytes() + packed[HEAD.size + 4 :]
    for odd in (b"", packed[:-1], packed + b"\0", packed[:3], b"NLe2" + packed[4:], infinite):
        assert unpack_encoding(odd) is None


def test_the_cache_serves_many_threads() -> None:
    cache = MemoryCache(20 * ONE)
    encoder, barrier, wrong = CachedEncoder(Counting(1e-4), cache, SECRET), Barrier(8), []

    def work(seed: int) -> None:
        draw = np.random.default_rng(seed)
        barrier.wait()
        for _ in range(200):
            lengths = draw.integers(0, 40, 5)
            found = encoded(encoder, *(["x" * n] for n in lengths))
            wrong.extend(each for each, n in zip(found, lengths, strict=True) if each.tokens.tolist() != [n])

    threads = [Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert 0 < cache.size <= 20 * ONE
    assert cache.size == len(cache) * ONE


def same(left: Encoding, right: Encoding) -> bool:
    """Numbers and their kinds."""
    pairs = ((left.vectors, right.vectors), (left.tokens, right.tokens))
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in pairs)
