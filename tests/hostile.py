"""Requests that nobody means well with, drawn from a seed, as the bytes that go over the line."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence

PATHS = (
    "/detect",
    "/v1/documents",
    "/v1/texts",
    "/v1/detect",
    "/v1/audit",
    "/v1/fingerprints",
    "/v1/compare",
    "/v1/library",
    "/v1/jobs",
    "/v1/session",
    "/v1/account",
)
TRICKS = (
    "/v1/../detect",
    "//detect",
    "/detect%00",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/v1/history/..%2f..%2fetc",
    "/v1/library/-1",
    "/v1/library/99999999999999999999",
    "/v1/jobs/1e3",
    "/v1/jobs/%F0%9F%98%80",
    "/v1/history?most=99999&before=-5&search=%FF%FE%00",
    "/v1/library?search=%25%25%25&after=" + "9" * 400,
    "/v1/detectors/" + "%27%20or%201=1--",
    "*",
    "http://evil.example/detect",
    "/" + "a/" * 3000,
    "/détect",
)
METHODS = (
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "G E T",
)
STRINGS = (
    "",
    "\x00" * 12,
    "\u200b" * 40,
    "\ud800" * 12,
    "\u202e" + "reversed text of some length",
    "🏳️‍🌈" * 30,
    "e" + "\u0301" * 400,
    "a" * 10_001,
    "plain words " * 30,
    "'; drop table job; --" * 3,
    "%s%n{0}${jndi:ldap://x}" * 3,
    "\n" * 50,
    "ﷺ" * 100,
)
NUMBERS = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "-0",
    "9" * 5_000,
    "1" + "0" * 400,
    "0.5",
    "01",
    "0x10",
    "1e-400",
)
Draw = random.Random


def request(
    draw: Draw, path: str, body: bytes = b"", headers: Sequence[tuple[str, str]] = (), method: str = "POST"
) -> bytes:
    """One whole request that asks for the connection to be closed."""
    named = [("Host", "127.0.0.1"), ("Connection", "close"), ("Content-Length", str(len(body))), *headers]
    draw.shuffle(named)
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named), "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass") + body


def value(draw: Draw, depth: int = 0) -> str:
    """JSON, or nearly, of any kind."""
    kind = draw.randrange(9 if depth < 4 else 6)
    if kind < 2:
        return json.dumps(draw.choice(STRINGS))
    if kind < 4:
        return draw.choice((*NUMBERS, "null", "true", "false"))
    if kind < 6:
        return json.dumps("".join(chr(draw.randrange(1, 0xD7FF)) for _ in range(draw.randrange(80))))
    if kind == 6:
        names = ("texts", "text", "documents", "sources", "threshold", "title", "keep", "x", "\ud800")
        return (
            "{"
            + ",".join(f"{json.dumps(draw.choice(names))}:{value(draw, depth + 1)}" for _ in range(3))
            + "}"
        )
    return "[" + ",".join(value(draw, depth + 1) for _ in range(draw.randrange(5))) + "]"


def shaped(draw: Draw, path: str) -> str:
    """A body with the fields of its route and something else in one of them."""
    field = {"/detect": "texts", "/v1/library": "sources", "/v1/fingerprints": "fingerprints"}.get(
        path, "documents"
    )
    field = "text" if path in ("/v1/documents", "/v1/audit") else field
    other = draw.choice(("threshold", "title", "keep", "genre", "date", "quoted", "pages", "exclusions"))
    fields = {field: value(draw), other: value(draw)}
    return "{" + ",".join(f'"{name}":{each}' for name, each in fields.items()) + "}"


def strange_json(draw: Draw) -> bytes:
    path = draw.choice(PATHS)
    text = draw.choice((value(draw), shaped(draw, path), shaped(draw, path)[: draw.randrange(1, 60)]))
    body = text.encode("utf-8", "surrogatepass")
    kind = draw.choice(("application/json", "application/json", "application/json", "text/json", "", "\x01"))
    return request(draw, path, body, [("Content-Type", kind)])


def deep_json(draw: Draw) -> bytes:
    depth = draw.choice((100, 1_000, 100_000))
    opening, closing = draw.choice((("[", "]"), ('{"a":', "}")))
    body = (opening * depth + closing * draw.choice((0, depth))).encode()
    return request(draw, draw.choice(PATHS), body, [("Content-Type", "application/json")])


def damaged_bytes(draw: Draw) -> bytes:
    body = bytearray(b'{"texts": ["A text of ten characters and more"], "threshold": 0.5}')
    for _ in range(draw.randrange(1, 8)):
        body[draw.randrange(len(body))] = draw.randrange(256)
    return request(draw, "/detect", bytes(body), [("Content-Type", "application/json")])


def strange_form(draw: Draw) -> bytes:
    names = ("file", "text", "genre", "keep", "fi\x00le", "file[]", "\ud800", "x" * 3_000)
    magic = (
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"\x89PNG\r\n",
        b"<html>",
        b"\\documentclass{article}",
        b"",
        b"\xff\xfe",
    )
    parts = []
    for _ in range(draw.choice((0, 1, 1, 1, 2, 30))):
        name = draw.choice((";".join(("file", "a")), *names, "file", "file"))
        file = draw.choice(
            ("", '; filename="a.pdf"', '; filename="../../etc/passwd"', "; filename*=utf-8''%ff")
        )
        head = f'Content-Disposition: form-data; name="{name}"{file}'.encode("utf-8", "surrogatepass")
        parts.append(
            b"--edge\r\n" + head + b"\r\n\r\n" + draw.choice(magic) + draw.randbytes(draw.randrange(400))
        )
    ends = (b"\r\n--edge--\r\n", b"\r\n--edge", b"")
    kind = draw.choice(
        ("multipart/form-data; boundary=edge", "multipart/form-data", "multipart/form-data; boundary=")
    )
    path, body = draw.choice(("/v1/documents", "/v1/texts")), b"\r\n".join(parts) + draw.choice(ends)
    return request(draw, path, body, [("Content-Type", kind)])


def path_trick(draw: Draw) -> bytes:
    return request(draw, draw.choice(TRICKS), method=draw.choice(METHODS))


def any_method(draw: Draw) -> bytes:
    path = draw.choice((*PATHS, "/health", "/metrics", "/openapi.json", "/v1/jobs/1", "/v1/history/export"))
    return request(draw, path, draw.choice((b"", b"{}")), method=draw.choice(METHODS))


def header_bomb(draw: Draw) -> bytes:
    many = draw.choice((10, 300, 5_000))
    size = draw.choice((1, 100, 8_000)) if many < 5_000 else 20
    return request(draw, "/health", headers=[(f"X-{n}", "y" * size) for n in range(many)], method="GET")


def strange_header(draw: Draw) -> bytes:
    names = ("Host", "Origin", "Content-Length", "Transfer-Encoding", "Content-Encoding", "Expect", "Upgrade")
    more = (
        "Authorization",
        "Cookie",
        "Idempotency-Key",
        "X-Request-Id",
        "Forwarded",
        "X-Forwarded-For",
        "Range",
    )
    values = (
        "",
        "-1",
        "http://[",
        "gzip",
        "chunked",
        "chunked, chunked",
        "websocket",
        "\xff\xfe",
        "a" * 9_000,
        "0",
    )
    given = [(draw.choice(names + more), draw.choice(values)) for _ in range(draw.randrange(1, 4))]
    given += draw.choice(([], [("Connection", "Upgrade, HTTP2-Settings")]))
    body = b'{"texts": ["A text of ten characters and more"]}'
    return request(draw, "/detect", body, [("Content-Type", "application/json"), *given])


def strange_chunks(draw: Draw) -> bytes:
    head = "POST /detect HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
    chunks = (
        b"5\r\nhello\r\n",
        b"-1\r\n",
        b"FFFFFFFFFFFFFFFF\r\n",
        b"0\r\n\r\n",
        b"z\r\n",
        b"1;" + b"e" * 9_000 + b"\r\nx\r\n",
    )
    body = b"".join(draw.choice(chunks) for _ in range(draw.randrange(1, 6)))
    return head.encode() + b"Content-Type: application/json\r\n\r\n" + body + b"0\r\n\r\n"


def too_large(draw: Draw) -> bytes:
    """More than the megabyte that the tests allow, as declared or as it comes."""
    if draw.random() < 0.5:
        return request(draw, "/detect", b"", [("Content-Length", str(draw.choice((10**7, 10**18, 10**40))))])
    head = b"POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + (b"10000\r\n" + b" " * 65_536 + b"\r\n") * 20 + b"0\r\n\r\n"


def no_http(draw: Draw) -> bytes:
    known = (
        b"\x16\x03\x01\x02\x00\x01",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET\r\n\r\n",
        b"\r\n" * 50,
        b"GET / HTTP/9.9\r\n\r\n",
    )
    return draw.choice((*known, draw.randbytes(draw.randrange(1, 500))))


def cut_short(draw: Draw) -> bytes:
    whole = strange_json(draw)
    return whole[: draw.randrange(1, len(whole))]


KINDS: tuple[Callable[[Draw], bytes], ...] = (
    strange_json,
    strange_json,
    strange_json,
    deep_json,
    damaged_bytes,
    strange_form,
    strange_form,
    path_trick,
    any_method,
    header_bomb,
    strange_header,
    strange_chunks,
    too_large,
    no_http,
    cut_short,
)
