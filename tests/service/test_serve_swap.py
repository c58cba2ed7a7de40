"""The detector of a service that runs is changed again and again, under load, and once for a broken one."""

from __future__ import annotations

import itertools
import json
import threading
from collections import Counter
from contextlib import closing, suppress

import psutil
import pytest
from kept_detectors import bundle, damage
from loads import SOAK, text
from redis_server import until
from serving import CUT, WITHOUT_LIMITS, Client, Service, ask, service

from neural_lab.compose import open_lab
from neural_lab.detectors import pointer
from neural_lab.detectors.pointer import Pointer
from neural_lab.detectors.registry import CHAMPION, Registry
from neural_lab.service import Question
from neural_lab.types import Document

pytestmark = pytest.mark.timeout(3_600 if SOAK else 300)
ROUNDS = 20 if SOAK else 1
CLIENTS, TEXTS, MANY, WORKERS = 4, 40, 20, 2
OLD, NEW = "swap.1", "swap.2"
SOON, PAUSE = 120, 0.0 if SOAK else 0.03
"""Seconds within which a busy machine loads two detectors, and between two requests of a client."""


class Stand:
    """A service with two processes, a registry with two detectors, and what each says of every text."""

    def __init__(self, served, registry, keys, said):
        self.served, self.registry, self.keys, self.said = served, registry, keys, said
        self.now, self.due = keys[OLD], Counter()

    def take(self, key):
        """Wait until every process has taken another detector, which each of them tells."""
        self.due[key] += WORKERS * (key != self.now)
        self.now = key
        until(lambda: Counter(each["version"] for each in self.told("detector"))[key] == self.due[key], SOON)

    def told(self, event):
        lines = (line for line in self.served.log.read_text().splitlines() if line.startswith("{"))
        return [found for found in map(json.loads, lines) if found["event"] == event]


@pytest.fixture(scope="module")
def stand(tmp_path_factory):
    folder = tmp_path_factory.mktemp("swapped")
    registry, keys, said = Registry(folder / "home" / "detectors"), {}, {}
    for version, bias in ((OLD, 0.0), (NEW, 0.25)):
        given = bundle(folder / version, version, bias)
        keys[version] = registry.add(given)
        questions = [Question(Document(text(number))) for number in range(TEXTS)]
        said[version] = [each.probability for each in open_lab(given, threads=1).analyze_all(questions)]
    assert not set(said[OLD]) & set(said[NEW])
    registry.promote(keys[OLD])
    settings = {"WORKERS": str(WORKERS), "THREADS": "1", "DETECTOR_SECONDS": "0.2", **WITHOUT_LIMITS}
    with service(folder / "home", **settings) as served:
        yield Stand(served, registry, keys, said)


class Crowd:
    """Clients that ask in every way without a pause, and note which detector answered, or what was wrong."""

    def __init__(self, stand):
        self._stand, self._numbers, self._left = stand, itertools.count(), threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(CLIENTS)]
        self.told = []

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._left.set()
        for thread in self._threads:
            thread.join(120)

    def _run(self):
        with closing(Client(self._stand.served.port)) as client:
            while not self._left.is_set():
                number = next(self._numbers)
                way = (detected, documented, batched, worked)[number % 8 % 4]
                self.told.append(self._one(way, client, number))
                self._left.wait(PAUSE)

    def _one(self, way, client, number):
        texts = [(number * 7 + step) % TEXTS for step in range(3)]
        try:
            version, probabilities = way(client, texts)
        except CUT as error:
            return way.__name__, type(error).__name__
        except Refused as error:
            return way.__name__, str(error)
        known = self._stand.said.get(version)
        right = known and probabilities == [known[each] for each in texts[: len(probabilities)]]
        return way.__name__, version if right else f"mixed: {version}"


class Refused(Exception):
    pass


def answered(client, method, path, body=None, status=200):
    answer = client.ask(method, path, body)
    if answer.status != status:
        raise Refused(f"{answer.status} {answer.body[:200]}")
    return answer


def detected(client, texts):
    answer = answered(client, "POST", "/detect", {"texts": [text(each) for each in texts]})
    name, version = answer.headers["x-detector"].split(" ")
    assert name == "embedded"
    return version, answer.json["probabilities"]


def documented(client, texts):
    body = {"text": text(texts[0]), "keep": False, "audit": False}
    found = answered(client, "POST", "/v1/documents", body).json
    return found["detector"]["version"], [found["document"]["probability"]]


def batched(client, texts):
    body = {"documents": [{"text": text(each)} for each in texts]}
    return told(answered(client, "POST", "/v1/detect", body).json)


def worked(client, texts):
    body = {"documents": [{"text": text(each)} for each in texts], "keep": False, "audit": False}
    place = answered(client, "POST", "/v1/jobs", body, 202).headers["location"]
    until(lambda: answered(client, "GET", place).json["state"] in ("done", "failed"), 60)
    found = answered(client, "GET", place).json
    if found["state"] != "done":
        raise Refused(found["state"])
    return told(found["result"])


def told(found):
    assert found["errors"] == []
    return found["detector"]["version"], [each["probability"] for each in found["documents"]]


def test_while_the_detector_changes_every_request_is_answered_by_one_of_the_two(stand):
    old, new = stand.keys[OLD], stand.keys[NEW]
    before = {each: psutil.Process(each).memory_info().rss for each in stand.served.workers()}
    with Crowd(stand) as crowd:
        for _ in range(ROUNDS):
            stand.registry.promote(new)
            stand.take(new)
            assert stand.registry.rollback() == old
            stand.take(old)
        stand.registry.promote(new)
        stand.take(new)
        settled = len(crowd.told) + CLIENTS
        until(lambda: len(crowd.told) > settled + 5 * CLIENTS, 60)
        after = crowd.told[settled:]
    count = Counter(crowd.told)
    assert {said for _, said in count} == {OLD, NEW}
    # Every way was answered by both.
    assert len(count) == 8
    assert len(crowd.told) > 40 * ROUNDS
    # What was asked for before may be answered by the one before.
    assert {said for way, said in after if way != "worked"} == {NEW}
    assert set(stand.served.workers()) == set(before)
    shown = ask(stand.served.port, "GET", "/v1/detectors").json["detectors"][0]
    assert (shown["version"], shown["key"]) == (NEW, new)
    grown = [psutil.Process(each).memory_info().rss - size for each, size in before.items()]
    # One more detector for the one that is being loaded, and not one for every change.
    assert max(grown) < 600 << 20


def test_a_broken_champion_is_told_once_and_the_one_before_goes_on(stand, tmp_path):
    new, broken = stand.keys[NEW], stand.registry.add(bundle(tmp_path / "broken", "swap.3"))
    stand.registry.promote(new)
    stand.take(new)
    damage(stand.registry.folder / broken, "scorer.onnx")
    # Whoever promotes verifies first, so this happens only to what was damaged later.
    pointer.write(stand.registry.folder / CHAMPION, Pointer(broken, "", new))
    with Crowd(stand) as crowd:
        until(lambda: not components(stand)["champion"], 30)
        until(lambda: [*behind(stand)] == [1.0], 30)
        until(lambda: len(crowd.told) > 10 * CLIENTS, 60)
        health = ask(stand.served.port, "GET", "/health")
        assert (health.status, health.json["status"]) == (200, "degraded")
        assert health.json["detector_key"] == new
        stand.registry.rollback()
        until(lambda: all(components(stand)["champion"] for _ in range(MANY)), 30)
    assert {said for _, said in crowd.told} == {NEW}
    failed = stand.told("champion not taken")
    assert {line["version"] for line in failed} == {broken}
    assert len(failed) <= 2
    assert "scorer.onnx" in failed[0]["reason"]


def components(stand):
    return ask(stand.served.port, "GET", "/health").json["components"]


def behind(stand):
    page = ask(stand.served.port, "GET", "/metrics").body.decode()
    return (
        float(line.split()[1]) for line in page.splitlines() if line.startswith("neural_lab_detector_behind")
    )


def test_a_detector_that_was_named_is_not_changed(stand, tmp_path):
    old, new = stand.keys[OLD], stand.keys[NEW]
    registry = Registry(tmp_path / "detectors")
    given = stand.registry.folder_of(new)
    settings = {"BUNDLE": str(given), "DETECTOR_SECONDS": "0.1", "THREADS": "1", **WITHOUT_LIMITS}
    with service(tmp_path, **settings) as served:
        registry.promote(registry.add(stand.registry.folder_of(old)))
        threading.Event().wait(1)
        found = ask(served.port, "GET", "/health").json
        assert (found["detector"], found["detector_key"]) == (f"embedded {NEW}", "")
        assert ask(served.port, "POST", "/detect", {"texts": [text(1)]}).headers["x-detector"].endswith(NEW)


def test_a_service_whose_champion_was_damaged_at_the_start_takes_the_one_before(stand, tmp_path):
    registry = Registry(tmp_path / "detectors")
    broken = registry.add(stand.registry.folder_of(stand.keys[OLD]))
    registry.promote(broken)
    damage(registry.folder / broken)
    settings = {"DETECTOR_SECONDS": "0.1", "THREADS": "1", **WITHOUT_LIMITS}
    served = Alive(tmp_path, {f"NEURAL_LAB_{name}": value for name, value in settings.items()})
    try:
        served.start()
        until(lambda: refused(served, tmp_path) == "damaged_bundle", 30)
        assert registry.rollback() is None
        until(super(Alive, served).ready, 30)
    finally:
        served.kill()


class Alive(Service):
    """Has started when it answers, without a detector."""

    def ready(self):
        with suppress(*CUT):
            return ask(self.port, "GET", "/livez").status == 200
        return False


def refused(served, folder):
    answer = ask(served.port, "POST", "/detect", {"texts": [text(1)]})
    assert answer.status == 503
    assert str(folder) not in answer.body.decode()
    return answer.json["code"]
