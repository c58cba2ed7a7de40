"""A service that is asked to stop, and one that is asked for too much."""

import os
import re
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest
from loads import text
from redis_server import until
from serving import CUT, WITHOUT_LIMITS, Client, ask, service

from neural_lab.compose import open_lab
from neural_lab.types import Document

pytestmark = pytest.mark.timeout(120)
LONGEST_STOP, SOON, PAUSE = 60, 6, 1
CROWD = 50
LONG = [text(n, 500) for n in range(3)]
PARTS = [text(n, 40) for n in range(24)]


@pytest.fixture(scope="module")
def probabilities():
    lab = open_lab(threads=2)
    return {each: lab.analyze(Document(each)).probability for each in (*LONG, *PARTS[:3])}


def report(port, given):
    body = {"text": given, "keep": False, "audit": False}
    return ask(port, "POST", "/v1/documents", body)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_requests_under_way_are_answered_and_new_ones_refused_at_once(tmp_path, probabilities, workers):
    settings = {"WORKERS": workers, "THREADS": "1", "DRAIN_SECONDS": f"{LONGEST_STOP}", **WITHOUT_LIMITS}
    with service(tmp_path, **settings) as served, ThreadPoolExecutor() as pool:
        waiting = [pool.submit(report, served.port, each) for each in LONG]
        time.sleep(0.4)
        served.process.send_signal(signal.SIGTERM)
        assert not all(future.done() for future in waiting)
        late = refusals(served)
        assert served.process.wait(LONGEST_STOP) in (0, -signal.SIGTERM)
        answers = [future.result() for future in waiting]
    assert [answer.status for answer in answers] == [200] * 3
    found = [answer.json["document"]["probability"] for answer in answers]
    assert found == [probabilities[each] for each in LONG]
    assert max(late, default=0) < 2


def test_what_takes_longer_than_the_time_to_drain_may_be_asked_for_again(tmp_path):
    settings = {"THREADS": "1", "DRAIN_SECONDS": "1", **WITHOUT_LIMITS}
    with service(tmp_path, **settings) as served, ThreadPoolExecutor() as pool:
        waiting = [pool.submit(report, served.port, each) for each in LONG]
        time.sleep(0.4)
        assert served.stop() < SOON
        answers = [future.result() for future in waiting]
    cut = [answer for answer in answers if answer.status != 200]
    assert {(answer.status, answer.json["code"]) for answer in cut} == {(503, "shutting_down")}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in cut)


def refusals(served):
    """How long attempts to connect took until they failed, from a moment after the signal to the end."""
    time.sleep(1)
    found = []
    while served.process.poll() is None:
        begun = time.monotonic()
        with pytest.raises(CUT):
            ask(served.port, "GET", "/livez")
        found.append(time.monotonic() - begun)
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("workers", ["1", "2"])
def test_who_was_connected_before_the_port_closed_is_answered(tmp_path, workers):
    """As under load: requests have come before the signal, and nobody has had the time to look."""
    with service(tmp_path, WORKERS=workers, **WITHOUT_LIMITS) as served, ExitStack() as stack:
        kept = stack.enter_context(closing(Client(served.port)))
        assert kept.ask("GET", "/livez").headers.get("connection") is None
        processes = served.workers() if workers == "2" else [served.process.pid]
        signalled(processes, signal.SIGSTOP)
        asked = [stack.enter_context(sent(served.port)) for _ in range(CROWD)]
        served.process.send_signal(signal.SIGTERM)
        time.sleep(PAUSE)
        signalled(processes, signal.SIGCONT)
        # One that has been used before may bring more requests, until it is told that one was the last.
        until(lambda: kept.ask("GET", "/livez").headers.get("connection") == "close")
        assert [each.makefile("rb").readline() for each in asked] == [b"HTTP/1.1 200 OK\r\n"] * CROWD
        assert served.process.wait(SOON) in (0, -signal.SIGTERM)


def test_one_process_of_several_that_is_stopped_is_replaced_and_the_others_go_on(tmp_path):
    with service(tmp_path, WORKERS="2", **WITHOUT_LIMITS) as served:
        before = served.workers()
        os.kill(before[0], signal.SIGTERM)
        until(lambda: before[0] not in served.workers())
        assert {ask(served.port, "GET", "/livez").status for _ in range(20)} == {200}
        until(lambda: len(served.workers()) == 2, 30)


def signalled(processes, number):
    for each in processes:
        os.kill(each, number)


def sent(port):
    """A connection on which a request has been sent."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=LONGEST_STOP)
    connection.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return connection


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_job_is_let_go_at_once_and_taken_up_after_a_restart(tmp_path, probabilities, workers):
    with (
        service(tmp_path, WORKERS=workers, THREADS="1", **WITHOUT_LIMITS) as served,
        ThreadPoolExecutor() as pool,
    ):
        body = {"documents": [{"text": each} for each in PARTS], "keep": False, "audit": False}
        place = ask(served.port, "POST", "/v1/jobs", body).headers["location"]
        until(lambda: ask(served.port, "GET", place).json["done"] > 0)
        watched = pool.submit(ask, served.port, "GET", f"{place}/events")
        time.sleep(0.2)
        # The stream of events ends, or it would be waited for.
        assert served.stop() < SOON
        assert b"event: done" not in watched.result().body
        begun = time.monotonic()
        served.start()
        until(lambda: ask(served.port, "GET", place).json["state"] == "done", 45)
        assert time.monotonic() - begun < 45
        found = ask(served.port, "GET", place).json["result"]["documents"]
    assert [each["index"] for each in found] == list(range(len(PARTS)))
    assert [each["probability"] for each in found[:3]] == [probabilities[each] for each in PARTS[:3]]


def test_too_much_work_is_refused_before_any_is_done_while_probes_are_answered(tmp_path):
    settings = {"MOST_WAITING": "20000", "MOST_REQUESTS": "12", "THREADS": "1", **WITHOUT_LIMITS}
    texts = [text(n, 150) for n in range(40)]
    with service(tmp_path, **settings) as served, ThreadPoolExecutor(len(texts)) as pool:
        before = scored(served)
        waiting = [pool.submit(timed, served.port, each) for each in texts]
        probes = []
        while not all(future.done() for future in waiting):
            begun = time.monotonic()
            assert ask(served.port, "GET", "/livez").status == 200
            probes.append(time.monotonic() - begun)
            time.sleep(0.05)
        answers = [future.result() for future in waiting]
        done = scored(served) - before
    refused = [(answer, seconds) for answer, seconds, _ in answers if answer.status != 200]
    assert {answer.status for answer, _ in refused} == {503}
    assert {answer.json["code"] for answer, _ in refused} <= {"queue_full", "too_many_at_once"}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer, _ in refused)
    assert len(refused) > 10
    assert max(seconds for _, seconds in refused) < 2
    assert max(probes) < 2
    assert done == sum(characters for answer, _, characters in answers if answer.status == 200) > 0


def timed(port, given):
    begun = time.monotonic()
    answer = ask(port, "POST", "/detect", {"texts": [given]})
    return answer, time.monotonic() - begun, len(given)


def scored(served):
    """Characters that the detector has read."""
    page = ask(served.port, "GET", "/metrics").body.decode()
    return float(re.search(r"^neural_lab_characters_total (\S+)", page, re.MULTILINE).group(1))
