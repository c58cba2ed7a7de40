"""OpenDocument text (odt, ott)."""

from __future__ import annotations

from typing import Any

from neural_lab.reading.archive import Archive
from neural_lab.reading.content import Content
from neural_lab.reading.layout import CELL, LINE, paragraphs
from neural_lab.reading.limits import Budget
from neural_lab.reading.markup import Grammar, marked_text, parse, text_of
from neural_lab.reading.refusal import Refused

_MOST_SPACES = 100
_SKIPPED = "annotation tracked-changes note-citation title desc ruby-text forms math"
_MANIFEST, _META = "META-INF/manifest.xml", "meta.xml"


def _spaces(element: Any) -> str:
    """A run of spaces is stored as its length, which may be any number."""
    counts = [value for name, value in element.attrib.items() if name.endswith("}c")]
    return " " * min(int(counts[0]), _MOST_SPACES) if counts else " "


_GRAMMAR = Grammar(
    paragraphs=frozenset({"p", "h"}),
    table="table",
    row="table-row",
    cell="table-cell",
    apart=frozenset({"text-box", "note"}),
    skipped=frozenset(_SKIPPED.split()),
    marks={"s": _spaces, "tab": lambda _: CELL, "line-break": lambda _: LINE},
)


def read(archive: Archive, budget: Budget) -> Content:
    if _MANIFEST in archive.names and b"encryption-data" in archive.read(_MANIFEST):
        raise Refused("encrypted")
    root = parse(archive.read("content.xml"))
    body = next(root.iter("{*}body"))
    return Content(paragraphs(marked_text(body, _GRAMMAR, budget)), _title(archive) or text_of(body, "h"))


def _title(archive: Archive) -> str:
    return text_of(parse(archive.read(_META)), "title") if _META in archive.names else ""
