"""The secret of a service that was given none: drawn once, and kept in a file for its owner alone."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from neural_lab.errors import InvalidRequest

FILE, LENGTH = "secret.key", 32


def kept_secret(path: Path) -> bytes:
    """Made when there is none, by one process alone; all others get the same.

    Raises `InvalidRequest` for a file that is cut, or that other users can read.
    """
    try:
        if not path.exists():
            _make(path)
        found, mode = path.read_bytes(), path.stat().st_mode
    except OSError:
        raise _wrong(path, "can be neither read nor made") from None
    if len(found) < LENGTH:
        raise _wrong(path, "is cut short")
    if os.name == "posix" and mode & (stat.S_IROTH | stat.S_IWOTH):
        raise _wrong(path, "can be read or changed by other users: chmod 600")
    return found


def _make(path: Path) -> None:
    """Written under another name and linked when it is on the disk: nobody ever reads a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write(draft)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _write(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(LENGTH))
        file.flush()
        os.fsync(file.fileno())


def _wrong(path: Path, what: str) -> InvalidRequest:
    return InvalidRequest("secret", f"The secret in {path} {what}; or set NEURAL_LAB_SECRET.")
