"""Where the lists of references of a document stand."""

import re
from collections.abc import Iterator
from itertools import pairwise

from neural_lab.audit.references import listed
from neural_lab.types import Span

_NUMBER = r"[ \t#*_=-]*+(?:(?:\d{1,3}(?:\.\d{1,3})*+[.)]?|[IVX]{1,6}\.|[A-Z]\.)[ \t]++[*_]*+)?"
_NAMES = (
    r"references?(?: list| cited)?|list of references|references and (?:notes|further reading)",
    r"(?:end)?notes and references|(?:select(?:ed)? |annotated |general |working )?bibliography",
    r"bibliography and references|references and bibliography|bibliographical references",
    r"works (?:cited|consulted)|works cited and consulted|literature(?: cited)?|cited literature",
    r"(?:primary |secondary )?sources(?: cited| consulted| and further reading)?",
    r"(?:further|recommended|suggested) reading",
    r"literaturverzeichnis|literatur|literaturangaben|quellenverzeichnis|quellen|weiterführende literatur",
    r"literatur- und quellenverzeichnis|quellen- und literaturverzeichnis",
    r"références(?: bibliographiques)?|bibliographie|ouvrages cités",
    r"bibliografía|referencias(?: bibliográficas)?|obras citadas|fuentes",
    r"bibliografia|riferimenti(?: bibliografici)?|opere citate|fonti",
    r"referências(?: bibliográficas)?|literatuur|literatuurlijst|bronnen",
)
_AFTER = (
    r"(?:appendix|appendices|annex|anhang|annexe|acknowledge?ments?|danksagung)\b[^\n]{0,80}",
    r"(?:about the authors?|glossary|index|curriculum vitae|lebenslauf)[ \t:.*_#=-]*+",
)
_HEADING = re.compile(
    rf"^{_NUMBER}(?:(?P<list>{'|'.join(_NAMES)})[ \t:.*_#=-]*+|{'|'.join(_AFTER)})$",
    re.IGNORECASE | re.MULTILINE,
)


def bibliography(text: str) -> tuple[Span, ...]:
    """From each heading such as “References”, on a line of its own, as far as references follow it.

    A list ends at the next such heading or an appendix at the latest. A heading
    that no references follow, as in a table of contents, begins none.
    """
    return tuple(_lists(text))


def _lists(text: str) -> Iterator[Span]:
    headings = [*_HEADING.finditer(text), None]
    for heading, after in pairwise(headings):
        if heading and heading["list"]:
            end = listed(text, heading.end(), after.start() if after else len(text))
            if end is not None:
                yield Span(heading.start(), end)
