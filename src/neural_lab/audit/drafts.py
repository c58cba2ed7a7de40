"""Drafts of one text, told by the names of their files."""

import re

_MARKS = re.compile(
    r"\b(?:v(?:er(?:sion)?)?\.?\d*|draft|final|finished|rev(?:ised|ision)?|copy|of|old|new|edited|corrected|"
    r"submission|submitted|clean|entwurf|endfassung|kopie|brouillon|copie|borrador|copia|\d+)\b",
)
LEAST = 3


def draft_name(name: str) -> str:
    """What stays of a file's name without its suffix and the marks of a version; "" if hardly anything.

    Files whose names leave the same are taken for drafts of one text.
    """
    words = re.sub(r"\.[a-z0-9]{1,6}$", "", name.casefold())
    words = re.sub(r"(?<=\D)(?=\d)|(?<=\d)(?=\D)|[^\w]|_", " ", words)
    kept = " ".join(_MARKS.sub(" ", words).split())
    return kept if sum(map(str.isalpha, kept)) >= LEAST else ""
