"""`neural-lab train …` and the figures that training stands on."""

import json
from pathlib import Path
from typing import Annotated

import typer

from neural_lab.errors import InvalidRequest
from neural_lab.guard import Guarded

train_app = typer.Typer(add_completion=False, no_args_is_help=True)
TextColumn = Annotated[str, typer.Option(metavar="NAME", help="Column that holds the text.")]
LabelColumn = Annotated[str, typer.Option(metavar="NAME", help="Column that holds the label.")]
OldText = Annotated[str | None, typer.Option("--text", metavar="NAME", hidden=True)]
OldLabel = Annotated[str | None, typer.Option("--label", metavar="NAME", hidden=True)]


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
    from neural_lab.tracking.logged import log_language_model, tracked
    from neural_lab.training.train_language_model import DEFAULTS, Recipe, train

    recipe = Recipe.read(config or DEFAULTS)
    with tracked("train lm", [data], config=config, device=device, stop=stop, checkpoint=checkpoint) as run:
        done = train(data, out, recipe, device=device, compiled=compiled, stop=stop, checkpoint=checkpoint)
        log_language_model(run, done, out)
    return 0


@train_app.command("encoder", cls=Guarded)
def encoder(
    data: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder of labelled .jsonl.gz files.")
    ],
    human: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder of human .jsonl.xz files.")
    ],
    out: Annotated[Path, typer.Option(help="Folder of the run; each fold gets a folder in it.")],
    fold: Annotated[int, typer.Option(help="The fold of the recipe to leave out.")],
    recipe: Annotated[Path | None, typer.Option(help="TOML file; the one in the package by default.")] = None,
    passages: Annotated[int, typer.Option(help="Passages of the first lesson.")] = 28_000,
    more: Annotated[int, typer.Option(help="Passages of the second lesson.")] = 8_000,
    debug: bool = False,
) -> int:
    """Fine-tune the passage encoder and fit the n-grams, without one fold of the sources."""
    del debug
    from neural_lab.tracking.logged import tracked
    from neural_lab.training.build import split_by_recipe
    from neural_lab.training.second_readers import folder_of, train_reader
    from neural_lab.training.sources import EMBEDDED, Sources
    from neural_lab.training.train_encoder import Recipe

    sources = Sources.read(recipe or EMBEDDED)
    split = split_by_recipe(data, human, sources)
    how = Recipe(passages=passages, seed=sources.seed), Recipe.second(more, sources.seed)
    with tracked(
        "train encoder", [data, human], fold=fold, passages=passages, more=more, recipe=recipe
    ) as run:
        train_reader(split, fold, out, *how)
        run.log_folder(folder_of(out, fold), "reader")
    return 0


@train_app.command("detector", cls=Guarded)
def detector(
    data: Annotated[
        list[Path], typer.Option(exists=True, help="Labelled files or folders; see docs/training.md.")
    ],
    out: Annotated[Path, typer.Option(help="Bundle folder to write.")],
    name: Annotated[str, typer.Option(help="Name to give the detector.")] = "own",
    version: Annotated[str, typer.Option(help="Version to give it.")] = "1",
    base: Annotated[
        Path | None, typer.Option(help="Bundle to take the models from; the embedded one.")
    ] = None,
    scorer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Kept language model in place of the base's.")
    ] = None,
    encoder: Annotated[str | None, typer.Option(metavar="NAME", help="Kept encoder in its place.")] = None,
    backend: Annotated[
        str | None, typer.Option(help="onnx or torch; onnx by default where a model was exported.")
    ] = None,
    device: Annotated[
        str | None, typer.Option(help="For torch: auto, cpu, cuda, cuda:NUMBER or mps.")
    ] = None,
    dtype: Annotated[str | None, typer.Option(help="For torch: auto, float32, bfloat16 or float16.")] = None,
    readers: Annotated[
        Path | None, typer.Option(exists=True, help="Run of `train encoder`: rebuild the embedded detector.")
    ] = None,
    human: Annotated[
        Path | None, typer.Option(exists=True, help="With --readers: folder of human .jsonl.xz files.")
    ] = None,
    recipe: Annotated[Path | None, typer.Option(help="TOML file; the one in the package by default.")] = None,
    cache: Annotated[Path, typer.Option(help="Folder that keeps what was measured.")] = Path("runs"),
    text_column: TextColumn = "text",
    text: OldText = None,
    label_column: LabelColumn = "label",
    label: OldLabel = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a finished bundle in --out.")] = False,
    debug: bool = False,
) -> int:
    """Fit ensemble, fusion, calibration and cut points on labelled texts; write a bundle with its card."""
    del debug
    from neural_lab.backends.bundle import Bundle
    from neural_lab.compose import EMBEDDED as BUNDLE
    from neural_lab.guard import tell
    from neural_lab.tracking.logged import log_detector, tracked
    from neural_lab.training.build import fresh_bundle, rebuild_embedded, train_on
    from neural_lab.training.sources import EMBEDDED, Sources

    if bool(readers) != bool(human) or (readers and len(data) > 1):
        message = "--readers and --human belong together, with one folder in --data."
        raise InvalidRequest("option", message)
    from neural_lab.training.pair import Pair

    pair = Pair.of(scorer, encoder, backend, device, dtype)
    if readers and pair != Pair.of():
        raise InvalidRequest("option", "--readers rebuilds the embedded detector, with its own models.")
    fresh_bundle(out, force=force)
    sources, models = Sources.read(recipe or EMBEDDED), base or BUNDLE
    given = {"name": name, "version": version, "base": base, "scorer": scorer, "encoder": encoder}
    with tracked("train detector", data, **given, backend=backend, dtype=dtype, recipe=recipe) as run:
        if readers and human:
            rebuild_embedded(data[0], human, readers, models, out, (name, version), sources, cache)
        else:
            from neural_lab.training.dataset import Columns, read_dataset

            records = list(read_dataset(data, Columns(text=text or text_column, label=label or label_column)))
            trained = train_on(records, models, out, (name, version), sources, cache, pair)
            for line in trained.told(out, Bundle(out).detector()):
                tell(line)
        log_detector(run, out)
    return 0


@train_app.command("agreement", cls=Guarded)
def agreement(
    bundle: Annotated[Path, typer.Argument(file_okay=False, help="A detector with a model of PyTorch.")],
    data: Annotated[
        list[Path], typer.Option(exists=True, help="Files or folders of texts, as for training.")
    ],
    dtype: Annotated[str, typer.Option(help="The precision to try: float32, bfloat16 or float16.")],
    texts: Annotated[int, typer.Option(min=50, help="How many texts, in the order of a hash.")] = 200,
    text_column: TextColumn = "text",
    text: OldText = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
    debug: bool = False,
) -> int:
    """Measure whether a detector may compute in another precision than it was calibrated in."""
    del debug
    from neural_lab.training.agreement import measure_agreement, told

    found = measure_agreement(bundle, data, text or text_column, dtype, texts)
    typer.echo(json.dumps(found.as_dict(), indent=1) if as_json else told(bundle, found))
    return 0 if found.within else 1


@train_app.command("distributions", cls=Guarded)
def distributions(
    data: Annotated[Path, typer.Option(exists=True, help="Folder of labelled .jsonl.gz files.")],
    human: Annotated[Path, typer.Option(exists=True, help="Folder of human .jsonl.xz files.")],
    bundle: Annotated[Path, typer.Option(exists=True, help="Bundle to write them into.")],
    texts: Annotated[int | None, typer.Option(min=100, help="Texts of each kind; all by default.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a processor by default.")] = None,
    recipe: Annotated[Path | None, typer.Option(help="TOML file; the one in the package by default.")] = None,
    debug: bool = False,
) -> int:
    """Measure how signals are distributed over the texts of a finished detector; nothing is fitted anew."""
    del debug
    from neural_lab.training.measure_distributions import renew_distributions
    from neural_lab.training.sources import EMBEDDED, Sources

    found = renew_distributions(bundle, data, human, Sources.read(recipe or EMBEDDED), texts, workers)
    counted = " and ".join(f"{number:,} {kind}" for kind, number in found.texts.items())
    typer.echo(f"{len(found.signals)} signals of {counted} texts.")
    return 0


@train_app.command("evaluate", cls=Guarded)
def evaluate(
    data: Annotated[Path, typer.Option(exists=True, help="Folder of labelled .jsonl.gz files.")],
    human: Annotated[Path, typer.Option(exists=True, help="Folder of human .jsonl.xz files.")],
    readers: Annotated[Path, typer.Option(exists=True, help="Run of `train encoder`, all folds.")],
    bundle: Annotated[Path | None, typer.Option(help="Bundle; the embedded one by default.")] = None,
    recipe: Annotated[Path | None, typer.Option(help="TOML file; the one in the package by default.")] = None,
    cache: Annotated[Path, typer.Option(help="Folder that keeps what was measured.")] = Path("runs"),
    as_json: Annotated[bool, typer.Option("--json")] = False,
    debug: bool = False,
) -> int:
    """Leave out each fold of sources: all that is fitted, refitted without it, then tried on it."""
    del debug
    from neural_lab.compose import EMBEDDED as BUNDLE
    from neural_lab.training.build import SHORTEST_WORDS, measured_by_recipe
    from neural_lab.training.evaluate import (
        false_positive_table,
        false_positives,
        leave_one_source_out,
        parts_table,
        table,
    )
    from neural_lab.training.held_out import hold_out
    from neural_lab.training.sources import EMBEDDED, Sources

    sources = Sources.read(recipe or EMBEDDED)
    measured = measured_by_recipe(data, human, readers, bundle or BUNDLE, sources, cache)
    unseen = hold_out(measured, sources.seed)
    rows = list(leave_one_source_out(measured, unseen, SHORTEST_WORDS))
    families = list(false_positives(measured, unseen, SHORTEST_WORDS))
    if as_json:
        typer.echo(json.dumps({"sources": [row.as_dict() for row in rows], "human": families}, indent=1))
    else:
        parts = parts_table(measured, unseen)
        typer.echo(f"{table(rows)}\n\n{parts}\n\n{false_positive_table(families)}")
    return 0
