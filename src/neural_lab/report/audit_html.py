"""Audits and comparisons as one HTML file, fit for paper, keyboards and screen readers."""

from __future__ import annotations

from collections.abc import Sequence

from neural_lab.audit.audited import Audited, Cohort
from neural_lab.audit.scope import Scope
from neural_lab.report import audit_words, words
from neural_lab.report.audit_facts import counting
from neural_lab.report.audit_sections import conclusion, limits, sections
from neural_lab.report.cohort_facts import cohort_words
from neural_lab.report.cohort_sections import cohort_sections
from neural_lab.report.html_frame import frame
from neural_lab.report.markup import Markup, join, tag
from neural_lab.report.titles import place, title

_SHEETS = ("page.css", "audit.css")


def page(audits: Sequence[Audited], unread: Sequence[str] = (), scope: Scope | None = None) -> str:
    """All `audits` on one page, a table of contents where there are several, and what could not be read."""
    articles = (_article(audited, scope, f"d{n}") for n, audited in enumerate(audits, 1))
    name = title(audits[0].document) if len(audits) == 1 else words.several(len(audits))
    main = tag("main", _contents(audits), _unread(unread), *articles, limits(audit_words.SEARCHED_LIBRARY))
    return frame(name, join(_header(), main), _SHEETS)


def cohort_page(cohort: Cohort, unread: Sequence[str] = ()) -> str:
    """Documents set against one another: every share, and the passages of the most similar pairs."""
    name = audit_words.COHORT.format(count=len(cohort.audits))
    parts = (
        tag("section", tag("h2", heading, id=key), body, class_=key)
        for key, heading, body in cohort_sections(cohort)
    )
    closing = limits(audit_words.SEARCHED_COHORT)
    meaning = join(*(tag("p", line) for line in cohort_words(cohort)))
    main = tag("main", tag("h1", name), meaning, _unread(unread), *parts, closing, class_="wide")
    return frame(name, join(_header(), main), _SHEETS)


def _header() -> Markup:
    return tag("header", tag("p", audit_words.BRAND))


def _unread(failures: Sequence[str]) -> Markup:
    if not failures:
        return Markup()
    return tag("section", tag("h2", words.UNREAD), tag("ul", *(tag("li", line) for line in failures)))


def _contents(audits: Sequence[Audited]) -> Markup:
    if len(audits) == 1:
        return Markup()
    head = tag("tr", *(tag("th", column, scope="col") for column in audit_words.SUMMARY_COLUMNS))
    rows = (_contents_row(audited, f"#d{n}") for n, audited in enumerate(audits, 1))
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    return tag("nav", tag("h1", words.several(len(audits))), table, aria_label=words.SUMMARY)


def _contents_row(audited: Audited, link: str) -> Markup:
    cells = words.share(audited.coverage), str(counting(audited)), str(len(audited.counted))
    name = tag("th", tag("a", tag("bdi", place(audited.document)), href=link), scope="row")
    return tag("tr", name, *(tag("td", cell) for cell in cells))


def _article(audited: Audited, scope: Scope | None, anchor: str) -> Markup:
    found, document = list(sections(audited, anchor)), audited.document
    links = (tag("li", tag("a", heading, href=f"#{anchor}-{key}")) for key, heading, _ in found)
    parts = (
        tag("section", tag("h2", heading, id=f"{anchor}-{key}"), body, class_=key)
        for key, heading, body in found
    )
    named = place(document) != title(document)
    path = tag("p", tag("bdi", place(document)), class_="path") if named else Markup()
    jump = tag("nav", tag("ul", *links), aria_label=words.SECTIONS, class_="jump")
    heading = tag("h1", tag("bdi", title(document)), id=anchor)
    return tag("article", heading, path, conclusion(audited, scope), jump, *parts)
