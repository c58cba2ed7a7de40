"""The detector's files against its manifest."""

import os
from collections.abc import Iterator
from pathlib import Path

from neural_lab.compose import EMBEDDED
from neural_lab.doctor.checked import Checked, failed, ok
from neural_lab.doctor.machine import Machine
from neural_lab.errors import ModelUnavailable

BUNDLE = "NEURAL_LAB_BUNDLE"


def checksums(_: Machine) -> Iterator[Checked]:
    """The embedded bundle, and the one that the environment names."""
    yield _verified("bundle", EMBEDDED)
    named = os.environ.get(BUNDLE)
    if named:
        yield _verified("bundle.named", Path(named))


def _verified(name: str, folder: Path) -> Checked:
    from neural_lab.backends.bundle import Bundle

    try:
        bundle = Bundle(folder)
        detector, count = bundle.detector(), len(bundle.manifest["files"])
    except ModelUnavailable as error:
        return failed(name, error.message, "")
    said = f"{detector.name} {detector.version} in {folder}: {count} files are as published."
    return ok(name, said, files=count, version=detector.version)
