"""Connections to a port that is about to be closed."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from neural_lab.api.backlog import shut, taken

MANY = 30


@pytest.fixture(params=["127.0.0.1", "::1"])
def port(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    try:
        listening = socket.create_server((request.param, 0), family=family, backlog=MANY)
    except OSError:
        pytest.skip(f"no {request.param} here")
    with listening:
        yield listening


def connected(port: socket.socket, seconds: float = 5) -> socket.socket:
    return socket.create_connection(port.getsockname()[:2], seconds)


def test_all_that_wait_are_taken_in_order_with_what_they_brought(port: socket.socket) -> None:
    with ExitStack() as stack:
        for number in range(MANY):
            stack.enter_context(connected(port)).sendall(b"%d" % number)
        found = [stack.enter_context(each) for each in taken(port.fileno())]
        assert [int(each.recv(9)) for each in found] == [*range(MANY)]
        assert not any(each.getblocking() for each in found)
        assert [*taken(port.fileno())] == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems go on until the port is closed")
def test_nobody_connects_to_a_port_that_is_shut_and_who_did_before_goes_on(port: socket.socket) -> None:
    with connected(port) as early, ExitStack() as stack:
        shut(port.fileno())
        with pytest.raises(TimeoutError):
            connected(port, 0.2)
        (accepted,) = (stack.enter_context(each) for each in taken(port.fileno()))
        accepted.setblocking(True)
        early.sendall(b"late" * 50_000)
        early.shutdown(socket.SHUT_WR)
        assert len(b"".join(iter(lambda: accepted.recv(1 << 16), b""))) == 200_000
        port.close()
        with pytest.raises(ConnectionRefusedError):
            stack.enter_context(socket.socket(port.family)).connect(early.getpeername())
