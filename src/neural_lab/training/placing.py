"""A folder that is written beside its place and moved there whole, or not at all."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def draft_of(to: Path) -> Iterator[Path]:
    """A path beside `to` for a folder yet to be made, gone afterwards unless it was moved."""
    draft = _beside(to, "part")
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def put_in_place(draft: Path, to: Path) -> None:
    """Rename `draft` to `to`; what stood there is removed afterwards, or comes back when that fails."""
    target, old = to.resolve(), _beside(to, "old")
    if target.exists():
        target.rename(old)
    try:
        draft.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _beside(to: Path, kind: str) -> Path:
    target = to.resolve()
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.{kind}")
