"""A service that is left alone with people who mean it no good."""

import json
import os
import random
import re
import socket
import time
from contextlib import suppress

import pytest
import serving
from helpers import needed
from hostile import KINDS, METHODS, cut_short, no_http, strange_chunks, strange_header

psutil = needed("psutil")
SOAK = bool(os.environ.get("NEURAL_LAB_SOAK"))
MANY = 7_000 if SOAK else 350
PATIENCE = 0.4
"""Seconds for requests whose end may never come."""
ENDLESS = (cut_short, no_http, strange_chunks, strange_header)
MOST_GROWTH = 96 << 20
ALLOWED = {200, 201, 202, 204, 400, 401, 403, 404, 405, 408, 413, 415, 422, 429, 431, 503}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    limits = {name.removeprefix("NEURAL_LAB_"): value for name, value in serving.WITHOUT_LIMITS.items()}
    with serving.service(tmp_path_factory.mktemp("home"), MOST_BODY_MB="1", **limits) as made:
        yield made


def told(port, sent, patience=20.0):
    """All that comes back, until the answer or the connection ends or nothing comes any more."""
    back = b""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as line, suppress(OSError):
        with suppress(OSError):
            line.sendall(sent)
        while not _complete(back) and (piece := line.recv(65_536)):
            back += piece
    return back


def _complete(back):
    head, ends, body = back.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return bool(ends and length and len(body) >= int(length[1]))


def status(back):
    return int(back.split(None, 2)[1]) if back.startswith(b"HTTP/1.1 ") else None


def resident(served):
    return psutil.Process(served.process.pid).memory_info().rss


def checked(sent, back):
    """The status of an answer that is as it should be; None where there is no answer."""
    found = status(back)
    assert found in ALLOWED | {None}, (sent[:300], back[:500])
    head, _, body = back.partition(b"\r\n\r\n")
    if found and found >= 400 and body and not sent.startswith(b"HEAD"):
        assert b"application/problem+json" in head.lower() or b"/health" in sent, (sent[:300], back[:500])
        assert json.loads(body[: body.rindex(b"}") + 1])["status"] == found
    return found


def test_nothing_that_comes_over_the_line_breaks_it(served):
    draw, counted, before = random.Random(7), {}, 0
    for number in range(MANY):
        kind = KINDS[number % len(KINDS)]
        sent = kind(draw)
        found = checked(sent, told(served.port, sent, PATIENCE if kind in ENDLESS else 20))
        counted[found] = counted.get(found, 0) + 1
        if number == MANY // 3:
            before = resident(served)
    assert served.ready()
    assert resident(served) - before < MOST_GROWTH
    assert counted.get(200, 0) > 0
    assert {404, 405, 413, 415, 422} <= set(counted)


def test_what_is_no_http_and_headers_without_end_are_problems(served):
    back = told(served.port, b"\x16\x03\x01\x02\x00\x01\xfc\x03\x03\r\n\r\n")
    assert checked(b"", back) == 400
    bomb = b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + b"".join(
        b"X-%d: y\r\n" % n for n in range(60_000)
    )
    assert checked(b"", told(served.port, bomb)) == 431
    endless = b"GET /health HTTP/1.1\r\nX: " + b"y" * 3_000_000
    assert checked(b"", told(served.port, endless)) in (431, None)


def test_a_declared_body_that_is_too_large_is_refused_before_it_comes(served):
    head = b"POST /detect HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n"
    begun = time.monotonic()
    assert checked(b"", told(served.port, head)) == 413
    assert time.monotonic() - begun < 5


def test_no_method_of_any_path_is_an_accident(served):
    for path in (
        "/detect",
        "/v1/jobs/1",
        "/health",
        "/metrics",
        "/openapi.json",
        "/nowhere",
        "/v1/../detect",
    ):
        for method in METHODS:
            sent = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
            checked(sent, told(served.port, sent, 5))


def test_headers_that_do_not_come_end_the_connection(served):
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as line:
        line.sendall(b"GET /health HTTP/1.1\r\nHost: local")
        begun = time.monotonic()
        assert line.recv(1_000) == b""
        assert 5 < time.monotonic() - begun < 25


def test_those_who_hold_connections_keep_nobody_out(served):
    head = b"POST /detect HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"
    held = [socket.create_connection(("127.0.0.1", served.port), timeout=5) for _ in range(200)]
    try:
        for line in held:
            line.sendall(head)
        answer = serving.ask(
            served.port, "POST", "/detect", {"texts": ["A text of ten characters and more."]}
        )
        assert answer.status == 200
    finally:
        for line in held:
            line.close()
    assert served.ready()


def test_clients_that_go_away_leave_nothing_behind(served):
    body = json.dumps({"documents": [{"text": f"Text {n} of many. " * 60} for n in range(60)]}).encode()
    head = b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", served.port), timeout=5) as line:
            line.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            time.sleep(0.1)
    begun = time.monotonic()
    assert (
        serving.ask(served.port, "POST", "/detect", {"texts": ["A text that comes after those."]}).status
        == 200
    )
    assert time.monotonic() - begun < 20
    assert "Exception in ASGI" not in served.log.read_text()


def test_the_log_has_no_accident(served):
    lines = [json.loads(line) for line in served.log.read_text().splitlines() if line.startswith("{")]
    assert not [line for line in lines if line["event"] == "unexpected"]
    assert "Traceback" not in served.log.read_text()
