"""Options that several commands share, and what stands behind them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neural_lab.settings import Settings, read_settings

if TYPE_CHECKING:
    from neural_lab.ports import Store

OWNER = "local"
"""Whose library and history the command line works on."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show where an unexpected error happened.")]
Html = Annotated[Path | None, typer.Option(metavar="OUT", help="Write a report to this HTML file.")]
Url = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="URL", help="sqlite:///PATH or postgresql://…; the settings' by default."
    ),
]


@contextmanager
def opened(url: str | None) -> Iterator[tuple[Store, Settings]]:
    """The store at `url` or of the settings, closed afterwards."""
    from neural_lab.compose import open_store

    settings = read_settings()
    store = open_store(url or settings.store)
    try:
        yield store, settings
    finally:
        store.close()
