"""Which paragraph styles of a word processor make a quotation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

# Those of Word, LibreOffice and Pandoc, and what others call theirs; compared without spaces and case.
_NAMES = (
    "quote intensequote blocktext quotations quotation blockquote blockquotation blockquotes longquotation"
    " longquote zitat intensiveszitat blockzitat langzitat citation citationintense citationlongue cita"
    " citadestacada citaenbloque citazione citazioneintensa citat citaat"
)
# OpenDocument writes a space in a name as its number.
_BETWEEN = re.compile(r"_20_|[\s_-]")


class Style(NamedTuple):
    """As the document's text refers to it, as it is called, and the one it is derived from."""

    id: str
    name: str
    parent: str


def quoting(styles: Iterable[Style]) -> Callable[[str], bool]:
    """Whether a paragraph whose style has this id is a quotation: by its own name or one it derives from."""
    known = {style.id: style for style in styles}
    decided: dict[str, bool] = {"": False}

    def quoted(style: str) -> bool:
        line: list[str] = []
        while style not in decided:
            line.append(style)
            # Until it is known better; a style that derives from itself stays at this.
            decided[style] = _is_quotation(style, known)
            style = style if decided[style] or style not in known else known[style].parent
        decided.update(dict.fromkeys(line, decided[style]))
        return decided[style]

    return quoted


def _is_quotation(style: str, known: dict[str, Style]) -> bool:
    names = {style, known[style].name} if style in known else {style}
    return any(_BETWEEN.sub("", name).lower() in _NAMES.split() for name in names)
