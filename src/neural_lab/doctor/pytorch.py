"""PyTorch, and the cards that it finds."""

import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from neural_lab.doctor.checked import Checked, not_here, not_installed, ok, warning
from neural_lab.doctor.machine import Machine

MIB = 2**20
WITH_CUDA = "Install PyTorch as it is built for CUDA; docs/gpu.md says how."


def pytorch(_: Machine) -> Iterator[Checked]:
    """PyTorch itself, then each card, then Apple's."""
    missing = [name for name in ("torch", "transformers", "safetensors") if find_spec(name) is None]
    if missing:
        yield not_installed("pytorch", missing[0], "torch")
        return
    import torch

    built = f"for CUDA {torch.version.cuda}" if torch.version.cuda else "without CUDA"
    said = f"PyTorch {torch.__version__} {built}, transformers {version('transformers')}."
    yield ok("pytorch", said, version=str(torch.__version__))
    yield from _cards(torch)
    if torch.backends.mps.is_available():
        allocated, driver = torch.mps.current_allocated_memory(), torch.mps.driver_allocated_memory()
        said = f"Apple's card is there; this process has {allocated / MIB:.0f} MiB of it allocated."
        yield ok("mps", said, allocated=allocated, driver_allocated=driver)


def _cards(torch: Any) -> Iterator[Checked]:
    driver = _driver()
    if torch.cuda.is_available():
        for at in range(torch.cuda.device_count()):
            yield _card(torch, at, driver)
    elif driver:
        found = f"There is a card of driver {driver}, but this PyTorch cannot use it."
        yield warning("cuda", found, WITH_CUDA, driver=driver)
    else:
        yield not_here(
            "cuda", "PyTorch finds no CUDA card on this machine: large models run on the processor."
        )


def _card(torch: Any, at: int, driver: str) -> Checked:
    known, (free, total) = torch.cuda.get_device_properties(at), torch.cuda.mem_get_info(at)
    mine = {"allocated": torch.cuda.memory_allocated(at), "reserved": torch.cuda.memory_reserved(at)}
    capability, bfloat16 = f"{known.major}.{known.minor}", (known.major, known.minor) >= (8, 0)
    half = "float16 and bfloat16" if bfloat16 else "float16, no bfloat16"
    said = (
        f"{known.name}, compute capability {capability} ({half}), driver {driver or 'unknown'}; "
        f"{free / MIB:,.0f} of {total / MIB:,.0f} MiB free; this process has "
        f"{mine['allocated'] / MIB:,.0f} allocated and {mine['reserved'] / MIB:,.0f} reserved."
    )
    figures = {"device": known.name, "capability": capability, "driver": driver, "total": total, "free": free}
    return ok(f"cuda.{at}", said, bfloat16=int(bfloat16), **figures, **mine)


def _driver() -> str:
    """The version of NVIDIA's driver, "" where there is none."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    asked = [program, "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip().partition("\n")[0]
