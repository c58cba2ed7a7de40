"""What LaTeX's commands and environments mean for the text, beyond what pylatexenc knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from neural_lab.reading.layout import CELL, LINE, PARAGRAPH, QUOTE, UNQUOTE

_HEADINGS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
# Commands that print no words of the author, by signature: "*" star, "[" optional, "{" required argument.
_SILENT = {
    "{": "label ref pageref eqref autoref cref Cref vref nameref nocite bibliography bibliographystyle input"
    " include pagestyle thispagestyle addbibresource usepackage hypersetup graphicspath theoremstyle"
    " printindex index vspace hspace author date thanks",
    "*[[{": "cite citet citep citealt citealp citeauthor citeyear citeyearpar parencite textcite autocite"
    " footcite footcitetext fullcite smartcite supercite",
    "*[{": "includegraphics printbibliography",
    "{{": "setlength addtolength setcounter addtocounter newtheorem",
    "[": "maketitle tableofcontents listoffigures listoftables",
}
# What is printed, by signature.
_SPOKEN = {"[{": "caption", "{{": "href"}
_NO_PROSE = (
    "equation eqnarray align alignat flalign gather multline math displaymath dmath array pgfpicture"
    " thebibliography algorithm algorithmic"
)
# Unknown environments stand apart; these are known to the library as part of their paragraph.
_BLOCKS = "itemize enumerate exenumerate list figure table center flushleft flushright"
_QUOTATIONS = "quote quotation displayquote quote* quotation* displayquote*"
_APART = f"{PARAGRAPH}%s{PARAGRAPH}"
_QUOTED_APART = f"{PARAGRAPH}{QUOTE}%s{UNQUOTE}{PARAGRAPH}"
# Their arguments are left to the text around them, where the library leaves those of unknown commands.
_QUOTING = "enquote blockquote textquote"
_LITERALS = {"\\": LINE, "newline": LINE, "par": PARAGRAPH, "item": PARAGRAPH, "url": "%s", "href": "%(2)s"}


def grammar() -> Any:
    """Which arguments belong to which command."""
    from pylatexenc.latexwalker import get_default_latex_context_db
    from pylatexenc.macrospec import MacroSpec

    commands = get_default_latex_context_db()
    known = (*_SILENT.items(), *_SPOKEN.items())
    macros = [MacroSpec(name, args) for args, names in known for name in names.split()]
    commands.add_context_category("neural-lab", prepend=True, macros=macros)
    return commands


def meanings(notes: list[str], announced: set[int]) -> Any:
    """Which text each command stands for; footnotes go to `notes`, places of quoted groups to `announced`."""
    from pylatexenc.latex2text import EnvironmentTextSpec, SpecialsTextSpec, get_default_latex_context_db

    commands = get_default_latex_context_db()
    commands.add_context_category(
        "neural-lab",
        prepend=True,
        macros=list(_macros(notes, announced)),
        environments=list(_environments()),
        specials=[SpecialsTextSpec("&", CELL), SpecialsTextSpec("~", " ")],
    )
    commands.set_unknown_environment_spec(EnvironmentTextSpec("", simplify_repl=_APART))
    return commands


def _macros(notes: list[str], announced: set[int]) -> Iterator[Any]:
    from pylatexenc.latex2text import MacroTextSpec

    def footnote(node: Any, l2tobj: Any) -> str:
        notes.append(l2tobj.node_arg_to_text(node, 1))
        return ""

    def quotation(node: Any) -> str:
        announced.add(node.pos + node.len)
        return ""

    silent = " ".join(_SILENT.values()).split()
    printed = {**_LITERALS, **dict.fromkeys(_HEADINGS, _block(2)), "caption": _block(1), "footnote": footnote}
    yield from (MacroTextSpec(name, discard=True) for name in silent)
    printed |= dict.fromkeys(_QUOTING.split(), quotation)
    yield from (MacroTextSpec(name, simplify_repl=meaning) for name, meaning in printed.items())


def _environments() -> Iterator[Any]:
    from pylatexenc.latex2text import EnvironmentTextSpec

    dropped = [f"{name}{star}" for name in _NO_PROSE.split() for star in ("", "*")]
    yield from (EnvironmentTextSpec(name, discard=True) for name in dropped)
    yield from (EnvironmentTextSpec(name, simplify_repl=_APART) for name in _BLOCKS.split())
    yield from (EnvironmentTextSpec(name, simplify_repl=_QUOTED_APART) for name in _QUOTATIONS.split())


def _block(argument: int) -> Callable[[Any, Any], str]:
    """The library looks at the names of a meaning's parameters: `l2tobj` is its own."""

    def text(node: Any, l2tobj: Any) -> str:
        return PARAGRAPH + str(l2tobj.node_arg_to_text(node, argument)) + PARAGRAPH

    return text
