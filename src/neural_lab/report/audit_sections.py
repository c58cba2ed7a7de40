"""What stands in the HTML report of an audit, section by section."""

from __future__ import annotations

from collections.abc import Iterator

from neural_lab.audit.audited import Audited
from neural_lab.audit.scope import Scope
from neural_lab.report import audit_words, words
from neural_lab.report.audit_facts import (
    Contribution,
    contributions,
    counting,
    covered,
    shown,
    source_name,
)
from neural_lab.report.audit_marks import marked_text
from neural_lab.report.audit_matches import entry
from neural_lab.report.characters import one_line
from neural_lab.report.markup import Markup, join, tag
from neural_lab.report.whole_words import widened

Section = tuple[str, str, Markup]

LONG, SHORT = 1500, 400
"""So many characters are shown of a passage, and of one that does not count or is common."""
_MOST_COMMON = 200


def sections(audited: Audited, anchor: str) -> Iterator[Section]:
    matches = shown(audited)
    counted = [each for each in matches if each.reason is None]
    excluded = [each for each in matches if each.reason is not None]
    if audited.sources:
        yield "sources", audit_words.SOURCES_TITLE, _sources(audited)
    if matches or audited.common:
        yield "text", audit_words.TEXT, marked_text(audited, matches, anchor)
    if counted:
        note = tag("p", audit_words.DIFFERING_DRAWN, class_="note") if audited.texts else Markup()
        yield (
            "matches",
            audit_words.MATCHES_TITLE,
            join(note, *(entry(audited, each, LONG, anchor) for each in counted)),
        )
    if excluded:
        yield (
            "excluded",
            audit_words.EXCLUDED_TITLE,
            join(*(entry(audited, each, SHORT, anchor) for each in excluded)),
        )
    if audited.common:
        yield "common", audit_words.COMMON_TITLE, _common(audited)
    yield "origin", words.ORIGIN, _origin(audited)


def conclusion(audited: Audited, scope: Scope | None = None) -> Markup:
    """How much is shared with what is in `scope`, what of it was left out, and what that means."""
    counted = len(audited.counted)
    excluded = len(audited.matches) - counted
    said = [audit_words.covered(covered(audited), len(audited.document.text), counting(audited))]
    said += [audit_words.excluded_count(excluded, counted)] if excluded else []
    notes = [audit_words.left_out(audited.switches, itself=bool(audited.facts.itself))]
    notes += [audit_words.searched(scope)] if scope else []
    return tag(
        "div",
        tag("p", audit_words.headline(audited.coverage), class_="headline"),
        tag("p", words.share(audited.coverage), class_="number", aria_hidden="true"),
        *(tag("p", line) for line in said),
        *(tag("p", line, class_="note") for line in (*notes, audit_words.MEANING)),
        class_="verdict shared",
    )


def limits(searched: str) -> Markup:
    """The section at the end of a page."""
    listed = tag("ul", *(tag("li", line) for line in (searched, *audit_words.LIMITS)))
    return tag("section", tag("h2", audit_words.LIMITS_TITLE, id="limits"), listed, class_="limits")


def _sources(audited: Audited) -> Markup:
    head = tag("tr", *(tag("th", column, scope="col") for column in audit_words.SOURCE_COLUMNS))
    rows = (_source_row(audited, each) for each in contributions(audited))
    note = tag("p", audit_words.SOURCES_NOTE, class_="note")
    return join(tag("table", tag("thead", head), tag("tbody", *rows)), note)


def _source_row(audited: Audited, each: Contribution) -> Markup:
    source = each.source
    about = " · ".join(filter(None, map(one_line, (source.path, source.date, source.collection))))
    name = tag(
        "th", tag("bdi", source_name(audited, source.id)), tag("div", about, class_="note"), scope="row"
    )
    filled = tag("i", class_=f"p{round(100 * each.share)}") if each.matches else Markup()
    bar = tag("span", filled, class_="bar", aria_hidden="true")
    kinds = ", ".join(audit_words.KINDS[kind] for kind in each.kinds) or audit_words.EXCLUDED_TITLE.lower()
    return tag(
        "tr",
        tag("td", str(source.id)),
        name,
        tag("td", bar, " ", words.share(each.share)),
        tag("td", str(each.matches)),
        tag("td", kinds),
    )


def _common(audited: Audited) -> Markup:
    text, lengths = audited.document.text, [span.length for span in audited.common]
    note = tag("p", audit_words.COMMON_NOTE, class_="note")
    return join(tag("p", audit_words.common(lengths, len(text))), note, common_list(audited, _MOST_COMMON))


def common_list(audited: Audited, most: int) -> Markup:
    """Passages that are common text, with their places."""
    text = audited.document.text
    lines = (
        tag("li", audit_words.characters(*span), ": ", one_line(widened(span, text).of(text)[:SHORT]))
        for span in audited.common[:most]
    )
    hidden = len(audited.common) - most
    rest = tag("p", audit_words.rest_apart(hidden), class_="note") if hidden > 0 else Markup()
    return join(tag("ul", *lines), rest)


def _origin(audited: Audited) -> Markup:
    facts = audit_words.origin(audited.document)
    return tag("dl", *(join(tag("dt", name), tag("dd", value)) for name, value in facts.items()))
