"""Word files (docx, docm, dotx), read from their XML.

Tracked insertions, content controls, text boxes and notes are text that the
reader of the page sees, and all of them lie outside what python-docx calls a
paragraph's text; deletions are not text any more.
"""

from __future__ import annotations

import posixpath
from typing import Any

from neural_lab.reading.archive import Archive
from neural_lab.reading.content import Content
from neural_lab.reading.layout import CELL, LINE, PARAGRAPH, paragraphs
from neural_lab.reading.limits import Budget
from neural_lab.reading.markup import Grammar, local_name, marked_text, parse, text_of

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
    notes = [posixpath.join(posixpath.dirname(main), name) for name in _NOTES]
    roots = [body, *(parse(archive.read(part)) for part in notes if part in archive.names)]
    marked = PARAGRAPH.join(marked_text(root, _GRAMMAR, budget) for root in roots)
    return Content(paragraphs(marked), _title(archive) or _first_heading(body, budget))


def _main_part(archive: Archive) -> str:
    """Its usual name is word/document.xml, but only the relationship says so."""
    relations = parse(archive.read("_rels/.rels"))
    targets = [r.get("Target") for r in relations if r.get("Type", "").endswith("/officeDocument")]
    return str(targets[0]).lstrip("/")


def _title(archive: Archive) -> str:
    return text_of(parse(archive.read(_PROPERTIES)), "title") if _PROPERTIES in archive.names else ""


def _first_heading(body: Any, budget: Budget) -> str:
    """By style: files of a Word that speaks another language name their styles in it, and have none."""
    for style in body.iter("{*}pStyle"):
        if style.get(style.tag.replace("pStyle", "val")) in _TITLE_STYLES:
            paragraph = style.getparent().getparent()
            return marked_text(paragraph, _GRAMMAR, budget) if local_name(paragraph) == "p" else ""
    return ""
