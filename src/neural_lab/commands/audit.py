"""`neural-lab audit` and `compare`: what documents share with a library, or with one another."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neural_lab.audit.exclusions import Exclusion
from neural_lab.commands.options import AsJson, Debug, Html, Url
from neural_lab.guard import Guarded, tell
from neural_lab.report import words

if TYPE_CHECKING:
    from neural_lab.audit.audited import Audited
    from neural_lab.audit.exclusions import Switches
    from neural_lab.errors import LabError
    from neural_lab.types import Document

audit_app = typer.Typer(add_completion=False)
compare_app = typer.Typer(add_completion=False)

SMALL = 100
SWITCHED = (Exclusion.QUOTATIONS, Exclusion.BIBLIOGRAPHY, Exclusion.DRAFTS, Exclusion.SMALL)

Excluded = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="KIND", help=f"Don't count {', '.join(SWITCHED)}; may be repeated."),
]
SmallerThan = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help=f"Small matches have fewer characters; {SMALL} if not said."),
]
Failures = list[tuple[str, "LabError"]]


@audit_app.command("audit", cls=Guarded)
def audit(
    files: Annotated[list[Path], typer.Argument(help="Files and folders to read, or - for standard input.")],
    library: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT", help="A collection, files or a folder, or a store's URL; may be repeated."
        ),
    ] = None,
    exclude: Excluded = None,
    smaller_than: SmallerThan = None,
    exclude_source: Annotated[
        list[int] | None, typer.Option(metavar="NUMBER", help="Don't count this source; may be repeated.")
    ] = None,
    template: Annotated[
        list[Path] | None, typer.Option(help="Don't count text of this file; may be repeated.")
    ] = None,
    include_itself: Annotated[
        bool, typer.Option("--include-itself", help="Count the document's own copy in the library, too.")
    ] = False,
    as_json: AsJson = False,
    html: Html = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="One line each: share, sources, path.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Show all matches.")] = False,
    no_keep: Annotated[bool, typer.Option("--no-keep", help="Keep nothing of this in the history.")] = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Show which passages documents share with your library: where to look, never a proof by itself."""
    del debug
    from neural_lab.auditor import Auditor
    from neural_lab.commands.keeping import keep_audits
    from neural_lab.commands.searched import from_files, searched
    from neural_lab.files import expand, fresh_page
    from neural_lab.report import audit_html, audit_json, library_words
    from neural_lab.report.progress import watched

    paths = list(dict.fromkeys(expand(files)))
    if html:
        fresh_page(html, paths)
    with searched(library or (), store) as against:
        templates = from_files(template) if template else None
        wanted = switches(
            exclude, smaller_than, exclude_source, template=bool(template), itself=not include_itself
        )
        auditor = Auditor(against.library, templates.library if templates else None, against.collections)
        errors = [*against.errors, *(templates.errors if templates else ())]
        documents = _read(watched(paths, library_words.AUDITING), errors)
        audits = [auditor.audit(document, wanted, absolute(document)) for document in documents]
        described = against.described()
    if html and audits:
        write_page(html, audit_html.page(audits, [words.failure(*each) for each in errors]))
    if as_json:
        _print_json(audit_json.envelope(audits, errors, described))
    else:
        _print(audits, quiet=quiet, brief=html is not None, full=full)
    if not described["sources"]:
        tell(library_words.NO_SOURCES)
    errors += [] if no_keep else keep_audits(audits, store)
    return _told(errors)


@compare_app.command("compare", cls=Guarded)
def compare(
    files: Annotated[list[Path], typer.Argument(help="Two files or more, and folders.")],
    exclude: Excluded = None,
    smaller_than: SmallerThan = None,
    as_json: AsJson = False,
    html: Html = None,
    debug: Debug = False,
) -> int:
    """Show what documents share with one another: a table of shares, and the pairs most alike."""
    del debug
    from neural_lab import auditor
    from neural_lab.backends.memory_store import MemoryStore
    from neural_lab.commands.options import OWNER
    from neural_lab.errors import InvalidRequest
    from neural_lab.files import expand, fresh_page
    from neural_lab.report import audit_html, audit_json, audit_terminal, library_words
    from neural_lab.report.progress import watched
    from neural_lab.report.streams import console

    paths = list(dict.fromkeys(expand(files)))
    if html:
        fresh_page(html, paths)
    errors: Failures = []
    documents = list(_read(watched(paths, library_words.READING), errors))
    if len(documents) < 2:
        raise InvalidRequest("too_few", "Name at least two documents that can be read.")
    wanted = switches(exclude, smaller_than, None)
    empty = MemoryStore().library(OWNER)
    cohort = auditor.compare(documents, empty, wanted, lambda each: watched(each, library_words.COMPARING))
    if html:
        write_page(html, audit_html.cohort_page(cohort, [words.failure(*each) for each in errors]))
    if as_json:
        _print_json(audit_json.cohort(cohort, errors))
    elif not html:
        audit_terminal.show_cohort(console(sys.stdout), cohort)
    return _told(errors)


def switches(
    exclude: Sequence[str] | None,
    smaller_than: int | None,
    sources: Sequence[int] | None,
    *,
    template: bool = False,
    itself: bool = True,
) -> Switches:
    """Exclusions as they were typed. Raises `InvalidRequest`."""
    from neural_lab.audit.exclusions import Switches
    from neural_lab.errors import InvalidRequest

    named = frozenset(exclude or ())
    if unknown := sorted(named.difference(SWITCHED)):
        raise InvalidRequest("exclude", f"--exclude {unknown[0]}: there are {', '.join(SWITCHED)}.")
    return Switches(
        quotations=Exclusion.QUOTATIONS in named,
        bibliography=Exclusion.BIBLIOGRAPHY in named,
        template=template,
        drafts=Exclusion.DRAFTS in named,
        itself=itself,
        smaller_than=smaller_than or (SMALL if Exclusion.SMALL in named else 0),
        sources=frozenset(sources or ()),
    )


def _read(paths: Iterable[Path], errors: Failures) -> Iterator[Document]:
    """Documents one by one; what cannot be read is put to the `errors`."""
    from neural_lab.batch import read
    from neural_lab.errors import LabError

    for path in paths:
        try:
            document = read(path, sys.stdin.buffer)
        except LabError as error:
            errors.append((str(path), error))
        else:
            yield document


def absolute(document: Document) -> str:
    """The path a source would have that was added from the same file."""
    return "" if document.path == "-" else str(Path(document.path).absolute())


def _print(audits: Sequence[Audited], *, quiet: bool, brief: bool, full: bool) -> None:
    from neural_lab.report import audit_terminal
    from neural_lab.report.streams import console

    out = console(sys.stdout)
    if quiet:
        out.file.writelines(f"{audit_terminal.line(audited)}\n" for audited in audits)
        return
    for audited in [] if brief else audits:
        audit_terminal.show(out, audited, full=full)
    if audits and (brief or len(audits) > 1):
        audit_terminal.summarise(out, audits)


def write_page(path: Path, page: str) -> None:
    from neural_lab.files import replacing

    with replacing(path) as file:
        file.write(page.encode())
    tell(words.written(str(path)))


def _print_json(envelope: dict[str, Any]) -> None:
    from neural_lab.report.as_json import dumps
    from neural_lab.report.streams import speaks_utf8

    typer.echo(dumps(envelope, ascii_only=not speaks_utf8(sys.stdout)))


def _told(errors: Failures) -> int:
    for path, error in errors:
        tell(words.failure(path, error))
    return max((error.exit_code for _, error in errors), default=0)
