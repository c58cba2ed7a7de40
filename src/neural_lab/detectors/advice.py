"""What to do about a champion that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neural_lab.errors import ModelUnavailable, NotFound


@contextmanager
def advised(version: str) -> Iterator[None]:
    """Say of a champion that cannot be opened how another one is chosen; raises `ModelUnavailable`."""
    try:
        yield
    except (ModelUnavailable, NotFound) as error:
        message = (
            f"The champion {version} cannot be used: {error.message} `neural-lab detectors rollback` puts "
            "the detector before it back, `neural-lab detectors promote embedded` the installed one."
        )
        raise ModelUnavailable(error.code, message) from error
