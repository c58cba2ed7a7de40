"""Options that several commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from neural_lab.commands.opening import OWNER as OWNER
from neural_lab.commands.opening import opened as opened

DIGITS = 18
"""Longer numbers are numbers of nothing, and too large for a database."""


def whole_number(typed: str | int) -> int:
    """What was typed as a number, from 1 on. Raises `typer.BadParameter`."""
    digits = str(typed)
    if not digits.isdecimal() or len(digits) > DIGITS or not int(digits):
        raise typer.BadParameter(f"“{digits}” has to be a whole number from 1 on, in digits.")
    return int(digits)


def confirmed(question: str, yes: bool) -> None:
    """Go on only if the user wants it. Raises `InvalidRequest` where nobody can be asked."""
    from neural_lab.errors import InvalidRequest

    if yes:
        return
    if not sys.stdin.isatty():
        raise InvalidRequest(
            "not_confirmed", f"{question} Say so with --yes: there is no terminal to ask on."
        )
    typer.confirm(question, abort=True, err=True)


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show where an unexpected error happened.")]
Html = Annotated[Path | None, typer.Option(metavar="OUT", help="Write a report to this HTML file.")]
Full = Annotated[bool, typer.Option("--full", help="Show all matches.")]
Yes = Annotated[bool, typer.Option("--yes", help="Don't ask.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that exists.")]
Itself = Annotated[
    bool, typer.Option("--include-itself", help="Count the document's own copy in the library, too.")
]
Template = Annotated[
    list[Path] | None,
    typer.Option(readable=False, metavar="FILE", help="Don't count text of this file; may be repeated."),
]
ExcludedSources = Annotated[
    list[int] | None,
    typer.Option(metavar="NUMBER", parser=whole_number, help="Don't count this source; may be repeated."),
]
Files = Annotated[
    list[Path],
    typer.Argument(readable=False, help="Files and folders to read, or - for standard input."),
]
Output = Annotated[
    Path, typer.Argument(metavar="FILE", readable=False, help="A .jsonl or .jsonl.gz file, or - to print.")
]
Url = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="URL", help="sqlite:///PATH or postgresql://…; the settings' by default."
    ),
]
