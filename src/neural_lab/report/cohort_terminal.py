"""A comparison for the terminal: all shares as numbers with bars, and the most similar pairs."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from neural_lab.audit.audited import Cohort
from neural_lab.report import audit_words, words
from neural_lab.report.audit_pairs import pairs
from neural_lab.report.cohort_facts import cohort_words, common_of
from neural_lab.report.match_lines import common_lines
from neural_lab.report.tables import bullets, table
from neural_lab.report.titles import place, title

MOST, MOST_COMMON = 20, 3
"""So many pairs are shown, and documents with common text, of each so many passages."""
_HEIGHTS = "▁▂▃▄▅▆▇█"
_CELL = 5
"""Width of a column of the matrix: up to three digits, a bar and a space."""


def show_cohort(console: Console, cohort: Cohort) -> None:
    """Print how much the documents share with one another."""
    name = audit_words.COHORT.format(count=len(cohort.audits))
    documents = table(audit_words.COHORT_COLUMNS, name, audit_words.COHORT_COLUMNS[1:2])
    for number, audited in enumerate(cohort.audits, 1):
        documents.add_row(str(number), Text(place(audited.document)), words.share(audited.coverage))
    console.print(documents)
    for line in cohort_words(cohort):
        console.print(Text(line, style="dim"))
    console.print(Text(audit_words.MATRIX, style="bold"))
    console.print(Text(audit_words.MATRIX_NOTE, style="dim"))
    for part in _matrices(cohort, console.width):
        console.print(Padding(part, (0, 0, 1, 0)))
    _show_pairs(console, cohort)
    _show_common(console, cohort)
    console.print(Text(audit_words.LIMITS_TITLE, style="bold"))
    console.print(bullets((audit_words.SEARCHED_COHORT, *audit_words.LIMITS)))


def _matrices(cohort: Cohort, width: int) -> Iterator[Table]:
    """The matrix in as many parts as its columns need."""
    count, room = len(cohort.audits), max((width - _CELL) // _CELL, 1)
    for first in range(0, count, room):
        yield _matrix(cohort, range(first, min(first + room, count)))


def _matrix(cohort: Cohort, columns: range) -> Table:
    made = Table.grid()
    for _ in range(len(columns) + 1):
        made.add_column(justify="right", width=_CELL)
    made.add_row("", *(Text(f"{column + 1}  ", style="bold") for column in columns))
    for row, shares in enumerate(cohort.matrix):
        cells = (_cell(shares[column], same=row == column) for column in columns)
        made.add_row(Text(f"{row + 1} ", style="bold"), *cells)
    return made


def _cell(share: float, *, same: bool) -> Text:
    if same:
        return Text(f"{words.NOTHING}  ", style="dim")
    bar = _HEIGHTS[min(int(8 * share), 7)] if share else " "
    return Text(f"{audit_words.figure(share)}{bar} ")


def _show_pairs(console: Console, cohort: Cohort) -> None:
    found = list(pairs(cohort))
    if not found:
        console.print(Text(audit_words.NO_PAIRS))
        return
    made = table(audit_words.PAIR_COLUMNS, audit_words.PAIRS, audit_words.PAIR_COLUMNS[:1])
    for pair in found[:MOST]:
        names = [f"{at + 1} · {title(cohort.audits[at].document)}" for at in (pair.a, pair.b)]
        counted = sum(each.reason is None for each in pair.matches)
        made.add_row(Text("\n".join(names)), words.share(pair.share), str(counted))
    console.print(made)
    if len(found) > MOST:
        console.print(Text(audit_words.rest_apart(len(found) - MOST), style="dim"))


def _show_common(console: Console, cohort: Cohort) -> None:
    found = [(n, audited) for n, audited in enumerate(cohort.audits, 1) if audited.common]
    if not found:
        return
    console.print(Text(audit_words.COMMON_TITLE, style="bold"))
    console.print(Text(audit_words.COMMON_COHORT_NOTE, style="dim"))
    for number, audited in found[:MOST]:
        console.print(Text(common_of(audited, number)))
        console.print(Padding(common_lines(audited, MOST_COMMON, console.width), (0, 0, 0, 2)))
    if len(found) > MOST:
        console.print(Text(audit_words.rest_apart(len(found) - MOST), style="dim"))
