"""How a training on one's own texts ends: what its user is told, and what is not replaced unasked."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import needed

needed("sklearn")
needed("skops")

from typer.testing import CliRunner

from neural_lab.backends.bundle import MANIFEST
from neural_lab.bundles import embedded
from neural_lab.cli import app
from neural_lab.detect.detector import Detector
from neural_lab.rates import NEVER
from neural_lab.training.card import _points
from neural_lab.training.evaluate import NO_CUT
from neural_lab.training.trained import Trained

OUT = Path("my bundle")


@pytest.fixture(scope="module")
def detector() -> Detector:
    folder = Path(str(embedded.__path__[0]))
    return Detector.from_dict(json.loads((folder / "detector.json").read_text("utf-8")))


def without_cuts(detector: Detector, *targets: float) -> Detector:
    points = (
        replace(point, document=NEVER, run=NEVER) if point.target in targets else point
        for point in detector.operating_points
    )
    return replace(detector, operating_points=tuple(points))


def test_no_embedded_cut_is_below_even(detector: Detector) -> None:
    assert min(min(point.document, point.run) for point in detector.operating_points) > 0.5


def test_the_end_says_what_was_fitted_and_what_comes_next(detector: Detector) -> None:
    told = list(Trained(120, 130, 0).told(OUT, detector))
    assert told == [
        "my bundle is finished: fitted on 120 human and 130 machine texts.",
        "How well it does: my bundle/card.md",
        "Try it: NEURAL_LAB_BUNDLE='my bundle' neural-lab check FILE",
    ]
    assert "10 of fewer than 25 words" in " ".join(Trained(120, 130, 10).told(OUT, detector))


def test_the_end_says_where_every_check_will_be_inconclusive(detector: Detector) -> None:
    told = " ".join(Trained(120, 130, 0).told(OUT, without_cuts(detector, 0.01, 0.005, 0.001)))
    assert "every check at it will be inconclusive" in told
    assert "200 human texts" in told
    assert "--max-false-positives 0.05" in told
    none = " ".join(Trained(120, 130, 0).told(OUT, without_cuts(detector, *detector.targets)))
    assert "--max-false-positives" not in none


def test_the_card_tells_no_rate_where_there_is_no_cut(detector: Detector) -> None:
    lines = _points(without_cuts(detector, 0.01)).splitlines()
    assert all(f"| none | none | {NO_CUT} |" in line for line in lines if line.startswith("| 1.0%"))
    assert not any(NO_CUT in line for line in lines if line.startswith("| 5.0%"))


def test_a_finished_bundle_is_replaced_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / MANIFEST).write_text("{}", "utf-8")
    (tmp_path / "texts.csv").write_text("text,label\nOne text.,human\nAnother.,machine\n", "utf-8")
    asked = ["train", "detector", "--data", str(tmp_path / "texts.csv"), "--out", str(tmp_path / "bundle")]
    refused, forced = (CliRunner().invoke(app, [*asked, *more]) for more in ((), ("--force",)))
    assert (refused.exit_code, forced.exit_code) == (2, 2)
    assert "replace it with --force" in refused.output
    assert "texts of each class are needed" in forced.output
    assert (tmp_path / "bundle" / MANIFEST).read_text("utf-8") == "{}"
