"""Python and this package."""

import platform
import sys
from collections.abc import Iterator

from neural_lab.backends.release import release
from neural_lab.doctor.checked import Checked, failed, ok
from neural_lab.doctor.machine import Machine

NEEDED = (3, 11)


def program(_: Machine) -> Iterator[Checked]:
    version, bits = platform.python_version(), 64 if sys.maxsize > 2**32 else 32
    found = f"Neural Lab {release()} on {platform.python_implementation()} {version}, {bits} bits."
    if sys.version_info < NEEDED or bits < 64:
        yield failed("python", found, "Install a 64-bit Python 3.11 or newer.")
    else:
        yield ok("python", found, neural_lab=release(), python=version)
