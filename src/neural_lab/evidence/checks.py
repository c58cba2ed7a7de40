"""What is checked of a pack, how each check ended, and what all of them come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """One check each, in their order."""

    READABLE = "readable"
    DIGEST = "digest"
    TEXT = "text"
    SENTENCES = "sentences"
    SUMS = "sums"
    MEAN = "mean"
    VERDICT = "verdict"
    LIMITS = "limits"
    PAGE = "page"
    TRAIL = "trail"
    AUDIT = "audit"
    DETECTOR = "detector"
    RECOMPUTED = "recomputed"


class State(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    UNCHECKED = "unchecked"


class Why(StrEnum):
    """Why something was not checked, or what else is to be said of it."""

    STOPPED = "stopped"
    NO_TEXT = "no_text"
    NO_DETECTOR = "no_detector"
    OTHER_DETECTOR = "other_detector"
    OTHER_PROGRAM = "other_program"
    OTHER_COMPUTER = "other_computer"
    AT_A_CUT_POINT = "at_a_cut_point"
    LIBRARY = "library"
    OTHER_END = "other_end"


class Outcome(StrEnum):
    """`verified`: all agrees; `differs`: something does not; `another_detector`: it cannot be
    recomputed here; `incomplete`: what could be checked agrees, but not all could.
    """

    VERIFIED = "verified"
    DIFFERS = "differs"
    ANOTHER_DETECTOR = "another_detector"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Check:
    """`places` are fields of the pack that do not agree; `largest` is how far numbers are apart that do."""

    code: Code
    state: State = State.AGREES
    why: Why | None = None
    places: tuple[str, ...] = ()
    largest: float | None = None

    @classmethod
    def of(cls, code: Code, places: Sequence[str], why: Why | None = None) -> Check:
        """Whether there are places that do not agree."""
        return cls(code, State.DIFFERS if places else State.AGREES, why, tuple(places))

    @classmethod
    def open(cls, code: Code, why: Why, places: Sequence[str] = ()) -> Check:
        """Something that could not be checked."""
        return cls(code, State.UNCHECKED, why, tuple(places))


_ELSEWHERE = {Why.NO_DETECTOR, Why.OTHER_DETECTOR}


def outcome(checks: Sequence[Check]) -> Outcome:
    """What the checks come to. A library that is not searched anew is no gap: it may hold other texts."""
    if any(check.state is State.DIFFERS for check in checks):
        return Outcome.DIFFERS
    gaps = {check.code: check.why for check in checks if check.state is State.UNCHECKED}
    reasons = {why for why in gaps.values() if why is not Why.LIBRARY}
    if reasons & _ELSEWHERE or gaps.get(Code.RECOMPUTED) is Why.OTHER_PROGRAM:
        return Outcome.ANOTHER_DETECTOR
    return Outcome.INCOMPLETE if reasons else Outcome.VERIFIED
