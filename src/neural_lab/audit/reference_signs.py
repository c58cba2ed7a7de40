"""By what a reference is told: its author, its date, where it is found."""

import re

# Latin, Greek and Cyrillic capitals; all other letters count as small.
_UP = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0160\u017d\u0106\u010c\u015a\u0141\u0391-\u03a9\u0410-\u042f"
_NAME = rf"[{_UP}][\w'\u2019-]{{1,30}}"
_PARTICLE = r"(?:(?:van|von|de|der|den|del|della|di|da|la|le|du|ter|al-?) ){0,3}"
_AUTHOR = (  # Smith, J.  Smith JA,  Smith et al.  J. Smith,  Smith, Jane.
    rf"{_PARTICLE}{_NAME}(?:[ -]{_NAME}){{0,2}}, ?[{_UP}]\.",
    rf"{_PARTICLE}{_NAME}(?: {_NAME})? [{_UP}]{{1,3}}[,.;:]",
    rf"{_PARTICLE}{_NAME} et al\b",
    rf"(?:[{_UP}]\.[ -]?){{1,3}}{_PARTICLE}{_NAME}(?: {_NAME})?(?:,| and | & | et )",
    rf"{_PARTICLE}{_NAME}(?:[ -]{_NAME}){{0,2}}, {_NAME}(?: [{_UP}]\.| {_NAME})?(?:[.,;:]| \(| and )",
)
_LISTED = r"[ \t]*(?:(?:[-*\u2022\u2013]|\(?\d{1,3}[.)\]])[ \t]+)?[*_]{0,2}"
_KEY = r"\[(?:\d{1,3}|[^\W\d_][\w+:-]{0,40}\d{2,4}[a-z]?|\^\w{1,20})\]:?"
LABEL = re.compile(rf"[ \t]*(?:[-*\u2022]|\(?\d{{1,3}}[.)\]]|{_KEY})[ \t]")
"""What the items of a list of any kind begin with."""
ENTRY = re.compile(rf"{_LISTED}(?:{_KEY}|(?:{'|'.join(_AUTHOR)}))")
"""What only a reference begins with: a key in brackets, or its author."""
_YEAR = r"(?:1[5-9]|20)\d\d[a-z]?"
# As references give it, and prose seldom does: in brackets, between punctuation, or at the end.
_DATED = re.compile(
    rf"\((?:[^()\n]{{0,40}}[ ,.])?{_YEAR}\)|(?<=[,.:;] ){_YEAR}(?=[,.;:)]|\s*\Z)"
    rf"|\b{_YEAR}[.)]?\s*\Z|\b{_YEAR};\s?\d"
    r"|\((?:n\.\s?d\.|o\.\s?J\.|s\.\s?f\.|s\.\s?d\.|in press|forthcoming)\)"
)
_PLACED = re.compile(r"https?://\w|\bwww\.|\bdoi\b|\b10\.\d{4,9}/|\bISBN\b|\bISSN\b|\barXiv:", re.IGNORECASE)
_PAGES = re.compile(
    r"\bpp\.\s?\d|\b\d{1,4}\s?\(\d{1,3}\)[,:]|\bvol\.\s?\d|\b\d{1,4}[:,]\s?\d{1,5}\s?[-\u2013]\s?\d{1,5}\b",
    re.I,
)
# So much text with no more than a date, or a name in front, is prose that cites.
_LONGEST_SIGNED_ONCE = 300
SURE, LIKELY = 3, 2


def weight(entry: str) -> int:
    """How much speaks for a reference; nothing where prose could show as much.

    The author in front, a place and a date are `SURE`; a date is only `LIKELY` by itself.
    """
    begins, placed, dated = (
        bool(sign) for sign in (ENTRY.match(entry), _PLACED.search(entry), _DATED.search(entry))
    )
    dated = dated or ((begins or placed) and bool(_PAGES.search(entry)))
    if len(entry) > _LONGEST_SIGNED_ONCE and not (placed or (begins and dated)):
        return 0
    return SURE * (begins + placed + dated) if begins or placed else LIKELY * dated
