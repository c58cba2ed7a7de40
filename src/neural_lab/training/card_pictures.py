"""The pictures beside a detector's card: what the leave-out found, and what the forest looked at."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from neural_lab.detect.passage_features import PASSAGE_FEATURES
from neural_lab.training.ensemble import Ensemble
from neural_lab.training.evaluate import TARGET, false_positives
from neural_lab.training.held_out import HeldOut
from neural_lab.training.measured import Measured
from neural_lab.training.plots import Bar, histogram, rates, reliability, roc

FOLDER = "pictures"
SHOWN, MOST_CURVES = 20, 7


def draw_pictures(bundle: Path, data: Measured, unseen: HeldOut, ensemble: Ensemble, shortest: int) -> None:
    """Write `pictures/*.png` into `bundle`, of held-out documents of `shortest` words and more."""
    folder = bundle / FOLDER
    folder.mkdir(exist_ok=True)
    kept = data.pure & data.trusted & (data.words >= shortest)
    score = unseen.scores[:, 0]
    balanced = kept & data.two_sided
    if balanced.any():
        names = np.unique(data.source[balanced]).tolist()
        parts = {name: balanced & (data.source == name) for name in names[:MOST_CURVES]}
        curves = {name: (data.label[mine], score[mine]) for name, mine in parts.items()}
        roc(
            {name: pair for name, pair in curves.items() if len(set(pair[0].tolist())) == 2},
            folder / "roc.png",
        )
        reliability(data.label[balanced], score[balanced], folder / "reliability.png")
    histogram(data.label[kept], score[kept], folder / "scores.png")
    found = false_positives(data, unseen, shortest)
    flagged = [Bar("human texts", name, hits, texts) for name, hits, texts, uncut in found if uncut < texts]
    if flagged:
        rates(flagged, TARGET, folder / "false_positives.png")
    importance(ensemble, folder / "importance.png")


def importance(ensemble: Ensemble, path: Path) -> None:
    """Mean decrease in impurity (Breiman 2001) of the forest's most used features."""
    found = ensemble.learners_["forest"].feature_importances_
    top = np.argsort(-found)[:SHOWN][::-1]
    figure = Figure(figsize=(8, 6))
    axes = figure.subplots()
    axes.barh([PASSAGE_FEATURES[at] for at in top], found[top], color="#0072B2")
    axes.set_xlabel("share of the forest's decisions (mean decrease in impurity)")
    figure.savefig(path, dpi=120, bbox_inches="tight")
