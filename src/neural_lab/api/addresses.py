"""Where a request comes from: the connection, or what proxies that are trusted say of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

FORWARDED, MOST_HOPS = "x-forwarded-for", 32
SUBSCRIBER = 64
"""Bits of an IPv6 address that one customer of a provider does not choose; the rest is theirs to vary."""

Address = IPv4Address | IPv6Address


def client_address(request: HTTPConnection, trusted: Sequence[str]) -> str:
    """The client's address: the nearest one in the forwarding header that no trusted proxy has.

    One of IPv6 stands for its network of 64 bits. What is no address ends the search, so
    that a client cannot put words of its own there. A connection without an address, as
    over a Unix socket, is "unknown".
    """
    peer = request.client.host if request.client else "unknown"
    address = parsed(peer)
    if address is None:
        return peer[:100]
    networks = _networks(tuple(trusted))
    for hop in _hops(request):
        if not _within(address, networks) or hop is None:
            break
        address = hop
    return _shown(address)


def from_here(request: HTTPConnection) -> bool:
    """Whether the connection comes from this computer, or from none that has an address."""
    address = parsed(request.client.host) if request.client else None
    return address is None or address.is_loopback


def parsed(text: str) -> Address | None:
    """An address, also in brackets or with a port as some proxies write it; None for anything else."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return _plain(ip_address(bare))
    except ValueError:
        return None


def _hops(request: HTTPConnection) -> list[Address | None]:
    """The nearest first. A proxy may add a line of its own below one that the client made up."""
    lines = ",".join(request.headers.getlist(FORWARDED))
    parts = lines.rsplit(",", MOST_HOPS)[-MOST_HOPS:]
    return [parsed(part) for part in reversed(parts) if part.strip()]


def _within(address: Address, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks)


@lru_cache(maxsize=16)
def _networks(trusted: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(network, strict=False) for network in trusted)


def _plain(address: Address) -> Address:
    """IPv4 as IPv4, as which it is configured, where a socket for both writes it as IPv6."""
    if isinstance(address, IPv4Address):
        return address
    return address.ipv4_mapped or IPv6Address(int(address))


def _shown(address: Address) -> str:
    if isinstance(address, IPv4Address) or address.is_loopback:
        return str(address)
    return str(IPv6Network((int(address), SUBSCRIBER), strict=False))
