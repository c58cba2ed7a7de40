"""Texts that PostgreSQL cannot hold, written in letters that it can: NUL and lone surrogates.

Each becomes two characters, a noncharacter that texts do not contain and one that says
what it was. Others stay as they are, so the text can be searched and takes no more room.
"""

import re
from collections.abc import Mapping
from typing import Any

MARK = "\ufdd0"
_PRIVATE = 0xE000
"""What is marked is written as a private character: first surrogates, then NUL, then the mark itself."""
_CODES = {0: _PRIVATE + 0x800, ord(MARK): _PRIVATE + 0x801}
_CODES |= {0xD800 + each: _PRIVATE + each for each in range(0x800)}
_WRITTEN = {code: MARK + chr(private) for code, private in _CODES.items()}
_READ = {chr(private): chr(code) for code, private in _CODES.items()}
_ODD = re.compile(f"[\0{MARK}\ud800-\udfff]")
_MARKED = re.compile(f"{MARK}(.)", re.DOTALL)


def escaped(text: str) -> str:
    """`text` as it is stored; no two texts are stored alike."""
    if text.isascii() and "\0" not in text:
        return text
    return _ODD.sub(lambda found: _WRITTEN[ord(found[0])], text)


def plain(stored: str) -> str:
    """The text that was stored."""
    return _MARKED.sub(lambda found: _READ[found[1]], stored) if MARK in stored else stored


def fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a row, with the texts that were stored."""
    return {name: plain(value) if isinstance(value, str) else value for name, value in row.items()}
