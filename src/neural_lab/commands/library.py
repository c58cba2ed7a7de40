"""`neural-lab library`: the texts that documents are audited against."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neural_lab.audit.source import DEFAULT_COLLECTION
from neural_lab.commands.options import (
    OWNER,
    AsJson,
    Debug,
    Files,
    Force,
    Output,
    Url,
    Yes,
    confirmed,
    opened,
    whole_number,
)
from neural_lab.guard import Guarded, tell

if TYPE_CHECKING:
    from neural_lab.audit.source import Source
    from neural_lab.intake import Intake
    from neural_lab.ports import Library

MANY, PRIVATE = 20, 0o600
"""More sources are deleted only when that is confirmed; and who may read an export."""

library_app = typer.Typer(add_completion=False, no_args_is_help=True)

Collection = Annotated[str | None, typer.Option(metavar="NAME", help="Only sources of this collection.")]


@library_app.callback()
def library() -> None:
    """Texts of your own that documents are audited against. They stay on this computer."""


@library_app.command("add", cls=Guarded)
def add(
    paths: Files,
    collection: Annotated[
        str, typer.Option(metavar="NAME", help="Collection to put them into.")
    ] = DEFAULT_COLLECTION,
    title: Annotated[str, typer.Option(help="Title of a single file; each file's name by default.")] = "",
    date: Annotated[str, typer.Option(help="Date, as 2026-05-31; each file's last change by default.")] = "",
    language: Annotated[str, typer.Option(help="Language, as en; told from each text by default.")] = "",
    as_json: AsJson = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Add files to the library; what is there already is not added again, a changed file takes its place."""
    del debug
    from neural_lab.backends.language import LangId
    from neural_lab.errors import InvalidRequest
    from neural_lab.files import expand
    from neural_lab.intake import Described, take_in
    from neural_lab.report import library_words
    from neural_lab.report.progress import watched

    files = list(dict.fromkeys(expand(paths)))
    if title and len(files) > 1:
        raise InvalidRequest("title", "--title names one file; without it each file's name is its title.")
    about = Described(title, _checked_date(date), language, collection)
    with opened(store, make=True) as (found, _):
        bar = watched(files, library_words.ADDING)
        intake = take_in(found.library(OWNER), bar, about, LangId(), sys.stdin.buffer)
    return _told(intake, as_json)


@library_app.command("list", cls=Guarded)
def list_sources(
    collection: Collection = None, as_json: AsJson = False, store: Url = None, debug: Debug = False
) -> int:
    """List the sources."""
    del debug
    with opened(store) as (found, _):
        library = found.library(OWNER)
        _print(library, _of(library.sources(), collection), as_json)
    return 0


@library_app.command("search", cls=Guarded)
def search(
    words: Annotated[
        list[str],
        typer.Argument(help="Letters that a text or title contains one after the other, in any case."),
    ],
    most: Annotated[int, typer.Option(parser=whole_number, help="At most so many sources.")] = 50,
    collection: Collection = None,
    as_json: AsJson = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Find sources in which this very string stands; several words are one string."""
    del debug
    with opened(store) as (found, _):
        library = found.library(OWNER)
        _print(library, _of(library.search(" ".join(words), most), collection), as_json)
    return 0


@library_app.command("remove", cls=Guarded)
def remove(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="Numbers of sources, or files or folders. Digits alone are a number: write ./7 for a file."
        ),
    ] = None,
    collection: Collection = None,
    yes: Yes = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Delete sources by number, by the path they were added from, or by collection."""
    del debug
    from neural_lab.commands.meaning import meant
    from neural_lab.errors import InvalidRequest, NotFound
    from neural_lab.report import library_words

    if not what and not collection:
        raise InvalidRequest("nothing_named", "Name sources by number or path, or a --collection.")
    with opened(store) as (found, _):
        library = found.library(OWNER)
        numbers, unknown = meant(_of(library.sources(), collection), what)
        if not numbers:
            raise NotFound("no_source", "No source has that number, path or collection; see `library list`.")
        if not what or len(numbers) > MANY:
            confirmed(library_words.remove(len(numbers)), yes)
        typer.echo(library_words.removed(library.remove(numbers)))
    for each in unknown:
        tell(library_words.unknown_source(each))
    return 2 if unknown else 0


@library_app.command("stats", cls=Guarded)
def stats(as_json: AsJson = False, store: Url = None, debug: Debug = False) -> int:
    """Say how much the library holds, and where it lies."""
    del debug
    from dataclasses import asdict

    from neural_lab.commands.opening import place, shown_url, size
    from neural_lab.report import library_words

    with opened(store) as (found, settings):
        counted = found.library(OWNER).stats()
        url = store or settings.store
    if as_json:
        where = {"store": shown_url(url), "bytes": size(url)}
        typer.echo(json.dumps({"schema": 1, **asdict(counted), **where}))
    else:
        typer.echo(library_words.stats(counted, place(url), size(url)))
    return 0


@library_app.command("export", cls=Guarded)
def export(
    to: Output,
    collection: Collection = None,
    force: Force = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Write all sources with their texts as JSON lines, into a file that only you can read."""
    del debug
    from neural_lab.files import fresh_file
    from neural_lab.report import library_words
    from neural_lab.report.progress import watched
    from neural_lab.rows import encode, output

    with opened(store) as (found, _), output(fresh_file(to, force=force), PRIVATE) as file:
        library = found.library(OWNER)
        sources = _of(library.sources(), collection)
        for source in watched(sources, library_words.EXPORTING):
            text = library.texts([source.id]).get(source.id)
            if text is not None:  # removed by another process meanwhile
                file.write(encode(_row(source) | {"text": text}))
    tell(library_words.exported(len(sources), str(to)))
    return 0


@library_app.command("import", cls=Guarded)
def import_sources(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", readable=False, help="What `library export` wrote, or -.")
    ],
    as_json: AsJson = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Add the sources of a file that `library export` wrote."""
    del debug
    from neural_lab.commands.importing import import_rows

    with opened(store, make=True) as (found, _):
        intake = import_rows(found.library(OWNER), file, sys.stdin.buffer)
    return _told(intake, as_json)


def _told(intake: Intake, as_json: bool) -> int:
    from neural_lab.commands.printing import told
    from neural_lab.report import library_words

    typer.echo(json.dumps(intake.as_dict()) if as_json else library_words.taken_in(intake.tally))
    return told(intake.errors)


def _checked_date(date: str) -> str:
    from datetime import date as Date

    from neural_lab.errors import InvalidRequest

    try:
        return Date.fromisoformat(date).isoformat() if date else ""
    except ValueError:
        raise InvalidRequest("bad_date", "--date has to be a date such as 2026-05-31.") from None


def _of(sources: list[Source], collection: str | None) -> list[Source]:
    return [source for source in sources if collection in (None, source.collection)]


def _row(source: Source) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(source)


def _print(library: Library, sources: list[Source], as_json: bool) -> None:
    from neural_lab.report.library_words import NO_SOURCES, NOTHING_FOUND
    from neural_lab.report.sources_table import show_sources

    if as_json:
        typer.echo(json.dumps({"schema": 1, "sources": [_row(source) for source in sources]}))
    elif sources:
        show_sources(sources, sys.stdout)
    else:
        typer.echo(NOTHING_FOUND if library.stats().sources else NO_SOURCES)
