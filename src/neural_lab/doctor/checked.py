"""What one check came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    NOT_HERE = "not here"


@dataclass(frozen=True, slots=True)
class Checked:
    """`found` and `advice` are sentences for people, `figures` the numbers in them; none holds a secret."""

    name: str
    state: State
    found: str
    advice: str = ""
    figures: Mapping[str, float | str] = field(default_factory=dict)


def ok(name: str, found: str, **figures: float | str) -> Checked:
    return Checked(name, State.OK, found, figures=figures)


def warning(name: str, found: str, advice: str, **figures: float | str) -> Checked:
    return Checked(name, State.WARNING, found, advice, figures)


def failed(name: str, found: str, advice: str, **figures: float | str) -> Checked:
    return Checked(name, State.FAILED, found, advice, figures)


def not_here(name: str, found: str, advice: str = "") -> Checked:
    return Checked(name, State.NOT_HERE, found, advice)


def not_installed(name: str, package: str, extra: str) -> Checked:
    advice = f"If you want it: pip install 'neural-lab[{extra}]'"
    return not_here(name, f"{package} is not installed.", advice)


def worst(found: list[Checked]) -> State:
    """`failed`, else `warning`, else `ok`: what is not here is nothing to worry about."""
    states = {each.state for each in found}
    return next((state for state in (State.FAILED, State.WARNING) if state in states), State.OK)
