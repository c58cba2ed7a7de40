"""Does the neural language model earn its place? It is set against n-gram models of the same text.

    python benchmarks/ngram.py --tokens run/tokens --detection data/detection/train --model run

All learn from the same tokens, predict the same held-out tokens and score the
same human and machine texts. Prints the figures as JSON, then as tables. Bits
per byte: of held-out documents, each by itself; `mix` weighs the sources as
training does. AUROC: of telling machine from human texts; `mean` expects machine
texts to be likelier, `-deviation` more even; `regression` on these two and the
outer deciles was fitted on the other sources.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scorers import Scorer, neural, ngram
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tokenizers import Tokenizer

from neural_lab.text.canonical import canonicalize
from neural_lab.training.corpus import encode
from neural_lab.training.ngram import Tokens
from neural_lab.training.shards import Shards
from neural_lab.types import Floats

SOURCES = ("detectrl", "m4_subset", "outfox", "l2r_train_domains", "raidar")

Texts = dict[str, list[Tokens]]
Table = dict[str, dict[str, float]]


def main() -> None:
    options = _options()
    recipe = tomllib.loads((files("neural_lab.training") / "language_model.toml").read_text("utf-8"))
    tokenizer = Tokenizer.from_file(str(options.tokens / "tokenizer.json"))
    held_out = read_held_out(options, recipe["weights"])
    lengths = {name: _bytes(texts, tokenizer) for name, texts in held_out.items()}
    samples = read_samples(options, tokenizer) if options.detection else {}

    def measure(make: Callable[[], Scorer]) -> dict[str, Any]:
        begun, scorer = time.process_time(), make()
        made = time.process_time()
        density, auroc = (
            bits_per_byte(scorer, held_out, lengths, recipe["weights"]),
            detection(scorer, samples),
        )
        seconds = {"to make": made - begun, "to score": time.process_time() - made}
        return {"bits per byte": density, "AUROC": auroc, "CPU seconds": seconds}

    rows = training_rows(options, recipe) if options.orders else []
    report = {name: measure(make) for name, make in scorers(options, recipe, rows).items()}
    facts = {"options": vars(options), "training tokens": sum(map(len, rows)), "held-out bytes": lengths}
    print(json.dumps(facts | {"models": report}, indent=1, default=str))
    print(tables(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tokens", type=Path, required=True, help="token arrays and tokenizer.json")
    parser.add_argument("--detection", type=Path, help="folder of <source>.jsonl.gz with text and label")
    parser.add_argument("--model", type=Path, help="folder of model.safetensors and tokens/tokenizer.json")
    parser.add_argument("--orders", type=int, nargs="*", default=[3, 4, 5], help="orders of n-gram models")
    parser.add_argument("--training-tokens", type=int, help="only the first so many of the planned tokens")
    parser.add_argument("--held-out-tokens", type=int, help="only the first so many of each source")
    parser.add_argument("--texts", type=int, default=400, help="human, and machine, texts of each source")
    parser.add_argument("--text-tokens", type=int, default=1024, help="most tokens read of such a text")
    parser.add_argument("--threads", type=int, default=1, help="threads of the neural model")
    parser.add_argument("--seed", type=int, default=20261120, help="of the choice of texts")
    options = parser.parse_args()
    theirs = options.model and options.model / "tokens" / "tokenizer.json"
    if theirs and theirs.read_bytes() != (options.tokens / "tokenizer.json").read_bytes():
        parser.error("--model and --tokens differ in their tokenizer")
    return options


def scorers(
    options: argparse.Namespace, recipe: dict[str, Any], rows: list[Tokens]
) -> dict[str, Callable[[], Scorer]]:
    """How to make each model; made one at a time, they fit into memory."""
    makers: dict[str, Callable[[], Scorer]] = {}
    for order in options.orders:
        makers[f"{order}-gram"] = partial(ngram, rows, recipe["shape"]["vocabulary"], order)
    if options.model:
        makers["neural"] = partial(neural, options.model, recipe["shape"], options.threads)
    return makers


def training_rows(options: argparse.Namespace, recipe: dict[str, Any]) -> list[Tokens]:
    """What the neural model reads, each passage once: repeats would spoil the counts of counts."""
    run, context = recipe["run"], recipe["shape"]["context"]
    shards = Shards(options.tokens, recipe["weights"], context, run["seed"])
    plan = shards.plan(run["tokens"] // context)[: (options.training_tokens or run["tokens"]) // context]
    return list(shards.batch(np.unique(plan, axis=0), context).astype(np.uint16))


def read_held_out(options: argparse.Namespace, names: Iterable[str]) -> Texts:
    """Validation documents by source; small sources have none."""
    paths = {name: options.tokens / f"{name}.validation.npy" for name in names}
    limit = options.held_out_tokens
    return {name: _documents(np.load(path)[:limit]) for name, path in paths.items() if path.exists()}


def _documents(tokens: Tokens) -> list[Tokens]:
    """Texts one behind the other, taken apart: the first token is the one that opens each."""
    parts = np.split(tokens, np.flatnonzero(tokens == tokens[0]))
    return [part for part in parts if len(part) > 1]


def _bytes(texts: list[Tokens], tokenizer: Tokenizer) -> int:
    decoded = tokenizer.decode_batch([text.tolist() for text in texts], skip_special_tokens=True)
    return sum(len(text.encode("utf-8")) for text in decoded)


def read_samples(options: argparse.Namespace, tokenizer: Tokenizer) -> Texts:
    """By source, the tokens of `options.texts` human texts and behind them of as many machine texts."""
    samples: Texts = {}
    for source in SOURCES:
        texts = _sample(options.detection / f"{source}.jsonl.gz", options.texts, options.seed)
        samples[source] = [encode(tokenizer, [text])[: options.text_tokens] for text in texts]
    return samples


def _sample(path: Path, texts: int, seed: int) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    random.Random(seed).shuffle(rows)
    chosen = [row for label in (0, 1) for row in [r for r in rows if r["label"] == label][:texts]]
    return [canonicalize(row["text"]).text for row in chosen]


def bits_per_byte(
    scorer: Scorer, held_out: Texts, lengths: Mapping[str, int], weights: Mapping[str, float]
) -> dict[str, float]:
    nats = {name: -sum(float(score.sum()) for score in scorer(texts)) for name, texts in held_out.items()}
    bits = {name: total / np.log(2) / lengths[name] for name, total in nats.items()}
    mix = np.average(list(bits.values()), weights=[weights[name] for name in bits])
    return bits | {"mix": float(mix)}


def detection(scorer: Scorer, samples: Texts) -> Table:
    """AUROC by source and statistic."""
    features = {source: np.array([statistics(s) for s in scorer(texts)]) for source, texts in samples.items()}
    table = {}
    for source, own in features.items():
        others = np.concatenate([rows for other, rows in features.items() if other != source])
        regression = make_pipeline(StandardScaler(), LogisticRegression())
        regression.fit(others, np.concatenate([_labels(t) for s, t in samples.items() if s != source]))
        scores = {
            "mean": own[:, 0],
            "-deviation": -own[:, 1],
            "regression": regression.decision_function(own),
        }
        labels = _labels(samples[source])
        table[source] = {name: float(roc_auc_score(labels, score)) for name, score in scores.items()}
    return table


def _labels(sample: list[Tokens]) -> NDArray[np.int64]:
    """Of `read_samples`: as many human (0) as machine (1) texts, human first."""
    return np.repeat((0, 1), len(sample) // 2)


def statistics(logprobs: Floats) -> tuple[float, ...]:
    """Mean, standard deviation and outer deciles of a text's log-probabilities."""
    return float(logprobs.mean()), float(logprobs.std()), *np.quantile(logprobs, (0.1, 0.9)).tolist()


def tables(report: Mapping[str, Any]) -> str:
    """Markdown: a table of bits per byte, then one a detection source."""
    parts = [_table("bits per byte", {name: figures["bits per byte"] for name, figures in report.items()})]
    for source in next(iter(report.values()))["AUROC"]:
        columns = {name: figures["AUROC"][source] for name, figures in report.items()}
        parts.append(_table(f"AUROC, {source}", columns))
    return "\n\n".join(parts)


def _table(title: str, columns: Mapping[str, Mapping[str, float]]) -> str:
    head = f"| {title} | {' | '.join(columns)} |\n|---|{'---:|' * len(columns)}"
    cells = {
        row: " | ".join(f"{c[row]:.3f}" for c in columns.values()) for row in next(iter(columns.values()))
    }
    return "\n".join((head, *(f"| {row} | {figures} |" for row, figures in cells.items())))


if __name__ == "__main__":
    main()
