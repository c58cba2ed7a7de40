"""What each command writes down of what it did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from neural_lab.backends.bundle import Bundle
from neural_lab.tracking.figures import bundle_digest, hashes, metrics, rates
from neural_lab.tracking.silent import Silent
from neural_lab.tracking.tracker import Plain, Run, open_tracker

CHAMPION, CHALLENGER = "champion", "challenger"
BUNDLE = "bundle"


@contextmanager
def tracked(kind: str, data: Iterable[Path], **params: Any) -> Iterator[Run]:
    """A run with its parameters and the digests of its data; nothing at all where no tracking is set."""
    tracker = open_tracker()
    with tracker.run(kind, {name: _plain(value) for name, value in params.items()}) as run:
        if not isinstance(tracker, Silent):
            run.log_params(hashes(data))
        yield run


def log_card(run: Run, card: Mapping[str, Any], out: Path) -> None:
    """The figures of a card, and the files written beside it."""
    run.log_metrics(metrics(card))
    run.log_folder(out, "card")


def log_bundle(run: Run, bundle: Path, alias: str) -> None:
    """The bundle with its card and pictures, under an alias."""
    digest = bundle_digest(bundle)
    run.set_tag("digest", digest)
    run.log_folder(bundle, BUNDLE)
    run.register(digest, alias)


def log_switch(kind: str, version: str, bundle: Path) -> None:
    """Move the champion's alias to what answers from now on; only a bundle that is not known is sent along.

    Raises `StoreUnavailable`, and `InvalidRequest` as `open_tracker` does.
    """
    with open_tracker().run(kind, {"version": version}) as run:
        digest = bundle_digest(bundle)
        if not run.knows(digest):
            run.log_folder(bundle, BUNDLE)
        run.set_tag("digest", digest)
        run.register(digest, CHAMPION)


def log_detector(run: Run, bundle: Path) -> None:
    """A detector that was just trained: how often it errs, its files, the alias of a challenger."""
    run.log_metrics(rates(Bundle(bundle).detector()))
    log_bundle(run, bundle, CHALLENGER)


def log_language_model(run: Run, done: Mapping[str, Any], out: Path) -> None:
    """How far a language model got: tokens, seconds, nats per token, and the curve when it is finished."""
    run.log_metrics({"tokens": done["tokens"], "seconds": done["seconds"]})
    if done["curve"]:
        run.log_metrics({"nats_per_token": done["curve"][-1][1]})
    for name in ("recipe.json", "loss.png"):
        if (out / name).is_file():
            run.log_file(out / name)


def _plain(value: object) -> Plain:
    if isinstance(value, Path):
        return value.name
    if isinstance(value, list | tuple):
        return ", ".join(str(_plain(each)) for each in value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)
