"""Second readers: one a fold, made without its texts, to measure them with."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from neural_lab.backends.second_files import (
    ENCODER,
    ENCODER_TOKENIZER,
    HEAD,
    NGRAMS,
    save_ngrams,
)
from neural_lab.errors import InvalidRequest
from neural_lab.training.encoder import WEIGHTS, load, pretrained_folder
from neural_lab.training.encoder_data import Sampler, Texts, tokenizer
from neural_lab.training.encoder_graph import export_encoder
from neural_lab.training.fit_ngrams import fit_ngrams, matrix
from neural_lab.training.leaks import Split
from neural_lab.training.material import digest_of
from neural_lab.training.train_encoder import Recipe, train

PASSAGE_WORDS = 190
RUNS_A_TEXT = 2
MADE_OF = "made-of.txt"
ADDED_WEIGHT, SECOND_SEED = 2.0, 500


def train_reader(split: Split, fold: int, run: Path, first: Recipe, second: Recipe) -> None:
    """The reader of `fold`, as served files in `run`: an encoder after two lessons, a head, n-grams."""
    lesson = _first_lesson(split, split.recipe.folds[fold], run, first)
    out = folder_of(run, fold)
    added = split.added(fold)
    weight = split.texts.weight * np.where(added, ADDED_WEIGHT, 1.0)
    texts = replace(split.texts, weight=weight).where(split.learnt(fold))
    if added.any():
        _learn(Sampler(texts, tokenizer(), second.seed + SECOND_SEED + fold), second, out, lesson)
    else:
        out.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(lesson / WEIGHTS, out / WEIGHTS)
    place_encoder(out)
    place_ngrams(texts, out, split.recipe.seed)


def _learn(sampler: Sampler, how: Recipe, out: Path, start: Path | None) -> None:
    steps = train(sampler, how, out, start)
    for _ in track(steps, "fine-tuning", how.passages // how.batch, console=Console(stderr=True)):
        pass


def _first_lesson(split: Split, group: int, run: Path, how: Recipe) -> Path:
    """The folder of the weights learnt without `group`; learnt once, for all that go on from there."""
    lesson = run / f"group-{group}"
    apart = split.texts.where(split.apart(group))
    made_of = digest_of([str(how), str(split.recipe), *map(str, apart.sentences), str(apart.label.tolist())])
    if not (lesson / WEIGHTS).exists():
        _learn(Sampler(apart, tokenizer(), how.seed + group), how, lesson, None)
        (lesson / MADE_OF).write_text(made_of + "\n", "utf-8")
    elif not (lesson / MADE_OF).exists() or (lesson / MADE_OF).read_text("utf-8").strip() != made_of:
        message = f"{lesson} was learnt from other texts or by another recipe; give another --out."
        raise InvalidRequest("other_lesson", message)
    return lesson


def place_encoder(run: Path) -> None:
    """Export the trained encoder of `run` and write its head and tokenizer beside it."""
    model = load(run)
    weights = {name: tensor.float().numpy() for name, tensor in model.state_dict().items()}
    export_encoder(weights, model.shape.heads, run / ENCODER, int8=True)
    head = {"weight": weights["head.weight"][0].tolist(), "bias": float(weights["head.bias"][0])}
    (run / HEAD).write_text(json.dumps(head) + "\n", "utf-8")
    shutil.copyfile(pretrained_folder() / "tokenizer.json", run / ENCODER_TOKENIZER)


def place_ngrams(texts: Texts, run: Path, seed: int) -> None:
    """Fit the n-grams on runs of the same lengths as the encoder's passages."""
    sampler = Sampler(texts, tokenizer(), seed)
    drawn = list(_runs(sampler))
    weights = sampler.weights()
    rows = matrix([run for run, _ in drawn])
    at = np.array([text for _, text in drawn])
    weight = weights[at] / weights[at].mean()
    save_ngrams(run / NGRAMS, fit_ngrams(rows, texts.label[at], weight, seed))


def _runs(sampler: Sampler) -> Iterator[tuple[str, int]]:
    for text in range(len(sampler.texts.sentences)):
        for _ in range(RUNS_A_TEXT):
            yield " ".join(sampler.run(text, sampler.length())), text


def folder_of(run: Path, fold: int) -> Path:
    """Where the reader made without `fold` lies in a run of `train encoder`."""
    return run / f"fold-{fold}"
