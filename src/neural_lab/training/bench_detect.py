"""Peers side by side: how well each ranks the same texts, for all of them and per source."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.report.characters import one_line
from neural_lab.rows import encode, output
from neural_lab.training.dataset import Record
from neural_lab.training.error_card import Card, ranking, tpr, two_sided
from neural_lab.training.error_card_text import interval, table
from neural_lab.training.figures import true_positive_rate
from neural_lab.types import Floats

SCHEMA = 1
CUT = 0.01
RESAMPLES, SEED = 1000, 20261120

Labels = NDArray[np.int64]
Scores = Mapping[str, Floats]


def peer_card(records: Sequence[Record], scores: Scores, failed: Mapping[str, int]) -> Card:
    """AUROC and true-positive rate of every peer, unrounded; `scores` has one entry a record.

    A source with hardly any text of one class stands only in the total.
    """
    label = labels(records)
    source = np.array([record.source for record in records])
    sides = {str(name): source == name for name in np.unique(source)}
    both = {name: mine for name, mine in sides.items() if two_sided(label[mine])}
    groups = {"all": np.ones(len(label), dtype=bool), **(both if len(sides) > 1 else {})}
    return {
        "schema": SCHEMA,
        "human": int((label == 0).sum()),
        "machine": int((label == 1).sum()),
        "unread": dict(failed),
        "groups": {group: _group(label[mine], scores, mine) for group, mine in groups.items()},
    }


def labels(records: Sequence[Record]) -> Labels:
    return np.array([record.label for record in records], dtype=np.int64)


def peer_text(card: Card) -> str:
    """The card as Markdown: what was compared, a table a group, and what it does not show."""
    unread = sum(card["unread"].values())
    left = f" {unread:,} more could not be scored by every peer and are left out." if unread else ""
    counts = f"{card['human']:,} human and {card['machine']:,} machine texts.{left}"
    tables = (f"## {one_line(name)}\n\n{peer_table(group)}" for name, group in card["groups"].items())
    return "\n\n".join(("# Peers on the same texts", f"{counts} {READING}", *tables, PEERS, LIMITS)) + "\n"


def peer_table(group: Card) -> str:
    """One group of texts: a row a peer."""
    head = ["peer", "AUROC (95 %)", f"TPR at {100 * CUT:g} % FPR (95 %)"]
    return table(head, ([name, *_cells(found)] for name, found in group["peers"].items()))


def save(records: Sequence[Record], scores: Scores, path: Path) -> None:
    """One JSON line a text, scores unrounded; never the text."""
    with output(path) as file:
        for row in _rows(records, scores):
            file.write(encode(row))


def tpr_interval(label: Labels, score: Floats, cut: float) -> list[float]:
    """95 % of the true-positive rate over resampled texts of each class: it moves with its cut."""
    rng = np.random.default_rng(SEED)
    human, machine = score[label == 0], score[label == 1]
    sides = np.concatenate((np.zeros(len(human), dtype=np.int64), np.ones(len(machine), dtype=np.int64)))
    values = []
    for _ in range(RESAMPLES):
        drawn = np.concatenate((rng.choice(human, len(human)), rng.choice(machine, len(machine))))
        values.append(true_positive_rate(sides, drawn, cut))
    return [float(end) for end in np.percentile(values, (2.5, 97.5))]


def _group(label: Labels, scores: Scores, mine: NDArray[np.bool_]) -> Card:
    peers = {name: _peer(label, score[mine]) for name, score in scores.items()}
    return {"human": int((label == 0).sum()), "machine": int((label == 1).sum()), "peers": peers}


def _peer(label: Labels, score: Floats) -> Card:
    found = ranking(label, score)
    value = tpr(label, score, CUT)
    return {
        "auroc": found["auroc"],
        "auroc_interval": found["auroc_interval"],
        "tpr_at_1_percent_fpr": value,
        "tpr_interval": None if value is None else tpr_interval(label, score, CUT),
    }


def _cells(found: Card) -> list[str]:
    area = interval(found["auroc"], found["auroc_interval"])
    return [area, interval(found["tpr_at_1_percent_fpr"], found["tpr_interval"], percent=True)]


def _rows(records: Sequence[Record], scores: Scores) -> Iterator[dict[str, Any]]:
    columns = {name: score.tolist() for name, score in scores.items()}
    for at, record in enumerate(records):
        values = {name: column[at] for name, column in columns.items()}
        yield {"source": record.source, "row": record.row, "label": record.label, "scores": values}


READING = (
    "Every peer scored the very same texts in the same run of `neural-lab bench detect`; unrounded scores "
    "are in `peers.jsonl`. AUROC with DeLong intervals; the cut of the true-positive rate is chosen on "
    "the texts themselves, and its interval resamples them. A dash stands where there are too few texts "
    "of one class."
)
PEERS = (
    "- `perplexity`: mean log-probability of the tokens under the detector's own language model.\n"
    "- `fast_detectgpt`: conditional probability curvature in its analytic form, with the same language "
    "model.\n"
    "- `compression`: how few bytes LZMA needs for the text behind a preset, in the manner of ZipPy; the "
    "preset is the list of phrases used next, not machine-written text.\n"
    "- `phrases`: phrases typical of assistants per 100 words, from a list made by hand.\n"
    "- `neural_lab`: the probability of the detector."
)
LIMITS = (
    "Peers are small re-implementations that share the detector's language model; published figures for "
    "`perplexity` and `fast_detectgpt` use models a thousand times its size. Their signs are as published. "
    "None of the peers is fitted; the detector is, and it may have been fitted on some of these sources: "
    "see its card."
)
