"""How much of a file is read before it is refused."""

from __future__ import annotations

import time
from dataclasses import dataclass

from neural_lab.reading.refusal import Refused


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file; `unpacked_bytes`, `unpack_ratio` and `members` are those of docx, odt and epub."""

    file_bytes: int = 50_000_000
    pages: int = 2_000
    unpacked_bytes: int = 200_000_000
    unpack_ratio: int = 200
    members: int = 10_000
    characters: int = 5_000_000
    seconds: float = 60.0


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one reading, and the monotonic time at which it must be over."""

    limits: Limits
    deadline: float

    @classmethod
    def start(cls, limits: Limits) -> Budget:
        return cls(limits, time.monotonic() + limits.seconds)

    def tick(self) -> None:
        """Called between pages and elements: no library used here can be interrupted inside one."""
        if time.monotonic() > self.deadline:
            raise Refused(
                "took_too_long", f"took longer than {self.limits.seconds:g} seconds to read; split it"
            )

    def allow_bytes(self, count: int) -> None:
        if count > self.limits.file_bytes:
            megabytes = self.limits.file_bytes / 1e6
            raise Refused("too_large", f"is larger than {megabytes:g} MB; split it or save it without images")

    def allow_pages(self, count: int) -> None:
        if count > self.limits.pages:
            raise Refused("too_many_pages", f"has more than {self.limits.pages} pages; split it")

    def allow_characters(self, count: int) -> None:
        if count > self.limits.characters:
            most = self.limits.characters
            raise Refused("too_many_characters", f"holds more than {most} characters; split it")
