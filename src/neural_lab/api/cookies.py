"""The cookies of a session, and of a browser in which somebody has logged in before."""

from __future__ import annotations

import secrets
from hmac import compare_digest

from fastapi import Request, Response

from neural_lab.api.config import ServeConfig
from neural_lab.api.names import folded
from neural_lab.api.passwords import digest_of

SESSION, KNOWN = "neural_lab_session", "neural_lab_known"
KNOWN_DAYS, NONCE, PROOF = 365, 12, 32


def cookie_name(config: ServeConfig, name: str) -> str:
    """Over HTTPS with a prefix by which browsers let no other host, not even a neighbouring one, set it."""
    return f"__Host-{name}" if config.secure else name


def given(request: Request, config: ServeConfig, name: str) -> str | None:
    return request.cookies.get(cookie_name(config, name))


def put(response: Response, config: ServeConfig, name: str, value: str, days: int) -> None:
    """Scripts cannot read it, and requests that other sites make don't carry it."""
    response.set_cookie(
        cookie_name(config, name),
        value,
        max_age=days * 86_400,
        path="/",
        secure=config.secure,
        httponly=True,
        samesite="strict",
    )


def take(response: Response, config: ServeConfig, name: str) -> None:
    response.delete_cookie(
        cookie_name(config, name), path="/", secure=config.secure, httponly=True, samesite="strict"
    )


def new_known(name: str, key: bytes) -> str:
    """For the browser in which the user of a name has logged in: it proves that, and names nobody."""
    drawn = secrets.token_hex(NONCE)
    nonce = f"{drawn}-{_seal(drawn, key)}"
    return f"{nonce}.{_proof(nonce, name, key)}"


def known(value: str | None, name: str, key: bytes) -> str | None:
    """What counts the attempts of such a browser on such a name; None for any other."""
    nonce, _, proof = (value or "").partition(".")
    right = compare_digest(proof.encode(), _proof(nonce, name, key).encode())
    return nonce if right else None


def browser(value: str | None, key: bytes) -> str | None:
    """What tells such a browser from others, whoever's it is; None for any other."""
    nonce = (value or "").partition(".")[0]
    drawn, _, seal = nonce.partition("-")
    return nonce if compare_digest(seal.encode(), _seal(drawn, key).encode()) else None


def _seal(drawn: str, key: bytes) -> str:
    return digest_of(f"browser:{drawn}", key).hex()[:PROOF]


def _proof(nonce: str, name: str, key: bytes) -> str:
    return digest_of(f"known:{nonce}:{folded(name)}", key).hex()[:PROOF]
