"""A stand-in of the Hugging Face hub on this machine: its two addresses, with whatever can go wrong there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

REVISION = "0123456789abcdef0123456789abcdef01234567"
LARGE = ".safetensors"


@dataclass
class Hub:
    """`models` by name; what `asked` was; and, by the path of a question or "*", what goes wrong."""

    models: dict[str, Path] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    card: dict[str, Any] = field(default_factory=lambda: {"license": "mit"})
    statuses: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Status and `X-Error-Code` instead of an answer."""
    bodies: dict[str, bytes] = field(default_factory=dict)
    """Another answer."""
    extra: dict[str, int] = field(default_factory=dict)
    """Files that are listed with these sizes, beside those that are there."""
    cuts: dict[str, int] = field(default_factory=dict)
    """After so many bytes of a file the connection breaks, once for each byte count left."""
    stalls: dict[str, int] = field(default_factory=dict)
    """After so many bytes of a file nothing more comes."""
    store: str = ""
    """Address of another server, which has the large files."""
    ranges: bool = True
    sums: bool = True
    """Whether the listing says sizes and checksums, which mirrors may leave out."""
    over: Event = field(default_factory=Event)
    held: Event = field(default_factory=Event)
    """Files are sent only while this is set."""
    address: str = ""

    def __post_init__(self) -> None:
        self.held.set()

    def files(self) -> list[str]:
        """The files that were asked for."""
        return [path.rsplit("/", 1)[1] for path in self.asked if "/resolve/" in path]

    def listing(self, name: str) -> dict[str, Any]:
        listed = [self._sibling(path) for path in sorted(self.models[name].iterdir())]
        listed += [{"rfilename": each, "size": size} for each, size in self.extra.items()]
        return {"id": name, "sha": REVISION, "cardData": self.card, "siblings": listed}

    def _sibling(self, path: Path) -> dict[str, Any]:
        if not self.sums:
            return {"rfilename": path.name}
        data = path.read_bytes()
        blob = sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        found = {"rfilename": path.name, "size": len(data), "blobId": blob}
        if path.suffix == LARGE:
            lfs = {"sha256": sha256(data).hexdigest(), "size": len(data), "pointerSize": 134}
            found |= {"lfs": lfs, "blobId": "0" * 40}
        return found


@contextmanager
def running(hub: Hub) -> Iterator[Hub]:
    """The hub, answering at `hub.address`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub)) as server:
        hub.address = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield hub
        hub.over.set()
        hub.held.set()
        server.shutdown()


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            hub.asked.append(path)
            hub.agents.append(self.headers.get("User-Agent", ""))
            hub.tokens.append(self.headers.get("Authorization"))
            status, code = hub.statuses.get(path, hub.statuses.get("*", (200, "")))
            if status == 0:
                hub.over.wait()  # never an answer
                self.close_connection = True
            elif status != 200:
                self._refuse(status, code)
            elif hub.store and path.endswith(LARGE):
                self._refuse(302, "", hub.store + self.path)
            else:
                self._answer(path)

        do_HEAD = do_GET

        def _answer(self, path: str) -> None:
            if path in hub.bodies:
                self._send(hub.bodies[path])
            elif path.startswith("/api/models/"):
                self._list(path.removeprefix("/api/models/"))
            else:
                name, _, rest = path.removeprefix("/").partition("/resolve/")
                revision, _, file = rest.partition("/")
                found = hub.models[name] / file
                self._file(file, found.read_bytes()) if revision == REVISION else self._refuse(404, "")

        def _list(self, asked: str) -> None:
            name, _, revision = asked.partition("/revision/")
            if name not in hub.models:
                self._refuse(404, "RepoNotFound")
            elif revision not in ("", REVISION):
                self._refuse(404, "RevisionNotFound")
            else:
                self._send(json.dumps(hub.listing(name)).encode())

        def _refuse(self, status: int, code: str, location: str = "") -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("Location", location or self.path)
            self._end(0)

        def _send(self, body: bytes) -> None:
            self.send_response(200)
            self._end(len(body))
            self.wfile.write(body)

        def _file(self, file: str, data: bytes) -> None:
            hub.held.wait(20)
            asked = self.headers.get("Range", "") if hub.ranges else ""
            data = data[int(asked.removeprefix("bytes=").rstrip("-")) :] if asked else data
            self.send_response(206 if asked else 200)
            self._end(len(data))
            most = hub.stalls.get(file, hub.cuts.get(file, len(data)))
            self.wfile.write(data[:most])
            self.wfile.flush()
            if file in hub.stalls:
                hub.over.wait()
            self.close_connection = most < len(data)

        def _end(self, length: int) -> None:
            self.send_header("Content-Length", str(length))
            self.end_headers()

        def log_message(self, *args: object) -> None: ...

    return Handler
