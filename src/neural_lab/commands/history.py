"""`neural-lab history`: the reports that were kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neural_lab.commands.excluding import Excluded, SmallerThan
from neural_lab.commands.options import (
    OWNER,
    AsJson,
    Debug,
    ExcludedSources,
    Force,
    Full,
    Html,
    Itself,
    Output,
    Url,
    Yes,
    confirmed,
    opened,
    whole_number,
)
from neural_lab.commands.packing import Evidence, WithoutText
from neural_lab.guard import Guarded, tell
from neural_lab.kept import row

if TYPE_CHECKING:
    from neural_lab.entry import Entry
    from neural_lab.ports import History

MANY, PRIVATE = 20, 0o600
"""More are deleted only when that is confirmed; and who may read an export."""

history_app = typer.Typer(add_completion=False, no_args_is_help=True)

Most = Annotated[int, typer.Option(parser=whole_number, help="At most so many reports.")]
Before = Annotated[int | None, typer.Option(parser=whole_number, help="Only reports with a smaller number.")]
Number = Annotated[
    int,
    typer.Argument(
        parser=whole_number, metavar="NUMBER", help="Number of the report; `history list` shows it."
    ),
]


@history_app.callback()
def history() -> None:
    """Reports of checks and audits, kept on this computer until they are deleted."""


@history_app.command("list", cls=Guarded)
def list_entries(
    most: Most = 50,
    before: Before = None,
    as_json: AsJson = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """List kept reports, the newest first."""
    del debug
    with opened(store) as (found, _):
        history = found.history(OWNER)
        _print(history, history.entries(most, before), as_json)
    return 0


@history_app.command("search", cls=Guarded)
def search(
    words: Annotated[
        list[str],
        typer.Argument(help="Letters that a text, title or path contains one after the other, in any case."),
    ],
    most: Most = 50,
    as_json: AsJson = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Find kept reports of texts in which this very string stands; several words are one string."""
    del debug
    with opened(store) as (found, _):
        history = found.history(OWNER)
        _print(history, history.search(" ".join(words), most), as_json)
    return 0


@history_app.command("show", cls=Guarded)
def show(
    number: Number,
    exclude: Excluded = None,
    smaller_than: SmallerThan = None,
    exclude_source: ExcludedSources = None,
    include_itself: Itself = False,
    full: Full = False,
    text: Annotated[bool, typer.Option("--text", help="Print the text that was checked.")] = False,
    as_json: AsJson = False,
    html: Html = None,
    evidence: Evidence = None,
    without_text: WithoutText = False,
    debug: Debug = False,
    store: Url = None,
) -> int:
    """Show a kept report again, without a new search.

    Exclusions that are given take the place of all the report was made with. Passages of
    sources are shown as far as those still are in the library with the same text.
    """
    del debug
    from neural_lab.commands.evidence import Packing
    from neural_lab.commands.showing import Wanted, show_entry
    from neural_lab.report.characters import visible, well_formed

    wanted = Wanted(exclude, smaller_than, exclude_source, include_itself)
    with opened(store) as (found, _):
        entry = found.history(OWNER).entry(number)
        if pack := Packing.of(evidence, [Path(entry.path)], without_text):
            pack.write_kept(entry)
        elif text:
            typer.echo(visible(entry.text) if sys.stdout.isatty() else well_formed(entry.text))
        else:
            show_entry(entry, wanted, html, found.library(OWNER), as_json=as_json, full=full)
    return 0


@history_app.command("delete", cls=Guarded)
def delete(
    numbers: Annotated[
        list[int], typer.Argument(parser=whole_number, metavar="NUMBER", help="Numbers of reports.")
    ],
    yes: Yes = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Delete reports; nothing of them stays in the database's files."""
    del debug
    from neural_lab.errors import NotFound
    from neural_lab.report import library_words

    with opened(store) as (found, _):
        history = found.history(OWNER)
        unknown = [number for number in dict.fromkeys(numbers) if not _is_kept(history, number)]
        known = set(numbers).difference(unknown)
        if not known:
            raise NotFound("no_entry", "No kept report has that number; see `history list`.")
        if len(known) > MANY:
            confirmed(library_words.delete(len(known)), yes)
        typer.echo(library_words.deleted(history.delete(sorted(known))))
    for number in unknown:
        tell(library_words.unknown_entry(number))
    return 2 if unknown else 0


@history_app.command("purge", cls=Guarded)
def purge(
    yes: Yes = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Delete all reports."""
    del debug
    from neural_lab.report import library_words

    confirmed(library_words.PURGE, yes)
    with opened(store) as (found, _):
        deleted = found.history(OWNER).purge()
    typer.echo(library_words.deleted(deleted))
    return 0


@history_app.command("export", cls=Guarded)
def export(
    to: Output,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Also disputes, drafts, preferences and sources, each row named."),
    ] = False,
    force: Force = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Write all kept reports with their texts as JSON lines, the newest first, for your eyes only."""
    del debug
    from neural_lab import exported
    from neural_lab.files import fresh_file
    from neural_lab.report import library_words
    from neural_lab.rows import encode, output

    written = 0
    with opened(store) as (found, _), output(fresh_file(to, force=force), PRIVATE) as file:
        rows = exported.everything(found, OWNER) if everything else exported.reports(found.history(OWNER))
        for each in rows:
            file.write(encode(each))
            written += 1
    tell(library_words.exported(written, str(to)))
    return 0


def _is_kept(history: History, number: int) -> bool:
    """Without reading the whole report."""
    return [entry.id for entry in history.entries(1, number + 1)] == [number]


def _print(history: History, entries: list[Entry], as_json: bool) -> None:
    from neural_lab.report.library_words import NO_ENTRIES, NOTHING_FOUND
    from neural_lab.report.sources_table import show_entries

    if not as_json and entries:
        show_entries(entries, sys.stdout)
        return
    if not as_json:
        typer.echo(NOTHING_FOUND if history.entries(1) else NO_ENTRIES)
        return
    listed = ({key: value for key, value in row(e).items() if key not in ("text", "report")} for e in entries)
    typer.echo(json.dumps({"schema": 1, "entries": list(listed)}))
