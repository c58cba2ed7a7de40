"""Two instances behind the nginx of `deploy`, with one PostgreSQL and one Redis."""

import subprocess
import sys
from collections import Counter
from contextlib import ExitStack

import postgres_server
import pytest
import redis_server
from balancer import balancer
from loads import REQUESTS, RIGHT, SOAK, Load, known, text
from serving import WITHOUT_LIMITS, Client, ask, service

pytestmark = pytest.mark.timeout(3_600 if SOAK else 150)
PASSWORD = "correct horse battery staple"
OFTEN, ATTEMPTS = 200, 3
ROUNDS = 10 if SOAK else 1


class Pair:
    def __init__(self, instances, port):
        self.instances, self.port = instances, port
        self.ports = [each.port for each in instances]

    def ask(self, *words, **headers):
        """Through nginx."""
        return ask(self.port, *words, tls=True, **headers)

    def key(self, session):
        scopes = ["detect", "history", "jobs", "documents"]
        made = self.ask("POST", "/v1/account/keys", {"label": "test", "scopes": scopes}, Cookie=session)
        return f"Bearer {made.json['key']}"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server.own())
        store = stack.enter_context(postgres_server.database())
        settings = {
            **WITHOUT_LIMITS,
            "ACCOUNTS": "1",
            "LOGIN_RATE": f"{ATTEMPTS}/300",
            "RATE": f"{OFTEN}/60",
            "REDIS": redis.url,
            "SECRET": "s" * 40,
            "SECURE_COOKIES": "1",
            "STORE": store,
            "THREADS": "1",
            "TRUSTED_PROXIES": "127.0.0.1/32",
        }
        folder = tmp_path_factory.mktemp("pair")
        instances = [stack.enter_context(service(folder / name, **settings)) for name in "ab"]
        add_user(instances[0], "ada")
        port = stack.enter_context(balancer(folder, [each.port for each in instances]))
        yield Pair(instances, port)


def add_user(instance, name):
    command = [sys.executable, "-m", "neural_lab", "user", "add", name]
    subprocess.run(command, input=PASSWORD.encode(), env=instance.environment, check=True, timeout=60)


@pytest.fixture(scope="module")
def session(pair):
    answer = pair.ask("POST", "/v1/session", {"name": "ada", "password": PASSWORD})
    assert answer.status == 200
    return answer.cookies


@pytest.fixture
def key(pair, session):
    return pair.key(session)


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


def test_one_after_the_other_is_restarted_and_no_request_fails(pair, session):
    pairs = known(REQUESTS // 4)
    key = pair.key(session)
    load = Load(
        lambda: Client(pair.port, tls=True), pairs, also="/openapi.json", endless=True, Authorization=key
    )
    with load:
        for instance in pair.instances * ROUNDS:
            load.reach((load.done + 25) / len(pairs))
            instance.stop()
            load.reach((load.done + 25) / len(pairs))
            instance.start()
        load.reach((load.done + 25) / len(pairs))
    assert Counter(outcome.said for outcome in load.outcomes) == {RIGHT: len(load.outcomes)}
    assert len(load.outcomes) > 200
