"""Markdown: the prose without its markup; code blocks and pictures are no prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from neural_lab.reading import html
from neural_lab.reading.content import Content
from neural_lab.reading.layout import CELL, LINE, PARAGRAPH, QUOTE, UNQUOTE, squeeze, unquoted
from neural_lab.reading.limits import Budget
from neural_lab.reading.quoted import with_marks

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(
    r"\A(---|\+\+\+)[ \t]*\n(?=[\w-]+[ \t]*[:=])(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M
)
_FRONT_TITLE = re.compile(r"^title[ \t]*[:=](.+)$", re.M)
_MARKS = {"softbreak": " ", "hardbreak": LINE, "tr_close": LINE, "td_close": CELL, "th_close": CELL}
_BLOCK_QUOTATION = {"blockquote_open": QUOTE, "blockquote_close": UNQUOTE}
_QUOTING = re.compile(r"<(/?)(?:q|blockquote)(?=[\s/>])", re.I)
_IN_TABLE = ("thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "td_open", "th_open")


def read(text: str, budget: Budget) -> Content:
    front = _FRONT_MATTER.match(text)
    named = _FRONT_TITLE.search(front[2]) if front else None
    tokens = _parser(budget).parse(text[front.end() :] if front else text)
    marked = "".join(_marked(tokens, budget))
    return Content.of(marked, named[1].strip(" \t\"'") if named else _first_heading(tokens, budget))


def _parser(budget: Budget) -> MarkdownIt:
    from markdown_it import MarkdownIt

    def check(*_: Any) -> bool:
        budget.tick()
        return False

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    # A rule that never applies is asked before each block: the one place where time can be checked.
    parser.block.ruler.before("code", "budget", check)
    return parser


def _first_heading(tokens: list[Token], budget: Budget) -> str:
    pairs = pairwise(tokens)
    found = next((inline for heading, inline in pairs if heading.type == "heading_open"), None)
    return unquoted("".join(_marked([found], budget))) if found else ""


def _marked(tokens: list[Token], budget: Budget) -> Iterator[str]:
    for token in tokens:
        budget.tick()
        if token.type == "inline":
            yield from _marked(token.children or [], budget)
        else:
            yield _text(token, budget)


def _text(token: Token, budget: Budget) -> str:
    if token.type in ("text", "code_inline"):
        return squeeze(token.content)
    if token.type == "html_block":
        return PARAGRAPH + _html_block(token.content, budget) + PARAGRAPH
    if token.type in _MARKS:
        return _MARKS[token.type]
    if token.type == "html_inline":
        return LINE if token.content.lower().startswith("<br") else _quotation_marks(token.content)
    quotation = _BLOCK_QUOTATION.get(token.type, "")
    return PARAGRAPH + quotation if token.block and token.type not in _IN_TABLE else ""


def _html_block(source: str, budget: Budget) -> str:
    """A blank line ends the block: the text of a quotation may follow it, and its end stand in another."""
    content = html.read(source, budget)
    marks = _quotation_marks(source)
    balance = marks.count(QUOTE) - marks.count(UNQUOTE)
    text = with_marks(content.text, content.quoted).replace("\n\n", PARAGRAPH)
    return text + QUOTE * balance + UNQUOTE * -balance


def _quotation_marks(source: str) -> str:
    return "".join(UNQUOTE if tag[1] else QUOTE for tag in _QUOTING.finditer(source))
