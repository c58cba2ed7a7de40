"""What an owner's library becomes when texts are added one after another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from neural_lab.audit.fingerprints import fingerprint
from neural_lab.audit.letters import letters
from neural_lab.audit.postings import pack
from neural_lab.audit.source import Incoming
from neural_lab.backends.postgres.escapes import escaped

Postings = tuple[list[int], list[bytes]]


@dataclass(frozen=True)
class Arrival:
    """A text that may be stored."""

    incoming: Incoming

    @cached_property
    def postings(self) -> Postings:
        return postings(self.incoming.text)

    @cached_property
    def origin(self) -> bytes:
        return digest(self.incoming.path)


def postings(text: str) -> Postings:
    """The distinct hashes of a text and the packed seeds of each."""
    return pack(fingerprint(letters(text).codes))


def digest(path: str) -> bytes:
    """What stands for a path; empty where there is none."""
    return sha256(escaped(path).encode("utf-8")).digest() if path else b""


@dataclass(frozen=True)
class Held:
    """A source that is stored already and shares its content or a path with an arrival.

    `path` is the digest of the path that it shows, `origins` are those of all its paths.
    """

    id: int
    sha256: str
    path: bytes
    origins: frozenset[bytes]


@dataclass
class Shelved:
    """Path and origins of a source as they will be."""

    path: bytes
    origins: set[bytes]


@dataclass
class Plan:
    """`numbered` are the arrivals that get a number, in order; `gone` the stored sources that are removed.

    An arrival can itself be replaced by a later one from the same path: it is in
    `numbered` but not among `kept`. By content: `stored` and `kept` together are `sources`.
    """

    stored: dict[str, Held]
    sources: dict[str, Shelved]
    numbered: list[int] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)


def plan(arrivals: Sequence[Arrival], held: Iterable[Held]) -> Plan:
    """Add `arrivals` in thought; `held` are the sources with the content or the path of any of them."""
    stored = {source.sha256: source for source in held}
    made = Plan(stored, {key: Shelved(each.path, {*each.origins}) for key, each in stored.items()})
    at = {path: key for key, source in stored.items() for path in source.origins}
    for number, arrival in enumerate(arrivals):
        key, path = arrival.incoming.sha256, arrival.origin
        older = at.get(path, key) if path else key
        if older != key:
            _leave(made, older, path)
        if key not in made.sources:
            made.numbered.append(number)
            made.kept[key], made.sources[key] = number, Shelved(path, set())
        made.sources[key].origins.add(path)
        at[path] = key
    return made


def _leave(made: Plan, older: str, path: bytes) -> None:
    """Take a path from a source, and the source away if it came from nowhere else."""
    source = made.sources[older]
    source.origins.remove(path)
    if source.path == path:
        source.path = b""
    if source.origins:
        return
    del made.sources[older]
    if older in made.stored:
        made.gone.append(made.stored.pop(older).id)
    else:
        del made.kept[older]
