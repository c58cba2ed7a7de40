"""Two instances behind the nginx of `deploy`, with one PostgreSQL and one Redis."""

from collections import Counter

import pairs
import pytest
from loads import REQUESTS, RIGHT, SOAK, Load, known, text
from pairs import PASSWORD
from serving import Client, ask

pytestmark = pytest.mark.timeout(3_600 if SOAK else 150)
OFTEN, ATTEMPTS = 200, 3
ROUNDS = 10 if SOAK else 1


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    limits = {"LOGIN_RATE": f"{ATTEMPTS}/300", "RATE": f"{OFTEN}/60"}
    with pairs.pair(tmp_path_factory.mktemp("pair"), **limits) as opened:
        yield opened


@pytest.fixture(scope="module")
def session(pair):
    return pair.session


@pytest.fixture
def key(pair):
    return pair.key()


def test_sessions_and_keys_are_good_at_both_and_end_at_both(pair, session, key):
    other = pair.ask("POST", "/v1/session", {"name": "ada", "password": PASSWORD}, source="127.0.0.7")
    mine = other.cookies
    for port in pair.ports:
        assert ask(port, "GET", "/v1/account", Cookie=mine).json["name"] == "ada"
        assert ask(port, "GET", "/v1/history", Authorization=key).status == 200
    assert ask(pair.ports[0], "DELETE", "/v1/session", Cookie=mine).status == 204
    for port in pair.ports:
        assert ask(port, "GET", "/v1/account", Cookie=mine).status == 401
        assert ask(port, "GET", "/v1/account", Cookie=session).status == 200


def test_what_one_has_scored_the_other_remembers(pair, key):
    texts = {"texts": [text(10**7)]}
    first, second = [ask(port, "POST", "/detect", texts, Authorization=key).json for port in pair.ports]
    assert (first["cache_hit"], second["cache_hit"]) == (False, True)
    assert first["probabilities"] == second["probabilities"]


def test_requests_to_both_are_counted_together(pair, key):
    found = Counter(
        ask(pair.ports[n % 2], "GET", "/v1/history?most=1", Authorization=key).status
        for n in range(OFTEN + 20)
    )
    assert found == {200: OFTEN, 429: 20}


def test_a_client_is_known_by_its_address_and_not_by_what_it_says_of_itself(pair):
    def attempt(source, said, port=None):
        tls, port = (port is None), port or pair.port
        body = {"name": "nobody", "password": "-"}
        return ask(port, "POST", "/v1/session", body, source=source, tls=tls, X_Forwarded_For=said).status

    assert {attempt("127.0.0.21", f"10.0.0.{n}") for n in range(ATTEMPTS)} == {401}
    assert attempt("127.0.0.21", "10.0.0.99") == 429
    assert attempt("127.0.0.22", "127.0.0.21") == 401
    # Past the proxy, from an address that is not trusted.
    assert {attempt("127.0.0.23", f"10.0.1.{n}", pair.ports[n % 2]) for n in range(ATTEMPTS)} == {401}
    assert attempt("127.0.0.23", "10.0.1.99", pair.ports[0]) == 429


def test_events_of_a_job_come_through_as_they_happen(pair, key):
    body = {"documents": [{"text": text(n, 60)} for n in range(15)], "keep": False, "audit": False}
    headers = {"Authorization": key, "Idempotency_Key": "the same again"}
    place = pair.ask("POST", "/v1/jobs", body, **headers).headers["location"]
    assert pair.ask("POST", "/v1/jobs", body, **headers).headers["location"] == place
    client = Client(pair.port, tls=True)
    client._connection.request("GET", f"{place}/events", headers={"Authorization": key})
    stream = client._connection.getresponse()
    assert stream.readline().startswith(b"event: ")
    assert pair.ask("GET", place, Authorization=key).json["state"] in ("queued", "running")
    assert b"event: done" in stream.read()
    client.close()


def test_figures_and_probes_are_for_the_inside(pair):
    assert [pair.ask("GET", path).status for path in ("/metrics", "/readyz", "/livez")] == [404, 404, 200]


def test_one_after_the_other_is_restarted_and_no_request_fails(pair, key):
    texts = known(REQUESTS // 4)
    load = Load(
        lambda: Client(pair.port, tls=True), texts, also="/openapi.json", endless=True, Authorization=key
    )
    with load:
        for instance in pair.instances * ROUNDS:
            load.reach((load.done + 25) / len(texts))
            instance.stop()
            load.reach((load.done + 25) / len(texts))
            instance.start()
        load.reach((load.done + 25) / len(texts))
    assert Counter(outcome.said for outcome in load.outcomes) == {RIGHT: len(load.outcomes)}
    assert len(load.outcomes) > 200
