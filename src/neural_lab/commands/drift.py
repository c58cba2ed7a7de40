"""`neural-lab drift`: whether the texts that the service reads are still like those that it read before."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neural_lab.commands.options import AsJson, Debug, Url, whole_number
from neural_lab.guard import Guarded, tell

if TYPE_CHECKING:
    from neural_lab.backends.bundle import Bundle
    from neural_lab.ports import Events

drift_app = typer.Typer(add_completion=False)
Days = Annotated[
    int, typer.Option(parser=whole_number, metavar="NUMBER", help="Look at today and so many days before.")
]
Reference = Annotated[
    str,
    typer.Option(
        metavar="DAYS",
        help="What to compare with: the first so many days of this detector, or 2026-10-01..2026-10-31.",
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="PATH",
        help="Write a report: a .md file, or a folder for weekly ones, which is made.",
    ),
]


@drift_app.command("drift", cls=Guarded)
def drift(
    days: Days = 7,
    reference: Reference = "28",
    store: Url = None,
    output: Out = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Compare the texts of the last days with earlier ones that the same detector read, from the event log.

    0: no drift, or too few texts to say. 1: drift. What else can go wrong has the exit codes of all commands.
    """
    del debug
    from neural_lab.commands.opening import opened
    from neural_lab.commands.printing import print_json
    from neural_lab.report import drift_words
    from neural_lab.report.drift_terminal import show

    page, today = _page(output), datetime.now(UTC)
    with opened(store) as (kept, _):
        found = _found(kept.events(), today, days, reference)
    if found is None:
        tell(drift_words.NOTHING)
    if as_json:
        print_json(found or {"schema": 1, "state": "too_few", "detector": None})
    elif found:
        show(found, sys.stdout)
        tell(drift_words.LIMITS if found["reference"] else drift_words.NO_REFERENCE)
    if page and found:
        _write(found, page, today.date())
    return int(bool(found and found["state"] == "drift"))


def _found(events: Events, now: datetime, days: int, reference: str) -> dict[str, Any] | None:
    """None where there is no text at all."""
    from neural_lab.detectors.drift_found import found
    from neural_lab.detectors.drift_log import DriftLog

    log = DriftLog(events)
    with _shown_progress():
        log.read(now)
    if not log.detector:
        return None
    bundle = _bundle(log.detector)
    return found(log, bundle.detector(), bundle.distributions(), now.date(), days, reference)


def _shown_progress() -> Any:
    from neural_lab.report.streams import console

    return console(sys.stderr).status("Reading the event log")


def _bundle(name: str) -> Bundle:
    """The bundle of the detector that the log names. Raises `NotFound`."""
    from neural_lab.backends.bundle import Bundle
    from neural_lab.detectors.drift_found import full_name
    from neural_lab.errors import NotFound

    for bundle in map(Bundle, _folders()):
        if full_name(bundle.detector()) == name:
            return bundle
    message = (
        f"The latest texts were read by {name}, which is not among the detectors here: run this where it is, "
        "or add its folder with `neural-lab detectors add`."
    )
    raise NotFound("unknown_detector", message)


def _folders() -> Iterator[Path]:
    """Of all detectors that are here, those first that answer."""
    from neural_lab.compose import EMBEDDED, named_bundle
    from neural_lab.detectors.registry import Registry

    if named := named_bundle():
        yield named
    registry = Registry()
    champion = registry.champion()
    if champion:
        yield registry.folder_of(champion)
    yield EMBEDDED
    yield from (registry.folder_of(each.version) for each in registry.versions() if each.version != champion)


def _page(typed: str | None) -> Path | None:
    """Where the report goes, looked at before anything is read. Raises `InvalidRequest`."""
    from neural_lab.errors import InvalidRequest
    from neural_lab.files import in_folder

    if typed is None:
        return None
    output = Path(typed)
    if output.is_dir():
        return output
    if typed.endswith(("/", os.sep)) or not (output.suffix or output.exists()):
        return _made(output)
    if output.suffix != ".md":
        message = f"{output} cannot be the report: name a folder, or a file that ends in .md."
        raise InvalidRequest("not_markdown", message)
    return in_folder(output)


def _made(folder: Path) -> Path:
    from neural_lab.errors import InvalidRequest

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The folder {folder} cannot be made: {error.strerror}."
        raise InvalidRequest("not_writable", message) from error
    return folder


def _write(found: dict[str, Any], output: Path, today: date) -> None:
    from neural_lab.files import replacing
    from neural_lab.report import drift_words
    from neural_lab.report.drift_markdown import page
    from neural_lab.report.drift_plots import draw

    path = output / f"drift-{today:%G-W%V}.md" if output.is_dir() else output
    pictures = draw(found, path)
    with replacing(path) as file:
        file.write(page(found, pictures).encode())
    tell(drift_words.written(path, len(pictures)))
    if not pictures:
        tell(drift_words.NO_PLOTS)
