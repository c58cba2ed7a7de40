"""All checks, in their order."""

from __future__ import annotations

from collections.abc import Sequence

from neural_lab.doctor.check import COMPUTING, READING, Check
from neural_lab.doctor.checksums import checksums
from neural_lab.doctor.consistency import consistency
from neural_lab.doctor.folder import folder
from neural_lab.doctor.large_models import large_models
from neural_lab.doctor.memory_use import memory_use
from neural_lab.doctor.open_files import open_files
from neural_lab.doctor.port import port
from neural_lab.doctor.precision import precision
from neural_lab.doctor.processor import processor
from neural_lab.doctor.program import program
from neural_lab.doctor.pytorch import pytorch
from neural_lab.doctor.redis_server import redis_server
from neural_lab.doctor.runtime import runtime
from neural_lab.doctor.settled import settled
from neural_lab.doctor.store import store
from neural_lab.errors import InvalidRequest

CHECKS = (
    Check("python", program),
    Check("processor", processor),
    Check("home", folder),
    Check("settings", settled),
    Check("files", open_files),
    Check("bundle", checksums, COMPUTING),
    Check("runtime", runtime, COMPUTING),
    Check("scoring", consistency, COMPUTING),
    Check("models", large_models, READING),
    Check("pytorch", pytorch, COMPUTING),
    Check("precision", precision, COMPUTING),
    Check("memory", memory_use),
    Check("store", store),
    Check("redis", redis_server),
    Check("port", port),
)
NAMES = tuple(check.name for check in CHECKS)


def chosen(names: Sequence[str] | None) -> list[Check]:
    """Those of `names`, or all. Raises `InvalidRequest` for a name that no check has."""
    unknown = [name for name in names or () if name not in NAMES]
    if unknown:
        raise InvalidRequest("check", f"There is no check {unknown[0]}; choose from {', '.join(NAMES)}.")
    return [check for check in CHECKS if not names or check.name in names]
