"""The database, whichever it is."""

from collections.abc import Iterator
from pathlib import Path

from neural_lab.doctor.checked import Checked, failed
from neural_lab.doctor.machine import Machine

SQLITE, POSTGRES = "sqlite:///", ("postgresql://", "postgres://")


def store(machine: Machine) -> Iterator[Checked]:
    """Nothing in it is changed or made. Raises `InvalidRequest` and `StoreUnavailable`."""
    url = machine.store_url()
    if url.startswith(SQLITE):
        from neural_lab.doctor.sqlite import sqlite

        yield from sqlite(Path(url.removeprefix(SQLITE)).expanduser(), named=machine.store is not None)
    elif url.startswith(POSTGRES):
        from neural_lab.doctor.postgres import postgres

        yield from postgres(machine, url)
    else:
        advice = "Name it as sqlite:///PATH or postgresql://USER@HOST/DATABASE."
        yield failed("store", "The store is no URL that Neural Lab knows.", advice)
