"""Web pages: what a reader sees, block by block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from neural_lab.reading.content import Content
from neural_lab.reading.layout import CELL, LINE, PARAGRAPH, QUOTE, UNQUOTE, squeeze
from neural_lab.reading.limits import Budget
from neural_lab.reading.refusal import Refused

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_DROPPED = (
    "head, script, style, noscript, template, nav, svg, math, iframe, object, select, button, textarea,"
    " pre:has(code), [hidden]"
)
_MARKS = {
    PARAGRAPH: "address, article, aside, blockquote, body, caption, center, dd, details, div, dl, dt,"
    " fieldset, figcaption, figure, footer, form, h1, h2, h3, h4, h5, h6, header, hr, li, main, ol, p, pre,"
    " section, summary, table, ul",
    LINE: "br, tr",
    CELL: "td, th",
}
_QUOTING = "blockquote, q"
# Unicode keeps these for use inside a program.
_NONCHARACTERS = range(0xFDD0, 0xFDF0)
# In XHTML these may close themselves; read as HTML they would swallow the rest of the page.
_SELF_CLOSED = re.compile(
    r"<(title|script|style|noscript|textarea|iframe|nav|template|select)\b([^<>]*)/>", re.I
)
_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)", re.I)
_UNCLOSED = "area base br col dd dt embed hr img input li link meta option p param source td th tr track wbr"
# The parser's time grows with the product of tags and depth; pages people write are under 100 deep.
_DEEPEST = 5_000


def read(markup: str, budget: Budget) -> Content:
    from selectolax.lexbor import LexborHTMLParser

    _refuse_depth(markup, budget)
    budget.tick()
    tree = LexborHTMLParser(_SELF_CLOSED.sub(r"<\1\2></\1>", markup))
    budget.tick()
    title = _title(tree)
    for node in tree.css(_DROPPED):
        node.decompose()
    marks = _mark_quotations(tree, budget)
    _mark(tree, budget)
    marked = squeeze(tree.root.text()) if tree.root else ""
    for mark, meaning in marks.items():
        marked = marked.replace(mark, meaning)
    return Content.of(marked, title)


def _refuse_depth(markup: str, budget: Budget) -> None:
    depth, unclosed = 0, frozenset(_UNCLOSED.split())
    for tag in _TAG.finditer(markup):
        if tag[2].lower() not in unclosed:
            depth += -1 if tag[1] else 1
        if depth > _DEEPEST:
            raise Refused("damaged", "opens far more tags than it closes; save it again as text")
    budget.tick()


def _title(tree: LexborHTMLParser) -> str:
    node = tree.css_first("head title") or tree.css_first("h1")
    return squeeze(node.text()) if node else ""


def _mark(tree: LexborHTMLParser, budget: Budget) -> None:
    for pre in tree.css("pre"):
        _keep_lines(pre)
    for mark, selector in _MARKS.items():
        for node in tree.css(selector):
            budget.tick()
            node.insert_after(mark)
            if mark != CELL:
                node.insert_before(mark)


def _mark_quotations(tree: LexborHTMLParser, budget: Budget) -> dict[str, str]:
    """What the characters put around quotations mean: two that this page, which may hold any, does not."""
    nodes = tree.css(_QUOTING)
    page = tree.root.text() if nodes and tree.root else ""
    free = [mark for mark in map(chr, _NONCHARACTERS) if mark not in page]
    if not nodes or len(free) < 2:
        return {}
    for node in nodes:
        budget.tick()
        node.insert_before(free[0])
        node.insert_after(free[1])
    return {free[0]: QUOTE, free[1]: UNQUOTE}


def _keep_lines(pre: LexborNode) -> None:
    for node in list(pre.traverse(include_text=True)):
        if node.is_text_node:
            node.replace_with(node.text().replace("\n", LINE))
