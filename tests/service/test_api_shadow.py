"""The challenger reads what the champion has read: nobody sees it or waits for it, and no text is kept."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from asking import Site, site
from command_line import run, shown
from helpers import needed
from kept_detectors import bundle
from loads import text
from redis_server import until

for module in ("fastapi", "structlog", "prometheus_client"):
    needed(module)

from neural_lab.compose import EMBEDDED, open_lab
from neural_lab.detectors.paired import Paired, pairs
from neural_lab.detectors.registry import Registry
from neural_lab.event import Event
from neural_lab.service import Lab
from neural_lab.types import Document

ALWAYS = "", "9999"
TEXTS = [text(number, 4) for number in range(6)]


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(tmp_path_factory.mktemp("challenger") / "b", "shadow.2", 0.5)


@pytest.fixture(scope="module")
def labs(challenger: Path) -> tuple[Lab, Lab]:
    return open_lab(EMBEDDED, threads=1), open_lab(challenger, threads=1)


@contextmanager
def shadowed(challenger: Path, **settings: Any) -> Iterator[Site]:
    """A service with a challenger that is loaded."""
    registry = Registry()
    registry.set_challenger(registry.add(challenger))
    with site(**{"shadow": 1.0, "detector_seconds": 0.1, "threads": 1} | settings) as lab:
        until(lambda: lab.ask("GET", "/readyz").status == 200, 60)
        until(lambda: lab.worker.shadow._lab, 60)
        yield lab


def read(lab: Site, texts: list[str]) -> list[float]:
    body = {"documents": [{"text": each} for each in texts]}
    answer = lab.ask("POST", "/v1/detect", body)
    assert answer.status == 200, answer.text
    return [each["probability"] for each in answer.json["documents"]]


def events(lab: Site) -> list[Event]:
    return [each for each in lab.worker.store.events().between(*ALWAYS) if each.kind == "shadow"]


def figure(lab: Site, name: str) -> float:
    lines = (line.rsplit(" ", 1) for line in lab.ask("GET", "/metrics").text.splitlines())
    return sum(float(value) for key, value in lines if key == name)


def counted(outcome: str) -> str:
    return f'neural_lab_shadow_texts_total{{outcome="{outcome}"}}'


def test_both_probabilities_are_noted_and_only_the_champions_is_told(
    challenger: Path, labs: tuple[Lab, Lab], home: Path
) -> None:
    with shadowed(challenger) as lab:
        told = read(lab, TEXTS)
        until(lambda: len(events(lab)) == len(TEXTS), 60)
        assert figure(lab, counted("read")) == len(TEXTS)
        assert figure(lab, "neural_lab_shadow_difference_count") == len(TEXTS)
        found = [*pairs(events(lab))]
    reports = [[each.analyze(Document(one)) for one in TEXTS] for each in labs]
    assert told == [report.probability for report in reports[0]]
    assert [pair.champion.probability for pair in found] == told
    assert [pair.challenger.probability for pair in found] == [each.probability for each in reports[1]]
    assert [pair.challenger.verdict for pair in found] == [each.verdict.value for each in reports[1]]
    assert [pair.words for pair in found] == [each.words for each in reports[0]]
    assert {(pair.champion.version, pair.challenger.version) for pair in found} == {
        ("", Registry().challenger())
    }
    command_agrees(found)


def command_agrees(found: list[Paired]) -> None:
    printed = shown("detectors", "compare", "--json")
    assert printed["texts"] == len(found)
    assert printed["mean_difference"] == pytest.approx(sum(pair.difference for pair in found) / len(found))
    assert (printed["champion"], printed["challenger"]) == ("embedded", Registry().challenger())
    table = run("detectors", "compare", "--days", "1")
    assert table.exit_code == 0
    assert "Nobody knows who wrote these documents" in table.output


def test_nothing_of_a_text_is_kept_whatever_its_owner_chose(challenger: Path, home: Path) -> None:
    with shadowed(challenger) as lab:
        chosen = lab.ask("PATCH", "/v1/preferences", {"zero_retention": True})
        assert chosen.status == 200
        read(lab, TEXTS)
        until(lambda: len(events(lab)) == len(TEXTS), 60)
        found = events(lab)
        assert lab.worker.shadow._waiting.empty()
    for each in found:
        assert set(json.loads(each.signals)) == {"champion", "challenger", "probability", "verdict"}
    stored = b"".join(path.read_bytes() for path in home.glob("lab.db*"))
    assert b"shadow" in stored
    for one in TEXTS:
        for sentence in one.split(". "):
            assert sentence.encode() not in stored


def test_without_a_share_or_without_a_challenger_nothing_is_read(
    challenger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry()
    kept = registry.add(challenger)
    with site(shadow=1.0, detector_seconds=0.1, threads=1) as lab:
        until(lambda: lab.ask("GET", "/readyz").status == 200, 60)
        read(lab, TEXTS)
        registry.set_challenger(kept)
        until(lambda: lab.worker.shadow._lab, 60)
        registry.set_challenger(None)
        until(lambda: lab.worker.shadow._lab is None)
        read(lab, TEXTS[::-1])
        assert lab.worker.shadow._waiting.empty()
        assert events(lab) == []
    registry.set_challenger(kept)
    with site(threads=1) as lab:
        until(lambda: lab.ask("GET", "/readyz").status == 200, 60)
        assert not lab.worker.shadow._thread.is_alive()


@contextmanager
def occupied(lab: Site) -> Iterator[None]:
    """The line of long documents has something to do until the block ends."""
    gate, lane = threading.Event(), lab.worker.engine.long
    run, lane._run = lane._run, lambda items: gate.wait(60) and run(items)
    waiting = lane.submit(_question())
    try:
        yield
    finally:
        gate.set()
        waiting.result(60)
        lane._run = run


def _question() -> Any:
    from neural_lab.service import Question

    return Question(Document(TEXTS[0]))


def test_it_waits_for_requests_and_what_does_not_fit_is_dropped_and_counted(
    challenger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neural_lab.api import shadow

    monkeypatch.setattr(shadow, "MOST_WAITING", 3)
    with shadowed(challenger) as lab:
        with occupied(lab):
            begun = time.monotonic()
            read(lab, TEXTS)
            assert time.monotonic() - begun < 20
            # One in its hand, which waits for the line, and three behind it.
            until(lambda: figure(lab, counted("dropped")) >= len(TEXTS) - 4)
            assert events(lab) == []
            assert figure(lab, counted("read")) == 0
        until(lambda: figure(lab, counted("read")) >= 3, 60)
        assert figure(lab, counted("read")) + figure(lab, counted("dropped")) == len(TEXTS)


def test_what_waits_for_too_long_is_dropped(challenger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from neural_lab.api import shadow

    monkeypatch.setattr(shadow, "OLDEST", 0.2)
    with shadowed(challenger) as lab, occupied(lab):
        read(lab, TEXTS)
        until(lambda: figure(lab, counted("dropped")) == len(TEXTS), 30)


def test_long_documents_are_left_out(challenger: Path) -> None:
    with shadowed(challenger) as lab:
        read(lab, [" ".join(text(number) for number in range(130))])
        assert figure(lab, counted("too_long")) == 1


def test_a_challenger_that_cannot_be_used_is_told_once_and_harms_nobody(
    challenger: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from kept_detectors import damage

    registry = Registry()
    kept = registry.add(challenger)
    registry.set_challenger(kept)
    damage(registry.folder / kept)
    with site(shadow=1.0, detector_seconds=0.05, threads=1) as lab:
        until(lambda: lab.ask("GET", "/readyz").status == 200, 60)
        until(lambda: lab.worker.shadow._version == kept)
        read(lab, TEXTS)
        time.sleep(0.5)
        (registry.folder / "challenger.json").write_text("{")
        time.sleep(0.5)
        read(lab, TEXTS[::-1])
        assert lab.ask("GET", "/health").json["status"] == "healthy"
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if "challenger" in line]
    assert [line["code"] for line in lines] == ["damaged_bundle", "damaged_pointer"]
