"""`neural-lab doctor`: whether this machine is ready."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neural_lab.commands.options import AsJson, Debug
from neural_lab.guard import Guarded

if TYPE_CHECKING:
    from neural_lab.doctor.checked import Checked
    from neural_lab.doctor.machine import Machine

doctor_app = typer.Typer(add_completion=False)

CHECKING = "Checking"
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="NAME", help="Only this check, as `store`; may be repeated."),
]


@doctor_app.command("doctor", cls=Guarded)
def doctor(
    only: Only = None,
    store: Annotated[
        str | None, typer.Option(metavar="URL", help="Database to look at; the settings' by default.")
    ] = None,
    redis: Annotated[
        str | None, typer.Option(metavar="URL", help="Redis to look at; the settings' by default.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address that `serve` would listen at.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="Port that it would take.")] = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Check that this machine is ready: nothing is changed, and only database and Redis are asked."""
    from neural_lab.doctor.checked import State, worst
    from neural_lab.doctor.checks import chosen
    from neural_lab.doctor.machine import Machine
    from neural_lab.report.progress import watched

    machine = Machine(store, redis, host, port)
    found: list[Checked] = []
    late = False
    for check in watched(chosen(only), CHECKING):
        rows, runs_on = check.examine(machine, debug)
        found += rows
        late = late or runs_on
    _print(found, machine, as_json)
    code = int(worst(found) == State.FAILED)
    return _left(code) if late else code


def _print(found: list[Checked], machine: Machine, as_json: bool) -> None:
    from neural_lab.commands.printing import print_json
    from neural_lab.report import doctor_terminal
    from neural_lab.report.streams import console

    answer = _answer(found, machine)
    if as_json:
        print_json(answer)
    else:
        doctor_terminal.show(console(sys.stdout), answer)


def _answer(found: list[Checked], machine: Machine) -> dict[str, Any]:
    from neural_lab.backends.release import release
    from neural_lab.doctor.checked import worst

    rows = [
        {"name": each.name, "state": each.state.value, "found": each.found, "advice": each.advice}
        | {"figures": dict(each.figures)}
        for each in found
    ]
    about = {"schema": 1, "program": release(), "state": worst(found).value}
    return {**about, "checks": rows, "network": machine.network}


def _left(code: int) -> int:
    """End without waiting for a check that hangs, which would else keep the process."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
