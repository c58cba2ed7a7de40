"""The composition root: the one place that knows which backend stands behind which port."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from neural_lab.errors import InvalidRequest

if TYPE_CHECKING:
    from neural_lab.ports import Cache, Store
    from neural_lab.service import Lab
    from neural_lab.settings import Computing

EMBEDDED = Path(__file__).parent / "bundles" / "embedded"


def open_lab(
    folder: Path | None = None,
    threads: int | None = None,
    cache: Cache | None = None,
    secret: bytes = b"",
    computing: Computing | None = None,
) -> Lab:
    """A lab on the bundle in `folder`, else in `NEURAL_LAB_BUNDLE`, else on the registry's champion, else on
    the embedded one.

    `threads` read side by side; as many as processors by default. What the models
    say is kept in `cache`, under keys that need `secret`. `computing` is that of
    `Bundle`. Raises `ModelUnavailable`, and `InvalidRequest` for a setting that means nothing.
    """
    from neural_lab.detectors.advice import advised
    from neural_lab.detectors.registry import Registry

    named = folder or named_bundle()
    champion = None if named else Registry().champion()
    if champion is None:
        return _lab(named or EMBEDDED, threads, cache, secret, computing)
    with advised(champion):
        return _lab(Registry().folder_of(champion), threads, cache, secret, computing)


def named_bundle() -> Path | None:
    """The folder in `NEURAL_LAB_BUNDLE`: where one is named, the registry is not asked."""
    given = os.environ.get("NEURAL_LAB_BUNDLE")
    return Path(given) if given else None


def _lab(
    folder: Path, threads: int | None, cache: Cache | None, secret: bytes, computing: Computing | None
) -> Lab:
    from neural_lab.backends.bundle import Bundle
    from neural_lab.backends.language import LangId
    from neural_lab.service import Lab

    bundle = Bundle(folder, computing)
    detector = bundle.detector()
    scorer = bundle.scorer(threads, cache, secret)
    second = bundle.second(threads, cache, secret or None)
    models = scorer, bundle.lexicon(), second, bundle.ensemble(), LangId()
    return Lab(detector, *models, bundle.files, bundle.distributions())


def open_store(url: str) -> Store:
    """The database at `sqlite:///PATH`, `postgresql://…` or, gone with the process, `memory:`.

    Raises `StoreUnavailable`, and `InvalidRequest` for another kind of URL.
    """
    kind, _, path = url.partition("://")
    if url == "memory:":
        from neural_lab.backends.memory_store import MemoryStore

        return MemoryStore()
    if kind == "sqlite" and path.startswith("/"):
        from neural_lab.backends.sqlite.store import SqliteStore

        return SqliteStore(Path(path[1:]).expanduser())
    if kind in ("postgresql", "postgres"):
        from neural_lab.backends.postgres.store import PostgresStore

        return PostgresStore(url)
    raise InvalidRequest("store", "The store has to be sqlite:///PATH or postgresql://USER@HOST/DATABASE.")
