"""Sentences about disputes and what is decided about them."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS = ("no.", "since (UTC)", "state", "training", "claim", "shown", "passage")
STATES: Mapping[str, str] = {
    "quarantined": "waiting for review",
    "accepted": "accepted",
    "rejected": "not accepted",
}
CLAIMS: Mapping[str, str] = {"human": "a person wrote it", "machine": "a machine wrote it"}
NONE = "There is nothing to list."
UNKNOWN = "No dispute whose owner agreed to training has this number; see `neural-lab disputes list`."
NOT_MINE = "No dispute of this computer's own user has that number; see `neural-lab disputes list --mine`."
TAKEN_BACK = (
    "No later training reads dispute {number}. A detector that was trained on it keeps what it learnt until "
    "another one is trained."
)


def counts(quarantined: int, accepted: int, rejected: int, private: int) -> str:
    return (
        f"{quarantined:,} waiting for review, {accepted:,} accepted, {rejected:,} not accepted; "
        f"{private:,} without consent to training, which nobody else reads."
    )


def decided(number: int, state: str) -> str:
    return f"Dispute {number} is {STATES[state]}."


def agreed(number: int) -> str:
    return f"Dispute {number} may be used for training once it is accepted."


def deleted(number: int) -> str:
    return f"Dispute {number} is deleted with its passage."


def training(consented: str) -> str:
    return "yes" if consented else "no"


def shown(probability: float, claim: str, state: str, consented: str) -> str:
    said = f"{CLAIMS[claim]}; shown as {probability:.1%}; {STATES[state]}"
    return f"{said}; may be used for training: {training(consented)}"
