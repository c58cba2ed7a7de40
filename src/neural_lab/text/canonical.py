"""The one surface form that is scored, with a map back to the text as read.

Line breaks, quotation marks, dashes and odd spaces say more about the program a
text passed through than about its writer, so all text is brought to one form
before it is scored: in training, in evaluation and in serving alike.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from neural_lab.types import Finding, FindingKind, Span

_HIDDEN = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff"
)
_COMBINING = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_COMPATIBLE = "\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff\u2100-\u2138\u212a\u212b\u24b6-\u24e9"
_QUOTES = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u00b4\u02bc\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
}
_PUNCTUATION = {**_QUOTES, "\u2026": "...", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-"}
LOOKALIKES = dict(
    zip(
        "АВЕЅІЈКМНОРСТХУаеѕіјорсхуԁһԛԝɡΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιγνɑ"
        "\u037f\u03b1\u03ba\u03c1\u03c5\u03f2\u03f3\u03f9\u0475\u04ae",
        "ABESIJKMHOPCTXYaesijopcxydhqwgABEZHIKMNOPTYXoiyvaJakpucjCvY",
        strict=True,
    )
)
REACH = 40
_EDITABLE = re.compile(
    rf"(?P<hidden>[{_HIDDEN}]+)"
    r"|(?P<undecodable>[\ud800-\udfff\ufffd]+)"
    r"|(?P<markup>(?<![\w*])\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}(?![\w*])|^#{1,6}[ \t]+|`+)"
    r"|(?P<dash>\s*(?:[\u2013\u2014\u2015]+|(?<!-)--(?!-))\s*)"
    r"|(?P<space>\s{2,}|[^\S ])"
    rf"|(?P<punctuation>[{''.join(_PUNCTUATION)}])"
    rf"|(?P<compatible>[{_COMPATIBLE}])"
    rf"|(?P<lookalike>[{''.join(LOOKALIKES)}])"
    rf"|(?P<combining>[^\W\d_]?[{_COMBINING}]+)",
    re.MULTILINE,
)
_ORDINARY_SPACE = frozenset(" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_LATIN, _FOREIGN = re.compile("[A-Za-z]"), re.compile("[\u0370-\u1fff]")
_DIGIT_RANGE = re.compile(r"\d\u2013\d")
_FINDINGS = {
    "hidden": FindingKind.HIDDEN,
    "undecodable": FindingKind.UNDECODABLE,
    "odd_space": FindingKind.ODD_SPACE,
    "lookalike": FindingKind.LOOKALIKE,
    "compatible": FindingKind.STYLISED,
}


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement: `text[start:end]` of the original became `replacement`."""

    start: int
    end: int
    replacement: str
    kind: str
    original: str

    @property
    def code_points(self) -> str:
        """The distinct characters replaced, as `U+200B`, at most three."""
        distinct = list(dict.fromkeys(self.original))
        return " ".join(f"U+{ord(character):04X}" for character in distinct[:3])


@dataclass(frozen=True)
class Canonical:
    """Canonical `text` and the `edits` (ordered, disjoint) that made it."""

    text: str
    edits: tuple[Edit, ...]

    @cached_property
    def _table(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Canonical start, original start and original end of each edit."""
        starts = np.array([e.start for e in self.edits], dtype=np.int64)
        ends = np.array([e.end for e in self.edits], dtype=np.int64)
        lengths = np.array([len(e.replacement) for e in self.edits], dtype=np.int64)
        growth = np.concatenate(([0], np.cumsum(lengths - (ends - starts))[:-1])) if self.edits else starts
        return starts + growth, starts, ends

    def original(self, positions: np.ndarray, *, end: bool = False) -> np.ndarray:
        """Original code-point positions of canonical `positions`.

        With `end`, positions are exclusive ends: they map to just behind the
        original of the character before them.
        """
        at = np.asarray(positions, dtype=np.int64) - int(end)
        canonical, starts, ends = self._table
        if not len(starts):
            return at + int(end)
        which = np.searchsorted(canonical, at, side="right") - 1
        # Deletions share their canonical start with what follows: the last one wins.
        edit = np.maximum(which, 0)
        length = np.array([len(e.replacement) for e in self.edits], dtype=np.int64)[edit]
        inside = (which >= 0) & (at < canonical[edit] + length)
        outside = np.where(which < 0, at, ends[edit] + at - canonical[edit] - length)
        return np.where(inside, ends[edit] if end else starts[edit], outside + int(end))

    def canonical(self, positions: np.ndarray) -> np.ndarray:
        """Canonical positions of original `positions`; inside an edit, its start."""
        at = np.asarray(positions, dtype=np.int64)
        canonical, starts, ends = self._table
        if not len(starts):
            return at
        which = np.searchsorted(starts, at, side="right") - 1
        edit = np.maximum(which, 0)
        length = np.array([len(e.replacement) for e in self.edits], dtype=np.int64)[edit]
        outside = np.where(which < 0, at, canonical[edit] + length + at - ends[edit])
        inside = (which >= 0) & (at < ends[edit])
        return np.where(inside, canonical[edit], outside)


def canonicalize(text: str) -> Canonical:
    """Bring `text` to the scored form (NFC letters, plain quotes, single spaces)."""
    edits = tuple(_edits(text))
    pieces: list[str] = []
    at = 0
    for edit in edits:
        pieces += (text[at : edit.start], edit.replacement)
        at = edit.end
    return Canonical("".join((*pieces, text[at:])), edits)


def findings(canonical: Canonical) -> list[Finding]:
    """Hidden, look-alike, stylised, odd-space and undecodable characters, as spans of the original."""
    return [
        Finding(_FINDINGS[edit.kind], Span(edit.start, edit.end), edit.code_points)
        for edit in canonical.edits
        if edit.kind in _FINDINGS
    ]


def _edits(text: str) -> Iterator[Edit]:
    latin = not text.isascii() and _mostly_latin(text)
    for match in _EDITABLE.finditer(text):
        start, end = match.span()
        kind, replacement = _replacement(text, start, end, str(match.lastgroup), latin)
        if replacement != text[start:end] or kind == "undecodable":
            yield Edit(start, end, replacement, kind, text[start:end])


def _replacement(text: str, start: int, end: int, group: str, latin: bool) -> tuple[str, str]:
    found = text[start:end]
    match group:
        case "hidden" | "markup":
            return group, ""
        case "undecodable":
            return group, "\ufffd" * len(found)
        case "dash":
            between_digits = _DIGIT_RANGE.match(text, max(start - 1, 0), end + 1)
            return "dash", "-" if between_digits else " - "
        case "space":
            return ("space" if _ORDINARY_SPACE.issuperset(found) else "odd_space"), " "
        case "punctuation":
            return "punctuation", _PUNCTUATION[found]
        case "lookalike":
            fold = latin and _among_latin(text, start)
            return "lookalike", LOOKALIKES[found] if fold else found
        case "combining":
            return "combining", unicodedata.normalize("NFC", found)
        case _:
            return "compatible", unicodedata.normalize("NFKC", found)


def _mostly_latin(text: str) -> bool:
    """Whether look-alike letters would be out of place: fewer of them than of plain Latin letters."""
    sample = text[:20_000]
    return len(_FOREIGN.findall(sample)) <= len(_LATIN.findall(sample))


def _among_latin(text: str, at: int) -> bool:
    """Whether the word around `at` (40 letters a side) mixes in Latin or is all Cyrillic look-alikes."""
    start, end = at, at + 1
    while start > max(at - REACH, 0) and text[start - 1].isalpha():
        start -= 1
    while end < min(at + REACH, len(text)) and text[end].isalpha():
        end += 1
    word = text[start:end]
    if any(ch.isascii() for ch in word):
        return True
    return all(ch in LOOKALIKES and ch > "\u03ff" for ch in word)
