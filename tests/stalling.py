"""A way to a database on which, while it is held, nothing passes: as when a server or a network hangs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Way:
    """Listens on a port of its own and hands on what comes, in both directions."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._to, self._open = (parts.hostname, parts.port), threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        self.url = parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}").geturl()
        self._open.set()
        threading.Thread(target=self._accept, daemon=True).start()

    @contextmanager
    def held(self) -> Iterator[None]:
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    def close(self) -> None:
        self._open.set()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._joined, args=(near,), daemon=True).start()

    def _joined(self, near: socket.socket) -> None:
        with near, socket.create_connection(self._to) as far:
            back = threading.Thread(target=self._pass, args=(far, near), daemon=True)
            back.start()
            self._pass(near, far)
            back.join()

    def _pass(self, source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                self._open.wait()
                to.sendall(data)
            to.shutdown(socket.SHUT_WR)
