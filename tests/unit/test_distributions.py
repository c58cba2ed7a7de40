"""How signals are distributed: in the bundle and out of reach of every report."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from helpers import needed
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.backends.bundle import DISTRIBUTIONS, MANIFEST, Bundle, seal
from neural_lab.compose import EMBEDDED
from neural_lab.detect.distributions import LEVELS, Distributions
from neural_lab.detect.signals import FUSED, SIGNALS
from neural_lab.errors import ModelUnavailable
from neural_lab.report.facts import MAIN_SIGNALS

needed("sklearn")
needed("onnx")

from neural_lab.training.distributions import distributions, write_distributions

SMALL = Distributions(LEVELS, {"human": 2, "machine": 2}, {"entropy": {"human": [1.0], "machine": [2.0]}})


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The embedded one, whose large files are shared."""
    folder = tmp_path / "bundle"
    shutil.copytree(EMBEDDED, folder, copy_function=os.link)
    for name in (MANIFEST, DISTRIBUTIONS):
        (folder / name).unlink()
        shutil.copyfile(EMBEDDED / name, folder / name)
    return folder


def test_the_embedded_detector_has_quantiles_of_what_the_language_model_measures() -> None:
    found = Bundle(EMBEDDED).distributions()
    assert found
    assert found.levels == LEVELS
    assert len(LEVELS) == 21
    assert set(MAIN_SIGNALS) < set(found.signals) == set(SIGNALS)
    assert min(found.texts.values()) >= 2_000
    for sides in found.signals.values():
        assert set(sides) == set(found.texts) == {"human", "machine"}
        for quantiles in sides.values():
            assert len(quantiles) == len(LEVELS)
            assert np.isfinite(quantiles).all()
            assert list(quantiles) == sorted(quantiles)


def test_they_are_of_the_texts_that_usual_ranges_are_of() -> None:
    opened = Bundle(EMBEDDED)
    reference, found = opened.detector().reference, opened.distributions()
    assert found
    places = [LEVELS.index(level) for level in (0.1, 0.5, 0.9)]
    for name, sides in found.signals.items():
        for kind, quantiles in sides.items():
            usual = reference[name][kind]
            assert [quantiles[at] for at in places] == pytest.approx(usual, abs=0.02 * (usual[2] - usual[0]))


def test_no_report_depends_on_them(bundle: Path) -> None:
    before = Bundle(bundle)
    assert before.distributions() not in (None, SMALL)
    write_distributions(bundle, SMALL)
    seal(bundle)
    other = Bundle(bundle)
    assert other.distributions() == SMALL
    (bundle / DISTRIBUTIONS).unlink()
    seal(bundle)
    without = Bundle(bundle)
    assert without.distributions() is None
    assert without.files == other.files == before.files
    assert DISTRIBUTIONS not in before.files
    assert without.detector().as_dict() == other.detector().as_dict()


def test_altered_ones_are_refused_and_strangers_passed_over(bundle: Path) -> None:
    (bundle / DISTRIBUTIONS).write_text("{}")
    with pytest.raises(ModelUnavailable, match=DISTRIBUTIONS):
        Bundle(bundle)
    manifest = json.loads((bundle / MANIFEST).read_text())
    del manifest["files"][DISTRIBUTIONS]
    (bundle / MANIFEST).write_text(json.dumps(manifest))
    assert Bundle(bundle).distributions() is None


@given(
    st.lists(st.floats(-9, 9), min_size=1, max_size=60), st.lists(st.floats(-9, 9), min_size=1, max_size=60)
)
def test_quantiles_are_of_either_kind_and_of_what_is_defined(
    human: list[float], machine: list[float]
) -> None:
    means = np.array([*human, *machine, np.nan, np.nan, 1e6])
    label = np.array([0] * len(human) + [1] * len(machine) + [0, 1, 2])
    found = distributions({"entropy": means, "burstiness": np.full(len(means), np.nan)}, label)
    assert found.texts == {"human": len(human) + 1, "machine": len(machine) + 1}
    assert found.signals.keys() == {"entropy"}
    for kind, values in (("human", human), ("machine", machine)):
        quantiles = found.signals["entropy"][kind]
        assert quantiles == pytest.approx(np.quantile(values, LEVELS))
        assert min(values) <= quantiles[0] <= quantiles[-1] <= max(values)


def test_means_are_those_that_reports_show() -> None:
    from neural_lab.compose import open_lab
    from neural_lab.report.facts import signal_means
    from neural_lab.training.detection import example_of
    from neural_lab.training.measure_distributions import means, open_models
    from neural_lab.training.sources import EMBEDDED as RECIPE
    from neural_lab.training.sources import Sources
    from neural_lab.types import Document

    recipe = Sources.read(RECIPE)
    text = " ".join(f"On day {n} of the voyage, we counted {n + 2} sails." for n in range(20))
    made = example_of({"text": text, "label": 0}, recipe.sources[0], recipe, (60, 120))
    assert made
    shown = signal_means(open_lab().analyze(Document(made.text)))
    found = dict(zip(SIGNALS, means(open_models(EMBEDDED), made).tolist(), strict=True))
    assert found == pytest.approx({name: shown[name] for name in found})
    assert set(shown) == set(FUSED)
