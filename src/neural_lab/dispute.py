"""A flag that its reader says is wrong."""

from dataclasses import dataclass
from typing import Literal

from neural_lab.errors import InvalidRequest
from neural_lab.types import Span

Claim = Literal["human", "machine"]
QUARANTINED = "quarantined"
"""The state of every dispute: it is stored apart, and nothing is made of it."""
LONGEST_PASSAGE, LONGEST_NOTE, MOST_DISPUTES = 10_000, 1_000, 1_000


@dataclass(frozen=True, slots=True)
class Dispute:
    """What a report said of the `passage` at `span` of a text, and who wrote it in truth by the `claim`.

    `created` and `consented`, when the owner agreed that the passage is stored, are ISO
    8601 in UTC. `probability` of machine writing was shown by `detector` in `version`.
    """

    created: str
    consented: str
    title: str
    text_sha256: str
    span: Span
    passage: str
    probability: float
    detector: str
    version: str
    claim: Claim
    note: str = ""
    id: int = 0


def check_room(disputes: int) -> None:
    """Raises `InvalidRequest` when an owner has so many disputes that another is one too many."""
    if disputes >= MOST_DISPUTES:
        said = f"Nobody has more than {MOST_DISPUTES:,} disputes: withdraw one first."
        raise InvalidRequest("too_many_disputes", said)
