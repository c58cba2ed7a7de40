"""What the service answers, with the real detector in this process."""

import json
import random
from contextlib import contextmanager

import pytest
from api_client import SHORT, TEXTS, in_process, is_problem
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis_server import free_port
from typer.testing import CliRunner

from neural_lab.api import opening
from neural_lab.api.worker import Worker
from neural_lab.cli import app
from neural_lab.errors import ScoringFailed

LONG = " ".join(TEXTS) + " " + " ".join(f"On day {n} we walked {n + 2} miles." for n in range(40))


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with in_process(tmp_path_factory.mktemp("home")) as made:
        yield made


@contextmanager
def bad_texts(worker: Worker, error: Exception):
    """A detector that cannot score texts with the word "unscorable"."""

    def run(questions):
        if any("unscorable" in asked.document.text for asked in questions):
            raise error
        return worker.lab.analyze_all(questions)

    with pytest.MonkeyPatch.context() as patch:
        for lane in (worker.engine.short, worker.engine.long):
            patch.setattr(lane, "_run", run)
        yield


def detect(client, texts, **more):
    answer = client.post("/detect", json={"texts": list(texts), **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def checked(tmp_path, text):
    """The document of `neural-lab check --json`."""
    file = tmp_path / "text.txt"
    file.write_text(text)
    found = CliRunner().invoke(app, ["check", str(file), "--json"])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)["documents"][0]


@pytest.mark.parametrize("text", [SHORT, LONG])
def test_probabilities_agree_with_the_command_line_to_the_last_digit(client, tmp_path, text):
    expected = checked(tmp_path, text)
    assert detect(client, [SHORT, text, *TEXTS])["probabilities"][1] == expected["probability"]
    shown = client.post("/v1/documents", json={"text": text}).json()["document"]
    batch = client.post("/v1/detect", json={"documents": [{"text": SHORT}, {"text": text}]}).json()
    for document in (shown, batch["documents"][1]):
        same = {name: document[name] for name in expected if name not in ("path", "title", "audit")}
        assert same == {name: expected[name] for name in same}


def test_predictions_and_confidence_follow_from_probability_and_threshold(client):
    for threshold in (0, 0.25, 0.5, 1):
        found = detect(client, TEXTS, threshold=threshold)
        assert found["predictions"] == [int(p >= threshold) for p in found["probabilities"]]
        assert found["confidence_scores"] == [abs(p - threshold) for p in found["probabilities"]]
        assert found["processing_time_ms"] > 0
    assert detect(client, TEXTS) == detect(client, TEXTS, threshold=0.5) | {
        "processing_time_ms": pytest.approx(0, abs=1e4)
    }


def test_any_order_with_any_duplicates_gives_every_text_its_own_answer(client):
    draw = random.Random(20)
    fresh = [f"{text} Number {n} of them." for n, text in enumerate(TEXTS * 3)]
    alone = {text: detect(client, [text])["probabilities"][0] for text in fresh[:6]}
    for _ in range(5):
        texts = draw.choices(fresh, k=20)
        found = detect(client, texts, threshold=draw.random())["probabilities"]
        alone |= {text: p for text, p in zip(texts, found, strict=True) if text not in alone}
        assert found == [alone[text] for text in texts]


def test_cache_hit_says_that_every_text_came_from_the_cache(client):
    first, second = "A text that nobody has sent before, one.", "A text that nobody has sent before, two."
    assert detect(client, [first, first])["cache_hit"] is False
    assert detect(client, [first])["cache_hit"] is True
    assert detect(client, [first, second])["cache_hit"] is False
    assert detect(client, [second, first], threshold=0.9)["cache_hit"] is True


def test_the_least_and_the_most_that_is_allowed_is_answered(client):
    assert len(detect(client, ["0123456789"])["probabilities"]) == 1
    assert 0 < detect(client, ["word " * 2000])["probabilities"][0] < 1
    assert len(detect(client, [f"Text number {n}." for n in range(100)])["probabilities"]) == 100


@given(st.lists(st.text(min_size=10, max_size=60).filter(str.strip), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_of_ten_characters_gets_a_number(client, texts):
    found = detect(client, texts)
    assert all(0 < p < 1 for p in found["probabilities"])
    assert len(found["probabilities"]) == len(texts)


@pytest.mark.parametrize("bad", ["", "too short", " " * 20, "x" * 10_001, None, 7, ["a list, not a text"]])
def test_an_error_names_the_place_of_the_text_that_cannot_be_used(client, bad):
    found = is_problem(client.post("/detect", json={"texts": [SHORT, SHORT, bad]}), 422, "invalid_input")
    assert [each["field"] for each in found["errors"]] == ["texts[2]"]
    assert "texts[2]" in found["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"texts": []},
        {"texts": [SHORT] * 101},
        {"texts": SHORT},
        {"texts": None},
        {"texts": [SHORT], "threshold": 1.01},
        {"texts": [SHORT], "threshold": -0.01},
        {"texts": [SHORT], "threshold": "0.5"},
        {"texts": [SHORT], "threshold": True},
        {"texts": [SHORT], "threshold": None},
        {"texts": [SHORT], "treshold": 0.5},
        [SHORT],
        SHORT,
        None,
    ],
)
def test_a_body_of_another_shape_is_refused(client, body):
    is_problem(client.post("/detect", json=body), 422, "invalid_input")


def test_json_and_a_file_are_taken_on_the_same_path(client):
    as_json = client.post("/v1/documents", json={"text": LONG, "title": "Walks", "keep": False}).json()
    file = {"file": ("walks.txt", LONG.encode(), "text/plain")}
    as_file = client.post("/v1/documents", files=file, data={"title": "Walks", "keep": "false"})
    assert as_file.status_code == 200, as_file.text
    found = as_file.json()
    assert found["document"].pop("path") == "walks.txt"
    assert as_json["document"].pop("path") == ""
    assert found == as_json
    assert found["entry"] is None


def test_a_file_is_what_its_content_says(client):
    page = b"<!doctype html><title>Bees</title><p>" + LONG.encode() + b"</p>"
    found = client.post("/v1/documents", files={"file": ("bees.html", page)}).json()["document"]
    assert found["title"] == "Bees"
    assert "<p>" not in found["sentences"][0]["text"]
    unnamed = client.post("/v1/documents", files={"file": ("notes", LONG.encode())}).json()["document"]
    assert unnamed["title"] == "notes"


@pytest.mark.parametrize(
    ("files", "data", "code"),
    [
        ({"other": ("a.txt", b"words " * 50)}, {}, "no_file"),
        ({"file": ("a.txt", b"")}, {}, "empty"),
        ({"file": ("a.pdf", b"%PDF-1.7 no")}, {}, "damaged"),
        ({"file": ("a.txt", b"words " * 50)}, {"text": "Another text."}, "invalid_input"),
        ({"file": ("a.txt", b"words " * 50)}, {"max_false_positives": "nan"}, "invalid_input"),
        ({"file": ("a.txt", b"words " * 50)}, {"genre": "no such genre"}, "unknown_genre"),
    ],
)
def test_a_form_that_cannot_be_used_is_refused(client, files, data, code):
    is_problem(client.post("/v1/documents", files=files, data=data), 422, code)


@pytest.mark.parametrize("error", [ScoringFailed("not_finite", "Not finite."), RuntimeError("boom")])
def test_one_bad_document_does_not_fail_the_others(client, error):
    texts = [f"This text is fine, number {n}." for n in range(3)]
    texts.insert(1, "This text is unscorable, sadly.")
    with bad_texts(client.app.state.worker, error):
        found = client.post("/v1/detect", json={"documents": [{"text": text} for text in texts]})
    assert found.status_code == 200, found.text
    assert [each["index"] for each in found.json()["documents"]] == [0, 2, 3]
    (failed,) = found.json()["errors"]
    assert failed["index"] == 1
    assert failed["code"] == ("not_finite" if isinstance(error, ScoringFailed) else "unexpected")


def test_what_nobody_expected_is_a_problem_with_the_id_of_its_request(client):
    with bad_texts(client.app.state.worker, RuntimeError("boom")):
        answer = client.post("/detect", json={"texts": ["An unscorable text."]})
    found = is_problem(answer, 500, "unexpected")
    assert found["request_id"] == answer.headers["x-request-id"] != ""
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "boom" not in answer.text


def test_sources_are_added_found_and_deleted(client):
    sources = [{"text": LONG, "title": "Walks", "date": "2024-02-29", "collection": "mine"}]
    (number,) = client.post("/v1/library", json={"sources": sources}).json()["numbers"]
    assert client.post("/v1/library", json={"sources": sources}).json()["numbers"] == [None]
    assert client.get(f"/v1/library/{number}").json()["text"] == LONG
    assert [s["id"] for s in client.get("/v1/library", params={"search": "walked"}).json()["sources"]] == [
        number
    ]
    assert client.get("/v1/library/stats").json()["collections"] == {"mine": 1}
    audited = client.post("/v1/audit", json={"text": LONG[:400]}).json()
    assert audited["document"]["matches"]
    piece = LONG[20:80]
    (place,) = client.post("/v1/fingerprints", json={"fingerprints": [piece]}).json()["fingerprints"]
    assert place["found"]
    assert LONG[place["places"][0]["start"] : place["places"][0]["end"]] in piece
    assert client.post("/v1/documents", json={"text": LONG}).json()["document"]["audit"]["matches"]
    assert client.delete(f"/v1/library/{number}").json() == {"removed": 1}
    is_problem(client.get(f"/v1/library/{number}"), 404, "no_source")
    is_problem(client.delete(f"/v1/library/{number}"), 404, "no_source")


@pytest.mark.parametrize("date", ["2023-02-29", "yesterday", 20230228, "２０２３-01-01"])
def test_a_date_that_is_none_is_refused(client, date):
    answer = client.post("/v1/library", json={"sources": [{"text": LONG, "date": date}]})
    found = is_problem(answer, 422, "invalid_input")
    assert found["errors"][0]["field"] == "sources[0].date"


def test_kept_reports_are_listed_exported_and_deleted(client):
    client.delete("/v1/history")
    numbers = [client.post("/v1/documents", json={"text": t, "title": t[:9]}).json()["entry"] for t in TEXTS]
    listed = client.get("/v1/history").json()["entries"]
    assert [entry["id"] for entry in listed] == numbers[::-1]
    assert client.get("/v1/history", params={"most": 1, "before": numbers[1]}).json()["entries"] == [
        listed[-1]
    ]
    assert client.get("/v1/history", params={"search": "notebook"}).json()["entries"] == [listed[1]]
    assert client.get(f"/v1/history/{numbers[0]}").json()["text"] == TEXTS[0]
    lines = client.get("/v1/history/export").text.splitlines()
    assert [json.loads(line)["text"] for line in lines] == list(TEXTS[::-1])
    assert client.delete(f"/v1/history/{numbers[0]}").json() == {"deleted": 1}
    is_problem(client.get(f"/v1/history/{numbers[0]}"), 404)
    assert client.delete("/v1/history").json() == {"deleted": len(TEXTS) - 1}


def test_the_detector_shows_its_error_card(client):
    (listed,) = client.get("/v1/detectors").json()["detectors"]
    card = client.get(f"/v1/detectors/{listed['name']}").json()
    assert card["operating_points"]
    assert card["identity"] == listed["identity"]
    is_problem(client.get("/v1/detectors/none"), 404, "no_detector")


def test_without_a_detector_work_is_refused_and_probes_say_so(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "load", lambda worker: None)
    with in_process(tmp_path / "home", ready=False) as client:
        refused = client.post("/detect", json={"texts": [SHORT]})
        is_problem(refused, 503, "loading")
        assert int(refused.headers["retry-after"]) >= 1
        is_problem(client.get("/readyz"), 503, "loading")
        health = client.get("/health")
        assert health.status_code == 503
        assert health.json()["status"] == "unhealthy"
        assert health.json()["components"]["model"] is False
        assert client.get("/livez").status_code == 200
        assert client.get("/v1/library").status_code == 200


def test_a_detector_that_is_missing_is_told_without_its_place(tmp_path, monkeypatch):
    monkeypatch.setenv("NEURAL_LAB_BUNDLE", str(tmp_path / "nowhere"))
    with in_process(tmp_path / "home", ready=False) as client:
        answer = client.post("/detect", json={"texts": [SHORT]})
        assert is_problem(answer, 503)["code"] != "loading"
        assert str(tmp_path) not in answer.text


def test_without_its_redis_the_service_answers_and_says_so(tmp_path):
    with in_process(tmp_path / "home", redis=f"redis://127.0.0.1:{free_port()}/0") as client:
        assert 0 < detect(client, [SHORT])["probabilities"][0] < 1
        assert detect(client, [SHORT])["cache_hit"] is True
        health = client.get("/health")
        assert health.status_code == 200
        assert health.json()["status"] == "degraded"
        assert health.json()["components"] == {
            "model": True,
            "champion": True,
            "store": True,
            "cache": False,
            "memory": True,
        }


def test_a_store_that_went_away_is_told_without_its_place(tmp_path):
    home = tmp_path / "home"
    with in_process(home) as client:
        (home / "lab.db").rename(tmp_path / "moved.db")
        health = client.get("/health")
        assert health.status_code == 503
        assert health.json()["components"]["store"] is False
        refused = client.get("/readyz")
        is_problem(refused, 503)
        assert str(home) not in refused.text
        assert "retry-after" in refused.headers


def test_health_is_true_when_all_works(client):
    found = client.get("/health").json()
    assert found["status"] == "healthy"
    assert all(found["components"].values())
    assert client.get("/livez").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_new_work_is_refused_above_the_limit_of_memory(tmp_path):
    with in_process(tmp_path / "home", ready=False, memory_mb=1) as client:
        is_problem(client.post("/detect", json={"texts": [SHORT]}), 503, "memory")
        is_problem(client.get("/readyz"), 503, "memory")
        assert client.get("/health").json()["components"]["memory"] is False
        assert client.get("/v1/history").status_code == 200


def test_figures_count_requests_texts_and_refusals(client):
    detect(client, ["A text that is counted, and scored once."])
    page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    assert 'neural_lab_requests_total{method="POST",route="/detect",status="200"}' in page.text
    assert "neural_lab_probability_bucket" in page.text
    assert "neural_lab_memory_rss_bytes" in page.text


def test_every_operation_of_the_document_has_its_errors_with_examples(client):
    document = client.get("/openapi.json").json()
    operations = [each for path in document["paths"].values() for each in path.values()]
    assert len(operations) > 30
    for operation in operations:
        errors = {int(s): r for s, r in operation["responses"].items() if int(s) >= 400}
        assert {403, 408, 413, 500, 503} <= set(errors)
        assert {415, 422} <= set(errors) or "requestBody" not in operation
        for status, response in errors.items():
            problem = response["content"]["application/problem+json"]
            assert problem["example"]["status"] == status
            assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert "HTTPValidationError" not in document["components"]["schemas"]
