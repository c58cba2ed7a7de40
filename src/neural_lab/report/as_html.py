"""A report as one HTML file: no script, nothing fetched, fit for paper, keyboards and screen readers."""

from __future__ import annotations

from collections.abc import Sequence

from neural_lab.outcome import Report
from neural_lab.report import words
from neural_lab.report.facts import Reference
from neural_lab.report.html_frame import frame
from neural_lab.report.html_sections import sections, verdict
from neural_lab.report.markup import Markup, join, tag
from neural_lab.report.titles import place, title


def page(
    reports: Sequence[Report], reference: Reference, unread: Sequence[str] = (), shared: Sequence[str] = ()
) -> str:
    """All `reports` on one page, a table of contents where there are several, and what could not be read.

    `shared` says of each what it shares with a library, or "".
    """
    said = zip(reports, shared or [""] * len(reports), strict=True)
    articles = (_article(report, reference, f"d{n}", line) for n, (report, line) in enumerate(said, 1))
    heading = title(reports[0].document) if len(reports) == 1 else words.several(len(reports))
    main = tag("main", _contents(reports), _unread(unread), *articles)
    return frame(heading, join(tag("header", tag("p", words.BRAND)), main), ["page.css"])


def _unread(failures: Sequence[str]) -> Markup:
    if not failures:
        return Markup()
    return tag("section", tag("h2", words.UNREAD), tag("ul", *(tag("li", line) for line in failures)))


def _contents(reports: Sequence[Report]) -> Markup:
    if len(reports) == 1:
        return Markup()
    head = tag("tr", *(tag("th", column, scope="col") for column in words.SUMMARY_COLUMNS))
    rows = (_contents_row(report, f"#d{n}") for n, report in enumerate(reports, 1))
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    return tag("nav", tag("h1", words.several(len(reports))), table, aria_label=words.SUMMARY)


def _contents_row(report: Report, link: str) -> Markup:
    cells = (
        words.VERDICTS[report.verdict],
        words.shown(report),
        words.share(report.share_flagged) if report.measurable else words.NOTHING,
    )
    name = tag("th", tag("a", _bdi(place(report.document)), href=link), scope="row")
    return tag("tr", name, *(tag("td", cell) for cell in cells))


def _article(report: Report, reference: Reference, anchor: str, shared: str) -> Markup:
    found = list(sections(report, reference, anchor))
    links = (tag("li", tag("a", heading, href=f"#{anchor}-{key}")) for key, heading, _ in found)
    parts = (
        tag("section", tag("h2", heading, id=f"{anchor}-{key}"), body, class_=key)
        for key, heading, body in found
    )
    name, where = title(report.document), place(report.document)
    path = tag("p", _bdi(where), class_="path") if where != name else Markup()
    library = tag("p", shared, class_="library") if shared else Markup()
    jump = tag("nav", tag("ul", *links), aria_label=words.SECTIONS, class_="jump")
    head = tag("h1", _bdi(name), id=anchor)
    return tag("article", head, path, verdict(report), library, jump, *parts)


def _bdi(name: str) -> Markup:
    return tag("bdi", name)
