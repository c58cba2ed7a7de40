"""Passwords, names, and what is drawn: one form for every keyboard, and nothing kept that could be read."""

from __future__ import annotations

import asyncio
import threading
import time
import unicodedata

import pytest
from helpers import needed

needed("argon2")
needed("anyio")

from neural_lab.account import User
from neural_lab.api import passwords
from neural_lab.api.names import folded, user_name
from neural_lab.api.passwords import (
    AT_ONCE,
    MOST_WAITING,
    digest_of,
    hashed,
    in_turn,
    matches,
    new_key,
    new_session,
)
from neural_lab.errors import InvalidRequest, Overloaded

GOOD = "correct horse battery"


def test_a_password_is_kept_as_a_salted_hash() -> None:
    one, two = hashed(GOOD), hashed(GOOD)
    assert one != two
    assert one.startswith("$argon2id$")
    assert GOOD not in one
    assert matches(GOOD, one)
    assert not matches(GOOD + " ", one)


@pytest.mark.parametrize("password", ["", "short", "123456789", "x" * 257, "ﬀ" * 129])
def test_a_password_has_ten_to_256_characters(password: str) -> None:
    with pytest.raises(InvalidRequest) as failure:
        hashed(password)
    assert failure.value.code == "password"
    assert "10 to 256" in failure.value.message
    assert not password or password not in failure.value.message


def test_a_password_is_the_same_from_every_keyboard() -> None:
    kept = hashed("Übergrößenträger")
    assert matches(unicodedata.normalize("NFD", "Übergrößenträger"), kept)
    assert not matches("übergrößenträger", kept)


@pytest.mark.parametrize("password", ["\ud800" * 12, "\0" * 12, "a" * 10 + "\udcff", "漢" * 256])
def test_any_characters_make_a_password(password: str) -> None:
    kept = hashed(password)
    assert matches(password, kept)
    assert not matches(password[:-1] + "!", kept)


@pytest.mark.parametrize("kept", [None, "", "no hash", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"])
def test_without_a_hash_nothing_matches(kept: str | None) -> None:
    assert matches(GOOD, kept) is False
    assert matches("", kept) is False


def test_a_name_that_nobody_has_takes_as_long_as_a_wrong_password() -> None:
    kept = hashed(GOOD)
    taken = [min(_seconds(value) for _ in range(3)) for value in (kept, None)]
    assert 0.5 < taken[0] / taken[1] < 2


def _seconds(kept: str | None) -> float:
    begun = time.perf_counter()
    assert not matches("a wrong password", kept)
    return time.perf_counter() - begun


def test_only_a_few_hashes_are_made_at_once_and_all_get_their_turn() -> None:
    lock, now, most = threading.Lock(), [0], [0]

    def work(number: int) -> int:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.01)
        with lock:
            now[0] -= 1
        return number

    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(in_turn(work, number) for number in range(12)))

    for _ in range(2):  # Every event loop has turns of its own.
        assert asyncio.run(all_of_them()) == [*range(12)]
    assert most[0] == AT_ONCE


def test_those_who_would_wait_too_long_are_told_at_once() -> None:
    async def all_of_them() -> list[object]:
        turns = (in_turn(time.sleep, 0.01) for _ in range(AT_ONCE + MOST_WAITING + 3))
        return await asyncio.gather(*turns, return_exceptions=True)

    refused = [each for each in asyncio.run(all_of_them()) if each is not None]
    assert [type(each) for each in refused] == [Overloaded] * 3


def test_what_is_drawn_is_long_and_never_the_same() -> None:
    drawn = [draw() for draw in (new_session, new_key) for _ in range(100)]
    assert len({*drawn}) == 200
    assert min(map(len, drawn)) >= 43
    assert all(key.startswith("nlk_") for key in drawn[100:])


def test_a_digest_needs_the_secret_and_tells_nothing_of_the_key() -> None:
    assert digest_of("a", b"1" * 32) == digest_of("a", b"1" * 32)
    assert len({digest_of(key, secret) for key in "ab" for secret in (b"1" * 32, b"2" * 32)}) == 4
    assert len(digest_of("\ud800" * 10_000, b"1" * 32)) == 32


def test_a_user_shows_no_hash() -> None:
    assert "argon2" not in repr(User(1, "ada", "$argon2id$secret", False, "2026-01-01T00:00:00Z"))


@pytest.mark.parametrize(
    "typed", ["ada", "Ada", "ａｄａ", "ada\u0301", "adá", "ﬁnn", "a.b+c@d-e_f", "李明", "हिन्दी"]
)
def test_a_name_has_one_form(typed: str) -> None:
    kept = user_name(typed)
    assert kept == user_name(kept) == unicodedata.normalize("NFKC", typed)
    assert folded(typed) == folded(kept) == kept.casefold()


@pytest.mark.parametrize(
    "typed",
    ["", "a", "a" * 65, "a b", "ada\n", "ada\u200d", "a\0b", "<b>", "ada\u202e", "\ud800da", "a/b", "‿‿"],
)
def test_what_cannot_be_seen_or_typed_is_no_name(typed: str) -> None:
    with pytest.raises(InvalidRequest) as failure:
        user_name(typed)
    assert failure.value.code == "name"


@pytest.mark.parametrize(
    ("one", "other"), [("Ada", "aDA"), ("ａｄａ", "ADA"), ("STRASSE", "straße"), ("ﬁnn", "FINN"), ("Å", "Å")]
)
def test_names_that_are_one_name_count_as_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_the_hash_of_nobody_is_as_costly_as_any() -> None:
    assert not passwords._HASHER.check_needs_rehash(passwords._NOBODY)
