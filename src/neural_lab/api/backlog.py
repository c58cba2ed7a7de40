"""Connections that the system has made at a port and nobody has taken yet: closing the port resets them."""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import closing, suppress

SO_ATTACH_FILTER = 26
"""Of Linux; Python has no name for it."""
FLAGS, SYN, ACK = 13, 0x02, 0x10
"""Where the flags of a TCP header are, and what they say of a packet that asks for a connection."""
# An instruction of classic BPF: its code, how far it jumps when true and when not, and a number.
LOAD, AND, EQUAL, ANSWER = 0x30, 0x54, 0x15, 0x06
DROP, PASS = 0, 0xFFFFFFFF
ASKING = (
    (LOAD, 0, 0, FLAGS),
    (AND, 0, 0, SYN | ACK),
    (EQUAL, 0, 1, SYN),
    (ANSWER, 0, 0, DROP),
    (ANSWER, 0, 0, PASS),
)


def shut(port: int) -> None:
    """Let nobody connect any more to a port, given as a file descriptor, that all who share it close soon.

    Who asks for a connection gets no answer, asks again after a second, and is refused then.
    Otherwise more may come between the last that is taken and the end of the port, which is
    long enough on a busy machine. Where systems know nothing of this, it is short at least.
    """
    if sys.platform != "linux":
        return
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in ASKING))
    with closing(socket.socket(fileno=os.dup(port))) as listening, suppress(OSError):
        given = struct.pack("HP", len(ASKING), ctypes.addressof(program))
        listening.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, given)


def taken(port: int) -> Iterator[socket.socket]:
    """The connections that wait at a port."""
    with closing(socket.socket(fileno=os.dup(port))) as listening, suppress(OSError):
        listening.setblocking(False)
        while True:
            connection, _ = listening.accept()
            connection.setblocking(False)
            yield connection
