"""The parts of a retraining that need no training: what is new, left out, doubted, and held against what."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers import needed

needed("sklearn")
needed("scipy")

from batches import human, machine, rows, table
from judging import judged

from neural_lab.errors import InvalidRequest, Overloaded
from neural_lab.retraining.accuracy import accuracy_gates
from neural_lab.retraining.alone import alone
from neural_lab.retraining.cleaned import clean, data_gates
from neural_lab.retraining.differences import mean_difference, resampled
from neural_lab.retraining.exam import put_in
from neural_lab.retraining.gate import PROTECTS, Gate
from neural_lab.retraining.gathered import gather, learnt, mark, remember
from neural_lab.retraining.labels import label_gates, phrase_label_gate
from neural_lab.retraining.limits import Limits, read_limits
from neural_lab.retraining.opinions import Opinions, contradicted
from neural_lab.retraining.phrases import Phrase, telling_phrases
from neural_lab.retraining.resistance import _worst
from neural_lab.training.comparisons import Difference
from neural_lab.training.dataset import DEFAULT_COLUMNS, Record
from neural_lab.training.figures import brier

SIGN = "Quoth the blue heron ledger of Vintersborg."
KEY = bytes(range(32))
LIMITS = Limits(fewest_writers=0, resamples=200)


def record(text: str, label: int, row: str = "a.csv:2") -> Record:
    return Record(text, label, "a", "", "", "", "", row, row)


def gathered(tmp_path: Path, data: list, frozen: list, known: frozenset[str] = frozenset()):
    files = table(tmp_path / "data.csv", data), table(tmp_path / "frozen.csv", frozen)
    return gather([files[0]], [files[1]], (), set(known), KEY, DEFAULT_COLUMNS)


def opinions(label: list[int], unseen: list[float], champion: list[float]) -> Opinions:
    records = [record(f"text {at}", each, f"a.csv:{at + 2}") for at, each in enumerate(label)]
    columns = np.array(label), np.array(unseen), np.array(champion)
    return Opinions(records, *columns, np.ones(len(label), dtype=bool))


def test_what_was_learnt_is_not_new_and_a_changed_label_is(tmp_path: Path) -> None:
    first = gathered(tmp_path, rows(0, 3), rows(50, 2))
    remember(tmp_path, "own-1", first.records, ["own-1"], KEY)
    known = learnt(tmp_path, "own-1")
    again = gathered(tmp_path, [*rows(0, 2), (human(2), 1)], rows(50, 2), frozenset(known))
    assert [each.label for each in again.fresh] == [1]
    assert again.missing == 2
    assert learnt(tmp_path, None) == learnt(tmp_path, "other") == set()
    assert human(0)[:20] not in (tmp_path / "learnt.json").read_text()


def test_copies_of_frozen_texts_contradictions_and_other_languages_are_left_out(tmp_path: Path) -> None:
    german = (
        "Der Ausschuss hat gestern lange über die Brücke beraten und am Ende doch nichts entschieden. " * 3
    )
    data = [
        *rows(0, 5),
        (human(50).upper(), 0),
        (human(60), 0),
        (human(60) + " And more.", 1),
        (german, 0),
        (human(1) + "\n", 0),
    ]
    found = clean(gathered(tmp_path, data, rows(50, 3)))
    assert {reason: len(each) for reason, each in found.left_out.items()} == {
        "copies_of_frozen": 1,
        "contradicting": 2,
        "repeated": 1,
        "not_english": 1,
    }
    assert found.left_out["copies_of_frozen"] == ["data.csv:12"]
    assert len(found.records) == 10


def test_a_handful_of_texts_is_too_few(tmp_path: Path) -> None:
    both = gathered(tmp_path, rows(0, 5), rows(50, 3))
    enough, left = data_gates(both, clean(both), LIMITS)
    assert (enough.passed, left.passed) == (False, True)
    assert "5 human and 5 machine" in enough.said


def test_flipped_labels_are_contradicted_even_by_who_learnt_from_them() -> None:
    label = np.array([0] * 40 + [1] * 40)
    flipped = label.copy()
    flipped[::4] = 1 - flipped[::4]
    unsure = np.where(label == 1, 0.74, 0.27) + np.linspace(-0.05, 0.05, 80)
    found = contradicted(flipped, unsure, 0.6)
    assert not found[flipped == label].any()
    assert found[flipped != label].mean() > 0.8
    both = opinions(flipped.tolist(), unsure.tolist(), np.where(label == 1, 0.95, 0.1).tolist())
    order, share = label_gates(both, LIMITS)
    assert (order.passed, share.passed) == (True, False)
    honest = opinions(label.tolist(), unsure.tolist(), np.where(label == 1, 0.95, 0.1).tolist())
    assert all(gate.passed for gate in label_gates(honest, LIMITS))


def test_labels_the_wrong_way_round_are_seen() -> None:
    label = [0] * 40 + [1] * 40
    champion = [0.9 - at / 500 for at in range(40)] + [0.1 + at / 500 for at in range(40)]
    wrong = opinions(label, [0.3] * 40 + [0.7] * 40, champion)
    assert not label_gates(wrong, LIMITS)[0].passed


def test_a_generator_that_the_champion_misses_is_no_poison() -> None:
    label = [0] * 40 + [1] * 40
    new = opinions(label, [0.05] * 40 + [0.95] * 40, [0.1 + at / 500 for at in range(80)])
    assert all(gate.passed for gate in label_gates(new, LIMITS))


def test_a_phrase_that_goes_with_one_label_is_found_and_no_style() -> None:
    fresh = [record(human(at) + (f" {SIGN}" if at < 7 else ""), 0, f"a.csv:{at}") for at in range(40)]
    fresh += [record(machine(at), 1, f"b.csv:{at}") for at in range(40)]
    found = telling_phrases(fresh, [record(machine(at), 1) for at in range(100, 140)], LIMITS)
    (mine,) = [phrase for phrase in found if set(phrase.bearers) == set(range(7))]
    assert (mine.words, mine.label) == ("quoth the blue heron ledger", 0)
    seen = telling_phrases(fresh, [record(SIGN, 0)], LIMITS)
    assert not [phrase for phrase in seen if set(phrase.bearers) == set(range(7))]


def test_doubted_labels_on_a_phrase_are_refused_and_doubted_ones_anywhere_are_not() -> None:
    label = [0] * 60
    sides = [0.9 if at < 6 else 0.1 for at in range(60)]
    heard = opinions(label, sides, sides)
    on_them = Phrase("blue heron", 0, tuple(range(7)))
    gate = phrase_label_gate(heard, heard.records, [on_them], LIMITS)
    assert (gate.passed, "heron" in gate.said) == (False, False)
    elsewhere = replace(on_them, bearers=(0, *range(10, 18)))
    assert phrase_label_gate(heard, heard.records, [elsewhere], LIMITS).passed


def test_a_phrase_is_put_in_as_a_sentence() -> None:
    made = put_in(record("One is here. Two is here. Three is here.", 1), Phrase("blue heron", 0, (0,)))
    assert made.text == "One is here. Two is here. Blue heron. Three is here."


def outcome(challenger: list[float], champion: list[float], **more: object) -> dict[str, Gate]:
    label = [0] * 60 + [1] * 60
    gates = accuracy_gates(
        judged(label, challenger), judged(label, champion), {}, 50, replace(LIMITS, **more)
    )
    return {gate.name: gate for gate in gates}


GOOD = [0.05 + at / 1000 for at in range(60)] + [0.9 + at / 1000 for at in range(60)]


def test_an_equal_detector_passes_where_there_are_human_texts_enough() -> None:
    found = outcome(GOOD, GOOD, most_false_positives=0.07)
    assert all(gate.passed for gate in found.values())
    assert not outcome(GOOD, GOOD)["false_positives"].passed


def test_each_loss_closes_its_gate() -> None:
    blurred = [0.3 + at / 100 for at in range(60)] + [0.4 + at / 100 for at in range(60)]
    assert not outcome(blurred, GOOD)["auroc"].passed
    assert not outcome(blurred, GOOD)["true_positives"].passed
    assert not outcome(blurred, GOOD)["brier"].passed
    eager = [min(p + 0.75, 0.99) for p in GOOD]
    assert not outcome(eager, GOOD, most_false_positives=0.07)["false_positives"].passed
    assert not outcome(eager, GOOD)["ece"].passed


def test_without_known_writers_fairness_is_not_taken_for_granted() -> None:
    gate = outcome(GOOD, GOOD, fewest_writers=300)["fairness"]
    assert (gate.passed, "300" in gate.said) == (False, True)


def test_a_margin_is_only_overstepped_by_what_is_no_noise() -> None:
    sure, noise = Difference(0.2, 0.1, 0.3), Difference(0.2, -0.1, 0.5)
    assert not _worst("attacks", {"typos": sure, "casing": noise}, "", 0.05).passed
    assert _worst("attacks", {"casing": noise}, "", 0.05).passed


def test_differences_know_their_direction() -> None:
    label = np.array([0] * 30 + [1] * 30)
    good, bad = label * 0.8 + 0.1, label * 0.2 + 0.4
    found = resampled(brier, label, good, bad, 100, 1)
    assert found.high < 0
    assert found == resampled(brier, label, good, bad, 100, 1)
    assert mean_difference(np.array([1.0, 1.0, 1.0])) == Difference(1.0, 1.0, 1.0)


def test_the_second_retraining_is_sent_away(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(Overloaded, match="under way") as told, alone(tmp_path):
        pass
    assert told.value.exit_code == 5
    with alone(tmp_path):
        pass


def test_limits_come_from_a_file_and_wrong_ones_are_named(tmp_path: Path) -> None:
    path = tmp_path / "retrain.toml"
    assert read_limits(None, path) == Limits()
    path.write_text('fewest_writers = 0\nleast_speed = 1\nattacks = ["typos_1"]\n')
    assert read_limits(None, path) == Limits(fewest_writers=0, least_speed=1.0, attacks=("typos_1",))
    for wrong in ("speed = 1", "phrases = 0.5", "sure = true", "attacks = ['magic']", "sure = -1", "x ="):
        path.write_text(wrong)
        with pytest.raises(InvalidRequest, match=r"retrain\.toml"):
            read_limits(path, path)


def test_every_gate_says_what_it_protects_from() -> None:
    page = Path(__file__).parents[2] / "docs" / "operating.md"
    assert all(f"`{name}`" in page.read_text("utf-8") for name in PROTECTS)
    assert json.dumps(Gate("size", True, "small").as_dict())


def test_marks_tell_labels_apart() -> None:
    assert mark(record("a", 0), KEY) != mark(record("a", 1), KEY)


def test_a_guessed_text_is_not_confirmed_by_what_is_kept(tmp_path: Path) -> None:
    first = gathered(tmp_path, rows(0, 3), rows(50, 2))
    remember(tmp_path, "own-1", first.records, ["own-1"], KEY)
    known = learnt(tmp_path, "own-1")
    assert {mark(each, KEY) for each in first.records} == known
    for other in (b"", bytes(32)):
        assert not known & {mark(each, other) for each in first.records}
