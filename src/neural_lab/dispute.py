"""A flag that its reader says is wrong, and what becomes of it."""

from dataclasses import dataclass, replace
from typing import Literal

from neural_lab.errors import InvalidRequest, NotFound
from neural_lab.types import Span

Claim = Literal["human", "machine"]
State = Literal["quarantined", "accepted", "rejected"]
Decision = Literal["accepted", "rejected"]
QUARANTINED: State = "quarantined"
"""The state of a dispute that nobody has decided about: it is stored apart, and nothing is made of it."""
LONGEST_PASSAGE, LONGEST_NOTE, MOST_DISPUTES = 10_000, 1_000, 1_000
# What was accepted in error has to have a way out; and of two who decide at once, a no stands.
_BEFORE: dict[Decision, tuple[State, ...]] = {
    "accepted": (QUARANTINED,),
    "rejected": (QUARANTINED, "accepted"),
}
_NONE = "No dispute whose owner agreed to training has this number."


@dataclass(frozen=True, slots=True)
class Dispute:
    """What a report said of the `passage` at `span` of a text, and who wrote it in truth by the `claim`.

    `created`, `consented`, when the owner agreed that the passage is stored, and
    `training_consented`, when also that detectors are trained on it, are ISO 8601 in UTC; "" is never.
    So is `reviewed`, when the account `reviewer` decided; 0 is whoever runs this computer.
    `probability` of machine writing was shown by `detector` in `version`. `owner` is known
    only where disputes of several owners stand together.
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
    training_consented: str = ""
    state: State = QUARANTINED
    reviewed: str = ""
    reviewer: int = 0
    review_note: str = ""
    owner: str = ""

    @property
    def released(self) -> bool:
        """Whether detectors may be trained on the passage: both its owner and a reviewer said so."""
        return self.state == "accepted" and bool(self.training_consented)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many disputes are in each state where the owner agreed to training; `private` are all others."""

    quarantined: int = 0
    accepted: int = 0
    rejected: int = 0
    private: int = 0


def counted(dispute: Dispute) -> str:
    """Which of the `Counts` a dispute belongs to."""
    return dispute.state if dispute.training_consented else "private"


def check_room(disputes: int) -> None:
    """Raises `InvalidRequest` when an owner has so many disputes that another is one too many."""
    if disputes >= MOST_DISPUTES:
        said = f"Nobody has more than {MOST_DISPUTES:,} disputes: withdraw one first."
        raise InvalidRequest("too_many_disputes", said)


def filed(dispute: Dispute, number: int) -> Dispute:
    """A dispute as it is when it comes in: with its number, and with no decision."""
    numbered = replace(dispute, id=number, owner="")
    return replace(numbered, state=QUARANTINED, reviewed="", reviewer=0, review_note="")


def decided(dispute: Dispute | None, decision: Decision, reviewer: int, at: str, note: str = "") -> Dispute:
    """The dispute after a decision. What is rejected stays so; what is accepted can still be rejected.

    Raises `NotFound` without consent to training, as for no dispute at all, and `InvalidRequest`
    where it is decided already.
    """
    if dispute is None or not dispute.training_consented:
        raise NotFound("no_dispute", _NONE)
    if dispute.state not in _BEFORE[decision]:
        raise InvalidRequest("already_decided", f"This dispute is {dispute.state} already.")
    return replace(dispute, state=decision, reviewed=at, reviewer=reviewer, review_note=note)
