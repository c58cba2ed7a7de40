"""Whether the service could listen where it would."""

import errno
import os
import socket
from collections.abc import Iterator
from importlib.util import find_spec

from neural_lab.doctor.checked import Checked, failed, not_installed, ok
from neural_lab.doctor.machine import Machine

USUAL_HOST, USUAL_PORT = "127.0.0.1", "8000"


def port(machine: Machine) -> Iterator[Checked]:
    """Binds for a moment, as the service would; connects to nothing."""
    if find_spec("uvicorn") is None:
        yield not_installed("port", "The service", "serve")
        return
    host = machine.host or machine.setting("host") or USUAL_HOST
    given = str(machine.port) if machine.port is not None else machine.setting("port") or USUAL_PORT
    if not given.isdecimal() or int(given) > 65_535:
        yield failed("port", "The setting port is no number from 0 to 65535.", "Correct it.")
        return
    yield _bound(host, int(given))


def _bound(host: str, number: int) -> Checked:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as made:
            if os.name == "posix":  # As the service does: a port that was just closed is free.
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((host, number))
    except OSError as error:
        return failed("port", f"{host} port {number} {_why(error)}.", "Free it, or choose another: --port.")
    return ok("port", f"{host} port {number} is free.")


def _why(error: OSError) -> str:
    known = {
        errno.EADDRINUSE: "is in use by another program",
        errno.EACCES: "may not be used by this user",
        errno.EADDRNOTAVAIL: "is no address of this machine",
    }
    return known.get(error.errno or 0, "cannot be used")
