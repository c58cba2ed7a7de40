"""The shell of the page: its frame, in the words of the page, with what it has to know at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

FOLDER = Path(str(files("neural_lab.web")))
STATIC = FOLDER / "static"
LANGUAGE = "en"
NAVIGATION = ("check", "integrity", "pages", "cohort", "history", "library", "trail", "settings", "account")
HIDDEN = frozenset({"account"})
"""Shown by the page once it knows that somebody is logged in."""


def shell(*, accounts: bool, sign_up: bool, keeps: bool) -> str:
    """The HTML of the page for a service with such settings."""
    words = _words()
    said = {key: escape(words[key]) for key in ("brand", "skip", "navigation", "noscript")}
    flags = {"accounts": accounts, "sign_up": sign_up, "keeps": keeps}
    return _template().substitute(
        said,
        **{name: str(int(value)) for name, value in flags.items()},
        language=LANGUAGE,
        styles=_styles(),
        links="\n".join(_link(name, words["views"]) for name in NAVIGATION),
    )


def tints() -> str:
    """A rule for every whole percent: the policy of the page allows no style attributes."""
    return "\n".join(f".p{percent}{{--p:{percent / 100:g}}}" for percent in range(101))


def _link(name: str, views: Mapping[str, str]) -> str:
    hidden = " hidden" if name in HIDDEN else ""
    return f'<li><a href="#/{name}" data-view="{name}"{hidden}>{escape(views[name])}</a></li>'


def _styles() -> str:
    sheets = sorted(path.name for path in (STATIC / "css").glob("*.css"))
    names = [f"/static/css/{name}" for name in sheets]
    return "\n".join(f'<link rel="stylesheet" href="{name}">' for name in (*names, "/tints.css"))


@cache
def _words() -> Any:
    return json.loads((STATIC / "strings" / f"{LANGUAGE}.json").read_text("utf-8"))


@cache
def _template() -> Template:
    return Template((FOLDER / "shell.html").read_text("utf-8"))
