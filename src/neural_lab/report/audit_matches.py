"""One match in HTML: where it stands, and both passages side by side."""

from __future__ import annotations

from neural_lab.audit.audited import Audited
from neural_lab.report import audit_words
from neural_lab.report.audit_facts import Shown, page_of, source_name
from neural_lab.report.audit_marks import piece_name
from neural_lab.report.markup import Markup, join, tag
from neural_lab.report.passages import SideBySide, Stretch, alone, marked, side_by_side


def entry(audited: Audited, each: Shown, longest: int, anchor: str) -> Markup:
    """A match of an audit, up to `longest` characters of either passage, with a link to its place."""
    match = each.match
    where = audit_words.places(match.span, match.source_span, page_of(audited.document, match.span))
    why = audit_words.exclusion(each.reason, audited.switches) if each.reason else ""
    heading = tag("h3", tag("span", f"{each.number} · ", tag("bdi", source_name(audited, match.source))))
    about = tag("p", f"{audit_words.kind(match)} · {where} ", _back(each, anchor), class_="note")
    reason = tag("p", why) if why else Markup()
    texts = sides(audited, each, longest)
    return tag("section", heading, about, reason, texts, id=f"{anchor}m{each.number}", class_="match")


def sides(audited: Audited, each: Shown, longest: int) -> Markup:
    """Both passages, or the document's alone where the text of the source is not at hand."""
    own, other = audited.document.text, (audited.texts or {}).get(each.match.source)
    if other is None:
        mine = _side(audit_words.HERE, alone(each.match, own, longest), own=True)
        return tag("div", mine, tag("p", audit_words.NO_TEXT, class_="note"), class_="sides")
    return both(side_by_side(each.match, own, other, longest), audit_words.HERE, audit_words.THERE)


def both(passages: SideBySide, left: str, right: str) -> Markup:
    columns = _side(left, passages, own=True), _side(right, passages, own=False)
    return tag("div", *columns, class_="sides")


def _back(each: Shown, anchor: str) -> Markup:
    return tag("a", audit_words.BACK, href=f"#{piece_name(anchor, each.match.span.start)}")


def _side(name: str, passages: SideBySide, *, own: bool) -> Markup:
    words = (_words(each, own=own) for each in passages.stretches)
    hidden = passages.own_rest if own else passages.other_rest
    rest = tag("p", audit_words.cut(hidden), class_="note") if hidden > 0 else Markup()
    passage = tag("p", *words, class_="passage", lang="", translate="no")
    return tag("div", tag("p", tag("bdi", name), class_="note"), passage, rest)


def _words(each: Stretch, *, own: bool) -> str:
    """A stretch of one side, its words marked where they differ."""
    said = each.own if own else each.other
    if each.same or not said:
        return said
    before, words, behind = marked(said)
    return join(before, tag("mark", words) if words else "", behind)
