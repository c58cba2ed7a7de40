"""What one row of a corpus gives to be scored."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

Id = str | int | None


@dataclass(frozen=True, slots=True)
class Given:
    """A text, the bytes of a document, or the code of what kept the row from either.

    `row` says where it stands (`essays.csv:17`; the header of a table is row 1; a
    document's name alone), `path` is the absolute path of a document on this computer.
    """

    row: str
    id: Id = None
    text: str | None = None
    data: bytes | None = None
    error: str = ""
    path: str = ""

    @property
    def size(self) -> int:
        """Bytes it takes, more or less."""
        return len(self.text or "") + len(self.data or b"") + len(self.row) + 64

    @property
    def digest(self) -> bytes:
        """16 bytes that another row would not have."""
        parts = (self.row, repr(self.id), self.error, repr(self.text is None))
        fields = "\0".join(parts).encode("utf-8", "surrogatepass")
        body = (self.text or "").encode("utf-8", "surrogatepass") + b"\0" + (self.data or b"")
        return blake2b(fields + b"\0" + body, digest_size=16).digest()
