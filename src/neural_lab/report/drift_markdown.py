"""Drift as a page of Markdown, with the pictures that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from neural_lab.report import drift_words
from neural_lab.report.drift_tables import Table, every


def page(found: Mapping[str, Any], pictures: Mapping[str, str]) -> str:
    """`pictures` are names of files beside the page, by what they show; none where they cannot be drawn."""
    return "\n\n".join(_parts(found, pictures)) + "\n"


def _parts(found: Mapping[str, Any], pictures: Mapping[str, str]) -> Iterator[str]:
    yield f"# Drift until {found['current']['last']}"
    yield f"**{drift_words.OVERALL[found['state']]}**"
    yield _plain(drift_words.windows(found))
    if not found["reference"]:
        yield drift_words.NO_REFERENCE
    yield drift_words.LIMITS
    yield from (f"![{shown}]({name})" for shown, name in pictures.items())
    if not pictures:
        yield drift_words.NO_PLOTS
    for table in every(found):
        if table.rows:
            yield f"## {table.title}"
            yield drift_words.NOTES[table.title]
            yield _table(table)
    yield (
        f"{found['comparisons']:,} figures were compared. Where nothing has changed all of them stay below "
        f"their chance {100 * (1 - found['alarms']):g} times in 100."
    )


def _table(table: Table) -> str:
    rule = ["---", *("---:" for _ in table.columns[1:])]
    return "\n".join(map(_row, (table.columns, rule, *table.rows)))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    """Names of detectors are whatever somebody called them."""
    return text.replace("|", r"\|").replace("<", "&lt;").replace("\n", " ")
