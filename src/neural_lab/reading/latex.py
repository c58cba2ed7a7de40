"""LaTeX source: the prose between the commands; formulas, tables of code and comments are dropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from neural_lab.reading.content import Content
from neural_lab.reading.latex_commands import grammar, meanings
from neural_lab.reading.layout import PARAGRAPH, QUOTE, UNQUOTE, paragraphs, squeeze
from neural_lab.reading.limits import Budget

_BEGIN = re.compile(r"^[^%\n]*?\\begin[ \t]*\{document\}", re.M)
_END = re.compile(r"^[^%\n]*?\\end[ \t]*\{document\}", re.M)
_TITLE = re.compile(r"\\title[ \t]*(?:\[[^\]\n]{0,200}\][ \t]*)?\{((?:[^{}]|\{[^{}]{0,200}\}){0,400})\}")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_CODE = re.compile(r"\\begin\{(verbatim\*?|Verbatim|lstlisting|minted|comment|filecontents\*?|tikzpicture)\}")


def read(text: str, budget: Budget) -> Content:
    title = _TITLE.search(text)
    marked = _marked(_without_code(_body(text)), budget)
    return Content.of(marked, paragraphs(_marked(title[1], budget)) if title else "")


def _body(text: str) -> str:
    """What stands between begin and end of the document; all of a file that is only a part of one."""
    begin = _BEGIN.search(text)
    start = begin.end() if begin else 0
    end = _END.search(text, start)
    return text[start : end.start()] if end else text[start:]


def _without_code(source: str) -> str:
    """Cut out before parsing: code means nothing to LaTeX. An environment left open ends the search."""
    pieces, at = [], 0
    while begin := _CODE.search(source, at):
        end = source.find(f"\\end{{{begin[1]}}}", begin.end())
        if end < 0:
            break
        pieces.append(source[at : begin.start()])
        at = end + len(begin[0]) - len("begin") + len("end")
    return "\n\n".join((*pieces, source[at:]))


def _marked(source: str, budget: Budget) -> str:
    from pylatexenc.latex2text import LatexNodes2Text

    notes: list[str] = []
    announced: set[int] = set()
    context = meanings(notes, announced)
    plain = LatexNodes2Text(math_mode="remove", keep_comments=False, latex_context=context)
    plain.group_node_to_text = _quoting(plain.group_node_to_text, announced)
    # A blank line is `\par`; written out, it also spares the parser runs of text in which it is quadratic.
    prose = plain.nodelist_to_text(_nodes(_BLANK_LINE.sub(r"\n\\par\n", source), budget))
    return squeeze(PARAGRAPH.join((prose, *notes)))


def _quoting(group_text: Callable[[Any], str], announced: set[int]) -> Callable[[Any], str]:
    """A group is quoted if it begins at a place that a command announced."""

    def text(node: Any) -> str:
        inner = group_text(node)
        return QUOTE + inner + UNQUOTE if node.pos in announced else inner

    return text


def _nodes(source: str, budget: Budget) -> Any:
    from pylatexenc.latexwalker import LatexWalker

    walker = LatexWalker(source, latex_context=grammar())
    walker.get_token = _ticking(walker.get_token, budget)
    return walker.get_latex_nodes()[0]


def _ticking(get_token: Callable[..., Any], budget: Budget) -> Callable[..., Any]:
    """The parser asks for every token through its own method: the one place where time can be checked."""

    def checked(*arguments: Any, **options: Any) -> Any:
        budget.tick()
        return get_token(*arguments, **options)

    return checked
