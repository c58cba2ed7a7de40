"""What people have decided is not undone by a retraining, and nothing of a dispute outlives it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from helpers import needed

needed("sklearn")
needed("scipy")

from batches import human, rows, table
from kept_detectors import bundle

from neural_lab.detectors import happened
from neural_lab.detectors.happened import Happened
from neural_lab.detectors.registry import Registry
from neural_lab.errors import StoreUnavailable
from neural_lab.retraining.alone import alone
from neural_lab.retraining.asked import Asked, Start, workplace
from neural_lab.retraining.cleaned import clean
from neural_lab.retraining.decided import overruled, overruled_gate
from neural_lab.retraining.gathered import gather
from neural_lab.retraining.limits import Limits
from neural_lab.retraining.report import PROMOTED, REFUSED, Findings, markdown
from neural_lab.retraining.retrain import _draft, _promote
from neural_lab.retraining.steps import Steps
from neural_lab.retraining.written import written
from neural_lab.tracking.silent import Silent
from neural_lab.training.dataset import DEFAULT_COLUMNS, Record

ONE, TWO = "retrained-11aa-0123456789ab", "retrained-22bb-0123456789ab"
TIMER, ADA = "retrain", "ada"
HISTORIES = {
    "rolled back": ([("promoted", ONE, "", TIMER), ("rolled_back", "", ONE, ADA)], [ONE]),
    "replaced by a person": ([("promoted", ONE, "", TIMER), ("promoted", TWO, ONE, ADA)], [ONE]),
    "replaced by a better one": ([("promoted", ONE, "", TIMER), ("promoted", TWO, ONE, TIMER)], []),
    "chosen again": (
        [("promoted", ONE, "", TIMER), ("rolled_back", "", ONE, ADA), ("promoted", ONE, "", ADA)],
        [],
    ),
    "gone back to": (
        [("promoted", ONE, "", TIMER), ("promoted", TWO, ONE, ADA), ("rolled_back", ONE, TWO, ADA)],
        [TWO],
    ),
    "confirmed": (
        [("promoted", ONE, "", TIMER), ("promoted", TWO, ONE, TIMER), ("promoted", TWO, ONE, ADA)],
        [],
    ),
    "rolled back by a user of the timer's name": (
        [("promoted", ONE, "", TIMER), ("rolled_back", "", ONE, TIMER)],
        [ONE],
    ),
}


def lines(events: list[tuple[str, str, str, str]]) -> list[Happened]:
    return [Happened("2026-02-03T04:05:06Z", *event) for event in events]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    data, frozen = table(tmp_path / "data.csv", rows(0, 3)), table(tmp_path / "frozen.csv", rows(50, 2))
    return Asked([data], [frozen])


def found(asked: Asked, start: Start, untracked: str | None = None) -> Findings:
    gathered = gather(asked.data, asked.frozen, (), set(), start.key, DEFAULT_COLUMNS)
    return Findings(start.version, gathered, clean(gathered), Steps(), untracked)


@pytest.mark.parametrize("name", HISTORIES)
def test_who_was_put_away_by_a_person_is_known(name: str) -> None:
    events, expected = HISTORIES[name]
    assert overruled(lines(events)) == expected


def test_a_challenger_that_was_put_away_is_refused_with_the_way_to_overrule_it(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "detectors")
    kept = registry.add(bundle(tmp_path / "one", "1"))
    registry.promote(kept, TIMER)
    registry.rollback(ADA)
    assert overruled_gate(registry, ("embedded", "2")).passed
    gate = overruled_gate(registry, ("embedded", "1"))
    assert (gate.passed, f"`neural-lab detectors promote {kept}`" in gate.said) == (False, True)
    registry.remove(kept)
    assert "was deleted" in overruled_gate(registry, ("embedded", "1")).said
    registry = Registry(tmp_path / "others")
    registry.folder.mkdir()
    for event in lines(HISTORIES["chosen again"][0]):
        happened.add(registry.folder / "history.jsonl", event)
    assert overruled_gate(registry, ("retrained", "11aa")).passed


def test_a_champion_that_was_chosen_meanwhile_stays(asked: Asked, tmp_path: Path) -> None:
    challenger, other = bundle(tmp_path / "new", "n.1"), bundle(tmp_path / "other", "o.1")
    start = Start(asked)
    findings = replace(found(asked, start), outcome=PROMOTED)
    chosen = start.registry.add(other)
    start.registry.promote(chosen, ADA)
    _promote(asked, start, challenger, findings)
    report = findings.report(Limits())
    assert (report["outcome"], start.registry.champion()) == (REFUSED, chosen)
    assert chosen in report["reasons"][0]
    assert not (workplace() / "learnt.json").exists()
    again = Start(asked)
    findings = replace(found(asked, again), outcome=PROMOTED)
    with alone(workplace()):
        _promote(asked, again, challenger, findings)
    assert (findings.outcome, findings.gates) == (PROMOTED, [])
    assert again.registry.champion() != chosen


def test_what_was_measured_of_disputes_is_deleted(asked: Asked) -> None:
    dispute = Record(human(70), 0, "disputes", "", "", "", "", "disputes:a", "disputes:1")
    for disputes, left in (((), ["measured"]), ((dispute,), [])):
        start = Start(replace(asked, disputes=disputes))
        with alone(workplace()), _draft(start):
            start.measured.mkdir()
            (start.measured / "some.npz").write_bytes(b"numbers")
        assert [path.name for path in workplace().iterdir() if path.name != ".lock"] == left
        if left:
            (start.measured / "some.npz").unlink()
            start.measured.rmdir()
    start.measured.mkdir()
    with alone(workplace()):
        assert not start.measured.exists(), "what a killed one left behind"


def test_a_tracking_that_is_away_is_told_once_and_stands_in_the_report(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    needed("mlflow")
    monkeypatch.setenv("NEURAL_LAB_TRACKING", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with written(asked) as (run, untracked):
        assert isinstance(run, Silent)
    assert capsys.readouterr().err.count("127.0.0.1:9") == 1
    report = found(asked, Start(asked), untracked).report(Limits())
    assert "Not tracked: Nothing could be written" in markdown(report)
    monkeypatch.setenv("NEURAL_LAB_TRACKING", "file:")
    away = StoreUnavailable("store", "The disputes cannot be reached.")
    with pytest.raises(StoreUnavailable, match="disputes"), written(asked):
        raise away
    with written(asked) as (run, untracked):
        assert (isinstance(run, Silent), untracked) == (False, None)
