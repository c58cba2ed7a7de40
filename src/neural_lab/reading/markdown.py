"""Markdown: the prose without its markup; code blocks and pictures are no prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from neural_lab.reading import html
from neural_lab.reading.content import Content
from neural_lab.reading.layout import CELL, LINE, PARAGRAPH, paragraphs, squeeze
from neural_lab.reading.limits import Budget

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(
    r"\A(---|\+\+\+)[ \t]*\n(?=[\w-]+[ \t]*[:=])(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M
)
_FRONT_TITLE = re.compile(r"^title[ \t]*[:=](.+)$", re.M)
_MARKS = {"softbreak": " ", "hardbreak": LINE, "tr_close": LINE, "td_close": CELL, "th_close": CELL}
_IN_TABLE = ("thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "td_open", "th_open")


def read(text: str, budget: Budget) -> Content:
    front = _FRONT_MATTER.match(text)
    named = _FRONT_TITLE.search(front[2]) if front else None
    tokens = _parser(budget).parse(text[front.end() :] if front else text)
    marked = "".join(_marked(tokens, budget))
    return Content(paragraphs(marked), named[1].strip(" \t\"'") if named else _first_heading(tokens, budget))


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
    return "".join(_marked([found], budget)) if found else ""


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
        return PARAGRAPH + html.read(token.content, budget).text.replace("\n\n", PARAGRAPH) + PARAGRAPH
    if token.type in _MARKS:
        return _MARKS[token.type]
    if token.type == "html_inline":
        return LINE if token.content.lower().startswith("<br") else ""
    return PARAGRAPH if token.block and token.type not in _IN_TABLE else ""
