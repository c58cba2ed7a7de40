"""A check, and how long it may take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from threading import Thread

from neural_lab.doctor.checked import Checked, failed
from neural_lab.doctor.machine import Machine
from neural_lab.errors import LabError

SECONDS = 5.0
"""For what others answer."""
COMPUTING = 120.0
"""For what this machine computes."""
READING = 900.0
"""For large files: 45 GB at 50 MB a second."""


@dataclass(frozen=True)
class Check:
    """`name` is what people ask for; its rows are called that, or that and more after a dot."""

    name: str
    run: Callable[[Machine], Iterator[Checked]]
    seconds: float = SECONDS

    def examine(self, machine: Machine, debug: bool = False) -> tuple[list[Checked], bool]:
        """Its rows, and whether it still runs: then nobody waits for it any more, and a row says so.

        What goes wrong is a row as well; with `debug` it is raised, unless it is for the user.
        """
        rows: list[Checked] = []
        ended: Future[None] = Future()
        Thread(target=self._run, args=(machine, rows, ended), name=self.name, daemon=True).start()
        try:
            ended.result(self.seconds)
        except LabError as error:
            return [*rows, failed(self.name, error.message, "")], False
        except Exception as error:
            if isinstance(error, Late) and not ended.done():
                return [*rows, self._late()], True
            if debug:
                raise
            return [*rows, self._broken(error)], False
        return rows, False

    def _run(self, machine: Machine, rows: list[Checked], ended: Future[None]) -> None:
        try:
            for row in self.run(machine):
                rows.append(row)
        except BaseException as error:
            ended.set_exception(error)
        else:
            ended.set_result(None)

    def _late(self) -> Checked:
        advice = "See what keeps it: a server that hangs, a disk or a driver that does not answer."
        return failed(self.name, f"There was no answer within {self.seconds:g} s.", advice)

    def _broken(self, error: Exception) -> Checked:
        """What libraries say is not passed on: it may quote what nobody should read."""
        kind = type(error).__name__
        return failed(self.name, f"The check itself ended with {kind}.", "Run it again with --debug.")
