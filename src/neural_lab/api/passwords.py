"""Passwords, sessions and keys: argon2 for what people choose, keyed digests for what we draw."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from hashlib import blake2b
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from neural_lab.errors import InvalidRequest, Overloaded

SHORTEST, LONGEST = 10, 256
KEY_PREFIX = "nlk_"
AT_ONCE, MOST_WAITING = 2, 32
"""A hash takes 64 MiB and a processor: more of them wait, and hold no thread that others need."""

Result = TypeVar("Result")

_HASHER = PasswordHasher()
# Compared with when nobody has the name, so that the time tells nothing.
_NOBODY = _HASHER.hash(secrets.token_hex(16))


class _Turns:
    def __init__(self) -> None:
        self.limiter, self.inside = CapacityLimiter(AT_ONCE), 0


_TURNS: RunVar[_Turns] = RunVar("neural_lab_passwords")


def hashed(password: str) -> str:
    """Raises `InvalidRequest` for a password that is too short or too long."""
    plain = unicodedata.normalize("NFKC", password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise InvalidRequest("password", f"A password has {SHORTEST} to {LONGEST} characters.")
    return _HASHER.hash(_bytes(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was hashed; as slow without one."""
    try:
        return _HASHER.verify(kept or _NOBODY, _bytes(password)) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


async def in_turn(work: Callable[..., Result], *given: object) -> Result:
    """What hashes passwords, in a thread when it is its turn. Raises `Overloaded` when too many wait."""
    turns = _turns()
    if turns.inside >= AT_ONCE + MOST_WAITING:
        raise Overloaded("too_many_at_once", "Too many people log in at once.", 5)
    turns.inside += 1
    try:
        return await run_sync(work, *given, limiter=turns.limiter)
    finally:
        turns.inside -= 1


def _turns() -> _Turns:
    """Those of the event loop that asks."""
    try:
        return _TURNS.get()
    except LookupError:
        _TURNS.set(_Turns())
        return _TURNS.get()


def new_session() -> str:
    return secrets.token_urlsafe(32)


def new_key() -> str:
    return KEY_PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str, key: bytes) -> bytes:
    """What is stored of a secret."""
    return blake2b(secret.encode("utf-8", "surrogatepass"), key=key[:64], digest_size=32).digest()


def _bytes(password: str) -> bytes:
    """The same for every keyboard: one composed form."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
