"""Jobs: taken on at once, watched, cancelled, sent again and deleted."""

import json

import pytest
from api_client import TEXTS, ended, in_process, is_problem
from job_client import DOCUMENTS, added, holding, running
from redis_server import until

from neural_lab.api.held import Held
from neural_lab.errors import ModelUnavailable


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with in_process(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture
def held():
    with holding() as gate:
        yield gate


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


def test_texts_of_jobs_are_in_the_event_log_as_all_others_are(client):
    found = ended(client, added(client))["result"]["documents"]
    store = client.app.state.worker.store

    def noted():
        kept = store.events().between("", "9999")
        return {each.probability for each in kept if each.kind == "/v1/jobs" and each.words is not None}

    until(lambda: noted() == {each["probability"] for each in found})


def test_a_text_with_what_its_file_said_gives_the_report_of_the_file(client):
    text = " ".join(TEXTS)
    quoted, pages = [{"start": 0, "end": 40}], [{"number": 3, "start": 0, "end": len(text)}]
    given = {"text": text, "title": "Walk", "path": "walk.pdf", "quoted": quoted, "pages": pages}
    (found,) = ended(client, added(client, [given]))["result"]["documents"]
    expected = client.post("/v1/documents", json={**given, "keep": False}).json()["document"]
    assert {name: found[name] for name in expected} == expected
    assert found["sentences"][0]["page"] == 3
    wrong = {**given, "quoted": [{"start": 0, "end": len(text) + 1}]}
    is_problem(client.post("/v1/jobs", json={"documents": [wrong]}), 422, "invalid_input")


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/compare"])
def test_the_places_of_all_documents_together_are_few(client, path):
    many = {"text": "x" * 1_000, "quoted": [{"start": n, "end": n + 1} for n in range(1_000)]}
    told = is_problem(client.post(path, json={"documents": [many] * 21}), 422, "invalid_input")
    assert [(each["field"], "together" in each["message"]) for each in told["errors"]] == [
        ("documents", True)
    ]


def test_a_job_cancelled_as_its_last_step_ends_keeps_nothing(client, monkeypatch):
    client.delete("/v1/history")
    finish = Held.finish

    def late(held, result, entries):
        assert len(entries) == len(DOCUMENTS)
        client.app.state.worker.store.jobs(held.job.owner).cancel(held.job.id)
        finish(held, result, entries)

    monkeypatch.setattr(Held, "finish", late)
    number = client.post("/v1/jobs", json={"documents": DOCUMENTS}).json()["id"]
    assert ended(client, number)["state"] == "cancelled"
    monkeypatch.undo()
    # Jobs are done one after the other: by the end of this one nothing of the first is still on its way.
    assert ended(client, added(client, DOCUMENTS[:1]))["state"] == "done"
    assert client.get("/v1/history").json()["entries"] == []


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


def test_what_is_for_those_who_run_the_service_is_not_told(client, monkeypatch):
    def away(questions):
        raise ModelUnavailable("model_damaged", "/srv/lab/model.onnx is damaged: install it again.")

    monkeypatch.setattr(client.app.state.worker.engine.short, "_run", away)
    (error,) = ended(client, added(client, DOCUMENTS[:1]))["result"]["errors"]
    assert error["code"] == "model_damaged"
    assert "/srv" not in error["message"]
    assert client.post("/v1/detect", json={"documents": DOCUMENTS[:1]}).json()["errors"] == [error]


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
    done = ended(client, number)
    assert done["state"] == "done"
    again = client.post("/v1/jobs", json={"documents": DOCUMENTS, "keep": False}, headers=key)
    assert (again.status_code, again.json()) == (202, done)
    # Its documents are gone by now; what they were is still known.
    for other in ({"documents": DOCUMENTS[:1], "keep": False}, {"documents": DOCUMENTS}):
        is_problem(client.post("/v1/jobs", json=other, headers=key), 422, "key_reused")
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
