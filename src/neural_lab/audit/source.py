"""What others may have copied from: the texts of a library."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

DEFAULT_COLLECTION = "library"


@dataclass(frozen=True, slots=True)
class Source:
    """One stored text, without the text.

    `date` is the text's own, ISO 8601 or "", `added` when it was stored, ISO 8601 in
    UTC; `language` is a code of ISO 639 or "". `path` is absolute, or "".
    """

    id: int
    title: str
    path: str
    date: str
    language: str
    collection: str
    characters: int
    sha256: str
    added: str


@dataclass(frozen=True)
class Incoming:
    """A text on its way into a library; `Source` says what the fields are."""

    text: str
    title: str = ""
    path: str = ""
    date: str = ""
    language: str = ""
    collection: str = DEFAULT_COLLECTION

    @cached_property
    def sha256(self) -> str:
        return sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Stats:
    """How much a library holds; `fingerprints` counts a hash once in every source."""

    sources: int
    characters: int
    fingerprints: int
    collections: dict[str, int]
