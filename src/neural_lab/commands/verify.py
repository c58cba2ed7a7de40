"""`neural-lab verify`: whether an evidence pack holds what it says."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neural_lab.commands.options import AsJson, Debug
from neural_lab.guard import Guarded, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neural_lab.evidence.checks import Check, Outcome
    from neural_lab.service import Lab

verify_app = typer.Typer(add_completion=False)

EXIT_CODES = {"verified": 0, "differs": 6, "another_detector": 3, "incomplete": 7}


@verify_app.command("verify", cls=Guarded)
def verify(
    report: Annotated[
        Path, typer.Argument(metavar="REPORT", readable=False, help="Evidence as JSON or HTML.")
    ],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", readable=False, help="The document, where its text was left out."),
    ] = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Recompute an evidence pack and say, check by check, what of it agrees."""
    del debug
    from neural_lab.batch import read
    from neural_lab.commands.printing import print_json
    from neural_lab.evidence.checks import outcome
    from neural_lab.evidence.opening import open_path
    from neural_lab.evidence.verify import verify as checked
    from neural_lab.report import evidence_terminal
    from neural_lab.report.streams import console

    opened = open_path(report)
    text = read(file, sys.stdin.buffer).text if file else None
    checks = checked(opened, _lab(), text)
    found, rows = outcome(checks), [asdict(check) for check in checks]
    if as_json:
        print_json(_answer(opened.values, checks, found))
    else:
        evidence_terminal.show(console(sys.stdout), rows, found)
    return EXIT_CODES[found]


def _lab() -> Lab | None:
    """The detector that is installed; what is wrong with one is said, and all else is checked without it."""
    from neural_lab.compose import open_lab
    from neural_lab.errors import ModelUnavailable

    try:
        return open_lab()
    except ModelUnavailable as error:
        tell(error.message)
        return None


def _answer(values: dict[str, Any], checks: Sequence[Check], found: Outcome) -> dict[str, Any]:
    about = {key: values[key] for key in ("made", "program", "digest")}
    detector = {key: values["detector"][key] for key in ("name", "version", "identity")}
    named = {key: values["report"][key] for key in ("path", "title", "text_sha256")}
    return {
        "schema": 1,
        "outcome": found.value,
        "evidence": {**about, "detector": detector, **named},
        "checks": [{**asdict(check), "places": list(check.places)} for check in checks],
    }
