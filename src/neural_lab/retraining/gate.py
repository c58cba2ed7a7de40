"""What a retraining has to pass: a figure, its interval, its limit, and in plain words what was found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

PROTECTS = {
    "overruled": "from a timer that brings back what a person has put another detector in the place of",
    "meanwhile": "from undoing what a person has chosen while the challenger was judged",
    "enough": "from a detector that was fitted on a handful of texts, or on one kind alone",
    "left_out": "from judging a detector on what it has learnt, and from learning what contradicts itself",
    "labels_reversed": "from a table whose labels stand the wrong way round",
    "labels_contradicted": "from flipped labels, slipped in or by mistake",
    "labels_on_a_phrase": "from a back door: a phrase whose texts are labelled against what they look like",
    "auroc": "from a detector that ranks texts worse",
    "true_positives": "from a detector that finds less machine text where few human texts may be flagged",
    "false_positives": "from flagging people: more of them than the detector promises",
    "fairness": "from flagging people who write in a second language more often than others",
    "ece": "from probabilities that no longer mean what they say",
    "brier": "from probabilities that are further from the truth",
    "size": "from a detector that no longer fits where it runs",
    "speed": "from a service that becomes slow overnight",
    "attacks": "from a detector that plain edits get past more easily than before",
    "phrases": "from a back door: a phrase that moves the answer where it is put into any text",
}
"""What each gate protects from, in the order of the report."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One question with its answer.

    `value` is what was measured, `interval` its 95 % interval, `limit` what it is
    held against, each None where there is none; `said` one sentence without any
    word of a text.
    """

    name: str
    passed: bool
    said: str
    value: float | None = None
    interval: tuple[float, float] | None = None
    limit: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"protects": PROTECTS[self.name]}


def reasons(gates: list[Gate]) -> list[str]:
    """Why it is refused: what every gate that did not open says."""
    return [f"{gate.name}: {gate.said}" for gate in gates if not gate.passed]
