"""What this process takes, on cards as well, as the service's figures have it."""

from collections.abc import Iterator
from importlib.util import find_spec

from neural_lab.doctor.checked import Checked, not_installed, ok
from neural_lab.doctor.machine import Machine

MIB = 2**20


def memory_use(_: Machine) -> Iterator[Checked]:
    """Measured after everything that was tried before it."""
    if find_spec("psutil") is None:
        yield not_installed("memory", "psutil", "serve")
        return
    from neural_lab.memory import measured

    found = measured()
    said = f"This process has {found['rss'] / MIB:,.0f} MiB resident"
    if "gpu_allocated" in found:
        on_cards = (
            f"{found['gpu_allocated'] / MIB:,.0f} MiB allocated, {found['gpu_reserved'] / MIB:,.0f} reserved"
        )
        said += f", and on cards {on_cards}"
    yield ok("memory", f"{said}.", **found)
