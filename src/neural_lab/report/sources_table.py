"""Lists of sources, of kept reports and of disputes, for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from neural_lab.audit.source import Source
from neural_lab.dispute import Dispute
from neural_lab.entry import Entry
from neural_lab.report import dispute_words, library_words, words
from neural_lab.report.streams import console
from neural_lab.report.tables import plain

_FOLDED, _BEGINNING = ("title", "collection", "passage"), 100


def show_sources(sources: Sequence[Source], stream: TextIO) -> None:
    """Titles that several sources have stand with the path."""
    titles = Counter(source.title for source in sources)
    rows = (
        (str(s.id), _name(s, titles), s.date, s.language, s.collection, f"{s.characters:,}") for s in sources
    )
    console(stream).print(plain(library_words.SOURCE_COLUMNS, rows, _FOLDED))


def show_entries(entries: Sequence[Entry], stream: TextIO) -> None:
    """Verdicts by their names in JSON: their sentences would leave no room for titles."""
    rows = (
        (
            str(entry.id),
            entry.created[:16].replace("T", " "),
            entry.kind,
            entry.verdict,
            _share(entry.probability),
            _share(entry.coverage),
            entry.title or entry.path,
        )
        for entry in entries
    )
    console(stream).print(plain(library_words.ENTRY_COLUMNS, rows, _FOLDED))


def show_disputes(disputes: Sequence[Dispute], stream: TextIO) -> None:
    """With the beginning of each passage; states by the names that `--state` takes."""
    rows = (
        (
            str(each.id),
            each.created[:16].replace("T", " "),
            each.state,
            dispute_words.training(each.training_consented),
            each.claim,
            _share(each.probability),
            each.passage[:_BEGINNING] + ("…" if len(each.passage) > _BEGINNING else ""),
        )
        for each in disputes
    )
    console(stream).print(plain(dispute_words.COLUMNS, rows, _FOLDED))


def _name(source: Source, titles: Counter[str]) -> str:
    known = [source.title, source.path] if titles[source.title] > 1 else [source.title or source.path]
    return " · ".join(filter(None, known))


def _share(value: float | None) -> str:
    return "" if value is None else words.share(value)
