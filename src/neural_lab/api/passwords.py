"""Passwords, sessions and keys: argon2 for what people choose, keyed digests for what we draw."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from neural_lab.errors import InvalidRequest

SHORTEST, LONGEST = 10, 256
KEY_PREFIX = "nlk_"

_HASHER = PasswordHasher()
# Compared with when nobody has the name, so that the time tells nothing.
_NOBODY = _HASHER.hash(secrets.token_hex(16))


def hashed(password: str) -> str:
    """Raises `InvalidRequest` for a password that is too short or too long."""
    plain = _plain(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise InvalidRequest("password", f"A password has {SHORTEST} to {LONGEST} characters.")
    return _HASHER.hash(plain)


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was hashed; as slow without one."""
    try:
        return _HASHER.verify(kept or _NOBODY, _plain(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def new_session() -> str:
    return secrets.token_urlsafe(32)


def new_key() -> str:
    return KEY_PREFIX + secrets.token_urlsafe(32)


def _plain(password: str) -> str:
    """The same for every keyboard: one composed form."""
    return unicodedata.normalize("NFKC", password)
