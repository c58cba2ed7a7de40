"""Columns from a cache: exactly those of the model, under names that nobody can guess, in their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import copy_context
from threading import Barrier, Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.backends.bundle import Bundle
from neural_lab.backends.cache_key import CacheKeys
from neural_lab.backends.cache_trace import tracing
from neural_lab.backends.cached_windows import CachedWindows, Columns, Read
from neural_lab.backends.memory_cache import MemoryCache
from neural_lab.backends.packed import HEAD, pack_columns, unpack_columns
from neural_lab.compose import EMBEDDED
from neural_lab.errors import ScoringFailed

SECRET, OTHER = b"s" * 32, b"t" * 32
TEXTS = ["One text.", "a", "Another, longer text.", "漢字 \U0001f600"]


class Letters:
    """A model of letters that remembers what it was asked, and fails on `bad` texts."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, reads: list[Read]) -> list[Columns]:
        texts = ["".join(map(chr, read.tokens)) for read in reads]
        self.asked.append(texts)
        if "bad" in texts:
            raise ScoringFailed("model_failed", "The language model could not read this text.")
        return [columns(text)[:, read.skipped :] for text, read in zip(texts, reads, strict=True)]


class Windows:
    """Texts as windows, in a cache before a model of letters."""

    def __init__(
        self, inner: Letters, cache: MemoryCache, secret: bytes, identity: str = "letters:1"
    ) -> None:
        self._inner, self._cached = inner, CachedWindows(cache, secret, identity)

    def score(self, texts: Sequence[str], skipped: int = 0) -> list[Columns]:
        return self._cached.columns([read(text, skipped) for text in texts], self._inner)


def read(text: str, skipped: int = 0) -> Read:
    return Read(np.array([ord(letter) for letter in text], np.int64), skipped)


class Stored(MemoryCache):
    """A cache whose contents can be looked at and exchanged."""

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[bytes, bytes] = {}

    def put(self, items: Mapping[bytes, bytes]) -> None:
        super().put(items)
        self.items |= items


def columns(text: str) -> Columns:
    """Numbers that depend on every letter, in single precision."""
    codes = np.array([ord(letter) for letter in text], np.float64)
    rows = [np.sin(codes * k + np.arange(len(text))) for k in range(4)]
    return np.array(rows, dtype=np.float32)


def same(left: Columns, right: Columns) -> bool:
    return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()


def test_the_second_answer_is_the_first_to_the_last_bit() -> None:
    inner = Letters()
    scorer = Windows(inner, MemoryCache(), SECRET)
    for _ in range(2):
        assert all(map(same, scorer.score(TEXTS), map(columns, TEXTS)))
    assert inner.asked == [TEXTS]
    assert scorer.score([]) == []


def test_what_is_skipped_is_part_of_the_name() -> None:
    scorer = Windows(Letters(), MemoryCache(), SECRET)
    for skipped in (0, 2, 0):
        assert same(scorer.score(["letters"], skipped)[0], columns("letters")[:, skipped:])


def test_only_what_is_missing_is_scored_once_and_put_in_its_place() -> None:
    inner = Letters()
    scorer = Windows(inner, MemoryCache(), SECRET)
    scorer.score(["b", "d"])
    texts = ["a", "b", "c", "a", "d", "c"]
    assert all(map(same, scorer.score(texts), map(columns, texts)))
    assert inner.asked == [["b", "d"], ["a", "c"]]


def test_an_error_keeps_nothing() -> None:
    inner, cache = Letters(), MemoryCache()
    scorer = Windows(inner, cache, SECRET)
    for _ in range(2):
        with pytest.raises(ScoringFailed):
            scorer.score(["good", "bad"])
    assert len(cache) == 0
    scorer.score(["good"])
    assert len(inner.asked) == 3


def test_a_wrong_number_of_answers_is_an_error_and_keeps_nothing() -> None:
    class Short(Letters):
        def __call__(self, reads: list[Read]) -> list[Columns]:
            return super().__call__(reads)[:-1]

    cache = MemoryCache()
    with pytest.raises(ValueError, match="shorter"):
        Windows(Short(), cache, SECRET).score(["a", "b"])
    assert len(cache) == 0


def test_another_secret_or_model_shares_nothing() -> None:
    cache, models = MemoryCache(), [Letters(), Letters(), Letters()]
    known = ((SECRET, "letters:1"), (OTHER, "letters:1"), (SECRET, "letters:2"))
    for inner, (secret, identity) in zip(models, known, strict=True):
        Windows(inner, cache, secret, identity).score(["a"])
    assert all(inner.asked == [["a"]] for inner in models)
    assert len(cache) == 3


def test_a_cache_holds_no_text_and_needs_a_real_secret() -> None:
    cache = Stored()
    Windows(Letters(), cache, SECRET).score(["a very private text"])
    (key,), (value,) = cache.items.keys(), cache.items.values()
    assert b"private" not in key + value
    assert len(key) == 32
    for secret in (b"", b"short"):
        with pytest.raises(ValueError, match="secret"):
            Windows(Letters(), cache, secret)
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


@pytest.mark.parametrize("damage", [b"", b"NLw", b"NLw2" + bytes(8), bytes(100)])
def test_a_value_that_is_odd_is_scored_again(damage: bytes) -> None:
    inner, cache = Letters(), Stored()
    scorer = Windows(inner, cache, SECRET)
    scorer.score(["a"])
    cache.put(dict.fromkeys(cache.items, damage))
    assert same(scorer.score(["a"])[0], columns("a"))
    assert same(scorer.score(["a"])[0], columns("a"))
    assert len(inner.asked) == 2


@given(st.binary(max_size=100), st.integers(0, 4), st.booleans())
def test_reading_never_fails(tail: bytes, tokens: int, headed: bool) -> None:
    head = HEAD.pack(b"NLw1", 4, tokens) if headed else b""
    found = unpack_columns(head + tail)
    assert found is None or (found.shape == (4, tokens) and len(tail) == 16 * tokens)


@pytest.mark.parametrize("wrong", ["double", "nan", "inf", "flat"])
def test_what_would_not_come_back_exactly_is_not_kept(wrong: str) -> None:
    good = columns("abc")
    odd = {"double": good.astype(np.float64), "nan": good * np.nan, "inf": good + np.inf, "flat": good[0]}
    assert pack_columns(odd[wrong]) is None


def test_what_comes_back_from_a_cache_cannot_be_written_to() -> None:
    scorer = Windows(Letters(), MemoryCache(), SECRET)
    scorer.score(["abc"])
    with pytest.raises(ValueError, match="read-only"):
        scorer.score(["abc"])[0][0] = 1


def test_traces_count_their_own_context_and_inner_ones_count_for_outer() -> None:
    scorer = Windows(Letters(), MemoryCache(), SECRET)
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
    assert (inner.found, inner.missed) == (2, 1)
    assert (outer.found, outer.missed) == (3, 2)


def test_threads_get_their_own_answers() -> None:
    scorer, barrier, wrong = Windows(Letters(), MemoryCache(40_000), SECRET), Barrier(6), []

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


def test_an_edit_in_the_middle_costs_the_windows_around_it() -> None:
    text = " ".join(f"Sentence {n} of a text that is long enough, or so it seems." for n in range(400))
    edited = text.replace("Sentence 200 of", "A sentence, number 200, in")
    cached, plain = Bundle(EMBEDDED).scorer(1, MemoryCache(), SECRET), Bundle(EMBEDDED).scorer(1)
    with tracing() as first:
        cached.score([text])
    with tracing() as second:
        (found,) = cached.score([edited])
    (expected,) = plain.score([edited])
    assert all(np.array_equal(a, b) for a, b in zip(found.columns, expected.columns, strict=True))
    assert second.missed <= 4 < first.missed
