"""Where two values of JSON differ, and by how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """A place, as `sentences[3].probability`; `size` is None where it is not two numbers that differ."""

    place: str
    size: float | None = None


def differences(given: object, other: object, place: str = "") -> Iterator[Difference]:
    """What is not equal, in the order of `given`. Numbers are equal whatever their type."""
    if isinstance(given, dict) and isinstance(other, dict):
        yield from _of_objects(given, other, f"{place}." if place else "")
    elif isinstance(given, list) and isinstance(other, list):
        yield from _of_lists(given, other, place)
    elif _is_number(given) and _is_number(other):
        if given != other:
            yield Difference(place, abs(given - other))  # type: ignore[operator]
    elif type(given) is not type(other) or given != other:
        yield Difference(place)


def _of_objects(given: dict[str, object], other: dict[str, object], place: str) -> Iterator[Difference]:
    for key in [*given, *(key for key in other if key not in given)]:
        if key in given and key in other:
            yield from differences(given[key], other[key], f"{place}{key}")
        else:
            yield Difference(f"{place}{key}")


def _of_lists(given: list[object], other: list[object], place: str) -> Iterator[Difference]:
    if len(given) != len(other):
        yield Difference(place)
        return
    for at, pair in enumerate(zip(given, other, strict=True)):
        yield from differences(*pair, f"{place}[{at}]")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
