"""Second readers: one a fold, made without its texts, to measure them with; and their mean, to serve."""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.progress import track
from safetensors.torch import load_file, save_file

from neural_lab.backends.second_files import (
    ENCODER,
    ENCODER_TOKENIZER,
    HEAD,
    NGRAMS,
    load_ngrams,
    save_ngrams,
)
from neural_lab.detect.ngrams import Ngrams
from neural_lab.training.encoder import WEIGHTS, load, pretrained_folder
from neural_lab.training.encoder_data import Sampler, Texts, tokenizer
from neural_lab.training.encoder_graph import export_encoder
from neural_lab.training.fit_ngrams import fit_ngrams, matrix
from neural_lab.training.sources import Sources
from neural_lab.training.train_encoder import Recipe, train

PASSAGE_WORDS = 190
RUNS_A_TEXT = 2


def train_reader(texts: Texts, fold: int, out: Path, recipe: Sources, how: Recipe) -> None:
    """Encoder, head and n-grams from the `texts` outside `fold`, as served files in `out`."""
    rest = texts.where(texts.fold != fold)
    sampler = Sampler(rest, tokenizer(), how.seed + fold)
    steps = train(sampler, how, out)
    total = how.passages // how.batch
    for _ in track(steps, "fine-tuning", total=total, console=Console(stderr=True)):
        pass
    place_encoder(out)
    place_ngrams(rest, out, recipe.seed)


def place_mean(run: Path, folds: Sequence[int]) -> Path:
    """The reader that is served: the mean of the weights of all folds' (Wortsman et al. 2022).

    Encoders fine-tuned from one set of weights on data that overlap may be averaged,
    and the mean of linear models is their mean answer. It has learnt from every
    source without being trained once more.
    """
    out = folder_of(run, None)
    out.mkdir(parents=True, exist_ok=True)
    weights = [load_file(folder_of(run, fold) / WEIGHTS) for fold in folds]
    means = {name: torch.stack([each[name] for each in weights]).mean(0) for name in weights[0]}
    save_file(means, out / WEIGHTS)
    place_encoder(out)
    grams = [load_ngrams(folder_of(run, fold) / NGRAMS) for fold in folds]
    weight = np.mean([each.weight.astype(np.float32) for each in grams], axis=0)
    save_ngrams(out / NGRAMS, Ngrams(weight, float(np.mean([each.bias for each in grams]))))
    return out


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


def folder_of(run: Path, fold: int | None) -> Path:
    """Where the reader made without `fold` lies in a run of `train encoder`."""
    return run / ("all" if fold is None else f"fold-{fold}")
