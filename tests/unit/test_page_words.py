"""The words of the page: all that are used are there, and all that are there are used."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from neural_lab.web.shell import STATIC

MODULES = sorted(path for path in (STATIC / "js").rglob("*.js"))
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(\"style|https?://(?!www\.w3\.org/2000/svg)"
)
USED = re.compile(r"""\bt\(\s*(?P<quote>["`])(?P<key>[\w.]+)(?P<open>\$\{)?""")
QUOTED = re.compile(r"""["`]([a-z_]+(?:\.[\w]+)+)["`$]""")
ENDED = re.compile(r"\bt\(`\$\{\w+\}(\.\w+)`")
PLURAL = {"one", "other"}


def keys(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict) and not set(value) <= PLURAL:
            yield from keys(value, f"{prefix}{name}.")
        else:
            yield prefix + name


KNOWN = set(keys(json.loads((STATIC / "strings" / "en.json").read_text("utf-8"))))
SOURCE = "\n".join(path.read_text("utf-8") for path in MODULES)


def test_every_word_that_is_asked_for_is_there() -> None:
    asked = {found["key"] for found in USED.finditer(SOURCE) if not found["open"] and found["quote"] == '"'}
    assert asked - KNOWN == set()


def test_no_word_is_left_over() -> None:
    begun = {found["key"] for found in USED.finditer(SOURCE) if found["open"]}
    named = {found[1] for found in QUOTED.finditer(SOURCE)} | {
        found["key"] for found in USED.finditer(SOURCE)
    }
    shell = ("brand", "skip", "navigation", "noscript", "views.")
    ended = tuple(set(ENDED.findall(SOURCE)))
    left = {key for key in KNOWN - named if not (key.startswith((*begun, *shell)) or key.endswith(ended))}
    assert left == set()


def test_text_never_becomes_markup_and_nothing_is_fetched_from_elsewhere() -> None:
    found = {path.name: FORBIDDEN.findall(path.read_text("utf-8")) for path in MODULES}
    assert {name: hits for name, hits in found.items() if hits} == {}
