"""The error card: figures by hand, groups, one-sided groups, words and plots."""

import json
from pathlib import Path

import numpy as np
import pytest
from helpers import needed, report
from judging import judged

needed("scipy")
needed("matplotlib")

from neural_lab.training.card_plots import PLOTS, draw
from neural_lab.training.error_card import error_card, figures
from neural_lab.training.error_card_text import markdown
from neural_lab.training.figures import brier, calibration_error
from neural_lab.training.judged import NAMES, Judged, on_the_same, save
from neural_lab.training.plots import _steps
from neural_lab.training.sentence_card import sentence_card, sentence_text
from neural_lab.training.sentence_figures import Column, boundary, by_chance, macro_f1, true_boundary
from neural_lab.training.sentence_labels import Labelled, Reading, mapped, read_sentences

DETECTOR = ("small", "1")


@pytest.fixture(scope="module")
def several() -> Judged:
    rng = np.random.default_rng(0)
    label = np.arange(400) % 2
    probability = np.clip(rng.normal(0.35 + 0.3 * label, 0.2), 0.01, 0.99)
    source = np.where(np.arange(400) < 300, "two-sided", "human only | $x$\n")
    label = np.where(np.arange(400) < 300, label, 0)
    writer = np.where(label == 0, "native", "")
    return judged(label, probability, source=source, writer=writer, words=rng.integers(20, 2000, 400))


def test_rates_by_hand() -> None:
    label = [0] * 100 + [1] * 10
    probability = [0.9] * 2 + [0.7] * 3 + [0.1] * 95 + [0.95] * 6 + [0.55] * 3 + [0.2]
    point = figures(judged(label, probability))["operating_points"]
    strict, loose = point["0.01"], point["0.05"]
    assert (strict["human"]["flagged"]["hits"], loose["human"]["flagged"]["hits"]) == (2, 5)
    assert loose["human"]["flagged"]["interval"] == pytest.approx([0.0215, 0.1118], abs=5e-5)
    assert strict["machine"]["flagged"]["rate"] == 0.6
    assert strict["machine"]["inconclusive"]["rate"] == 0.3
    assert strict["machine"]["likely_human"]["rate"] == 0.1
    assert strict["human"]["inconclusive"]["hits"] == 3


def test_a_rate_of_false_positives_needs_texts_enough_to_be_it() -> None:
    found = figures(judged([0] * 50 + [1] * 10, np.linspace(0.1, 0.9, 60)))
    assert found["tpr_at_fpr"] == {"0.05": 1.0, "0.01": None, "0.001": None}


def test_calibration_by_hand() -> None:
    label, probability = np.array([0, 0, 0, 1]), np.array([0.1, 0.1, 0.9, 0.9])
    assert brier(label, probability) == pytest.approx((0.01 + 0.01 + 0.81 + 0.01) / 4)
    # Bins: two human at 0.1; one of each at 0.9. Alike, a machine text weighs three human ones.
    assert calibration_error(label, probability, alike=False) == pytest.approx((0.2 + 0.8) / 4)
    assert calibration_error(label, probability) == pytest.approx((0.2 / 3 + 0.2) / 2)


def test_one_sided_groups_leave_out_what_needs_both(several: Judged) -> None:
    card = error_card(several, DETECTOR, {"too_many_sentences": 2})
    alone = card["groups"]["source"]["human only | $x$\n"]
    assert (alone["human"], alone["machine"], alone["auroc"], alone["ece"]) == (100, 0, None, None)
    assert alone["operating_points"]["0.01"]["machine"]["flagged"]["rate"] is None
    assert card["groups"]["source"]["two-sided"]["auroc"] > 0.7
    assert card["groups"]["model"] == {}


def test_bands_and_groups_add_up(several: Judged) -> None:
    card = error_card(several, DETECTOR, {})
    bands = card["groups"]["band"]
    assert set(bands) <= set(NAMES)
    assert sum(band["human"] + band["machine"] for band in bands.values()) == 400
    assert judged([0, 0], [0.1, 0.1], words=[74, 75]).band.tolist() == ["0-74 words", "75-149 words"]
    assert judged([0], [0.1], words=1500).band.tolist() == ["1500+ words"]
    assert card["groups"]["writer"]["native"]["human"] == card["overall"]["human"]


def test_the_card_is_json_and_its_words_are_one_table_row_a_group(several: Judged) -> None:
    card = error_card(several, DETECTOR, {"too_many_sentences": 2})
    assert json.loads(json.dumps(card, allow_nan=False)) == card
    text = markdown(card, PLOTS)
    assert "2 more texts could not be scored" in text
    assert "## What this does not show" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in tables if "two-sided" in line} == {11, 8}
    assert any("human only / $x$" in line for line in tables)


def test_plots_are_drawn_for_what_there_is(several: Judged, tmp_path: Path) -> None:
    assert draw(several, error_card(several, DETECTOR, {}), tmp_path) == list(PLOTS)
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in PLOTS)
    few = judged([0, 0], [0.1, 0.2])
    assert draw(few, error_card(few, DETECTOR, {}), tmp_path) == ["scores.png"]


def test_the_curve_has_no_steps_inside_ties() -> None:
    false, true = _steps(np.array([1, 0, 1, 0]), np.array([0.9, 0.9, 0.5, 0.1]))
    assert false.tolist() == [0, 0.5, 0.5, 1]
    assert true.tolist() == [0, 0.5, 1, 1]


def test_scores_are_written_unrounded_and_without_the_text(tmp_path: Path) -> None:
    save(judged([0, 1], [0.1234567890123456, 0.7]), tmp_path / "scores.jsonl")
    first, second = map(json.loads, (tmp_path / "scores.jsonl").read_text().splitlines())
    assert first["probability"] == 0.1234567890123456
    assert second["verdicts"] == {"0.05": "likely_ai", "0.01": "inconclusive"}
    assert second["reasons"] == {"0.05": None, "0.01": "between_cut_points"}
    assert "text" not in first


def test_what_one_detector_could_not_score_is_left_out_of_both() -> None:
    whole = judged([0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4])
    first, second = (
        whole.where(np.array([True, True, False, True])),
        whole.where(np.array([False, True, True, True])),
    )
    assert [each.index.tolist() for each in on_the_same(first, second)] == [[1, 3], [1, 3]]


def test_labelled_sentences_take_what_they_overlap() -> None:
    labelled = Labelled(
        ("One plain sentence.", "Another, rather", "longer, sentence follows it."), (0, 1, 1), "r"
    )
    ours = report(probabilities=(0.2, 0.8))
    assert labelled.text == ours.document.text
    assert mapped(ours, labelled.spans) == pytest.approx([0.2, 0.8, 0.8])
    merged = Labelled((labelled.text,), (1,), "r")
    lengths = [len("One plain sentence."), len("Another, rather, longer sentence follows it.")]
    assert mapped(ours, merged.spans)[0] == pytest.approx(
        (0.2 * lengths[0] + 0.8 * lengths[1]) / sum(lengths)
    )


def test_macro_f1_by_hand() -> None:
    column = Column(np.array([0, 0, 1, 1]), np.array([0.1, 0.6, 0.7, 0.8]), np.full(4, 0.5))
    assert macro_f1(column) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert macro_f1(Column(np.zeros(2, dtype=int), np.array([0.1, 0.2]), np.full(2, 0.5))) == 1.0


def test_the_boundary_is_the_likeliest_split() -> None:
    assert boundary(np.array([0.1, 0.2, 0.9, 0.8])) == (2, 1)
    assert boundary(np.array([0.9, 0.8, 0.7, 0.1])) == (3, 0)
    assert true_boundary(np.array([0, 0, 1])) == (2, 1)
    assert true_boundary(np.array([0, 1, 0])) is None
    assert by_chance(5, 2, 1) == pytest.approx(3 / 4 / 2)


def test_the_card_of_sentences() -> None:
    good = Reading(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9]), (0.5, 0.85), "a")
    bad = Reading(np.array([0, 0, 0, 1]), np.array([0.9, 0.2, 0.2, 0.1]), (0.5, 0.85), "b")
    card = sentence_card([good, bad], (0.05, 0.01), DETECTOR, 1)
    assert card["sentences"] == {"human": 5, "machine": 3}
    assert (card["boundary"]["found"]["hits"], card["boundary"]["found"]["texts"]) == (1, 2)
    assert card["macro_f1_at_target"]["0.05"] == card["macro_f1"]
    low, high = card["auroc"]["interval"]
    assert low <= card["auroc"]["value"] <= high
    assert "boundary found, 2 documents" in sentence_text(card)


def test_rows_of_sentences_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"sentences": ["A.", " ", "B."], "labels": [0, 1, 1]}\n')
    assert [(r.sentences, r.labels) for r in read_sentences([tmp_path])] == [(("A.", "B."), (0, 1))]
    for wrong in (
        '{"sentences": ["A."], "labels": [0, 1]}',
        '{"text": "A."}',
        "[1]",
        '{"sentences": [1], "labels": [0]}',
    ):
        path.write_text(wrong + "\n")
        with pytest.raises(Exception, match=r"rows\.jsonl:1 is not of the form"):
            list(read_sentences([path]))
