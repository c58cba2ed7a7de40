"""`neural-lab train …` and the figures that training stands on."""

import json
from pathlib import Path
from typing import Annotated

import typer

from neural_lab.guard import Guarded

train_app = typer.Typer(add_completion=False, no_args_is_help=True)

Folder = Annotated[Path, typer.Option(exists=True, file_okay=False)]


@train_app.callback()
def train() -> None:
    """Train the models of a detector; needs the extra `train`, see docs/training.md."""


@train_app.command("lm", cls=Guarded)
def lm(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder of .jsonl.xz files.")],
    out: Annotated[Path, typer.Option(help="Folder of the run; a run found there goes on.")],
    config: Annotated[
        Path | None, typer.Option(help="TOML file; the recipe in the package by default.")
    ] = None,
    device: Annotated[str, typer.Option(help="cpu, cuda or mps.")] = "cpu",
    compiled: Annotated[bool, typer.Option("--compile/--no-compile", help="Compile the model first.")] = True,
    stop: Annotated[int | None, typer.Option(help="Stop after so many tokens, to go on later.")] = None,
    checkpoint: Annotated[Path | None, typer.Option(help="Folder to start a new run from.")] = None,
    debug: bool = False,
) -> int:
    """Train the language model from scratch; leaves model.safetensors, tokens/ and loss.png in --out."""
    del debug
    from neural_lab.training.train_language_model import DEFAULTS, Recipe, train

    recipe = Recipe.read(config or DEFAULTS)
    train(data, out, recipe, device=device, compiled=compiled, stop=stop, checkpoint=checkpoint)
    return 0


@train_app.command("fusion", cls=Guarded)
def fusion(
    data: Annotated[Path, typer.Option(exists=True, help="Folder of labelled .jsonl.gz files.")],
    human: Annotated[Path, typer.Option(exists=True, help="Folder of human .jsonl.xz files (as for lm).")],
    run: Annotated[Path, typer.Option(exists=True, help="Finished run of `train lm`.")],
    out: Annotated[Path, typer.Option(help="Bundle folder to write.")],
    lexicon: Annotated[Path, typer.Option(exists=True, help="lexicon.npy")],
    version: Annotated[str, typer.Option(help="Version to give the detector.")],
    limit: Annotated[int, typer.Option(help="Texts a class and source.")] = 1500,
    seed: int = 20261120,
    debug: bool = False,
) -> int:
    """Export the language model, measure the labelled texts with it, fit and calibrate; seal the bundle."""
    del debug
    from neural_lab.backends.bundle import Bundle
    from neural_lab.training.bits_per_byte import bits_per_byte
    from neural_lab.training.build_detector import fit_detector, place_models
    from neural_lab.training.card import write_card
    from neural_lab.training.material import Material, measure_material
    from neural_lab.training.train_language_model import describe

    place_models(run, lexicon, out)
    measured = measure_material(out, Material(data, human, limit, seed), run)
    detector, unseen = fit_detector(out, measured, version)
    bits = bits_per_byte(run / "tokens", Bundle(out).scorer())
    write_card(out, detector, measured, unseen, bits, describe(run))
    return 0


@train_app.command("evaluate", cls=Guarded)
def evaluate(
    data: Annotated[Path, typer.Option(exists=True, help="Folder of labelled .jsonl.gz files.")],
    human: Annotated[Path, typer.Option(exists=True, help="Folder of human .jsonl.xz files.")],
    bundle: Annotated[Path | None, typer.Option(help="Bundle; the embedded one by default.")] = None,
    cache: Annotated[Path, typer.Option(help="Folder that keeps the measured signals.")] = Path("runs"),
    limit: int = 1500,
    seed: int = 20261120,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    debug: bool = False,
) -> int:
    """Leave-one-source-out: all that is fitted, refitted without each source, then tried on it."""
    del debug
    from neural_lab.compose import EMBEDDED
    from neural_lab.training.build_detector import SHORTEST_WORDS
    from neural_lab.training.evaluate import (
        false_positive_table,
        false_positives,
        leave_one_source_out,
        table,
    )
    from neural_lab.training.held_out import hold_out
    from neural_lab.training.material import Material, measure_material

    folder = bundle or EMBEDDED
    measured = measure_material(folder, Material(data, human, limit, seed), cache)
    unseen = hold_out(measured)
    rows = list(leave_one_source_out(measured, unseen, SHORTEST_WORDS))
    families = list(false_positives(measured, unseen, SHORTEST_WORDS))
    if as_json:
        typer.echo(json.dumps({"sources": [row.as_dict() for row in rows], "human": families}, indent=1))
    else:
        typer.echo(f"{table(rows)}\n\n{false_positive_table(families)}")
    return 0
