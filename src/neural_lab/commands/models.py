"""`neural-lab models`: large models that are kept on this machine."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neural_lab.commands.options import AsJson, Debug, Yes, confirmed
from neural_lab.guard import Guarded, tell

if TYPE_CHECKING:
    from neural_lab.models.given import About
    from neural_lab.models.integrity import Problem
    from neural_lab.models.kept import Kept, Kind
    from neural_lab.report.transfer import Transfer

DAMAGED = 3

models_app = typer.Typer(add_completion=False, no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="As `models list` shows it.")]


@models_app.callback()
def models() -> None:
    """Large models, kept on this machine. Only `pull` uses the network; a service never does."""


@models_app.command("pull", cls=Guarded)
def pull(
    source: Annotated[
        str, typer.Argument(metavar="NAME|FOLDER", help="A model of the Hugging Face hub, or a folder.")
    ],
    revision: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="Full hash of a commit; the newest of the hub by default."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="scorer or encoder; as its configuration says by default."),
    ] = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Fetch a model once, or copy it from a folder, and keep it. What is kept is not fetched again."""
    del debug
    from neural_lab.models.pull import pull as get
    from neural_lab.report import model_words as words
    from neural_lab.report.transfer import Transfer

    with Transfer(words.FETCHING) as bar:
        kept, fresh = get(source, revision, _kind(kind), _Watch(bar))
    if as_json:
        typer.echo(json.dumps({"schema": 1, "fetched": fresh, **_row(kept)}))
    else:
        size = kept.bytes
        _say(words.pulled(kept.name, kept.kind, kept.revision, kept.licence, size, fresh=fresh))
    return 0


@models_app.command("list", cls=Guarded)
def list_models(as_json: AsJson = False, debug: Debug = False) -> int:
    """List the models that are kept."""
    del debug
    from neural_lab.errors import ModelUnavailable
    from neural_lab.models.kept import kept_folders, opened
    from neural_lab.models.name import models_folder

    rows, damaged = [], []
    for folder in kept_folders():
        try:
            rows.append(_row(opened(folder)))
        except ModelUnavailable as error:
            damaged.append(error.message)
    if as_json:
        typer.echo(json.dumps({"schema": 1, "folder": str(models_folder()), "models": rows}))
    else:
        _show(rows)
    for message in damaged:
        tell(message)
    return DAMAGED if damaged else 0


@models_app.command("remove", cls=Guarded)
def remove(name: Name, yes: Yes = False, as_json: AsJson = False, debug: Debug = False) -> int:
    """Delete a model with its export."""
    del debug
    from neural_lab.models import place
    from neural_lab.models.kept import size
    from neural_lab.report import model_words as words

    confirmed(words.remove(name, size(place.there(name))), yes)
    freed = place.remove(name)
    if as_json:
        typer.echo(json.dumps({"schema": 1, "name": name, "bytes": freed}))
    else:
        _say(words.removed(name, freed))
    return 0


@models_app.command("verify", cls=Guarded)
def verify(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME…]", help="All by default.")] = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Compare the files of models and exports with their checksums; exit code 1 where one differs."""
    del debug
    from neural_lab.models.integrity import files, problems
    from neural_lab.models.kept import kept_model, kept_models
    from neural_lab.report import model_words as words
    from neural_lab.report.transfer import Transfer

    chosen = [kept_model(name) for name in dict.fromkeys(names)] if names else kept_models()
    total = sum(file["bytes"] for kept in chosen for file in files(kept).values())
    with Transfer(words.CHECKING, total) as bar:
        found = [(kept, problems(kept, bar.moved)) for kept in chosen]
    if as_json:
        typer.echo(json.dumps({"schema": 1, "models": [_checked(*each) for each in found]}))
    elif not found:
        typer.echo(words.NO_MODELS)
    else:
        for each in found:
            _tell_checked(*each)
    return 1 if any(wrong for _, wrong in found) else 0


@models_app.command("export", cls=Guarded)
def export(
    name: Name,
    precision: Annotated[str, typer.Option(metavar="PRECISION", help="int8 or float32.")] = "int8",
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Convert a model so that it runs without PyTorch, and measure how far the answers differ."""
    del debug
    from neural_lab.models import card
    from neural_lab.models.export import export_model
    from neural_lab.models.kept import kept_model, size
    from neural_lab.report import model_words as words

    kept = kept_model(name)
    made = export_model(kept, precision, lambda what: tell(words.exporting(name, what)))
    card.write(kept)
    if as_json:
        typer.echo(json.dumps({"schema": 1, **_row(kept)}))
    else:
        _say(words.exported(name, made.precision, size(kept.onnx), words.compared(made.parity)))
    return 0


class _Watch:
    """Says on standard error what is about to come, and moves the bar."""

    def __init__(self, bar: Transfer) -> None:
        self.moved = bar.moved
        self._bar = bar

    def waits(self, name: str) -> None:
        from neural_lab.report.model_words import waiting

        tell(waiting(name))

    def offered(self, about: About, count: int) -> None:
        from neural_lab.report.model_words import offered

        tell(offered(about.name, about.revision, about.licence, count))
        self._bar.expect(count)


def _kind(typed: str | None) -> Kind | None:
    from neural_lab.errors import InvalidRequest

    if typed == "scorer":
        return "scorer"
    if typed == "encoder":
        return "encoder"
    if typed is not None:
        raise InvalidRequest("kind", "--kind has to be scorer or encoder.")
    return None


def _row(kept: Kept) -> dict[str, Any]:
    names = ("name", "kind", "origin", "revision", "architecture", "licence", "bytes", "exported")
    return {name: getattr(kept, name) for name in names} | {
        "folder": str(kept.folder),
        "export": _export(kept),
    }


def _export(kept: Kept) -> dict[str, Any]:
    from neural_lab.models.kept import size

    export = kept.export()
    if export is None:
        return {}
    return {"precision": export["precision"], "bytes": size(kept.onnx), "parity": export.get("parity", {})}


def _checked(kept: Kept, wrong: list[Problem]) -> dict[str, Any]:
    from dataclasses import asdict

    return {"name": kept.name, "whole": not wrong, "problems": [asdict(each) for each in wrong]}


def _tell_checked(kept: Kept, wrong: list[Problem]) -> None:
    from neural_lab.models.integrity import files
    from neural_lab.models.kept import SOURCE
    from neural_lab.report import model_words as words

    if not wrong:
        _say(words.whole(kept.name, len(files(kept))))
        return
    for each in wrong:
        _say(words.problem(kept.name, each.file, each.what))
    source = any(each.file.startswith(f"{SOURCE}/") for each in wrong)
    _say(words.repair(kept.again if source else f"neural-lab models export {kept.name}"))


def _show(rows: list[dict[str, Any]]) -> None:
    from neural_lab.report import model_words as words
    from neural_lab.report.streams import console
    from neural_lab.report.tables import plain

    if not rows:
        typer.echo(words.NO_MODELS)
        return
    cells = (
        (
            row["name"],
            row["kind"],
            (row["revision"] or "")[: words.SHORT],
            words.short_licence(row["licence"]),
            words.size(row["bytes"]),
            row["export"].get("precision", "no"),
            words.parity(row["export"].get("parity", {})),
        )
        for row in rows
    )
    console(sys.stdout).print(plain(words.MODEL_COLUMNS, cells, words.FOLDED_COLUMNS))


def _say(sentence: str) -> None:
    from neural_lab.report.characters import one_line

    typer.echo(one_line(sentence))
