"""Drafts of one text, told by the names of their files."""

import re

_WORDS = (
    r"(?:draft|final|finished|rev(?:ised|ision)?|copy|edited|corrected|submission|submitted|clean|"
    r"entwurf|endfassung|kopie|brouillon|copie|borrador|copia)"
)
_MARKS = re.compile(
    rf"\bv(?:er(?:sion)?)?\.?\s?\d+\b|\b{_WORDS}\d*\b(?:\s(?:of|old|new)\b)?(?:\s\d+\b)?|\((?:\d+|{_WORDS})\)"
    r"|\b(?:19|20)\d\d(?:\s?\d\d){0,2}\b"
)
LEAST = 3


def draft_name(name: str) -> str:
    """What stays of a file's name without its suffix and the marks of a version; "" if hardly anything.

    Files whose names leave the same are taken for drafts of one text. A number alone is
    no mark: numbered files are often the texts of different people.
    """
    words = re.sub(r"\.[a-z0-9]{1,6}$", "", name.casefold())
    plain = " ".join(re.sub(r"[^\w()]|_", " ", words).split())
    kept = " ".join(re.sub(r"[()]", " ", _MARKS.sub(" ", plain)).split())
    return kept if sum(map(str.isalpha, kept)) >= LEAST else ""
