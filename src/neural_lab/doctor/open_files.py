"""How many files and connections a process may have open."""

from collections.abc import Iterator
from importlib.util import find_spec

from neural_lab.doctor.checked import Checked, not_here, ok, warning
from neural_lab.doctor.machine import Machine

LEAST = 1024
"""A worker takes 512 requests at once, each over a connection, and holds files and connections of its own."""


def open_files(_: Machine) -> Iterator[Checked]:
    if find_spec("resource") is None:
        yield not_here("files", "This system has no such limit.")
        return
    import resource

    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if most == resource.RLIM_INFINITY:
        yield ok("files", "There is no limit.")
    elif most < LEAST:
        advice = f"Raise it to {LEAST} or more: ulimit -n, or LimitNOFILE= of the unit."
        yield warning("files", f"A process may open {most}.", advice, most=most)
    else:
        yield ok("files", f"A process may open {most}.", most=most)
