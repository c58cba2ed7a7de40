"""Jobs outlast the process that works on them, and end when they would take every process along."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import serving
from api_client import TEXTS, in_process
from job_client import DOCUMENTS, added, holding, running
from redis_server import until
from serving import WITHOUT_LIMITS, Service

from neural_lab.api import jobs
from neural_lab.api.engine import Engine

COUNT, LONG = 20, " ".join(TEXTS) * 8
MANY = [{"text": f"Version {n}. {LONG}"} for n in range(COUNT)]


def asked(served: Service, number: int) -> dict[str, Any]:
    found: dict[str, Any] = serving.ask(served.port, "GET", f"/v1/jobs/{number}").json
    return found


def given(served: Service, documents: list[dict[str, str]]) -> int:
    number: int = serving.ask(served.port, "POST", "/v1/jobs", {"documents": documents}).json["id"]
    return number


def ended(served: Service, number: int) -> dict[str, Any]:
    until(lambda: asked(served, number)["state"] in ("done", "failed", "cancelled"), 120)
    return asked(served, number)


def cut_off(served: Service, number: int) -> None:
    """Kill the process that works on a job, in the middle of it."""
    until(lambda: asked(served, number)["done"] > 1, 60)
    served.kill()


def kept(home: Path, statement: str = "select state, attempts from job order by id desc limit 1") -> Any:
    with closing(sqlite3.connect(home / "lab.db")) as connection:
        found = connection.execute(statement).fetchall()
        connection.commit()
    return found


def let_leases_end(home: Path) -> None:
    """As time would."""
    kept(home, "update job set lease = '2000-01-01T00:00:00Z' where state = 'running'")


def test_results_are_there_after_a_restart_and_a_job_whose_worker_was_killed_is_taken_up_again(
    tmp_path: Path,
) -> None:
    with serving.service(tmp_path, **WITHOUT_LIMITS) as served:
        first = given(served, DOCUMENTS)
        done = ended(served, first)
        second = given(served, MANY)
        cut_off(served, second)
        let_leases_end(tmp_path)
        served.start()
        assert asked(served, first) == done
        again = ended(served, second)
        assert again["state"] == "done"
        assert [each["index"] for each in again["result"]["documents"]] == list(range(COUNT))
        entries = serving.ask(served.port, "GET", "/v1/history?most=1000").json["entries"]
        assert len(entries) == len(DOCUMENTS) + COUNT
    assert kept(tmp_path) == [("done", 2)]


def test_a_job_whose_workers_were_killed_three_times_fails_and_others_are_done(tmp_path: Path) -> None:
    with serving.service(tmp_path, **WITHOUT_LIMITS) as served:
        number = given(served, MANY)
        cut_off(served, number)
        assert kept(tmp_path) == [("running", 1)]
        # As if that had happened twice more.
        kept(tmp_path, "update job set attempts = 3")
        let_leases_end(tmp_path)
        served.start()
        found, other = ended(served, number), ended(served, given(served, DOCUMENTS))
    assert (found["state"], found["error"], found["result"]) == ("failed", "job_gave_up", None)
    assert "smaller jobs" in found["message"]
    assert other["state"] == "done"
    assert kept(tmp_path, "select payload from job") == [(None,), (None,)]
    assert '"event": "job gave up"' in served.log.read_text()


def test_a_job_that_is_let_go_when_the_service_stops_waits_and_that_was_no_attempt(tmp_path: Path) -> None:
    with holding():
        with in_process(tmp_path) as client:
            running(client, added(client))
            assert kept(tmp_path) == [("running", 1)]
        assert kept(tmp_path) == [("queued", 0)]


def test_so_is_one_with_a_step_that_takes_longer_than_there_is_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, begun = threading.Event(), threading.Event()

    def slow(self: Engine, question: object) -> None:
        begun.set()
        gate.wait(60)
        raise RuntimeError

    monkeypatch.setattr(Engine, "submit", slow)
    monkeypatch.setattr(jobs, "END", 0.2)
    try:
        with in_process(tmp_path) as client:
            added(client)
            assert begun.wait(30)
        assert kept(tmp_path) == [("queued", 0)]
    finally:
        gate.set()
