"""The text of a document with what is shared marked in it, in HTML."""

from __future__ import annotations

from collections.abc import Sequence

from neural_lab.audit.audited import Audited
from neural_lab.report import audit_words
from neural_lab.report.audit_facts import Shown, source_name
from neural_lab.report.markup import Markup, join, tag, text
from neural_lab.report.pieces import Mark, Piece, Rank, pieces


def marked_text(audited: Audited, matches: Sequence[Shown], anchor: str) -> Markup:
    """White space included, each marked piece a link to its match, with a legend of the signs."""
    source, marks = audited.document.text, _marks(audited, matches)
    parts = (_piece(audited, matches, piece, anchor) for piece in pieces(len(source), marks))
    used = {_look(matches, mark) for mark in marks}
    return join(_legend(used), tag("div", *parts, class_="source", lang="", translate="no"))


def piece_name(anchor: str, start: int) -> str:
    """The id of the piece that begins at `start`; there is one at the start of every match."""
    return f"{anchor}c{start}"


def _marks(audited: Audited, matches: Sequence[Shown]) -> list[Mark]:
    found = [
        Mark(each.match.span, Rank.EXCLUDED if each.reason else Rank.COUNTED, each.number) for each in matches
    ]
    return found + [Mark(span, Rank.COMMON, n) for n, span in enumerate(audited.common)]


def _piece(audited: Audited, matches: Sequence[Shown], piece: Piece, anchor: str) -> Markup:
    said, mark = piece.span.of(audited.document.text), piece.mark
    if mark is None:
        return text(said)
    if mark.rank is Rank.COMMON:
        return tag("span", said, class_="m common", aria_description=audit_words.COMMON_TITLE)
    each = matches[mark.number - 1]
    return tag(
        "a",
        said,
        id=piece_name(anchor, piece.span.start),
        href=f"#{anchor}m{each.number}",
        class_=f"m {_look(matches, mark)}",
        aria_description=_hint(audited, each, piece.others),
    )


def _hint(audited: Audited, each: Shown, others: int) -> str:
    reason = f" {audit_words.exclusion(each.reason, audited.switches)}" if each.reason else ""
    name = source_name(audited, each.match.source)
    return audit_words.hint(each.number, name, audit_words.kind(each.match), others) + reason


def _look(matches: Sequence[Shown], mark: Mark) -> str:
    if mark.rank is Rank.COUNTED:
        return matches[mark.number - 1].match.kind.value
    return mark.rank.name.lower()


def _legend(used: set[str]) -> Markup:
    """A sample of every sign that is used, with what it means."""
    signs = (
        tag("li", tag("span", audit_words.SAMPLE, class_=f"m {look}"), " ", said)
        for look, said in audit_words.KINDS_EXPLAINED.items()
        if look in used
    )
    return tag("div", tag("ul", *signs), tag("p", audit_words.TEXT_NOTE), class_="legend")
