"""Word files (docx, docm, dotx), read from their XML.

Tracked insertions, content controls, text boxes and notes are text that the
reader of the page sees, and all of them lie outside what python-docx calls a
paragraph's text; deletions are not text any more.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from neural_lab.reading.archive import Archive
from neural_lab.reading.content import Content
from neural_lab.reading.layout import CELL, LINE, PARAGRAPH
from neural_lab.reading.limits import Budget
from neural_lab.reading.markup import Grammar, attribute, local_name, marked_text, parse, text_of
from neural_lab.reading.styles import Style, quoting

_SKIPPED = "pPr rPr sdtPr tblPr sectPr del moveFrom Fallback oMath oMathPara rt"
_GRAMMAR = Grammar(
    paragraphs=frozenset({"p"}),
    table="tbl",
    row="tr",
    cell="tc",
    apart=frozenset({"txbxContent"}),
    skipped=frozenset(_SKIPPED.split()),
    marks={
        "tab": lambda _: CELL,
        "br": lambda _: LINE,
        "cr": lambda _: LINE,
        "noBreakHyphen": lambda _: "\u2011",
        "softHyphen": lambda _: "\xad",
    },
    texts=frozenset({"t"}),
)
_NOTES = ("footnotes.xml", "endnotes.xml")
_TITLE_STYLES = ("Title", "Heading1")
_PROPERTIES = "docProps/core.xml"


def read(archive: Archive, budget: Budget) -> Content:
    main = _main_part(archive)
    body = parse(archive.read(main))
    grammar = replace(_GRAMMAR, quoted=_quoting(archive, main))
    notes = [posixpath.join(posixpath.dirname(main), name) for name in _NOTES]
    roots = [body, *(parse(archive.read(part)) for part in notes if part in archive.names)]
    marked = PARAGRAPH.join(marked_text(root, grammar, budget) for root in roots)
    return Content.of(marked, _title(archive) or _first_heading(body, budget))


def _main_part(archive: Archive) -> str:
    """Its usual name is word/document.xml, but only the relationship says so."""
    relations = parse(archive.read("_rels/.rels"))
    targets = [r.get("Target") for r in relations if r.get("Type", "").endswith("/officeDocument")]
    return str(targets[0]).lstrip("/")


def _title(archive: Archive) -> str:
    return text_of(parse(archive.read(_PROPERTIES)), "title") if _PROPERTIES in archive.names else ""


def _quoting(archive: Archive, main: str) -> Callable[[Any], bool]:
    part = posixpath.join(posixpath.dirname(main), "styles.xml")
    quoted = quoting(_styles(parse(archive.read(part)))) if part in archive.names else quoting(())
    return lambda paragraph: quoted(_value(paragraph, "{*}pPr/{*}pStyle"))


def _styles(root: Any) -> Iterator[Style]:
    """Word's own styles are named in English here, whatever language it speaks."""
    for style in root.iter("{*}style"):
        yield Style(attribute(style, "styleId"), _value(style, "{*}name"), _value(style, "{*}basedOn"))


def _value(element: Any, path: str) -> str:
    """The attribute `val` of what is found at `path`."""
    found = element.find(path)
    return "" if found is None else attribute(found, "val")


def _first_heading(body: Any, budget: Budget) -> str:
    """By style: files of a Word that speaks another language name their styles in it, and have none."""
    for style in body.iter("{*}pStyle"):
        if style.get(style.tag.replace("pStyle", "val")) in _TITLE_STYLES:
            paragraph = style.getparent().getparent()
            return marked_text(paragraph, _GRAMMAR, budget) if local_name(paragraph) == "p" else ""
    return ""
