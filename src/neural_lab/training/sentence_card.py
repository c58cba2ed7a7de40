"""How well single sentences, and the place where the writer changes, are told."""

from collections.abc import Sequence

import numpy as np

from neural_lab.training.error_card import Card, rate
from neural_lab.training.error_card_text import interval, table
from neural_lab.training.sentence_figures import (
    Column,
    Figure,
    area,
    boundary,
    by_chance,
    macro_f1,
    resampled,
    true_boundary,
)
from neural_lab.training.sentence_labels import Reading

SCHEMA = 1
EVEN = 0.5
WITHIN = 1


def sentence_card(
    readings: Sequence[Reading], targets: Sequence[float], detector: tuple[str, str], unread: int
) -> Card:
    """Every figure as plain values, unrounded.

    `targets` are those of the cuts in `readings`, `detector` its name and
    version; `unread` documents could not be scored.
    """
    labels = np.concatenate([reading.labels for reading in readings])
    even = [_column(reading, EVEN) for reading in readings]
    marked = {
        f"{target:g}": [_column(reading, reading.cuts[at]) for reading in readings]
        for at, target in enumerate(targets)
    }
    return {
        "schema": SCHEMA,
        "detector": dict(zip(("name", "version"), detector, strict=True)),
        "documents": len(readings),
        "unread": unread,
        "sentences": {"human": int((labels == 0).sum()), "machine": int((labels == 1).sum())},
        "auroc": _figure(even, area) if len(set(labels.tolist())) == 2 else None,
        "macro_f1": _figure(even, macro_f1),
        "macro_f1_at_target": {target: _figure(columns, macro_f1) for target, columns in marked.items()},
        "boundary": _boundaries(readings),
    }


def sentence_text(card: Card) -> str:
    """The card as Markdown."""
    sentences, edge = card["sentences"], card["boundary"]
    figures = {"AUROC": card["auroc"]} if card["auroc"] else {}
    figures[f"macro-F1, marked from {EVEN:g}"] = card["macro_f1"]
    for target, found in card["macro_f1_at_target"].items():
        figures[f"macro-F1, marked from the cut of the {100 * float(target):g} % point"] = found
    rows = [[name, interval(found["value"], found["interval"])] for name, found in figures.items()]
    if edge["found"]["texts"]:
        share = interval(edge["found"]["rate"], edge["found"]["interval"], percent=True)
        rows.append([f"boundary found, {edge['found']['texts']:,} documents", share])
        rows.append(["the same by chance", f"{edge['chance']:.1%}"])
    title = f"# Sentences by `{card['detector']['name']}` {card['detector']['version']}"
    counts = (
        f"{card['documents']:,} documents, {sentences['human']:,} human and {sentences['machine']:,} machine"
    )
    parts = (title, f"{counts} sentences. {READING}", table(["figure", "value (95 %)"], rows), LIMITS)
    return "\n\n".join(parts) + "\n"


def _column(reading: Reading, cut: float) -> Column:
    return Column(reading.labels, reading.probability, np.full(len(reading.labels), cut))


def _figure(documents: Sequence[Column], figure: Figure) -> Card:
    value, ends = resampled(documents, figure)
    return {"value": value, "interval": ends}


def _boundaries(readings: Sequence[Reading]) -> Card:
    """Of documents whose labels change once: how often the best split is near and the right way round."""
    known = [(reading, true_boundary(reading.labels)) for reading in readings]
    edges = [(reading, *edge) for reading, edge in known if edge]
    splits = [(boundary(reading.probability), at, label) for reading, at, label in edges]
    found = sum(abs(place - at) <= WITHIN and side == label for (place, side), at, label in splits)
    luck = [by_chance(len(reading.labels), at, WITHIN) for reading, at, _ in edges]
    return {
        "within": WITHIN,
        "found": rate(found, len(edges)),
        "chance": float(np.mean(luck)) if luck else None,
    }


READING = (
    "The sentences of each document were joined by spaces and scored as a user's text is; each labelled "
    "sentence has the mean probability of the sentences it overlaps, weighted by overlap. Intervals "
    "resample documents, because sentences of one document resemble each other; that of the boundary is "
    "Wilson's. A boundary counts as found when the single split that makes the probabilities likeliest "
    "lies within one sentence of the true one and has the machine on the right side; only documents whose "
    "labels change once are counted."
)
LIMITS = (
    "A sentence is little evidence, and its probability depends on the sentences around it: close to a "
    "change of writer both sides are blurred. The figures hold for these documents and these generators."
)
