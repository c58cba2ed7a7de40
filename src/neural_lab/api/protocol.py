"""uvicorn's protocol with limits of its own: for how long headers may take, and how large they may be."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from neural_lab.api.problems import MEDIA_TYPE, problem

HEADER_SECONDS = 15
MOST_HEADERS = 64 << 10
CODES = {400: "malformed", 431: "headers_too_large"}
SAID = {
    400: "This is no request of HTTP/1.1.",
    431: f"Path and headers may have {MOST_HEADERS:,} bytes.",
}


class PatientProtocol(HttpToolsProtocol):
    """Slow headers hold a connection for `HEADER_SECONDS` at most; bodies have limits of their own.

    The parser itself would gather headers of any size.
    """

    _patience: asyncio.TimerHandle | None = None
    _gathered = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """What comes counts as headers while they are not complete: a whole chunk, when they end in it."""
        super().data_received(data)
        if self._patience is not None and not self.transport.is_closing():
            self._gathered += len(data)
            if self._gathered > MOST_HEADERS:
                self._refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        self._arrived()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        del msg
        self._refuse(400)

    def _wait(self) -> None:
        if self._patience is None:
            self._patience, self._gathered = self.loop.call_later(HEADER_SECONDS, self._close), 0

    def _arrived(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _refuse(self, status: int) -> None:
        """A problem of a request that no route will see."""
        body = bytes(problem(status, CODES[status], SAID[status]).body)
        lines = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            f"content-type: {MEDIA_TYPE}",
            f"content-length: {len(body)}",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
            "connection: close",
        )
        self.transport.write("\r\n".join((*lines, "", "")).encode() + body)
        self._close()

    def _close(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
