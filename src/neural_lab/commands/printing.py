"""How audits and comparisons leave the process: as a page, as JSON, and what went wrong as lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from neural_lab.files import full_path
from neural_lab.guard import tell
from neural_lab.report import words

if TYPE_CHECKING:
    from neural_lab.audit.audited import Audited
    from neural_lab.audit.scope import Scope
    from neural_lab.errors import LabError
    from neural_lab.types import Document

Failures = list[tuple[str, "LabError"]]


def documents(paths: Iterable[Path], errors: Failures) -> Iterator[Document]:
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


def source_path(document: Document) -> str:
    """The path a source would have that was added from the same file."""
    return "" if document.path == "-" else full_path(Path(document.path))


def print_audits(
    audits: Sequence[Audited],
    scope: Scope | None,
    *,
    quiet: bool = False,
    brief: bool = False,
    full: bool = False,
) -> None:
    """For people: each audit unless `brief`, a table where there are several, and what holds for all."""
    from neural_lab.report import audit_terminal
    from neural_lab.report.streams import console

    out = console(sys.stdout)
    if quiet:
        out.file.writelines(f"{audit_terminal.line(audited)}\n" for audited in audits)
        return
    for audited in [] if brief else audits:
        audit_terminal.show(out, audited, scope, full=full)
    if audits and (brief or len(audits) > 1):
        audit_terminal.summarise(out, audits)
    if audits and not brief:
        audit_terminal.show_limits(out)


def write_page(path: Path, page: str) -> None:
    from neural_lab.files import replacing

    with replacing(path) as file:
        file.write(page.encode())
    tell(words.written(str(path)))


def print_json(envelope: dict[str, Any]) -> None:
    from neural_lab.report.as_json import dumps
    from neural_lab.report.streams import speaks_utf8

    typer.echo(dumps(envelope, ascii_only=not speaks_utf8(sys.stdout)))


def told(errors: Failures) -> int:
    """Say what went wrong, and with which exit code that ends."""
    for path, error in errors:
        tell(words.failure(path, error))
    return max((error.exit_code for _, error in errors), default=0)


def lines(errors: Failures) -> list[str]:
    return [words.failure(*each) for each in errors]
