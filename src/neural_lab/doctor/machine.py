"""What is to be checked: as the user said, else as the settings have it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from neural_lab.doctor.address import shown
from neural_lab.settings import read_settings, serve_table


@dataclass
class Machine:
    """`network` gathers what was asked over the network, without passwords."""

    store: str | None = None
    redis: str | None = None
    host: str | None = None
    port: int | None = None
    network: list[str] = field(default_factory=list)

    def store_url(self) -> str:
        """Raises `InvalidRequest` where the settings cannot be read."""
        return self.store or read_settings().store

    def redis_url(self) -> str | None:
        return self.redis or self.setting("redis")

    def setting(self, name: str) -> str | None:
        """A setting of the service as it was written: in the environment, else in `[serve]`."""
        written = os.environ.get(f"NEURAL_LAB_{name.upper()}") or serve_table().get(name)
        return None if written is None else str(written)

    def asks(self, url: str) -> str:
        """Note that a server is asked; returns its address as it may be shown."""
        address = shown(url)
        self.network.append(address)
        return address
