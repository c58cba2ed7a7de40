"""OpenDocument text (odt, ott)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from neural_lab.reading.archive import Archive
from neural_lab.reading.content import Content
from neural_lab.reading.layout import CELL, LINE
from neural_lab.reading.limits import Budget
from neural_lab.reading.markup import Grammar, attribute, marked_text, parse, text_of
from neural_lab.reading.refusal import Refused
from neural_lab.reading.styles import Style, quoting

_MOST_SPACES = 100
_SKIPPED = "annotation tracked-changes note-citation title desc ruby-text forms math"
_MANIFEST, _META, _STYLES = "META-INF/manifest.xml", "meta.xml", "styles.xml"


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
    grammar = replace(_GRAMMAR, quoted=_quoting(archive, root))
    return Content.of(marked_text(body, grammar, budget), _title(archive) or text_of(body, "h"))


def _quoting(archive: Archive, root: Any) -> Callable[[Any], bool]:
    """Direct formatting makes a style of its own, derived from the one that the writer chose."""
    # Those of the text come last: they may have the names that headers and footers give to theirs.
    roots = (parse(archive.read(_STYLES)), root) if _STYLES in archive.names else (root,)
    quoted = quoting(style for each in roots for style in _styles(each))
    return lambda paragraph: quoted(attribute(paragraph, "style-name"))


def _styles(root: Any) -> Iterator[Style]:
    for style in root.iter("{*}style"):
        if attribute(style, "family") == "paragraph":
            name = attribute(style, "name")
            yield Style(name, attribute(style, "display-name"), attribute(style, "parent-style-name"))


def _title(archive: Archive) -> str:
    return text_of(parse(archive.read(_META)), "title") if _META in archive.names else ""
