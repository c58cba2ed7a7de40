"""Kinds of settings that need more than a type; what is wrong with one is said without its value."""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

ANY = "*"


def _rate(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,8}/[1-9][0-9]{0,5}", text):
        raise ValueError("it has to be HITS/SECONDS, as 100/60")
    return text


def _network(text: str) -> str:
    with suppress(ValueError):
        return str(ipaddress.ip_network(text, strict=False))
    raise ValueError("each has to be an address or a network, as 10.0.0.0/8") from None


def _host(text: str) -> str:
    name = text.lower().strip("[]")
    with suppress(ValueError):
        return str(ipaddress.ip_address(name))
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", name):
        raise ValueError("each has to be a name without scheme and port, as lab.example.org")
    return name


def _page(text: str) -> str:
    """As browsers write an origin."""
    with suppress(ValueError):
        parts = urlsplit(text)
        whole = f"{parts.scheme}://{parts.netloc}"
        if text == ANY or (parts.scheme in ("http", "https") and _is_origin(text, whole)):
            return text.lower()
    raise ValueError("each has to be an origin, as https://lab.example.org, or *") from None


def _is_origin(text: str, whole: str) -> bool:
    return text.lower() == whole.lower() and re.fullmatch(r"https?://[^\s@/]+", whole.lower()) is not None


def _words(value: Any) -> Any:
    """In the environment a list is written with commas."""
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


Rate = Annotated[str, AfterValidator(_rate)]
Networks = Annotated[list[Annotated[str, AfterValidator(_network)]], NoDecode, BeforeValidator(_words)]
Hosts = Annotated[list[Annotated[str, AfterValidator(_host)]], NoDecode, BeforeValidator(_words)]
Pages = Annotated[list[Annotated[str, AfterValidator(_page)]], NoDecode, BeforeValidator(_words)]
