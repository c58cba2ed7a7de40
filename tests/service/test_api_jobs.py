"""Jobs: taken on at once, watched, cancelled, sent again, and done after whatever happens to the service."""

import json
import sqlite3
import threading
from concurrent.futures import Future
from contextlib import closing

import pytest
import serving
from api_client import TEXTS, ended, in_process, is_problem
from redis_server import until

from neural_lab.api.engine import Engine

DOCUMENTS = [{"text": text, "title": f"Number {n}"} for n, text in enumerate(TEXTS)]
LONG = " ".join(TEXTS) * 8


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with in_process(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture
def held(monkeypatch):
    """No document is scored until the event is set."""
    gate, submit = threading.Event(), Engine.submit

    def waiting(self, question):
        if gate.is_set():
            return submit(self, question)
        future = Future()
        threading.Thread(target=lambda: gate.wait(60) and _pass_on(submit(self, question), future)).start()
        return future

    monkeypatch.setattr(Engine, "submit", waiting)
    yield gate
    gate.set()


def _pass_on(inner, outer):
    if outer.set_running_or_notify_cancel():
        outer.set_result(inner.result())


def added(client, documents=DOCUMENTS, **headers):
    answer = client.post("/v1/jobs", json={"documents": documents, "keep": False}, headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    return answer.json()["id"]


def running(client, number):
    until(lambda: client.get(f"/v1/jobs/{number}").json()["state"] == "running", 30)


def test_a_job_is_taken_on_at_once_and_gives_the_reports_of_detect(client):
    number = added(client)
    found = ended(client, number)
    assert found["state"] == "done"
    assert found["done"] == found["total"] == len(DOCUMENTS)
    expected = client.post("/v1/detect", json={"documents": DOCUMENTS}).json()
    assert found["result"]["detector"] == expected["detector"]
    shown = [{k: v for k, v in each.items() if k != "audit"} for each in found["result"]["documents"]]
    assert shown == expected["documents"]
    assert found["result"]["errors"] == []


def test_one_document_that_fails_does_not_fail_the_others(client, monkeypatch):
    lane, run = client.app.state.worker.engine.short, client.app.state.worker.lab.analyze_all

    def bad(questions):
        if any("unscorable" in asked.document.text for asked in questions):
            raise RuntimeError("boom")
        return run(questions)

    monkeypatch.setattr(lane, "_run", bad)
    found = ended(client, added(client, [{"text": "An unscorable text."}, *DOCUMENTS]))
    assert found["state"] == "done"
    assert [each["index"] for each in found["result"]["documents"]] == [1, 2, 3, 4]
    assert [(each["index"], each["code"]) for each in found["result"]["errors"]] == [(0, "unexpected")]


def test_events_tell_every_state_until_the_end(client):
    number = added(client)
    answer = client.get(f"/v1/jobs/{number}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    blocks = [block.splitlines() for block in answer.text.strip().split("\n\n")]
    names = [lines[0].removeprefix("event: ") for lines in blocks]
    shown = [json.loads(lines[1].removeprefix("data: ")) for lines in blocks]
    assert names[-1] == shown[-1]["state"] == "done"
    assert [each["done"] for each in shown] == sorted(each["done"] for each in shown)
    assert all(each["result"] is None for each in shown)


def test_a_running_job_ends_when_it_is_cancelled_and_the_next_one_starts(client, held):
    first, second = added(client), added(client)
    running(client, first)
    assert client.get(f"/v1/jobs/{second}").json()["state"] == "queued"
    assert client.post(f"/v1/jobs/{first}/cancel").json()["state"] == "cancelled"
    running(client, second)
    held.set()
    assert ended(client, second)["state"] == "done"
    assert client.get(f"/v1/jobs/{first}").json()["state"] == "cancelled"


def test_a_queued_job_that_is_cancelled_never_runs(client, held):
    first, second = added(client), added(client)
    running(client, first)
    assert client.post(f"/v1/jobs/{second}/cancel").json()["state"] == "cancelled"
    held.set()
    ended(client, first)
    third = ended(client, added(client))
    assert third["state"] == "done"
    second = client.get(f"/v1/jobs/{second}").json()
    assert (second["state"], second["done"], second["result"]) == ("cancelled", 0, None)
    assert client.post(f"/v1/jobs/{second['id']}/cancel").json()["state"] == "cancelled"


def test_the_same_key_gives_the_same_job(client, held):
    key = {"Idempotency-Key": "a key of mine"}
    number = added(client, **key)
    assert added(client, **key) == number
    refused = client.post("/v1/jobs", json={"documents": DOCUMENTS[:1], "keep": False}, headers=key)
    is_problem(refused, 422, "key_reused")
    assert "location" not in refused.headers
    held.set()
    assert ended(client, number)["state"] == "done"
    assert added(client, **key) == number
    is_problem(client.post("/v1/jobs", json={"documents": DOCUMENTS}, headers={"Idempotency-Key": "x"}), 422)


def test_a_job_is_deleted_with_its_result_once_it_has_ended(client, held):
    number = added(client)
    running(client, number)
    is_problem(client.delete(f"/v1/jobs/{number}"), 404)
    held.set()
    ended(client, number)
    assert number in [job["id"] for job in client.get("/v1/jobs").json()["jobs"]]
    assert client.delete(f"/v1/jobs/{number}").status_code == 204
    for ask in (client.get, client.delete):
        is_problem(ask(f"/v1/jobs/{number}"), 404, "no_job")
    is_problem(client.get(f"/v1/jobs/{number}/events"), 404, "no_job")
    is_problem(client.post(f"/v1/jobs/{number}/cancel"), 404, "no_job")


@pytest.mark.parametrize(
    "body",
    [
        {"documents": []},
        {"documents": [{"text": ""}]},
        {"documents": [{"text": "A text."}] * 1001},
        {"documents": [{"text": "A text."}], "genre": "none"},
        {"documents": [{"text": "A text."}], "max_false_positives": 0},
    ],
)
def test_a_job_that_cannot_be_done_is_refused_at_once(client, body):
    is_problem(client.post("/v1/jobs", json=body), 422)


def test_results_are_there_after_a_restart_and_a_job_whose_worker_was_killed_is_taken_up_again(tmp_path):
    home = tmp_path / "home"
    documents = [{"text": f"Version {n}. {LONG}"} for n in range(60)]
    with serving.service(home) as served:
        first = serving.ask(served.port, "POST", "/v1/jobs", {"documents": DOCUMENTS}).json["id"]
        done = _ended(served, first)
        second = serving.ask(served.port, "POST", "/v1/jobs", {"documents": documents}).json["id"]
        until(lambda: serving.ask(served.port, "GET", f"/v1/jobs/{second}").json["done"] > 1, 60)
        served.kill()
        _let_leases_end(home)
        served.start()
        assert serving.ask(served.port, "GET", f"/v1/jobs/{first}").json == done
        again = _ended(served, second)
        assert again["state"] == "done"
        assert [each["index"] for each in again["result"]["documents"]] == list(range(60))
        kept = serving.ask(served.port, "GET", "/v1/history?most=1000").json["entries"]
        assert len(kept) == len(DOCUMENTS) + 60


def _ended(served, number):
    def ask():
        return serving.ask(served.port, "GET", f"/v1/jobs/{number}").json

    until(lambda: ask()["state"] in ("done", "failed", "cancelled"), 120)
    return ask()


def _let_leases_end(home):
    """As time would."""
    with closing(sqlite3.connect(home / "lab.db")) as connection:
        connection.execute("update job set lease = '2000-01-01T00:00:00Z' where state = 'running'")
        connection.commit()
