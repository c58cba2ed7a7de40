"""From a trained language model and labelled texts to a sealed detector bundle."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track
from safetensors import safe_open

from neural_lab.backends.bundle import DETECTOR, LEXICON, MODEL, TOKENIZER, checksum, identity, seal
from neural_lab.backends.onnx_scorer import OnnxScorer
from neural_lab.detect.detector import Detector, Reference
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.signals import SIGNALS
from neural_lab.training.cut_points import judged, operating_points
from neural_lab.training.detection import HUMAN_ONLY, MACHINE_ONLY, TWO_SIDED, Example, examples, reserved
from neural_lab.training.export import export
from neural_lab.training.fit import calibrate, fit_fusion, scaled
from neural_lab.training.folds import balance, held_out_logits
from neural_lab.training.language_model import Shape
from neural_lab.training.measured import Measured, measure_all
from neural_lab.types import Floats

NAME = "embedded"
SHORTEST_WORDS = 50
RESERVED_SHARE = 10


@dataclass(frozen=True, slots=True)
class Material:
    """Where labelled texts (`detection`) and human corpora (`human`) lie, how many to use, and the seed."""

    detection: Path
    human: Path
    limit: int
    seed: int

    def examples(self) -> Iterator[Example]:
        """Two-sided sources in full, one-sided ones at half, each reserved human corpus at a tenth."""
        sides = ((TWO_SIDED, self.limit), (MACHINE_ONLY + HUMAN_ONLY, self.limit // 2))
        labelled = (examples(self.detection, name, n, self.seed) for names, n in sides for name in names)
        return chain(
            chain.from_iterable(labelled), reserved(self.human, self.limit // RESERVED_SHARE, self.seed)
        )


def place_models(run: Path, lexicon: Path, out: Path, shape: Shape) -> None:
    """Export the language model of `run` as int8 and put tokenizer and lexicon beside it."""
    out.mkdir(parents=True, exist_ok=True)
    with safe_open(run / "model.safetensors", framework="pt") as tensors:
        weights = {name: tensors.get_tensor(name).float().numpy() for name in tensors.keys()}  # noqa: SIM118
    export(weights, shape.heads, shape.context, out / MODEL, int8=True)
    shutil.copyfile(run / "tokens" / "tokenizer.json", out / TOKENIZER)
    if lexicon.resolve() != (out / LEXICON).resolve():
        shutil.copyfile(lexicon, out / LEXICON)


def measure_material(bundle: Path, material: Material, cache: Path) -> Measured:
    """Every example measured with the bundle's served models; `cache` keeps the result."""
    kept = cache / f"measured-{_identity(bundle)[10:26]}-{material.limit}-{material.seed}.npz"
    if not kept.exists():
        watched = track(list(material.examples()), "measuring", console=_stderr())
        measure_all(watched, *_models(bundle)).save(kept)
    return Measured.load(kept)


def fit_detector(bundle: Path, data: Measured, version: str) -> Detector:
    """Fit, calibrate and cut; write `detector.json` and the manifest into `bundle`."""
    weights, held_out = balance(data), held_out_logits(data)
    bands = calibrate(held_out, data, weights)
    fusion = replace(fit_fusion(data, weights), bands=bands)
    points = operating_points(data, judged(data, scaled(bands, held_out, data)))
    detector = Detector(NAME, version, _identity(bundle), fusion, points, _reference(data), SHORTEST_WORDS)
    _write(bundle / DETECTOR, detector.as_dict())
    seal(bundle)
    return detector


def _models(bundle: Path) -> tuple[OnnxScorer, Lexicon]:
    scorer = OnnxScorer(bundle / MODEL, bundle / TOKENIZER, _identity(bundle))
    return scorer, Lexicon(np.load(bundle / LEXICON, mmap_mode="r"))


def _identity(bundle: Path) -> str:
    return identity({name: checksum(bundle / name) for name in (MODEL, TOKENIZER)})


def _reference(data: Measured) -> Reference:
    """10th, 50th and 90th percentile of each signal over human and machine documents."""
    means = {name: _known_mean(data, column) for name, column in zip(SIGNALS, data.signals.T, strict=True)}
    return {
        name: {
            side: _percentiles(mean[data.label == label]) for label, side in enumerate(("human", "machine"))
        }
        for name, mean in means.items()
    }


def _known_mean(data: Measured, signal: Floats) -> Floats:
    """Character-weighted mean per document over the sentences in which a signal is defined, else NaN."""
    known = np.isfinite(signal)
    with np.errstate(invalid="ignore"):
        return data.mean(np.where(known, signal, 0.0)) / data.mean(known.astype(float))


def _percentiles(values: Floats) -> list[float]:
    return [float(q) for q in np.nanquantile(values, (0.1, 0.5, 0.9))]


def _write(path: Path, table: dict[str, Any]) -> None:
    path.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


def _stderr() -> Any:
    from rich.console import Console

    return Console(stderr=True)
