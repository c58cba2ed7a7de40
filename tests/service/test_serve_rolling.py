"""Two instances behind nginx that have more to do than they can, and are restarted and killed meanwhile."""

import itertools
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager

import pairs
import pytest
from loads import SOAK, text
from serving import CUT, Client

pytestmark = pytest.mark.timeout(3_600 if SOAK else 150)
CLIENTS, PAUSE, PAGE = 32, 1.0, 1_000
ROUNDS = 10 if SOAK else 1


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    with pairs.pair(tmp_path_factory.mktemp("pair")) as opened:
        yield opened


@contextmanager
def crowd(pair, path, body, **headers):
    """Clients that ask without a pause; gives what they have been told: statuses, and kinds of failures."""
    numbers, left, told = itertools.count(), threading.Event(), []

    def run():
        with closing(Client(pair.port, tls=True)) as client:
            while not left.is_set():
                told.append(_told(client, path, body(next(numbers)), headers))

    threads = [threading.Thread(target=run) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield told
    finally:
        left.set()
        for thread in threads:
            thread.join()


def _told(client, path, body, headers):
    try:
        return client.ask("POST", path, body, **headers).status
    except CUT as error:
        return type(error).__name__


def kept(pair, key):
    """How many reports the user has."""
    found, before = 0, ""
    while page := pair.ask("GET", f"/v1/history?most={PAGE}{before}", Authorization=key).json["entries"]:
        found, before = found + len(page), f"&before={page[-1]['id']}"
    return found


def test_while_each_is_restarted_every_report_is_made_and_kept_once(pair):
    """No proxy may send these twice, so each has to be answered by whoever it reached."""
    key = pair.key()

    def report(number):
        return {"text": text(number, 1), "keep": True, "audit": False}

    with crowd(pair, "/v1/documents", report, Authorization=key) as told:
        for instance in pair.instances * ROUNDS:
            time.sleep(PAUSE)
            instance.stop()
            instance.start()
    assert Counter(told) == {200: len(told)}
    assert kept(pair, key) == len(told) > 100


def test_where_one_is_killed_every_job_is_added_once(pair):
    key = pair.key()

    def job(number):
        return {"documents": [{"text": text(number, 1)}], "keep": False, "audit": False}

    with crowd(pair, "/v1/jobs", job, Authorization=key) as told:
        for instance in pair.instances:
            time.sleep(PAUSE)
            instance.kill()
            instance.start()
    assert Counter(told) == {202: len(told)}
    jobs = pair.ask("GET", f"/v1/jobs?most={PAGE}", Authorization=key).json["jobs"]
    assert len(jobs) == min(len(told), PAGE)
