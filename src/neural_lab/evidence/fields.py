"""Values of a pack by type and range; what does not fit is named by its place and never repeated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from neural_lab.errors import InvalidRequest
from neural_lab.types import Span

Word = TypeVar("Word", bound=StrEnum)
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Field:
    """One value and its place, as `report.sentences[3].probability`. All methods raise `InvalidRequest`."""

    value: Any
    place: str = ""
    what: str = "evidence pack"
    """What it is no part of, if it is not as it has to be."""

    def at(self, key: str) -> Field:
        """A field of an object."""
        found = self.object()
        if key not in found:
            self._inner(None, key).refuse("is missing")
        return self._inner(found[key], key)

    def maybe(self, key: str) -> Field | None:
        """A field of an object, or None where it is null."""
        found = self.at(key)
        return None if found.value is None else found

    def each(self) -> list[Field]:
        if not isinstance(self.value, list):
            self.refuse("has to be a list")
        return [Field(item, f"{self.place}[{at}]", self.what) for at, item in enumerate(self.value)]

    def object(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            self.refuse("has to be an object")
        found: dict[str, Any] = self.value
        return found

    def only(self, known: Collection[str]) -> Field:
        """The object itself, which has no other fields than the `known`."""
        for key in self.object():
            if key not in known:
                self._inner(None, _named(key)).refuse("is unknown")
        return self

    def text(self) -> str:
        if not isinstance(self.value, str):
            self.refuse("has to be text")
        found: str = self.value
        return found

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.refuse("has to be true or false")
        return bool(self.value)

    def number(self, least: float = -1e15, most: float = 1e15) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self.refuse("has to be a number")
        if not least <= self.value <= most:
            self.refuse(f"has to be from {least:g} to {most:g}")
        return float(self.value)

    def share(self) -> float:
        return self.number(0, 1)

    def count(self, least: int = 0) -> int:
        number = self.number(least)
        if number != int(number):
            self.refuse("has to be a whole number")
        return int(number)

    def word(self, kind: type[Word]) -> Word:
        known = [member.value for member in kind]
        if self.text() not in known:
            self.refuse(f"has to be one of {', '.join(known)}")
        return kind(self.value)

    def numbers(self) -> dict[str, float]:
        """An object all of whose values are numbers."""
        return {key: self._inner(each, _named(key)).number() for key, each in self.object().items()}

    def span(self, length: int) -> Span:
        """`start` and `end` of an object, in a text of that many characters."""
        start, end = self.at("start").count(), self.at("end").count()
        if not start <= end <= length:
            self.refuse(f"has to lie in the text, which has {length:,} characters")
        return Span(start, end)

    def refuse(self, said: str) -> NoReturn:
        raise InvalidRequest("bad_pack", f"This is no {self.what}: {self.place or 'it'} {said}.")

    def _inner(self, value: Any, key: str) -> Field:
        return Field(value, f"{self.place}.{key}" if self.place else key, self.what)


def _named(key: str) -> str:
    """A name that whoever made the file chose, short enough to be said."""
    return key if len(key) <= LONGEST_NAME else f"{key[:LONGEST_NAME]}…"
