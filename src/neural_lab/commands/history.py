"""`neural-lab history`: the reports that were kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neural_lab.commands.audit import Excluded, SmallerThan
from neural_lab.commands.options import OWNER, AsJson, Debug, Html, Url, opened
from neural_lab.guard import Guarded, tell
from neural_lab.kept import row

if TYPE_CHECKING:
    from neural_lab.entry import Entry

PAGE = 100

history_app = typer.Typer(add_completion=False, no_args_is_help=True)

Most = Annotated[int, typer.Option(min=1, help="At most so many reports.")]
Number = Annotated[int, typer.Argument(help="Number of the report; `history list` shows it.")]


@history_app.callback()
def history() -> None:
    """Reports of checks and audits, kept on this computer until they are deleted."""


@history_app.command("list", cls=Guarded)
def list_entries(
    most: Most = 50,
    before: Annotated[int | None, typer.Option(help="Only reports with a smaller number.")] = None,
    as_json: AsJson = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """List kept reports, the newest first."""
    del debug
    with opened(store) as (found, _):
        _print(found.history(OWNER).entries(most, before), as_json)
    return 0


@history_app.command("search", cls=Guarded)
def search(
    words: Annotated[str, typer.Argument(help="Letters that a text, title or path contains, in any case.")],
    most: Most = 50,
    as_json: AsJson = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Find kept reports by words that stand in their texts."""
    del debug
    with opened(store) as (found, _):
        _print(found.history(OWNER).search(words, most), as_json)
    return 0


@history_app.command("show", cls=Guarded)
def show(
    number: Number,
    exclude: Excluded = None,
    smaller_than: SmallerThan = None,
    exclude_source: Annotated[
        list[int] | None, typer.Option(metavar="NUMBER", help="Don't count this source; may be repeated.")
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the text that was checked.")] = False,
    as_json: AsJson = False,
    html: Html = None,
    debug: Debug = False,
    store: Url = None,
) -> int:
    """Show a kept report again; matches of an audit with other exclusions, without a new search."""
    del debug
    from neural_lab.commands.showing import show_entry

    with opened(store) as (found, _):
        entry = found.history(OWNER).entry(number)
    if text:
        typer.echo(entry.text)
        return 0
    show_entry(entry, (exclude, smaller_than, exclude_source), html, as_json=as_json)
    return 0


@history_app.command("delete", cls=Guarded)
def delete(
    numbers: Annotated[list[int], typer.Argument(help="Numbers of reports.")],
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Delete reports; nothing of them stays in the database's files."""
    del debug
    from neural_lab.errors import NotFound
    from neural_lab.report import library_words

    with opened(store) as (found, _):
        deleted = found.history(OWNER).delete(numbers)
    if not deleted:
        raise NotFound("no_entry", "No kept report has that number; see `history list`.")
    typer.echo(library_words.deleted(deleted))
    return 0


@history_app.command("purge", cls=Guarded)
def purge(
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Delete all reports."""
    del debug
    from neural_lab.report import library_words

    if not yes:
        typer.confirm(library_words.PURGE, abort=True, err=True)
    with opened(store) as (found, _):
        deleted = found.history(OWNER).purge()
    typer.echo(library_words.deleted(deleted))
    return 0


@history_app.command("export", cls=Guarded)
def export(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="A .jsonl or .jsonl.gz file, or - to print.")],
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Write all kept reports with their texts as JSON lines, the newest first."""
    del debug
    from neural_lab.report import library_words
    from neural_lab.rows import encode, output

    written, before = 0, None
    with opened(store) as (found, _), output(to) as file:
        kept = found.history(OWNER)
        while page := kept.entries(PAGE, before):
            for entry in page:
                file.write(encode(row(kept.entry(entry.id))))
            written, before = written + len(page), page[-1].id
    tell(library_words.exported(written, str(to)))
    return 0


def _print(entries: list[Entry], as_json: bool) -> None:
    from neural_lab.report.sources_table import show_entries

    if not as_json:
        show_entries(entries, sys.stdout)
        return
    listed = ({key: value for key, value in row(e).items() if key not in ("text", "report")} for e in entries)
    typer.echo(json.dumps({"schema": 1, "entries": list(listed)}))
