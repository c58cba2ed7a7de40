"""A zip archive in memory that is never trusted about its own sizes."""

from __future__ import annotations

import zipfile
from io import BytesIO

from neural_lab.reading.limits import Budget
from neural_lab.reading.refusal import Refused

_ENTRY = b"PK\x01\x02"
_PIECE = 1 << 18
# A small file may well consist of one repeated line: the ratio says nothing below this size.
_RATIO_COUNTS_FROM = 10_000_000
_INFLATABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Archive:
    """Members are inflated piece by piece and counted, all together, against the limits."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        if data.count(_ENTRY) > budget.limits.members:
            raise Refused("unpacks_too_large", f"holds more than {budget.limits.members} files; split it")
        self._zip = zipfile.ZipFile(BytesIO(data))
        self._budget = budget
        self._most = self._most_bytes(len(data))
        self._unpacked = 0

    def _most_bytes(self, packed: int) -> int:
        limits = self._budget.limits
        return min(limits.unpacked_bytes, max(packed * limits.unpack_ratio, _RATIO_COUNTS_FROM))

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._zip.namelist())

    def read(self, name: str) -> bytes:
        member = self._zip.getinfo(name)
        if member.flag_bits & 1:
            raise Refused("encrypted")
        if member.compress_type not in _INFLATABLE:
            raise Refused("damaged")
        return self._inflate(member)

    def _inflate(self, member: zipfile.ZipInfo) -> bytes:
        pieces = []
        with self._zip.open(member) as stream:
            while piece := stream.read(_PIECE):
                self._count(len(piece))
                pieces.append(piece)
        return b"".join(pieces)

    def _count(self, unpacked: int) -> None:
        self._budget.tick()
        self._unpacked += unpacked
        if self._unpacked > self._most:
            raise Refused(
                "unpacks_too_large", "unpacks to far more than a document holds; save it again as text"
            )
