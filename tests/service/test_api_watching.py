"""Jobs that are watched: by few streams at once, and by those alone who may; results go out as stored."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from asking import Browser, Site, quick_passwords, site, without_detector
from helpers import needed
from redis_server import until

needed("fastapi")

from neural_lab.api import watching
from neural_lab.api.watching import MOST_STREAMS

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_passwords(monkeypatch)
    without_detector(monkeypatch)


@pytest.fixture
def lab() -> Iterator[Site]:
    with site() as opened:
        yield opened


def waiting(lab: Site, owner: str = "local") -> int:
    """A job that nobody works on: there is no detector."""
    job, _ = lab.worker.store.jobs(owner).add("check", "{}")
    return int(job.id)


def test_one_caller_has_a_few_streams_at_once_and_others_have_theirs(lab: Site) -> None:
    number, other = waiting(lab), waiting(lab)
    with ThreadPoolExecutor(MOST_STREAMS) as pool:
        streams = [pool.submit(lab.ask, "GET", f"/v1/jobs/{number}/events") for _ in range(MOST_STREAMS)]
        until(lambda: lab.worker.watchers._now["local"] == MOST_STREAMS)
        refused = lab.ask("GET", f"/v1/jobs/{other}/events")
        assert (refused.status, refused.json["code"]) == (429, "too_many_streams")
        lab.worker.watchers.check("user:2")
        lab.ask("POST", f"/v1/jobs/{number}/cancel")
        assert all("event: cancelled" in stream.result(10).text for stream in streams)
    lab.ask("POST", f"/v1/jobs/{other}/cancel")
    assert lab.ask("GET", f"/v1/jobs/{other}/events").status == 200
    assert lab.worker.watchers._now == {}


@pytest.mark.parametrize("way", ["session", "key"])
def test_a_stream_ends_soon_after_the_right_to_watch(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setattr(watching, "LOOK", 0.1)
    with site(accounts=True, sign_up=True) as lab, ThreadPoolExecutor(1) as pool:
        ada = Browser(lab)
        ada.ask("POST", "/v1/account", {"name": "ada", "password": PASSWORD})
        key = ada.ask("POST", "/v1/account/keys", {"scopes": ["jobs"]}).json
        number = waiting(lab, lab.worker.store.accounts().named("ada").owner)
        headers = {"Authorization": f"Bearer {key['key']}"} if way == "key" else {}
        stream = pool.submit(ada.ask, "GET", f"/v1/jobs/{number}/events", **headers)
        until(lambda: lab.worker.watchers._now.total() == 1)
        with pytest.raises(TimeoutError):
            stream.result(1.5)
        gone = f"/v1/account/keys/{key['id']}" if way == "key" else "/v1/session"
        assert ada.ask("DELETE", gone).status == 204
        assert "event: queued" in stream.result(5).text


def test_a_result_is_told_as_it_was_stored(lab: Site) -> None:
    """Whoever reads and writes a large one on the way keeps all others waiting."""
    number, result = waiting(lab), '{"b":   1.50, "a": ["\\u00e4", null] }'
    queue = lab.worker.store.queue()
    assert queue.claim("worker", "2026-01-01T00:00:00Z", "9999")
    queue.finish(number, "worker", result)
    for answer in (lab.ask("GET", f"/v1/jobs/{number}"), lab.ask("POST", f"/v1/jobs/{number}/cancel")):
        assert result in answer.text
        assert answer.json["result"] == {"b": 1.5, "a": ["ä", None]}
        assert answer.header("content-type") == "application/json"
