"""`neural-lab detectors`: which detector answers, which one is tried, and the way back."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neural_lab.commands.options import AsJson, Debug, Url, Yes, confirmed, whole_number
from neural_lab.commands.printing import print_json
from neural_lab.guard import Guarded, tell
from neural_lab.report import detector_words as words

if TYPE_CHECKING:
    from neural_lab.detectors.happened import Happened
    from neural_lab.detectors.registry import Registry

HELP = (
    "Detectors that are kept on this computer: one answers, one may be tried unseen.\n\n"
    "`neural-lab train` makes a detector, and `neural-lab promote` judges it against another one (is it "
    "fair, and no worse?) before it puts it into a folder. `detectors add` keeps a copy of that folder here, "
    "and `detectors promote` lets it answer: a plain switch that judges nothing. `neural-lab retrain` does "
    "all of that by itself."
)

detectors_app = typer.Typer(add_completion=False, no_args_is_help=True)
Version = Annotated[
    str,
    typer.Argument(metavar="VERSION", help="As `detectors list` shows it; embedded is the installed one."),
]
Why = Annotated[str, typer.Option(metavar="TEXT", help="Stands in the history.")]
Days = Annotated[int, typer.Option(parser=whole_number, metavar="NUMBER", help="Of so many days.")]


@detectors_app.callback(help=HELP)
def detectors() -> None:
    pass


@detectors_app.command("list", cls=Guarded)
def list_detectors(as_json: AsJson = False, debug: Debug = False) -> int:
    """List the detectors that are kept, and say which one answers."""
    del debug
    from neural_lab.report.detector_tables import show_versions

    registry = _registry()
    now = registry.pointer()
    roles = {"champion": now.version if now else "", "challenger": registry.challenger()}
    roles |= {"before": now.before} if now else {}
    kept = [asdict(each) for each in registry.versions()]
    rows = [{**each, "roles": _roles(roles, each["version"])} for each in [_INSTALLED, *kept]]
    rows[0]["version"] = words.INSTALLED
    if as_json:
        since = now.since if now else None
        print_json({"schema": 1, "folder": str(registry.folder), "since": since, "detectors": rows})
    else:
        show_versions(rows, sys.stdout)
    _warn()
    return 0


_INSTALLED: dict[str, Any] = {"version": "", "added": "", "bytes": None}


def _roles(roles: dict[str, str | None], version: str) -> list[str]:
    return [role for role, its in roles.items() if its == version]


@detectors_app.command("show", cls=Guarded)
def show(version: Version, as_json: AsJson = False, debug: Debug = False) -> int:
    """Verify a detector, and say what it is and what was done to it."""
    del debug
    from neural_lab.backends.bundle import Bundle
    from neural_lab.compose import EMBEDDED
    from neural_lab.report.detector_tables import show_events

    registry, named = _registry(), _typed(version)
    folder = registry.folder_of(named) if named else EMBEDDED
    detector = Bundle(folder).detector()
    events = [asdict(each) for each in registry.history() if each.version == named]
    found = {"version": version, "folder": str(folder), "name": detector.name, "detector": detector.version}
    if as_json:
        print_json({"schema": 1, **found, "targets": list(detector.targets), "events": events})
        return 0
    typer.echo(f"{version}\n{detector.name} {detector.version}, intact, in {folder}")
    if events:
        show_events(events, sys.stdout)
    return 0


@detectors_app.command("add", cls=Guarded)
def add(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", file_okay=False, help="Folder of a detector.")],
    why: Why = "",
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Keep a verified copy of a detector; what answers stays the same."""
    del debug
    version = _registry().add(bundle, _who(), why)
    _say(as_json, version, words.added(version))
    return 0


@detectors_app.command("promote", cls=Guarded)
def promote(version: Version, why: Why = "", as_json: AsJson = False, debug: Debug = False) -> int:
    """Let a detector answer, here and in services that run on this folder.

    A plain switch for operators and for `neural-lab retrain`: nothing is measured. `neural-lab promote` is
    what judges a detector before it is added.
    """
    del debug
    _registry().promote(_typed(version), _who(), why)
    _say(as_json, version, words.promoted(version))
    _warn()
    _track("detectors promote", version)
    return 0


@detectors_app.command("rollback", cls=Guarded)
def rollback(why: Why = "", as_json: AsJson = False, debug: Debug = False) -> int:
    """Let the detector answer again that did before the last `promote`."""
    del debug
    version = _registry().rollback(_who(), why) or words.INSTALLED
    _say(as_json, version, words.rolled_back(version))
    _warn()
    _track("detectors rollback", version)
    return 0


@detectors_app.command("challenge", cls=Guarded)
def challenge(
    version: Annotated[str | None, typer.Argument(metavar="VERSION", help="The challenger.")] = None,
    none: Annotated[bool, typer.Option("--none", help="No challenger any more.")] = False,
    why: Why = "",
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Try a detector beside the champion: it reads the share NEURAL_LAB_SHADOW of documents, unseen."""
    del debug
    from neural_lab.errors import InvalidRequest

    if (version is None) != none or version == words.INSTALLED:
        raise InvalidRequest("challenger", "Name one detector that is kept, or say --none.")
    _registry().set_challenger(version, _who(), why)
    _say(as_json, version, words.challenged(version))
    return 0


@detectors_app.command("remove", cls=Guarded)
def remove(
    version: Version, yes: Yes = False, why: Why = "", as_json: AsJson = False, debug: Debug = False
) -> int:
    """Delete a detector that is neither in use nor the way back."""
    del debug
    registry = _registry()
    registry.removable(version)
    confirmed(words.remove(version), yes)
    registry.remove(version, _who(), why)
    _say(as_json, version, words.removed(version))
    return 0


@detectors_app.command("history", cls=Guarded)
def history(as_json: AsJson = False, debug: Debug = False) -> int:
    """What was added, promoted, rolled back, refused and removed; the oldest first."""
    del debug
    from neural_lab.report.detector_tables import show_events

    rows = [_row(each) for each in _registry().history()]
    if as_json:
        print_json({"schema": 1, "events": rows})
    else:
        show_events(rows, sys.stdout)
    return 0


@detectors_app.command("compare", cls=Guarded)
def compare(days: Days = 7, store: Url = None, as_json: AsJson = False, debug: Debug = False) -> int:
    """How the challenger differs from the champion on the documents that both read."""
    del debug
    from neural_lab.commands.opening import opened
    from neural_lab.detectors.comparison import compared
    from neural_lab.detectors.reading import latest_pairs
    from neural_lab.report.detector_tables import show_comparison

    with opened(store) as (found, _):
        pairs = latest_pairs(found.events(), days)
    names = [_shown(each.version) for each in (pairs[-1].champion, pairs[-1].challenger)] if pairs else []
    told, now = compared(pairs), _registry().challenger()
    if as_json:
        print_json({**told, "days": days, **dict(zip(("champion", "challenger"), names, strict=False))})
    elif pairs:
        typer.echo(words.pair(names[0], names[1], days))
        show_comparison(told, sys.stdout)
        tell(words.NOBODY_KNOWS)
    if pairs and now and now != pairs[-1].challenger.version:
        tell(words.UNREAD.format(challenger=now))
    elif not pairs and not as_json:
        tell((words.WAITING if now else words.NOTHING).format(challenger=now, days=days))
    return 0


def _registry() -> Registry:
    from neural_lab.detectors.registry import Registry

    return Registry()


def _row(event: Happened) -> dict[str, Any]:
    """As people name detectors; a challenger may be none at all."""
    row = asdict(event)
    if event.what == "challenged":
        return row
    before = None if event.before is None else _shown(event.before)
    return {**row, "version": _shown(event.version), "before": before}


def _typed(version: str) -> str:
    return "" if version == words.INSTALLED else version


def _shown(version: str) -> str:
    return version or words.INSTALLED


def _who() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or ""


def _say(as_json: bool, version: str | None, sentence: str) -> None:
    if as_json:
        print_json({"schema": 1, "version": version})
    else:
        typer.echo(sentence)


def _track(kind: str, version: str) -> None:
    """What answers has changed already: of a tracking that is away it is only told."""
    from neural_lab.errors import InvalidRequest, StoreUnavailable
    from neural_lab.tracking.tracker import is_set

    if not is_set():
        return
    from neural_lab.compose import EMBEDDED
    from neural_lab.tracking.logged import log_switch

    named = _typed(version)
    try:
        log_switch(kind, version, _registry().folder_of(named) if named else EMBEDDED)
    except (InvalidRequest, StoreUnavailable) as error:
        tell(f"{error.message} {words.ALIAS_STAYS}")


def _warn() -> None:
    from neural_lab.compose import named_bundle

    if named_bundle():
        tell(words.NAMED)
