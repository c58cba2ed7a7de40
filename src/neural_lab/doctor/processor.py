"""Cores, memory and what the processor can do at once."""

import os
import platform
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from neural_lab.doctor.checked import Checked, ok, warning
from neural_lab.doctor.machine import Machine

CPUINFO = Path("/proc/cpuinfo")
USEFUL = {
    "avx2": "AVX2",
    "avx_vnni": "VNNI",
    "avx512_vnni": "VNNI",
    "amx_int8": "AMX",
    "asimddp": "dot product",
}
LEAST = 1 << 30
"""Bytes: a process takes about 400 MB, and what waits comes on top."""


def processor(_: Machine) -> Iterator[Checked]:
    cores, total, free = _cores(), *_memory()
    able = _abilities()
    kind = ", ".join([platform.machine(), *able])
    said = f"{cores} cores ({kind}), {_memory_said(total, free)}."
    figures: dict[str, float | str] = {"cores": cores, "memory_total": total, "memory_available": free}
    if 0 < free < LEAST:
        yield warning("processor", said, "Free some memory: a process takes about 400 MB.", **figures)
    elif CPUINFO.exists() and platform.machine() in ("x86_64", "AMD64") and "AVX2" not in able:
        yield warning("processor", said, "Without AVX2 reading takes longer.", **figures)
    else:
        yield ok("processor", said, **figures)


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> tuple[int, int]:
    """Bytes in all and available; zeros where nobody can tell."""
    if find_spec("psutil") is None:
        return 0, 0
    import psutil

    found = psutil.virtual_memory()
    return int(found.total), int(found.available)


def _memory_said(total: int, free: int) -> str:
    if not total:
        return "memory unknown without psutil (pip install 'neural-lab[serve]')"
    return f"{free / 2**30:.1f} of {total / 2**30:.1f} GiB of memory available"


def _abilities() -> list[str]:
    """What Linux says of the first processor; nothing elsewhere."""
    text = CPUINFO.read_text("utf-8", "replace") if CPUINFO.exists() else ""
    line = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)
    flags = set(line.group(1).split()) if line else set()
    return list(dict.fromkeys(name for flag, name in USEFUL.items() if flag in flags))
