"""Second readers: one a fold, made without its texts, to measure them with; and their mean, to serve."""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.progress import track
from safetensors.torch import load_file, save_file

from neural_lab.backends.onnx_encoder import OnnxEncoder
from neural_lab.backends.second_files import (
    ENCODER,
    ENCODER_TOKENIZER,
    HEAD,
    NGRAMS,
    load_ngrams,
    save_ngrams,
)
from neural_lab.detect.encoded import Head, read
from neural_lab.detect.ngrams import Ngrams
from neural_lab.text.passages import Passage
from neural_lab.training.encoder import WEIGHTS, load, pretrained_folder
from neural_lab.training.encoder_data import Sampler, Texts, tokenizer
from neural_lab.training.encoder_graph import export_encoder
from neural_lab.training.fit_ngrams import fit_ngrams, matrix
from neural_lab.training.leaks import Split
from neural_lab.training.train_encoder import Recipe, train
from neural_lab.types import Floats

PASSAGE_WORDS = 190
RUNS_A_TEXT = 2
STRETCHED_ON = 600
ADDED_WEIGHT, SECOND_SEED = 2.0, 500


def train_reader(split: Split, fold: int, run: Path, first: Recipe, second: Recipe) -> None:
    """The reader of `fold`, as served files in `run`: an encoder after two lessons, a head, n-grams."""
    group = split.recipe.folds[fold]
    lesson, out = run / f"group-{group}", folder_of(run, fold)
    if not (lesson / WEIGHTS).exists():
        apart = split.texts.where(split.apart(group))
        _learn(Sampler(apart, tokenizer(), first.seed + group), first, lesson, None)
    weight = split.texts.weight * np.where(split.added(fold), ADDED_WEIGHT, 1.0)
    texts = replace(split.texts, weight=weight).where(split.learnt(fold))
    _learn(Sampler(texts, tokenizer(), second.seed + SECOND_SEED + fold), second, out, lesson)
    place_encoder(out)
    place_ngrams(texts, out, split.recipe.seed)


def _learn(sampler: Sampler, how: Recipe, out: Path, start: Path | None) -> None:
    steps = train(sampler, how, out, start)
    for _ in track(steps, "fine-tuning", how.passages // how.batch, console=Console(stderr=True)):
        pass


def place_mean(run: Path, folds: Iterable[int], texts: Texts, seed: int) -> Path:
    """The reader that is served: the mean of the weights of all folds' (Wortsman et al. 2022).

    Encoders fine-tuned from one set of weights on data that overlap may be averaged,
    and the mean of linear models is their mean answer. It has learnt from every
    source without being trained once more. Averaging flattens the log-odds, so the
    head is stretched until they regress on the folds' mean log-odds with slope one.
    """
    out = folder_of(run, None)
    out.mkdir(parents=True, exist_ok=True)
    readers = [folder_of(run, fold) for fold in folds]
    weights = [load_file(folder / WEIGHTS) for folder in readers]
    means = {name: torch.stack([each[name] for each in weights]).mean(0) for name in weights[0]}
    save_file(means, out / WEIGHTS)
    place_encoder(out)
    _stretch(out, readers, texts, seed)
    grams = [load_ngrams(folder / NGRAMS) for folder in readers]
    weight = np.mean([each.weight.astype(np.float32) for each in grams], axis=0)
    save_ngrams(out / NGRAMS, Ngrams(weight, float(np.mean([each.bias for each in grams]))))
    return out


def _stretch(out: Path, readers: Sequence[Path], texts: Texts, seed: int) -> None:
    sampler = Sampler(texts, tokenizer(), seed)
    drawn = sampler.rng.integers(len(texts.sentences), size=STRETCHED_ON).tolist()
    passages = [sampler.run(text, sampler.length()) for text in drawn]
    mean = np.mean([_log_odds(folder, passages) for folder in readers], axis=0)
    slope, offset = np.polyfit(_log_odds(out, passages), mean, 1)
    head = _head(out)
    stretched = Head(slope * head.weight, float(slope * head.bias + offset))
    (out / HEAD).write_text(json.dumps(stretched.as_dict()) + "\n", "utf-8")


def _log_odds(folder: Path, passages: Sequence[Sequence[str]]) -> Floats:
    encoder = OnnxEncoder(folder / ENCODER, folder / ENCODER_TOKENIZER, folder.name)
    whole = [(Passage(0, 0, len(passage)),) for passage in passages]
    pairs = zip(whole, encoder.encode(passages), strict=True)
    return np.array([read(cut, [each], _head(folder)).figures[0, 0] for cut, each in pairs])


def _head(folder: Path) -> Head:
    return Head.from_dict(json.loads((folder / HEAD).read_text("utf-8")))


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
