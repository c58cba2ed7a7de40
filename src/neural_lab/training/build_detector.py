"""From trained models and measured texts to a sealed detector bundle."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors import safe_open

from neural_lab.backends.bundle import DETECTOR, ENSEMBLE, LEXICON, MODEL, TOKENIZER, models_in, seal
from neural_lab.backends.second_files import FILES as SECOND
from neural_lab.detect.detector import Detector, Reference
from neural_lab.detect.disagreement import disagreement
from neural_lab.detect.fusion import Fusion
from neural_lab.detect.genres import Genres
from neural_lab.detect.signals import FUSED
from neural_lab.detect.signals import SECOND as SECOND_SIGNALS
from neural_lab.guard import tell
from neural_lab.training.cut_points import judged
from neural_lab.training.distributions import (
    KINDS,
    distributions,
    document_means,
    quantiles,
    write_distributions,
)
from neural_lab.training.ensemble import Ensemble
from neural_lab.training.ensemble_graph import export_ensemble
from neural_lab.training.error_rows import error_rows
from neural_lab.training.export import export
from neural_lab.training.fit import calibrate, fit_fusion, scaled
from neural_lab.training.folds import balance, held_out_logits
from neural_lab.training.held_out import HeldOut, hold_out, operating_points
from neural_lab.training.measured import Measured
from neural_lab.training.stack import fit_stack
from neural_lab.types import Floats

SHORTEST_WORDS = 50
KNOWN_QUANTILE = 0.01
DISAGREEMENT_QUANTILE = 0.99
USUAL = (0.1, 0.5, 0.9)


class Fitted(NamedTuple):
    """A detector, what the same procedure said of documents it had not seen, and its ensemble."""

    detector: Detector
    unseen: HeldOut
    ensemble: Ensemble


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


def place_second(reader: Path, out: Path) -> None:
    """Copy the files of a second reader into the bundle."""
    for name in SECOND:
        if (reader / name).resolve() != (out / name).resolve():
            shutil.copyfile(reader / name, out / name)


def fit_detector(
    bundle: Path, data: Measured, version: str, name: str, genres: Genres | None, seed: int
) -> Fitted:
    """Fit ensemble and fusion, calibrate and cut; write them and the manifest into `bundle`."""
    tell("Fitting the ensemble, then everything again without each fold; minutes, by the number of texts.")
    ensemble, stacked = fit_stack(data, seed)
    export_ensemble(ensemble, bundle / ENSEMBLE)
    unseen, kept = hold_out(data, seed), data.trusted
    stacked = stacked.where(kept)
    models = models_in(bundle)
    weights, inner = balance(stacked), held_out_logits(stacked)
    bands = calibrate(inner, stacked, weights)
    fusion = replace(fit_fusion(stacked, weights), bands=bands)
    detector = Detector(
        name=name,
        version=version,
        scorer=models.scorer_identity,
        encoder=models.encoder_identity,
        fusion=fusion,
        operating_points=tuple(
            operating_points(stacked, judged(stacked, scaled(bands, inner, stacked)), unseen.where(kept))
        ),
        reference=reference(stacked),
        shortest_words=SHORTEST_WORDS,
        fewest_known=fewest_known(stacked),
        error_rows=tuple(error_rows(data, unseen)),
        genres=genres,
        most_disagreement=most_disagreement(fusion, stacked),
    )
    write_distributions(bundle, distributions(document_means(stacked), stacked.label))
    write_detector(bundle, detector)
    return Fitted(detector, unseen, ensemble)


def write_detector(bundle: Path, detector: Detector) -> None:
    """Write `detector.json` and seal the bundle."""
    (bundle / DETECTOR).write_text(json.dumps(detector.as_dict(), indent=1) + "\n", "utf-8")
    seal(bundle)


def most_disagreement(fusion: Fusion, data: Measured) -> float:
    """Nats between the two readings that all but one in a hundred documents stay below."""
    columns = dict(zip(FUSED, data.signals.T, strict=True))
    borders = np.flatnonzero(np.diff(data.document, prepend=-1, append=len(data.label)))
    gaps = [
        disagreement(_terms(fusion, columns, data, slice(a, b)), data.characters[a:b], SECOND_SIGNALS)
        for a, b in pairwise(borders)
    ]
    return float(np.quantile(gaps, DISAGREEMENT_QUANTILE))


def _terms(fusion: Fusion, columns: Mapping[str, Floats], data: Measured, rows: slice) -> dict[str, Floats]:
    words = int(data.words[data.document[rows.start]])
    mine = {name: column[rows] for name, column in columns.items()}
    return fusion.contributions(mine, data.evidence[rows], words)


def fewest_known(data: Measured) -> float:
    """Below this share of known words a text is not taken for the language of the fitting data.

    At most one human text in a hundred of every family has a smaller one.
    """
    human = (data.label == 0) & (data.words >= SHORTEST_WORDS)
    families = [data.known[human & (data.family == name)] for name in np.unique(data.family[human])]
    return round(min((float(np.quantile(known, KNOWN_QUANTILE)) for known in families), default=0.0), 3)


def reference(data: Measured) -> Reference:
    """10th, 50th and 90th percentile of each signal over human and machine documents."""
    return {
        name: {kind: quantiles(mean[data.label == label], USUAL) for label, kind in enumerate(KINDS)}
        for name, mean in document_means(data).items()
    }
