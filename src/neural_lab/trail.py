"""A text while it is written: a chain of snapshots, each of which seals those before it.

A chain shows that nothing in it was changed, unless all that follows was made anew. Only
a digest that somebody else was given in time shows when that was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from neural_lab.errors import InvalidRequest

FORM, FIRST = "neural-lab-trail-1", "0" * 64
"""What a line that is digested begins with, and what stands for the digest before the first."""
MOST_SNAPSHOTS, MOST_DRAFTS, MOST_BYTES = 2_000, 500, 128 << 20
"""Of a draft, of an owner, and packed, of all drafts of an owner."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A text at one moment, ISO 8601 in UTC; `seq` counts from 1, digests are hexadecimal."""

    seq: int
    at: str
    characters: int
    text_sha256: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A chain without its middle: when it began and went on, and its last snapshot in figures.

    `id` is a UUID in small letters that the owner's program made.
    """

    id: str
    title: str
    created: str
    updated: str
    snapshots: int
    characters: int
    digest: str


class Broken(StrEnum):
    """What can be wrong with a snapshot: its number, moment, link, own digest, or text."""

    ORDER = "order"
    TIME = "time"
    LINK = "link"
    DIGEST = "digest"
    CHARACTERS = "characters"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with the snapshot of a number."""

    seq: int
    kind: Broken


def digest(previous: str, seq: int, at: str, text_sha256: str) -> str:
    """SHA-256 of one line of ASCII, `FORM` and the values with a space between, without a line feed."""
    return sha256(f"{FORM} {previous} {seq} {at} {text_sha256}".encode("utf-8", "surrogatepass")).hexdigest()


def content(text: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def following(last: Snapshot | None, text: str, at: str) -> Snapshot:
    """The snapshot after `last`; its moment is never before that of `last`, though clocks are set back."""
    seq, previous = (last.seq + 1, last.digest) if last else (1, FIRST)
    moment, of_text = max(at, last.at) if last else at, content(text)
    return Snapshot(seq, moment, len(text), of_text, previous, digest(previous, seq, moment, of_text))


def verify(snapshots: Sequence[Snapshot], texts: Mapping[int, str] | None = None) -> list[Flaw]:
    """What is wrong with a chain, and with those of its texts that are given by number."""
    befores = [None, *snapshots][:-1]
    pairs = zip(befores, snapshots, strict=True)
    known = texts or {}
    return [flaw for before, each in pairs for flaw in flaws(each, before, known.get(each.seq))]


def flaws(snapshot: Snapshot, before: Snapshot | None, text: str | None = None) -> list[Flaw]:
    """What is wrong with a snapshot behind another one, or None for the first, and with its text if given."""
    seq, previous, at = (before.seq, before.digest, before.at) if before else (0, FIRST, "")
    sealed = digest(snapshot.previous, snapshot.seq, snapshot.at, snapshot.text_sha256)
    wrong = {
        Broken.ORDER: snapshot.seq != seq + 1,
        Broken.TIME: snapshot.at < at,
        Broken.LINK: snapshot.previous != previous,
        Broken.DIGEST: snapshot.digest != sealed,
        Broken.CHARACTERS: text is not None and snapshot.characters != len(text),
        Broken.TEXT: text is not None and snapshot.text_sha256 != content(text),
    }
    return [Flaw(snapshot.seq, kind) for kind, is_wrong in wrong.items() if is_wrong]


def check_room(last: Snapshot | None, drafts: int, held: int, more: int) -> None:
    """Raises `InvalidRequest` where there is no room for a snapshot of `more` bytes after `last`.

    The owner has so many `drafts`, and they hold so many bytes; `last` is None for a new draft.
    """
    if last is None and drafts >= MOST_DRAFTS:
        raise InvalidRequest("too_many_drafts", f"Nobody has more than {MOST_DRAFTS:,} drafts: delete one.")
    if last is not None and last.seq >= MOST_SNAPSHOTS:
        said = f"A draft has at most {MOST_SNAPSHOTS:,} snapshots: export this one and begin another."
        raise InvalidRequest("too_many_snapshots", said)
    if held + more > MOST_BYTES:
        said = f"Your drafts may take {MOST_BYTES >> 20} MiB: export old ones and delete them."
        raise InvalidRequest("trails_full", said)
