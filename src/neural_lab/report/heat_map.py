"""All shares of a comparison as one table: a number in every cell, which its tint only repeats."""

from __future__ import annotations

from collections.abc import Set

from neural_lab.audit.audited import Cohort
from neural_lab.report import audit_words, words
from neural_lab.report.markup import Markup, join, tag
from neural_lab.report.titles import title

Pairs = Set[tuple[int, int]]


def heat_map(cohort: Cohort, linked: Pairs) -> Markup:
    """The heat map: a number in every cell, its tint only repeats it."""
    numbers = range(1, len(cohort.audits) + 1)
    head = tag("tr", tag("td"), *(tag("th", str(n), scope="col") for n in numbers))
    rows = (_matrix_row(cohort, row, linked) for row in range(len(cohort.audits)))
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    note = tag("p", audit_words.MATRIX_NOTE, class_="note")
    scroller = tag("div", table, class_="heat", role="region", tabindex=0, aria_label=audit_words.MATRIX)
    return join(note, scroller)


def _matrix_row(cohort: Cohort, row: int, linked: Pairs) -> Markup:
    name = tag("bdi", title(cohort.audits[row].document), class_="short")
    cells = (_cell(share, row, column, linked) for column, share in enumerate(cohort.matrix[row]))
    return tag("tr", tag("th", f"{row + 1} ", name, scope="row"), *cells)


def _cell(share: float, row: int, column: int, linked: Pairs) -> Markup:
    if row == column:
        return tag("td", words.NOTHING, class_="self")
    said, figure = audit_words.cell(share, row + 1, column + 1), audit_words.figure(share)
    pair, look = (min(row, column), max(row, column)), f"c p{round(100 * share)}"
    if share and pair in linked:
        return tag("td", tag("a", figure, href=f"#{pair_name(*pair)}", aria_label=said), class_=look)
    return tag("td", figure, class_=look, aria_label=said)


def pair_name(a: int, b: int) -> str:
    """The id of the section of a pair."""
    return f"pair-{a + 1}-{b + 1}"
