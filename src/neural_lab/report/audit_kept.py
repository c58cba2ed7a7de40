"""Audits read back from the JSON that was kept of them, so that other switches need no new search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from neural_lab.audit.audited import Audited
from neural_lab.audit.exclusions import Facts, Switches
from neural_lab.audit.match import Match, MatchKind
from neural_lab.audit.source import Source
from neural_lab.errors import InvalidRequest
from neural_lab.types import Document, Page, Span

Row = Mapping[str, Any]
T = TypeVar("T", int, bool, str)

PLACES = ("quotations", "bibliography", "template")
COUNTED = ("smaller_than", "sources")
DAMAGED = "The kept audit is damaged or is not of this text; audit the document again."


def restored(row: Row, text: str) -> Audited:
    """The audit of `text` that `audit_json.document` wrote as `row`, without texts of the sources.

    Raises `InvalidRequest` if anything in it is missing, of another type or outside the text.
    """
    try:
        title, path = (_of(row[key], str) for key in ("title", "path"))
        return _audited(row, Document(text, title, path, _pages(row, len(text))))
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidRequest("damaged_entry", DAMAGED) from error


def _audited(row: Row, document: Document) -> Audited:
    if row["text_sha256"] != document.text_sha256:
        raise ValueError("another text")
    length, sources = len(document.text), {source.id: source for source in map(_source, row["sources"])}
    matches = tuple(_match(each, sources, length) for each in row["matches"])
    common, facts = _spans(row["common_text"], length), _facts(row["facts"], length)
    return Audited(document, matches, common, sources, facts, _switches(row["exclusions"]))


def _pages(row: Row, length: int) -> tuple[Page, ...]:
    """Pages, of which one may be empty."""
    return tuple(
        Page(_of(each["number"], int), _bounded(each["start"], each["end"], length)) for each in row["pages"]
    )


def _source(row: Row) -> Source:
    numbers = {key: _count(row[key]) for key in ("id", "characters")}
    said = {each.name: _of(row[each.name], str) for each in fields(Source) if each.name not in numbers}
    values: dict[str, Any] = numbers | said
    return Source(**values)


def _match(row: Row, sources: Mapping[int, Source], length: int) -> Match:
    source = sources[_of(row["source"]["id"], int)]
    there = _filled(_bounded(row["source_start"], row["source_end"], source.characters))
    return Match(
        _span(row, length),
        source.id,
        there,
        _share(row["similarity"]),
        MatchKind(row["kind"]),
        _spans(row["runs"], length),
    )


def _facts(row: Row, length: int) -> Facts:
    quotations, references, template = (_spans(row[key], length) for key in PLACES)
    return Facts(quotations, references, template, _numbers(row["itself"]), _numbers(row["drafts"]))


def _switches(row: Row) -> Switches:
    turned = {each.name: _of(row[each.name], bool) for each in fields(Switches) if each.name not in COUNTED}
    return Switches(**turned, smaller_than=_count(row["smaller_than"]), sources=_numbers(row["sources"]))


def _numbers(row: list[object]) -> frozenset[int]:
    return frozenset(_of(number, int) for number in row)


def _spans(rows: list[Row], length: int) -> tuple[Span, ...]:
    return tuple(_span(row, length) for row in rows)


def _span(row: Row, length: int) -> Span:
    return _filled(_bounded(row["start"], row["end"], length))


def _filled(span: Span) -> Span:
    if not span.length:
        raise ValueError("an empty span")
    return span


def _bounded(start: object, end: object, length: int) -> Span:
    span = Span(_count(start), _count(end))
    if not span.start <= span.end <= length:
        raise ValueError("a span outside its text")
    return span


def _count(value: object) -> int:
    number = _of(value, int)
    if number < 0:
        raise ValueError("a negative number")
    return number


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    if not 0 <= value <= 1:
        raise ValueError("not a share")
    return float(value)


def _of(value: object, kind: type[T]) -> T:
    """`value`, which has to be of `kind` itself: a bool is no number here."""
    if type(value) is not kind:
        raise TypeError(f"not of type {kind.__name__}")
    return value
