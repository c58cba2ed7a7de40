"""A service that is asked to stop, and one that is asked for too much."""

import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from loads import text
from redis_server import until
from serving import CUT, WITHOUT_LIMITS, ask, service

from neural_lab.compose import open_lab
from neural_lab.types import Document

pytestmark = pytest.mark.timeout(120)
LONGEST_STOP, SOON = 20, 6
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
    with (
        service(tmp_path, WORKERS=workers, THREADS="1", **WITHOUT_LIMITS) as served,
        ThreadPoolExecutor() as pool,
    ):
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
