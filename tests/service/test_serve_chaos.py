"""What the service needs is taken away from it under load, and given back."""

import json
import os
import signal
import time
from collections import Counter
from contextlib import ExitStack

import postgres_server
import psutil
import pytest
import redis_server
from loads import BROKEN, REQUESTS, RIGHT, SOAK, Load, known, text
from redis_server import until
from serving import WITHOUT_LIMITS, Client, ask, service

pytestmark = pytest.mark.timeout(3_600 if SOAK else 120)
SHARE = REQUESTS // 4
MOMENT = 3.0
"""Seconds after which nobody may notice any more that something was away."""
SLOWEST = 5.0
FIELDS = {"event", "level", "timestamp", "request_id", "library", "kind", "where"}


class Stand:
    """A service with two processes, a Redis and a PostgreSQL, all of which may be killed."""

    def __init__(self, served, redis, postgres):
        self.served, self.redis, self.postgres = served, redis, postgres
        self._used = 0

    def load(self):
        """Texts that nobody has asked for before."""
        pairs = known(REQUESTS)[self._used : self._used + SHARE]
        self._used += SHARE
        return Load(lambda: Client(self.served.port), pairs)

    def ask(self, *words, **headers):
        return ask(self.served.port, *words, **headers)


@pytest.fixture(scope="module")
def stand(tmp_path_factory):
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server.own())
        postgres = stack.enter_context(postgres_server.own())
        known(REQUESTS)
        settings = {"WORKERS": "2", "THREADS": "1", "CACHE_MB": "0", **WITHOUT_LIMITS}
        places = {"STORE": postgres.url, "REDIS": redis.url}
        folder = tmp_path_factory.mktemp("service")
        yield Stand(stack.enter_context(service(folder, **settings, **places)), redis, postgres)


def said(outcomes):
    return Counter(outcome.said for outcome in outcomes)


def outside(outcomes, begun, ended):
    """What did not come right of requests that did not overlap with a time."""
    return [o for o in outcomes if o.said != RIGHT and (o.ended < begun or o.begun > ended)]


def test_without_redis_every_answer_is_right_and_it_is_used_again_when_it_is_back(stand):
    with stand.load() as load:
        load.reach(0.2)
        stand.redis.kill()
        load.reach(0.7)
        stand.redis.start()
    assert set(said(load.outcomes)) == {RIGHT}
    assert max(o.ended - o.begun for o in load.outcomes) < SLOWEST
    until(lambda: remembered(stand), 2 * MOMENT)


def remembered(stand):
    """Whether a text is in the cache once it has been asked for."""
    asked = {"texts": [text(10**6)]}
    return [stand.ask("POST", "/detect", asked).json["cache_hit"] for _ in range(2)][1]


def test_without_postgresql_only_what_is_stored_there_fails_and_a_job_that_runs_is_finished(stand):
    with stand.load() as load:
        load.reach(0.1)
        job = stand.ask("POST", "/v1/jobs", {"documents": [{"text": text(n, 40)} for n in range(40)]}).json
        until(lambda: stand.ask("GET", f"/v1/jobs/{job['id']}").json["state"] == "running")
        begun = time.monotonic()
        stand.postgres.stop("immediate")
        load.reach(0.4)
        assert stand.ask("GET", "/readyz").status == 503
        stand.postgres.start()
        ended = time.monotonic()
    assert set(said(load.of("detect"))) == {RIGHT}
    assert set(said(load.of("store"))) == {RIGHT, "503"}
    assert outside(load.of("store"), begun, ended + MOMENT) == []
    assert stand.ask("GET", "/readyz").status == 200
    until(lambda: stand.ask("GET", f"/v1/jobs/{job['id']}").json["state"] == "done", 30)
    found = stand.ask("GET", f"/v1/jobs/{job['id']}").json["result"]
    assert [each["index"] for each in found["documents"]] == list(range(40))


def test_a_worker_that_is_killed_takes_its_own_requests_along_and_is_replaced(stand):
    with stand.load() as load:
        load.reach(0.3)
        killed, begun = stand.served.workers()[0], time.monotonic()
        os.kill(killed, signal.SIGKILL)
        load.reach(0.4)
        until(lambda: serving_workers(stand) >= 2, 30)
    assert set(said(load.outcomes)) <= {RIGHT, BROKEN}
    assert outside(load.outcomes, begun - 0.1, begun + MOMENT) == []
    assert said(load.outcomes)[BROKEN] <= 8
    assert killed not in stand.served.workers()


def test_a_worker_that_is_killed_without_postgresql_is_replaced_when_that_is_back(stand):
    with stand.load() as load:
        load.reach(0.1)
        stand.postgres.stop()
        killed, begun, seen = stand.served.workers()[0], time.monotonic(), set()
        os.kill(killed, signal.SIGKILL)
        # The one that goes on, and two that are started in its place, of which the first in vain.
        until(lambda: seen.update(stand.served.workers()) or len(seen - {killed}) >= 3, 30)
        stand.postgres.start()
    assert outside(load.of("detect"), begun - 0.1, begun + MOMENT) == []
    assert set(said(load.of("detect"))) <= {RIGHT, BROKEN}
    until(lambda: serving_workers(stand) >= 2, 30)
    assert stand.ask("GET", "/v1/history").status == 200


def serving_workers(stand):
    """How many processes answer, when many clients ask at once."""
    port, clients = stand.served.port, [Client(stand.served.port) for _ in range(20)]
    try:
        assert {client.ask("GET", "/livez").status for client in clients} == {200}
        return sum(connected(each, port) for each in stand.served.workers())
    finally:
        for client in clients:
            client.close()


def connected(process, port):
    try:
        connections = psutil.Process(process).net_connections("tcp")
    except psutil.Error:
        return False
    return any(each.status == psutil.CONN_ESTABLISHED and each.laddr.port == port for each in connections)


def test_the_log_tells_of_all_that_in_lines_without_a_traceback(stand):
    lines = stand.served.log.read_text().splitlines()
    plain = [line for line in lines if not line.startswith("{")]
    # The process that looks after the others says a few words of its own.
    assert {line.partition(" ")[0] for line in plain} <= {"Without", "Neural", "INFO:", "WARNING:", "ERROR:"}
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert {"refused", "not started"} <= {line["event"] for line in told}
    libraries = [line for line in told if "library" in line]
    assert {"asyncpg.pool", "uvicorn.error"} <= {line["library"] for line in libraries}
    assert all(set(line) <= FIELDS for line in libraries)
    assert "unexpected" not in {line["event"] for line in told}
