"""What does not reach a route: too large, too slow, too many, of another type or from another page."""

import asyncio
import json
import threading

import pytest
from api_client import JSON, SHORT, in_process, is_problem

from neural_lab.api.bodies import BodyLimit
from neural_lab.api.engine import ClientGoneError, Engine, until_gone
from neural_lab.api.guards import Crowd
from neural_lab.errors import Overloaded

BODY = json.dumps({"texts": [SHORT]}).encode()


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with in_process(home, most_body_mb=1, cors_origins=["https://mine.example"]) as made:
        yield made


def sent(app, *messages):
    """What `app` answers to a POST whose body comes in `messages`; when they are used up, no more comes."""

    async def run():
        coming, answers = iter(messages), []

        async def receive():
            message = next(coming, None)
            return message or await asyncio.sleep(60)

        async def send(message):
            answers.append(message)

        scope = {"type": "http", "method": "POST", "path": "/detect", "headers": [], "query_string": b""}
        await app(scope, receive, send)
        return answers

    return asyncio.run(run())


def part(body, more=True):
    return {"type": "http.request", "body": body, "more_body": more}


async def never(scope, receive, send):
    raise AssertionError("no route may be reached")


@pytest.mark.parametrize("path", ["/nowhere", "/v1/nowhere", "/detect/", "/detect//", "/%00", "/v1/jobs/one"])
def test_a_path_that_is_none_is_a_problem(client, path):
    is_problem(client.post(path, json={}), 404, "http_404")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/detect", "POST"),
        ("PUT", "/v1/jobs/1", "DELETE, GET, HEAD"),
        ("PATCH", "/v1/library", "GET, HEAD, POST"),
        ("DELETE", "/v1/history/export", "GET, HEAD"),
        ("POST", "/health", "GET, HEAD"),
        ("TRACE", "/v1/documents", "POST"),
        ("MARMALADE", "/v1/documents", "POST"),
    ],
)
def test_another_method_is_a_problem_that_names_those_there_are(client, method, path, allowed):
    answer = client.request(method, path)
    is_problem(answer, 405, "http_405")
    assert answer.headers["allow"] == allowed


def test_a_body_that_is_declared_too_large_is_refused(client):
    answer = client.post("/detect", content=b" " * ((1 << 20) + 1), headers=JSON)
    is_problem(answer, 413, "too_large")
    assert answer.headers["connection"] == "close"
    for length in ("-1", "1e3", "99999999999999999999999", "٣"):
        refused = client.post("/detect", content=BODY, headers=JSON | {"content-length": length.encode()})
        is_problem(refused, 413, "too_large")


def test_a_body_that_grows_too_large_is_refused_before_its_end():
    answers = sent(BodyLimit(never, 10), part(b"123456"), part(b"789012"), part(b"never asked for"))
    assert answers[0]["status"] == 413


def test_a_body_that_comes_too_slowly_is_refused():
    answers = sent(BodyLimit(never, 10, seconds=0.05), part(b"1"))
    assert answers[0]["status"] == 408
    assert json.loads(answers[1]["body"])["code"] == "too_slow"


def test_a_client_that_goes_away_within_its_body_gets_no_answer():
    assert sent(BodyLimit(never, 10), part(b"1"), {"type": "http.disconnect"}) == []


def test_requests_above_so_many_at_once_are_refused_and_probes_are_not():
    async def run():
        entered, release = asyncio.Event(), asyncio.Event()

        async def slow(scope, receive, send):
            entered.set()
            await release.wait()

        async def ask(path):
            answers = []

            async def send(message):
                answers.append(message)

            await crowd({"type": "http", "path": path, "method": "GET", "headers": []}, None, send)
            return answers

        crowd = Crowd(slow, 1)
        first = asyncio.ensure_future(ask("/detect"))
        await entered.wait()
        refused = await ask("/detect")
        release.set()
        await asyncio.gather(first, ask("/livez"), ask("/detect"))
        return refused

    start, body = asyncio.run(run())
    assert start["status"] == 503
    assert (b"retry-after", b"1") in start["headers"]
    assert json.loads(body["body"])["code"] == "too_many_at_once"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example:8000"},
        {"origin": "https://evil.example"},
        {"origin": "http://["},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://localhost:9999"},
    ],
)
def test_other_pages_and_other_names_are_refused(client, headers):
    is_problem(client.post("/detect", content=BODY, headers=JSON | headers), 403, "wrong_origin")


@pytest.mark.parametrize("origin", ["http://localhost", "https://mine.example"])
def test_pages_of_our_own_and_those_that_were_named_are_let_in(client, origin):
    answer = client.post("/detect", content=BODY, headers=JSON | {"origin": origin})
    assert answer.status_code == 200
    assert answer.headers.get("access-control-allow-origin") in (None, "https://mine.example")


def test_a_form_of_our_own_page_tells_no_origin_but_the_browser_says_whose_it_is(client):
    told = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert client.post("/detect", content=BODY, headers=JSON | told).status_code == 200


def test_preflights_are_answered_and_those_of_other_pages_are_problems(client):
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    mine = client.options("/detect", headers=asked | {"origin": "https://mine.example"})
    assert mine.headers["access-control-allow-origin"] == "https://mine.example"
    is_problem(client.options("/detect", headers=asked | {"origin": "https://evil.example"}), 403)


def test_every_answer_has_its_headers(client):
    for answer in (client.get("/health"), client.get("/nowhere"), client.post("/detect", content=b"{")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert len(answer.headers["x-request-id"]) == 16
    assert (
        client.get("/livez", headers={"x-request-id": "mine-12345"}).headers["x-request-id"] == "mine-12345"
    )
    assert client.get("/livez", headers={"x-request-id": "two words"}).headers["x-request-id"] != "two words"


def test_a_full_line_refuses_at_once(client, monkeypatch):
    def full(self, question):
        raise Overloaded("queue_full", "Too many texts are waiting; try again later.", 7)

    monkeypatch.setattr(Engine, "submit", full)
    refused = client.post("/detect", json={"texts": ["A text that is not in the cache."]})
    is_problem(refused, 503, "queue_full")
    assert refused.headers["retry-after"] == "7"


def test_an_answer_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    gate = threading.Event()
    with in_process(tmp_path / "home", request_seconds=0.2) as client:
        monkeypatch.setattr(client.app.state.worker.engine.short, "_run", lambda batch: gate.wait(30) and [])
        is_problem(client.post("/detect", json={"texts": [SHORT]}), 503, "too_slow")
        gate.set()


def test_work_for_a_client_that_went_away_is_given_up():
    class Gone:
        async def receive(self):
            return {"type": "http.disconnect"}

    async def run():
        waiting = asyncio.get_running_loop().create_future()
        with pytest.raises(ClientGoneError):
            await until_gone(waiting, Gone(), 30)
        return waiting.cancelled()

    assert asyncio.run(run())
