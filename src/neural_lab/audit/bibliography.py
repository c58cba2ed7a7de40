"""Where the list of references of a document stands."""

import re

from neural_lab.types import Span

_HEADING = re.compile(
    r"^[ \t#*]*(?:\d+(?:\.\d+)*\.?[ \t]+|[IVX]+\.[ \t]+)?"
    r"(references?(?: list| cited)?|bibliography|works cited|literature(?: cited)?|list of references|"
    r"literaturverzeichnis|literatur|quellenverzeichnis|références|bibliographie|bibliografía|"
    r"referencias|bibliografia|riferimenti|referências)[ \t:*]*$",
    re.IGNORECASE | re.MULTILINE,
)
_AFTER = re.compile(
    r"^[ \t#*]*(?:\d+(?:\.\d+)*\.?[ \t]+|[IVX]+\.[ \t]+)?"
    r"(?:appendix|appendices|annex|anhang|annexe|acknowledge?ments?|danksagung)\b[^\n]{0,80}$",
    re.IGNORECASE | re.MULTILINE,
)


def bibliography(text: str) -> tuple[Span, ...]:
    """From each heading such as “References” on a line of its own to an appendix or the end."""
    found = []
    for heading in _HEADING.finditer(text):
        after = _AFTER.search(text, heading.end())
        found.append(Span(heading.start(), after.start() if after else len(text)))
    return tuple(found)
