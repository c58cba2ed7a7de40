"""HEAD is answered as GET is, without the body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import serving
from asking import Site, site, without_detector
from helpers import needed

needed("fastapi")

CHANGING = {"x-request-id", "ratelimit-remaining", "ratelimit-reset"}


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    without_detector(monkeypatch)
    with site() as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/livez", 200),
        ("/readyz", 503),
        ("/health", 503),
        ("/openapi.json", 200),
        ("/", 200),
        ("/static/js/main.js", 200),
        ("/v1/library", 200),
        ("/v1/history?most=3", 200),
        ("/v1/history?most=none", 422),
        ("/v1/history/1", 404),
        ("/v1/history/export", 200),
        ("/nowhere", 404),
    ],
)
def test_status_and_headers_are_those_of_get(lab: Site, path: str, status: int) -> None:
    got, head = lab.ask("GET", path), lab.ask("HEAD", path)
    assert (got.status, head.status) == (status, status)
    assert {name for name, _ in head.headers} == {name for name, _ in got.headers}
    kept = [pair for pair in got.headers if pair[0] not in CHANGING | {"content-length"}]
    assert [pair for pair in head.headers if pair[0] not in CHANGING | {"content-length"}] == kept
    # Where a path is unknown, the server and not the application leaves the body out.
    assert head.body == b"" or path in ("/nowhere", "/openapi.json", "/static/js/main.js")


@pytest.mark.parametrize("path", ["/detect", "/v1/documents", "/v1/jobs/1/cancel"])
def test_where_there_is_no_get_there_is_no_head(lab: Site, path: str) -> None:
    refused = lab.ask("HEAD", path)
    assert refused.status == 405
    assert refused.header("allow") == "POST"


def test_it_counts_and_asks_who_it_is_as_get_does(monkeypatch: pytest.MonkeyPatch) -> None:
    without_detector(monkeypatch)
    with site(rate="2/60") as lab:
        assert [lab.ask("HEAD", "/v1/history").status for _ in range(3)] == [200, 200, 429]
    with site(accounts=True) as lab:
        assert lab.ask("HEAD", "/v1/history").status == 401


def test_the_log_says_what_was_asked(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_detector(monkeypatch)
    with site() as lab:
        lab.ask("HEAD", "/v1/history/1")
    (line,) = [json.loads(line) for line in capfd.readouterr().err.splitlines() if '"request"' in line]
    assert (line["method"], line["route"], line["status"]) == ("HEAD", "/v1/history/{number}", 404)


def test_over_the_line_connections_are_kept_and_streams_end_at_once(tmp_path: Path) -> None:
    with serving.service(tmp_path / "lab", **serving.WITHOUT_LIMITS) as served:
        client = serving.Client(served.port, timeout=10)
        job = client.ask("POST", "/v1/jobs", {"documents": [{"text": "Some words. " * 8_000}]}).json["id"]
        for path in (f"/v1/jobs/{job}/events", "/v1/history/export", "/livez", "/openapi.json", "/"):
            head = client.ask("HEAD", path)
            assert (head.status, head.body) == (200, b"")
        assert client.ask("HEAD", "/health").headers["content-length"] != "0"
        assert client.ask("GET", "/livez").json == {"status": "alive"}
        client.close()
        assert '"unexpected"' not in served.log.read_text()
        assert "Exception" not in served.log.read_text()
