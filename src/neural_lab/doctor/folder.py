"""The folder of what the user keeps: whether it can be written, and how much room its disk has."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from neural_lab.doctor.checked import Checked, failed, ok, warning
from neural_lab.doctor.machine import Machine
from neural_lab.settings import home

LEAST = 1 << 30
"""Bytes: a library of 10,000 documents and its index fit in."""


def folder(_: Machine) -> Iterator[Checked]:
    """Nothing is made but a file in a folder that there is, which is deleted again."""
    wanted = home()
    there = next(each for each in (wanted, *wanted.parents) if each.exists())
    made = "" if there == wanted else " It is not there yet; whatever is kept first makes it."
    refused = _refused(there)
    if refused:
        advice = (
            "Make it writable for the user that runs Neural Lab, or set NEURAL_LAB_HOME to another folder."
        )
        yield failed("home", f"{wanted} cannot be written: {refused}.", advice)
        return
    free = shutil.disk_usage(there).free
    said = f"{wanted} can be written; its disk has {free / 2**30:.1f} GiB free.{made}"
    if free < LEAST:
        yield warning("home", said, "Make room, or set NEURAL_LAB_HOME to a larger disk.", free=free)
    else:
        yield ok("home", said, free=free)


def _refused(there: Path) -> str:
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"neural-lab")
            file.flush()
    except OSError as error:
        return error.strerror or "the folder refuses it"
    return ""
