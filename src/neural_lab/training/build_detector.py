"""From a trained language model and measured texts to a sealed detector bundle."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
from safetensors import safe_open

from neural_lab.backends.bundle import DETECTOR, LEXICON, MODEL, TOKENIZER, seal
from neural_lab.detect.detector import Detector, Reference
from neural_lab.detect.signals import SIGNALS
from neural_lab.training.cut_points import judged
from neural_lab.training.export import export
from neural_lab.training.fit import calibrate, fit_fusion, scaled
from neural_lab.training.folds import balance, held_out_logits
from neural_lab.training.held_out import HeldOut, hold_out, operating_points
from neural_lab.training.material import scorer_identity
from neural_lab.training.measured import Measured
from neural_lab.types import Floats

NAME = "embedded"
SHORTEST_WORDS = 50
KNOWN_QUANTILE = 0.01


def place_models(run: Path, lexicon: Path, out: Path) -> None:
    """Export the language model of `run` as int8 and put tokenizer and lexicon beside it."""
    out.mkdir(parents=True, exist_ok=True)
    shape = json.loads((run / "recipe.json").read_text("utf-8"))["shape"]
    with safe_open(run / "model.safetensors", framework="pt") as tensors:
        names = tensors.keys()
        weights = {name: tensors.get_tensor(name).float().numpy() for name in names}
    export(weights, shape["heads"], shape["context"], out / MODEL, int8=True)
    shutil.copyfile(run / "tokens" / "tokenizer.json", out / TOKENIZER)
    if lexicon.resolve() != (out / LEXICON).resolve():
        shutil.copyfile(lexicon, out / LEXICON)


def fit_detector(bundle: Path, data: Measured, version: str) -> tuple[Detector, HeldOut]:
    """Fit, calibrate and cut; write `detector.json` and the manifest into `bundle`."""
    weights, inner, unseen = balance(data), held_out_logits(data), hold_out(data)
    bands = calibrate(inner, data, weights)
    fusion = replace(fit_fusion(data, weights), bands=bands)
    points = tuple(operating_points(data, judged(data, scaled(bands, inner, data)), unseen))
    detector = Detector(
        NAME,
        version,
        scorer_identity(bundle),
        fusion,
        points,
        reference(data),
        SHORTEST_WORDS,
        fewest_known(data),
    )
    (bundle / DETECTOR).write_text(json.dumps(detector.as_dict(), indent=1) + "\n", "utf-8")
    seal(bundle)
    return detector, unseen


def fewest_known(data: Measured) -> float:
    """Below this share of known words a text is not taken for the language of the fitting data.

    At most one human text in a hundred of every family has a smaller one.
    """
    human = (data.label == 0) & (data.words >= SHORTEST_WORDS)
    families = [data.known[human & (data.family == name)] for name in np.unique(data.family[human])]
    return round(min(float(np.quantile(known, KNOWN_QUANTILE)) for known in families), 3)


def reference(data: Measured) -> Reference:
    """10th, 50th and 90th percentile of each signal over human and machine documents."""
    means = {name: _known_mean(data, column) for name, column in zip(SIGNALS, data.signals.T, strict=True)}
    sides = ("human", "machine")
    return {
        name: {side: _percentiles(mean[data.label == label]) for label, side in enumerate(sides)}
        for name, mean in means.items()
    }


def _known_mean(data: Measured, signal: Floats) -> Floats:
    """Character-weighted mean per document over the sentences in which a signal is defined, else NaN."""
    known = np.isfinite(signal)
    with np.errstate(invalid="ignore"):
        return data.mean(np.where(known, signal, 0.0)) / data.mean(known.astype(float))


def _percentiles(values: Floats) -> list[float]:
    return [float(q) for q in np.nanquantile(values, (0.1, 0.5, 0.9))]
