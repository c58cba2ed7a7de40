"""What two say of new texts that have not learnt them: readers fitted without them, and the champion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from neural_lab.retraining.limits import Limits
from neural_lab.text.canonical import canonicalize
from neural_lab.training.build import MIXED_A_SOURCE, measured_by
from neural_lab.training.dataset import Record
from neural_lab.training.detection import seeded_hash
from neural_lab.training.material import digest_of
from neural_lab.training.measured import Measured
from neural_lab.training.mixing import mixed_examples
from neural_lab.training.pair import Pair, place_models
from neural_lab.training.sources import Sources
from neural_lab.training.user_data import require, user_examples
from neural_lab.types import Floats

SHRUNK = 0.05
SURE, HALF = 0.8, 0.5


@dataclass(frozen=True)
class Opinions:
    """New texts that could be measured: `records`, `label`, `unseen` and the `champion`'s probability.

    The champion was asked about those that are `drawn` and about those of which `unseen` rather
    says the other thing; its probability of the others is NaN.
    """

    records: list[Record]
    label: NDArray[np.int64]
    unseen: Floats
    champion: Floats
    drawn: NDArray[np.bool_]

    def against(self, floor: float) -> NDArray[np.bool_]:
        """Texts whose label both are sure against."""
        return contradicted(self.label, self.unseen, floor) & contradicted(self.label, self.champion, floor)

    def doubted(self) -> NDArray[np.bool_]:
        """Texts of which both rather say the other thing, however unsure."""
        return np.asarray((_off(self.label, self.unseen) >= HALF) & (_off(self.label, self.champion) >= HALF))


def contradicted(label: NDArray[np.int64], probability: Floats, floor: float) -> NDArray[np.bool_]:
    """Labels that a reader is sure against: as sure as it is, on average, of texts with the other label.

    Confident learning (Northcutt, Jiang and Chuang 2021): flipped labels make whoever learns from them
    less sure of everything, and so the bar sinks with them: from `SURE` to no less than `floor`. NaN is
    no opinion.
    """
    known = ~np.isnan(probability)
    means = [probability[known & (label == each)] for each in (0, 1)]
    human, machine = (each.mean() if len(each) else 0.5 for each in means)
    human, machine = np.clip(human, 1 - SURE, 1 - floor), np.clip(machine, floor, SURE)
    return np.asarray(np.where(label == 1, probability <= human, probability >= machine))


def to_ask(
    fresh: Sequence[Record], unseen: Mapping[str, float], limits: Limits
) -> tuple[list[int], set[int]]:
    """Places of the new texts that the champion has to be asked about, and which of them were drawn."""
    measured = [at for at, record in enumerate(fresh) if surface(record) in unseen]
    order = sorted(measured, key=lambda at: seeded_hash(fresh[at].text, limits.seed))
    label = np.array([fresh[at].label for at in measured], dtype=np.int64)
    said = np.array([unseen[surface(fresh[at])] for at in measured])
    doubted = np.flatnonzero(_off(label, said) >= HALF)
    drawn = set(order[: limits.judged_texts])
    return sorted(drawn | {measured[at] for at in doubted}), drawn


def opinions(
    fresh: Sequence[Record], unseen: Mapping[str, float], said: Mapping[int, float], drawn: set[int]
) -> Opinions:
    """`said` is the champion's probability by place among the new texts."""
    measured = [at for at, record in enumerate(fresh) if surface(record) in unseen]
    records = [fresh[at] for at in measured]
    return Opinions(
        records,
        np.array([record.label for record in records], dtype=np.int64),
        np.array([unseen[surface(record)] for record in records]),
        np.array([said.get(at, np.nan) for at in measured]),
        np.array([at in drawn and at in said for at in measured], dtype=bool),
    )


def without_them(records: Sequence[Record], base: Path, recipe: Sources, cache: Path) -> dict[str, float]:
    """By the surface of a text, the probability of machine writing by a reader fitted without its fold.

    A plain logistic regression on what is measured for the detector itself: it knows no phrase by
    heart. Near-copies and texts of one group are in one fold. What is measured is kept
    in `cache`, where the training finds it.
    """
    texts = digest_of([str(recipe), *(str(astuple(record)) for record in records)])
    found = list(user_examples(records, recipe))
    require(found)
    surfaces = [example.whole for example in sorted(found, key=lambda example: example.fold)]
    found += mixed_examples(found, MIXED_A_SOURCE, recipe.seed)
    pair = Pair.of()
    with TemporaryDirectory() as folder:
        # As the training places them: a large encoder without the head that learnt from these texts.
        place_models(base, Path(folder), pair)
        measured = measured_by(Path(folder), pair, texts, found, cache)
    pure = measured.where(measured.pure)
    return dict(zip(surfaces, _held_out(pure).tolist(), strict=True))


def surface(record: Record) -> str:
    """A text as examples have it."""
    return canonicalize(record.text).text.strip()


def _off(label: NDArray[np.int64], probability: Floats) -> Floats:
    return np.asarray(np.abs(label - probability))


def _held_out(measured: Measured) -> Floats:
    features, result = _features(measured), np.empty(len(measured.label))
    for fold in np.unique(measured.fold):
        mine = measured.fold == fold
        reader = make_pipeline(
            StandardScaler(), LogisticRegression(C=SHRUNK, class_weight="balanced", max_iter=2000)
        )
        reader.fit(features[~mine], measured.label[~mine])
        result[mine] = reader.predict_proba(features[mine])[:, 1]
    return result


def _features(measured: Measured) -> Floats:
    """`[documents, …]`: means over sentences and over passages; what is undefined counts as nothing."""
    signals = np.nan_to_num(measured.signals[:, :-1])
    sentences = [measured.mean(column) for column in signals.T]
    owner, count = measured.passage_document, np.bincount(measured.passage_document)
    passages = [np.bincount(owner, column) / count for column in np.nan_to_num(measured.features).T]
    return np.column_stack((*sentences, *passages)).astype(np.float64)
