"""XML of word processors: one walk, steered by a grammar per format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from neural_lab.reading.layout import CELL, LINE, PARAGRAPH, QUOTE, UNQUOTE, squeeze
from neural_lab.reading.limits import Budget


@dataclass(frozen=True, slots=True)
class Grammar:
    """Local names of elements, and what they mean for the text.

    `apart` elements (text boxes, notes) stand inside a paragraph without being
    part of it: they follow it. Only `texts` hold text; without any, all do.
    `quoted` says of a paragraph whether it is a quotation.
    """

    paragraphs: frozenset[str]
    table: str
    row: str
    cell: str
    apart: frozenset[str]
    skipped: frozenset[str]
    marks: Mapping[str, Callable[[Any], str]]
    texts: frozenset[str] = frozenset()
    quoted: Callable[[Any], bool] = lambda _: False


def parse(data: bytes) -> Any:
    """Root of an XML file; entities stay unexpanded and nothing is fetched."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    return etree.fromstring(data, parser)


def local_name(element: Any) -> str:
    """Empty for what is no element (entities, processing instructions)."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Value of the attribute of that local name, or nothing."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def text_of(root: Any, name: str) -> str:
    """Text of the first element of that local name, or nothing."""
    return squeeze("".join(next(root.iter(f"{{*}}{name}")).itertext(tag="*"))) if _has(root, name) else ""


def _has(root: Any, name: str) -> bool:
    return next(root.iter(f"{{*}}{name}"), None) is not None


def marked_text(root: Any, grammar: Grammar, budget: Budget) -> str:
    return "".join(_Walk(grammar, budget).inside(root))


@dataclass(slots=True)
class _Walk:
    grammar: Grammar
    budget: Budget
    apart: list[str] = field(default_factory=list)

    def inside(self, element: Any) -> Iterator[str]:
        self.budget.tick()
        texts = self.grammar.texts
        if not texts or local_name(element) in texts:
            yield squeeze(element.text or "") if not texts else (element.text or "").replace("\n", " ")
        for child in element:
            yield from self.child(child)
            if not texts:
                yield squeeze(child.tail or "")

    def child(self, element: Any) -> Iterator[str]:
        name, grammar = local_name(element), self.grammar
        if not name or name in grammar.skipped:
            return
        if name in grammar.marks:
            yield grammar.marks[name](element)
        elif name in grammar.apart:
            self.apart.append("".join(_Walk(grammar, self.budget).inside(element)))
        elif name in grammar.paragraphs or name == grammar.table:
            yield from self.block(element)
        elif name == grammar.cell:
            yield "".join(self.inside(element)).strip(PARAGRAPH) + CELL
        else:
            yield from self.inside(element)
            yield LINE if name == grammar.row else ""

    def block(self, element: Any) -> Iterator[str]:
        quoted = self.grammar.quoted(element)
        yield PARAGRAPH + (QUOTE if quoted else "")
        yield from self.inside(element)
        yield (UNQUOTE if quoted else "") + PARAGRAPH
        yield from (part for text in self.apart for part in (text, PARAGRAPH))
        self.apart.clear()
