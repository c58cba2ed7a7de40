"""`neural-lab library`: the texts that documents are audited against."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neural_lab.audit.source import DEFAULT_COLLECTION
from neural_lab.commands.options import OWNER, AsJson, Debug, Url, opened
from neural_lab.guard import Guarded, tell

if TYPE_CHECKING:
    from neural_lab.audit.source import Source
    from neural_lab.ports import Library

library_app = typer.Typer(add_completion=False, no_args_is_help=True)

Collection = Annotated[str | None, typer.Option(metavar="NAME", help="Only sources of this collection.")]


@library_app.callback()
def library() -> None:
    """Texts of your own that documents are audited against. They stay on this computer."""


@library_app.command("add", cls=Guarded)
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders to read, or - for standard input.")],
    collection: Annotated[
        str, typer.Option(metavar="NAME", help="Collection to put them into.")
    ] = DEFAULT_COLLECTION,
    title: Annotated[str, typer.Option(help="Title; each file's name by default.")] = "",
    date: Annotated[str, typer.Option(help="Date, as 2026-05-31; each file's last change by default.")] = "",
    language: Annotated[str, typer.Option(help="Language, as en; told from each text by default.")] = "",
    as_json: AsJson = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Add files to the library; what is there already is not added again, a changed file takes its place."""
    del debug
    from neural_lab.backends.language import LangId
    from neural_lab.files import expand
    from neural_lab.intake import Described, take_in
    from neural_lab.report import library_words, words
    from neural_lab.report.progress import watched

    files = list(dict.fromkeys(expand(paths)))
    about = Described(title, _checked_date(date), language, collection)
    with opened(store) as (found, _):
        bar = watched(files, library_words.ADDING)
        intake = take_in(found.library(OWNER), bar, about, LangId(), sys.stdin.buffer)
    typer.echo(
        json.dumps(intake.as_dict()) if as_json else library_words.taken_in(len(intake.added), intake.known)
    )
    for path, error in intake.errors:
        tell(words.failure(path, error))
    return max((error.exit_code for _, error in intake.errors), default=0)


@library_app.command("list", cls=Guarded)
def list_sources(
    collection: Collection = None, as_json: AsJson = False, store: Url = None, debug: Debug = False
) -> int:
    """List the sources."""
    del debug
    with opened(store) as (found, _):
        _print(_of(found.library(OWNER).sources(), collection), as_json)
    return 0


@library_app.command("search", cls=Guarded)
def search(
    words: Annotated[str, typer.Argument(help="Letters that a text or title contains, in any case.")],
    most: Annotated[int, typer.Option(min=1, help="At most so many sources.")] = 50,
    collection: Collection = None,
    as_json: AsJson = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Find sources by words that stand in them."""
    del debug
    with opened(store) as (found, _):
        _print(_of(found.library(OWNER).search(words, most), collection), as_json)
    return 0


@library_app.command("remove", cls=Guarded)
def remove(
    what: Annotated[list[str] | None, typer.Argument(help="Numbers of sources, or files or folders.")] = None,
    collection: Collection = None,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Delete sources by number, by the path they were added from, or by collection."""
    del debug
    from neural_lab.errors import InvalidRequest, NotFound
    from neural_lab.report import library_words

    if not what and not collection:
        raise InvalidRequest("nothing_named", "Name sources by number or path, or a --collection.")
    with opened(store) as (found, _):
        library = found.library(OWNER)
        numbers = _named(library, what or [], collection)
        if not numbers:
            raise NotFound("no_source", "No source has that number, path or collection; see `library list`.")
        removed = library.remove(numbers)
    typer.echo(library_words.removed(removed))
    return 0


@library_app.command("stats", cls=Guarded)
def stats(as_json: AsJson = False, store: Url = None, debug: Debug = False) -> int:
    """Say how much the library holds."""
    del debug
    from dataclasses import asdict

    from neural_lab.report import library_words

    with opened(store) as (found, _):
        counted = found.library(OWNER).stats()
    typer.echo(json.dumps({"schema": 1, **asdict(counted)}) if as_json else library_words.stats(counted))
    return 0


@library_app.command("export", cls=Guarded)
def export(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="A .jsonl or .jsonl.gz file, or - to print.")],
    collection: Collection = None,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Write all sources with their texts as JSON lines."""
    del debug
    from neural_lab.report import library_words
    from neural_lab.report.progress import watched
    from neural_lab.rows import encode, output

    with opened(store) as (found, _), output(to) as file:
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
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `library export` wrote.")],
    as_json: AsJson = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Add the sources of a file that `library export` wrote."""
    del debug
    from neural_lab.commands.importing import import_rows
    from neural_lab.report import library_words

    with opened(store) as (found, _):
        added, known = import_rows(found.library(OWNER), file, sys.stdin.buffer)
    counted = {"schema": 1, "added": added, "already_there": known, "errors": []}
    typer.echo(json.dumps(counted) if as_json else library_words.taken_in(len(added), known))
    return 0


def _checked_date(date: str) -> str:
    from datetime import date as Date

    from neural_lab.errors import InvalidRequest

    try:
        return Date.fromisoformat(date).isoformat() if date else ""
    except ValueError:
        raise InvalidRequest("bad_date", "--date has to be a date such as 2026-05-31.") from None


def _of(sources: list[Source], collection: str | None) -> list[Source]:
    return [source for source in sources if collection in (None, source.collection)]


def _named(library: Library, what: list[str], collection: str | None) -> list[int]:
    """Numbers of the sources meant: a path means itself and, for a folder, what was added from inside."""
    numbers = {int(each) for each in what if each.isdecimal()}
    paths = [Path(each).absolute() for each in what if not each.isdecimal()]
    known = library.sources()
    meant = {
        source.id
        for source in known
        if source.id in numbers
        or any(Path(source.path).is_relative_to(path) for path in paths if source.path)
        or (collection is not None and not what)
    }
    return [source.id for source in _of(known, collection) if source.id in meant]


def _row(source: Source) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(source)


def _print(sources: list[Source], as_json: bool) -> None:
    from neural_lab.report.sources_table import show_sources

    if as_json:
        typer.echo(json.dumps({"schema": 1, "sources": [_row(source) for source in sources]}))
    else:
        show_sources(sources, sys.stdout)
