"""The gate: published examples, by hand, and what it refuses."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers import needed
from judging import judged

needed("scipy")

from neural_lab.compose import EMBEDDED
from neural_lab.errors import InvalidRequest, ModelUnavailable
from neural_lab.training import promote as promotion
from neural_lab.training.comparisons import Share, matched, mcnemar, newcombe, paired_auroc
from neural_lab.training.dataset import Record
from neural_lab.training.fairness import (
    FEWEST,
    gate,
    half,
    in_half,
    parse_groups,
    require_enough,
    writer_groups,
)
from neural_lab.training.figures import auroc
from neural_lab.training.judged import Judged
from neural_lab.training.placing import put_in_place
from neural_lab.training.promote import promote, refusal

NEWCOMBE_1998 = [
    # Table II of Newcombe (1998), Statistics in Medicine 17: 873-890, method 10.
    ((56, 70), (48, 80), (0.0524, 0.3339)),
    ((9, 10), (3, 10), (0.1705, 0.8090)),
    ((6, 7), (2, 7), (0.0582, 0.8062)),
    ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ((0, 10), (0, 20), (-0.1611, 0.2775)),
    ((0, 10), (0, 10), (-0.2775, 0.2775)),
    ((10, 10), (0, 20), (0.6791, 1.0)),
    ((10, 10), (0, 10), (0.6075, 1.0)),
]


@pytest.mark.parametrize(("first", "second", "interval"), NEWCOMBE_1998)
def test_newcombe_as_published(
    first: tuple[int, int], second: tuple[int, int], interval: tuple[float, float]
) -> None:
    found = newcombe(Share(*first), Share(*second))
    assert found.value == pytest.approx(first[0] / first[1] - second[0] / second[1])
    assert (found.low, found.high) == pytest.approx(interval, abs=6e-5)


def test_mcnemar_by_hand() -> None:
    first, second = np.arange(20) < 10, np.arange(20) >= 18
    found = mcnemar(first, second)
    assert (found.texts, found.both, found.only_first, found.only_second) == (20, 0, 10, 2)
    assert found.p_value == pytest.approx(2 * (1 + 12 + 66) / 2**12)
    assert mcnemar(first, first).p_value == 1


def test_paired_areas_by_the_definition() -> None:
    rng = np.random.default_rng(1)
    label = (np.arange(60) % 3 == 0).astype(np.int64)
    scores = [np.round(rng.normal(size=60) + label * shift, 1) for shift in (1.5, 0.8)]
    found = paired_auroc(label, *scores)
    kernels = [
        (s[label == 1][:, None] > s[label == 0]) + 0.5 * (s[label == 1][:, None] == s[label == 0])
        for s in scores
    ]
    gap = kernels[0] - kernels[1]
    spread = gap.mean(axis=1).var(ddof=1) / gap.shape[0] + gap.mean(axis=0).var(ddof=1) / gap.shape[1]
    assert found.value == pytest.approx(auroc(label, scores[0])[0] - auroc(label, scores[1])[0])
    assert found.high - found.low == pytest.approx(2 * 1.959964 * np.sqrt(spread), rel=1e-6)


def test_matching_weighs_the_second_group_like_the_first() -> None:
    # First group: 30 short, 10 long. Second: 10 short (2 hit), 40 long (4 hit), 5 in a stratum of its own.
    stratum = np.array(["short"] * 30 + ["long"] * 10 + ["short"] * 10 + ["long"] * 40 + ["odd"] * 5)
    first = np.arange(95) < 40
    hit = np.zeros(95, dtype=bool)
    hit[[0, 1, 2, 40, 41, 50, 51, 52, 53, 94]] = True
    found = matched(hit, first, ~first, stratum)
    assert found is not None
    assert (found.texts, found.hits) == ((40, 50), (3, 6))
    assert found.second.rate == pytest.approx(0.75 * 0.2 + 0.25 * 0.1)
    assert found.second.texts == pytest.approx(1 / (0.75**2 / 10 + 0.25**2 / 40))
    assert found.difference == newcombe(Share(3, 40), found.second)
    assert matched(hit, first, stratum == "odd", stratum) is None


def test_a_single_stratum_is_newcombe_itself() -> None:
    hit, first = np.array([True] * 3 + [False] * 7 + [True] + [False] * 19), np.arange(30) < 10
    found = matched(hit, first, ~first, np.full(30, "all"))
    assert found is not None
    assert found.difference.high == pytest.approx(newcombe(Share(3, 10), Share(1, 20)).high)


def texts(flagged: tuple[int, int], machine: int = 300, n: int = 1500) -> Judged:
    """`n` non-native and `n` native texts, so many flagged; `n` machine texts, `machine` of them found."""
    human = [[0.9] * hits + [0.1] * (n - hits) for hits in flagged]
    probability = [*human[0], *human[1], *[0.95] * machine, *[0.1] * (n - machine)]
    writer = ["non-native"] * n + ["native"] * n + [""] * n
    return judged([0] * 2 * n + [1] * n, probability, writer=writer)


def objections(candidate: Judged, current: Judged | None = None) -> tuple[str, ...]:
    return gate(candidate, current or candidate, writer_groups(candidate, {}), 50).objections


def test_a_small_gap_passes_and_a_large_one_does_not() -> None:
    assert objections(texts((25, 10))) == ()
    (said,) = objections(texts((60, 10)))
    assert "non-native writers may lie 4." in said


def test_too_few_texts_of_a_side_are_no_evidence_of_fairness() -> None:
    whole = texts((0, 0))
    few = whole.where((whole.writer != "native") | (np.arange(len(whole)) % 6 == 0))
    assert "there are 1500 and 250" in objections(few)[0]
    assert "of like length" in objections(whole.where(whole.writer != "native"))[0]


def test_texts_too_short_for_a_verdict_cannot_hide_a_gap() -> None:
    whole = texts((0, 0))
    short = judged(whole.label, whole.probability, writer=whole.writer, words=40)
    assert objections(short)[0].startswith("there are no human texts")


def test_a_worse_detector_does_not_pass() -> None:
    fewer = objections(texts((0, 0), machine=200), texts((0, 0), machine=300))
    assert any("misses 100 machine texts" in said for said in fewer)
    assert any("AUROC is lower" in said for said in fewer)
    assert objections(texts((0, 0), machine=300), texts((0, 0), machine=303)) == ()


def test_flagging_everybody_alike_is_no_way_through() -> None:
    (said,) = objections(texts((100, 100), machine=1500), texts((5, 5)))
    assert "flags 6.7 % of the human texts" in said


def test_a_comparison_needs_machine_texts() -> None:
    human = texts((0, 0))
    assert f"{FEWEST} texts of each class" in objections(human.where(human.label == 0))[0]


def test_groups_come_from_the_writer_the_option_or_the_column() -> None:
    data = judged(
        [0] * 5, [0.1] * 5, source=["a", "a", "b", "c", "c"], writer=["B2", "", "Native", "Non-Native", "x"]
    )
    assert writer_groups(data, {}).tolist() == ["", "", "native", "non_native", ""]
    named = parse_groups(["a=native", "B2=non_native"])
    assert writer_groups(data, named).tolist() == ["non_native", "native", "native", "non_native", ""]
    for wrong in (["a"], ["a=other"], ["=native"], ["a=native", "a=non_native"]):
        with pytest.raises(InvalidRequest):
            parse_groups(wrong)


def record(text: str, source: str = "s") -> Record:
    return Record(text, 0, source, "", "", "", "", "", "f:1")


def test_too_few_texts_are_refused_before_anything_is_scored() -> None:
    human = [record(f"{at}", source) for source in ("a", "b") for at in range(FEWEST)]
    machine = [replace(each, label=1) for each in human]
    named = {"a": "native", "b": "non_native"}
    require_enough([*human, *machine], named)
    for kept, words in ((human, "0 machine"), (human[1:] + machine, "299 human native")):
        with pytest.raises(InvalidRequest, match=words):
            require_enough(kept, named)


def test_halves_are_for_good_and_about_even() -> None:
    records = [record(f"text {at}") for at in range(2000)]
    gated, reported = ({r.text for r in in_half(records, ["s"], which)} for which in ("gate", "report"))
    assert gated.isdisjoint(reported)
    assert len(gated | reported) == 2000
    assert 900 < len(gated) < 1100
    assert [half(f"text {at}") for at in (5, 6, 7, 8)] == ["report", "gate", "report", "gate"]
    assert len(list(in_half(records, ["other"], "gate"))) == 2000


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EMBEDDED, tmp_path / "bundle"))


def promoted(monkeypatch: pytest.MonkeyPatch, bundle: Path, to: Path, candidate: Judged) -> dict[str, object]:
    monkeypatch.setattr(promotion, "judge_all", lambda *_: (candidate, {}))
    return promote(bundle, None, to, [], {})


def test_what_passes_takes_the_place_with_what_was_measured(
    monkeypatch: pytest.MonkeyPatch, bundle: Path, tmp_path: Path
) -> None:
    to = tmp_path / "live"
    for _ in range(2):  # into nothing, then in the place of what stands there
        assert promoted(monkeypatch, bundle, to, texts((25, 10)))["passed"]
        written = json.loads((to / "fairness.json").read_text())
        assert written["gap"]["difference"]["high"] < 0.03
        assert written["sources"]["s"] == {"human": 3000, "machine": 1500, "non_native": 1500, "native": 1500}
        assert sorted(p.name for p in tmp_path.iterdir()) == ["bundle", "live"]
    assert (to / "scorer.onnx").read_bytes() == (bundle / "scorer.onnx").read_bytes()


def test_what_does_not_pass_leaves_everything_as_it_was(
    monkeypatch: pytest.MonkeyPatch, bundle: Path, tmp_path: Path
) -> None:
    result = promoted(monkeypatch, bundle, tmp_path / "live", texts((60, 10)))
    assert not result["passed"]
    assert refusal(bundle, result).startswith(f"{bundle} was not promoted: false positives")
    assert [p.name for p in tmp_path.iterdir()] == ["bundle"]


def test_folders_of_another_kind_are_left_alone(
    monkeypatch: pytest.MonkeyPatch, bundle: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "keep.txt").write_text("keep me")
    for to in (other, bundle, tmp_path / "no" / "folder"):
        with pytest.raises(InvalidRequest):
            promoted(monkeypatch, bundle, to, texts((0, 0)))
    with pytest.raises(ModelUnavailable):
        promoted(monkeypatch, other, tmp_path / "live", texts((0, 0)))
    assert (other / "keep.txt").read_text() == "keep me"


def test_the_old_detector_comes_back_when_the_new_one_cannot_be_moved(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        put_in_place(tmp_path / "missing", bundle)
    assert (bundle / "manifest.json").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["bundle"]
