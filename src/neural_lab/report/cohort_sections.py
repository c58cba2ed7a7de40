"""What stands in the HTML report of a comparison, section by section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from neural_lab.audit.audited import Cohort
from neural_lab.audit.match import Match
from neural_lab.report import audit_words, words
from neural_lab.report.audit_facts import page_of
from neural_lab.report.audit_matches import both
from neural_lab.report.audit_pairs import Pair, pairs
from neural_lab.report.audit_sections import common_list
from neural_lab.report.cohort_facts import common_of
from neural_lab.report.heat_map import heat_map, pair_name
from neural_lab.report.markup import Markup, join, tag
from neural_lab.report.passages import side_by_side
from neural_lab.report.titles import place, title

MOST_PAIRS, MOST_MATCHES, LONG = 200, 20, 1000
"""So many pairs are shown, so many matches of each, and so many characters of a passage."""
MOST_COMMON = 10
"""So many passages of common text are shown of each document."""


def cohort_sections(cohort: Cohort) -> Iterator[tuple[str, str, Markup]]:
    found = list(islice(pairs(cohort), MOST_PAIRS))
    linked = {(pair.a, pair.b) for pair in found}
    yield "compared", words.SUMMARY, _documents(cohort)
    yield "matrix", audit_words.MATRIX, heat_map(cohort, linked)
    if found:
        yield from _pair_sections(cohort, found)
    else:
        yield "pairs", audit_words.PAIRS, tag("p", audit_words.NO_PAIRS)
    if any(audited.common for audited in cohort.audits):
        yield "common", audit_words.COMMON_TITLE, _common(cohort)


def _pair_sections(cohort: Cohort, found: Sequence[Pair]) -> Iterator[tuple[str, str, Markup]]:
    hidden = len(cohort.pairs()) - len(found)
    rest = tag("p", audit_words.rest_apart(hidden), class_="note") if hidden else Markup()
    note = tag("p", audit_words.PAIRS_NOTE, class_="note")
    yield "pairs", audit_words.PAIRS, join(note, _pairs(cohort, found), rest)
    drawn = tag("p", audit_words.DIFFERING_DRAWN, class_="note")
    yield "passages", audit_words.MATCHES_TITLE, join(drawn, *(_passages(cohort, pair) for pair in found))


def _documents(cohort: Cohort) -> Markup:
    rows = (
        tag(
            "tr",
            tag("td", str(n)),
            tag("th", tag("bdi", place(audited.document)), scope="row"),
            tag("td", words.share(audited.coverage)),
        )
        for n, audited in enumerate(cohort.audits, 1)
    )
    return _table(audit_words.COHORT_COLUMNS, rows)


def _pairs(cohort: Cohort, found: Sequence[Pair]) -> Markup:
    rows = (
        tag(
            "tr",
            tag(
                "th", tag("a", *_both_names(cohort, pair), href=f"#{pair_name(pair.a, pair.b)}"), scope="row"
            ),
            tag("td", words.share(pair.share)),
            tag("td", str(sum(each.reason is None for each in pair.matches))),
        )
        for pair in found
    )
    return _table(audit_words.PAIR_COLUMNS, rows)


def _passages(cohort: Cohort, pair: Pair) -> Markup:
    """The passages of a pair that count, side by side."""
    counted = [each.match for each in pair.matches if each.reason is None]
    parts = (_passage(cohort, pair, match) for match in counted[:MOST_MATCHES])
    hidden = len(counted) - MOST_MATCHES
    rest = tag("p", audit_words.rest_apart(hidden), class_="note") if hidden > 0 else Markup()
    heading = tag("h3", tag("span", *_both_names(cohort, pair)))
    said = tag("p", audit_words.between(cohort.matrix[pair.a][pair.b], cohort.matrix[pair.b][pair.a]))
    return tag("section", heading, said, *parts, rest, id=pair_name(pair.a, pair.b), class_="match")


def _passage(cohort: Cohort, pair: Pair, match: Match) -> Markup:
    first, second = (cohort.audits[at].document for at in (pair.a, pair.b))
    names = f"{pair.a + 1} · {title(first)}", f"{pair.b + 1} · {title(second)}"
    page, said = page_of(first, match.span), audit_words.PAIR_PLACES
    about = f"{audit_words.kind(match)} · {audit_words.places(match.span, match.source_span, page, said)}"
    return join(
        tag("p", about, class_="note"), both(side_by_side(match, first.text, second.text, LONG), *names)
    )


def _common(cohort: Cohort) -> Markup:
    """Of every document its common text."""
    parts = (
        join(tag("p", tag("bdi", common_of(audited, n))), common_list(audited, MOST_COMMON))
        for n, audited in enumerate(cohort.audits, 1)
        if audited.common
    )
    return join(tag("p", audit_words.COMMON_COHORT_NOTE, class_="note"), *parts)


def _both_names(cohort: Cohort, pair: Pair) -> tuple[str, ...]:
    first, second = (tag("bdi", title(cohort.audits[place].document)) for place in (pair.a, pair.b))
    return f"{pair.a + 1} ", first, f" · {pair.b + 1} ", second


def _table(columns: Sequence[str], rows: Iterator[Markup]) -> Markup:
    head = tag("tr", *(tag("th", column, scope="col") for column in columns))
    return tag("table", tag("thead", head), tag("tbody", *rows))
