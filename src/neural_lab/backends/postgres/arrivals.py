"""What an owner's library becomes when texts are added one after another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from neural_lab.audit.fingerprints import fingerprint
from neural_lab.audit.letters import letters
from neural_lab.audit.postings import pack
from neural_lab.audit.source import Incoming

Postings = tuple[list[int], list[bytes]]


@dataclass(frozen=True)
class Arrival:
    """A text that may be stored."""

    incoming: Incoming

    @cached_property
    def postings(self) -> Postings:
        return postings(self.incoming.text)


def postings(text: str) -> Postings:
    """The distinct hashes of a text and the packed seeds of each."""
    return pack(fingerprint(letters(text).codes))


@dataclass(frozen=True)
class Held:
    """A source that is stored already and shares its content or its path with an arrival."""

    id: int
    sha256: str
    path: str


@dataclass
class Plan:
    """`numbered` are the arrivals that get a number, in order; `gone` the sources that they replace.

    An arrival can itself be replaced by a later one from the same path: it is in
    `numbered` but not among `kept`.
    """

    numbered: list[int] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)


def plan(arrivals: Sequence[Arrival], held: Iterable[Held]) -> Plan:
    """Add `arrivals` in thought; `held` are the sources with the content or the path of any of them."""
    made, stored = Plan(), {source.sha256: source for source in held}
    at = {source.path: source.sha256 for source in stored.values() if source.path}
    for number, arrival in enumerate(arrivals):
        key, path = arrival.incoming.sha256, arrival.incoming.path
        if key in stored or key in made.kept:
            continue
        if path and (older := at.pop(path, None)):
            _replace(made, stored, older)
        made.numbered.append(number)
        made.kept[key] = number
        if path:
            at[path] = key
    return made


def _replace(made: Plan, stored: dict[str, Held], older: str) -> None:
    if older in stored:
        made.gone.append(stored.pop(older).id)
    else:
        del made.kept[older]
