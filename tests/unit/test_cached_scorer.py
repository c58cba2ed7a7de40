"""Columns from a cache: exactly those of the model, under names that nobody can guess, in their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import copy_context
from threading import Barrier, Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from neural_lab.backends.cache_key import CacheKeys
from neural_lab.backends.cache_trace import tracing
from neural_lab.backends.cached_scorer import CachedScorer
from neural_lab.backends.memory_cache import MemoryCache
from neural_lab.backends.packed import HEAD, pack_scores, unpack_scores
from neural_lab.errors import ScoringFailed
from neural_lab.types import Span, TokenScores

SECRET, OTHER = b"s" * 32, b"t" * 32
TEXTS = ["One text.", "", "Another, longer text.", "\ud800", "漢字 \U0001f600"]


class Letters:
    """A `TokenScorer` of letters that remembers what it was asked, and fails on `bad` texts."""

    def __init__(self, identity: str = "letters:1") -> None:
        self.identity = identity
        self.asked: list[list[str]] = []

    def score(self, texts: Sequence[str]) -> list[TokenScores]:
        self.asked.append([*texts])
        if "bad" in texts:
            raise ScoringFailed("model_failed", "The language model could not read this text.")
        return [columns(text) for text in texts]

    def pool(self, text: str, spans: Sequence[Span]) -> NDArray[np.float32]:
        return np.full((len(spans), 2), len(text), np.float32)


class Stored(MemoryCache):
    """A cache whose contents can be looked at and exchanged."""

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[bytes, bytes] = {}

    def put(self, items: Mapping[bytes, bytes]) -> None:
        super().put(items)
        self.items |= items


def columns(text: str) -> TokenScores:
    """Numbers that depend on every letter, in single precision."""
    codes = np.array([ord(letter) for letter in text], np.float64)
    floats = [
        (np.sin(codes * k + np.arange(len(text)))).astype(np.float32).astype(np.float64) for k in range(4)
    ]
    starts = np.arange(len(text), dtype=np.int64)
    return TokenScores(starts, starts + 1, *floats)


def same(left: TokenScores, right: TokenScores) -> bool:
    pairs = zip(left.columns, right.columns, strict=True)
    return all(a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in pairs)


def test_the_second_answer_is_the_first_to_the_last_bit() -> None:
    inner = Letters()
    scorer = CachedScorer(inner, MemoryCache(), SECRET)
    for _ in range(2):
        assert all(map(same, scorer.score(TEXTS), map(columns, TEXTS)))
    assert inner.asked == [TEXTS]
    assert scorer.score([]) == []
    assert scorer.identity == "letters:1"


def test_only_what_is_missing_is_scored_once_and_put_in_its_place() -> None:
    inner = Letters()
    scorer = CachedScorer(inner, MemoryCache(), SECRET)
    scorer.score(["b", "d"])
    texts = ["a", "b", "c", "a", "d", "c"]
    assert all(map(same, scorer.score(texts), map(columns, texts)))
    assert inner.asked == [["b", "d"], ["a", "c"]]


def test_an_error_keeps_nothing() -> None:
    inner, cache = Letters(), MemoryCache()
    scorer = CachedScorer(inner, cache, SECRET)
    for _ in range(2):
        with pytest.raises(ScoringFailed):
            scorer.score(["good", "bad"])
    assert len(cache) == 0
    scorer.score(["good"])
    assert len(inner.asked) == 3


def test_a_wrong_number_of_answers_is_an_error_and_keeps_nothing() -> None:
    class Short(Letters):
        def score(self, texts: Sequence[str]) -> list[TokenScores]:
            return super().score(texts)[:-1]

    cache = MemoryCache()
    with pytest.raises(ValueError, match="shorter"):
        CachedScorer(Short(), cache, SECRET).score(["a", "b"])
    assert len(cache) == 0


def test_another_secret_or_model_shares_nothing() -> None:
    cache, models = MemoryCache(), [Letters(), Letters(), Letters("letters:2")]
    for inner, secret in zip(models, (SECRET, OTHER, SECRET), strict=True):
        CachedScorer(inner, cache, secret).score(["a"])
    assert all(inner.asked == [["a"]] for inner in models)
    assert len(cache) == 3


def test_a_cache_holds_no_text_and_needs_a_real_secret() -> None:
    cache = Stored()
    CachedScorer(Letters(), cache, SECRET).score(["a very private text"])
    (key,), (value,) = cache.items.keys(), cache.items.values()
    assert b"private" not in key + value
    assert len(key) == 32
    for secret in (b"", b"short"):
        with pytest.raises(ValueError, match="secret"):
            CachedScorer(Letters(), cache, secret)
    assert CacheKeys(b"x" * 64 + b"a", "s", "m").key(["t"]) != CacheKeys(b"x" * 64 + b"b", "s", "m").key(
        ["t"]
    )


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=())), min_size=2), max_size=6, unique_by=tuple)
)
def test_no_two_inputs_have_one_key(inputs: list[list[str]]) -> None:
    keys = {CacheKeys(SECRET, stage, model).key(parts) for stage, model, *parts in inputs}
    assert len(keys) == len(inputs)


def test_stage_model_and_parts_do_not_run_into_each_other() -> None:
    alike = [
        ("ab", "c", ["d"]),
        ("a", "bc", ["d"]),
        ("ab", "cd", []),
        ("ab", "c", ["d", ""]),
        ("ab", "", ["cd"]),
    ]
    assert len({CacheKeys(SECRET, stage, model).key(parts) for stage, model, parts in alike}) == len(alike)


@pytest.mark.parametrize("damage", [b"", b"NLs", b"NLs2" + bytes(8), bytes(100)])
def test_a_value_that_is_odd_is_scored_again(damage: bytes) -> None:
    inner, cache = Letters(), Stored()
    scorer = CachedScorer(inner, cache, SECRET)
    scorer.score(["a"])
    cache.put(dict.fromkeys(cache.items, damage))
    assert same(scorer.score(["a"])[0], columns("a"))
    assert same(scorer.score(["a"])[0], columns("a"))
    assert len(inner.asked) == 2


@given(st.binary(max_size=100), st.integers(0, 4), st.booleans())
def test_reading_never_fails(tail: bytes, tokens: int, headed: bool) -> None:
    head = HEAD.pack(b"NLs1", tokens, 6) if headed else b""
    found = unpack_scores(head + tail)
    assert found is None or (len(found) == tokens and len(tail) == 24 * tokens)


@pytest.mark.parametrize("wrong", ["double", "nan", "inf", "negative", "large"])
def test_what_would_not_come_back_exactly_is_not_kept(wrong: str) -> None:
    good = columns("abc")
    floats = {"double": 1 / 3, "nan": np.nan, "inf": np.inf}.get(wrong, 0.5)
    start = {"negative": -1, "large": 2**32}.get(wrong, 0)
    scores = TokenScores(good.starts + start, good.ends, good.logprob * 0 + floats, *good.columns[3:])
    assert pack_scores(scores) is None


def test_what_comes_back_cannot_be_written_to() -> None:
    scorer = CachedScorer(Letters(), MemoryCache(), SECRET)
    for _ in range(2):
        for column in scorer.score(["abc"])[0].columns:
            with pytest.raises(ValueError, match="read-only"):
                column[0] = 1


def test_traces_count_their_own_context_and_inner_ones_count_for_outer() -> None:
    scorer = CachedScorer(Letters(), MemoryCache(), SECRET)
    scorer.score(["outside"])
    with tracing() as outer:
        scorer.score(["outside", "a", "a"])
        with tracing() as inner:
            scorer.score(["a", "b"])
            other = Thread(target=scorer.score, args=(["another thread"],))
            other.start()
            other.join()
            copied = Thread(target=copy_context().run, args=(scorer.score, ["a"]))
            copied.start()
            copied.join()
        scorer.pool("a", [])
    assert (inner.found, inner.missed) == (2, 1)
    assert (outer.found, outer.missed) == (3, 3)


def test_threads_get_their_own_answers() -> None:
    scorer, barrier, wrong = CachedScorer(Letters(), MemoryCache(40_000), SECRET), Barrier(6), []

    def work(seed: int) -> None:
        draw = np.random.default_rng(seed)
        barrier.wait()
        for _ in range(100):
            texts = ["x" * n + str(n) for n in draw.integers(0, 60, 4)]
            wrong.extend(
                t for t, s in zip(texts, scorer.score(texts), strict=True) if not same(s, columns(t))
            )

    threads = [Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
