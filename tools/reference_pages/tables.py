"""Markdown that reads the same in a repository's view and on the site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "neural_lab"
MADE = "<!-- Written by tools/reference.py from the code: run it again instead of editing this page. -->"
_LINKED = re.compile(r"`{0,1}docs/([a-z_]+)\.md`{0,1}")


def page(title: str, *parts: str) -> str:
    """A whole page; parts are separated by blank lines."""
    return "\n\n".join((MADE, f"# {title}", *(part.strip("\n") for part in parts if part))) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table, or nothing at all where it would have no row."""
    lines = ["| " + " | ".join(cell(each) for each in row) + " |" for row in rows]
    rule = "|" + "---|" * len(heads)
    return "\n".join(("| " + " | ".join(heads) + " |", rule, *lines)) if lines else ""


def cell(value: object) -> str:
    """One line; a bar would end the cell."""
    return " ".join(str(value).split()).replace("|", "\\|")


def code(value: object) -> str:
    """A bar in code is written in ways that differ; as an entity it is a bar everywhere."""
    if "|" in str(value):
        return f"<code>{escape(str(value)).replace('|', '&#124;')}</code>"
    return f"`{value}`" if str(value) else ""


def plain(text: str) -> str:
    """Words of a docstring as Markdown: pages of the docs become links, angle brackets stay what they are."""
    linked = _LINKED.sub(lambda found: f"[{found[1]}](../{found[1]}.md)", text)
    return re.sub(r"<(?=[A-Za-z/])", "&lt;", linked)


def paragraphs(text: str | None) -> str:
    """A docstring's paragraphs without its indentation."""
    parts = re.split(r"\n\s*\n", (text or "").strip())
    return "\n\n".join(plain(" ".join(part.split())) for part in parts if part)


def within(path: Path) -> str:
    """A file by its path in the repository."""
    return path.relative_to(ROOT).as_posix()
