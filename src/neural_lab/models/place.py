"""Where a model is put: made beside its place, and moved there whole."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from neural_lab.errors import ModelUnavailable
from neural_lab.models.kept import ONNX, size
from neural_lab.models.name import folder_of

SPARE = 64 * 2**20
"""Bytes that stay free beside what is fetched."""


@contextmanager
def alone(name: str, home: Path | None, waits: Callable[[], None]) -> Iterator[Path]:
    """The folder for `name`, which no other process changes meanwhile; `waits` is told if one does now.

    The lock is the system's and ends with its process.
    """
    from filelock import FileLock, Timeout

    folder = folder_of(name, home)
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_name(f".{folder.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waits()
        lock.acquire()
    try:
        yield folder
    finally:
        lock.release()


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of `folder` only when all went well; for whoever is `alone`.

    An export that lies there stays: whether it fits is checked wherever it is used.
    """
    begun = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(begun, ignore_errors=True)  # of a process that was killed
    try:
        begun.mkdir()
        yield begun
        _put(begun, folder)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise ModelUnavailable("disk_full", f"The disk is full; nothing was put into {folder}.") from None
    finally:
        shutil.rmtree(begun, ignore_errors=True)


def _put(begun: Path, folder: Path) -> None:
    if folder.exists():
        if (folder / ONNX).is_dir():
            (folder / ONNX).rename(begun / ONNX)
        _clear(folder)
    begun.rename(folder)


def _clear(folder: Path) -> None:
    """Gone at once, and then piece by piece."""
    going = folder.with_name(f".{folder.name}.gone")
    shutil.rmtree(going, ignore_errors=True)
    folder.rename(going)
    shutil.rmtree(going)


def make_room(name: str, needed: int, folder: Path) -> None:
    """Raises `ModelUnavailable` where the disk of `folder` has no room for so many bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        message = (
            f"{name} has {needed:,} bytes, and the disk of {folder} has {free:,} free; make room, or name "
            "a folder on another disk in NEURAL_LAB_HOME."
        )
        raise ModelUnavailable("disk_full", message)


def there(name: str, home: Path | None = None) -> Path:
    """The folder of a model, whole or damaged; raises `ModelUnavailable` where nothing is kept."""
    folder = folder_of(name, home)
    if not folder.is_dir():
        message = f"{name} is not kept on this machine; see: neural-lab models list"
        raise ModelUnavailable("not_pulled", message)
    return folder


def remove(name: str, home: Path | None = None) -> int:
    """Delete all that is kept of a model; how many bytes that freed. Raises `ModelUnavailable`."""
    folder = there(name, home)
    freed = size(folder)
    _clear(folder)
    return freed
