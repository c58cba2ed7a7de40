"""A report read back from a pack: what stands in it is measured, and all the rest follows from that anew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from neural_lab.evidence.fields import Field
from neural_lab.evidence.withheld import Withheld, dots
from neural_lab.outcome import ErrorRow, OperatingPoint, Report, SentenceScore
from neural_lab.rates import Kind
from neural_lab.reading import Limits
from neural_lab.types import Document, Finding, FindingKind, Page, Sentence, Span

MOST_CHARACTERS = Limits().characters


def restored(pack: Field, text: str | None) -> Report:
    """The report of a pack on `text`, or where that is not at hand on dots in its place.

    Of what follows from the rest (probabilities, verdict, flags) nothing is read. Raises `InvalidRequest`
    for what is missing, of another type or outside the text.
    """
    row, measured = pack.at("report"), pack.at("measured")
    length = row.at("characters").count(1)
    if length > MOST_CHARACTERS:
        row.at("characters").refuse(f"has to be at most {MOST_CHARACTERS:,}")
    scores = tuple(_score(at, each, length) for at, each in enumerate(_some(row.at("sentences"))))
    options, detector, most = pack.at("options"), pack.at("detector"), measured.maybe("most_disagreement")
    genre, writer = options.maybe("genre"), options.maybe("writer")
    return Report(
        _document(pack, [score.sentence.span for score in scores], length, text),
        detector.at("name").text(),
        detector.at("version").text(),
        scores,
        _point(row.at("operating_point")),
        measured.at("words").count(),
        measured.at("shortest_words").count(),
        _findings(row.at("findings"), length),
        _findings(row.at("human_evidence"), length),
        measured.at("known_words").share(),
        measured.at("fewest_known").share(),
        _text(row.maybe("language")),
        row.at("quoted_share").share(),
        tuple(map(_error_row, row.at("error_rows").each())),
        tuple(genre.text() for genre in row.at("genres").each()),
        measured.at("genre_measured").flag(),
        _text(genre),
        _text(writer),
        measured.at("disagreement").number(),
        most.number() if most else math.inf,
    )


def text_of(pack: Field) -> str | None:
    """The text in a pack, or None."""
    found = pack.maybe("text")
    if found and not found.text().strip():
        found.refuse("has to be more than white space")
    return found.text() if found else None


def document_of(pack: Field, text: str) -> Document:
    """What was examined, with `text` as its text."""
    row, options, length = pack.at("report"), pack.at("options"), len(text)
    return Document(
        text,
        row.at("title").text(),
        row.at("path").text(),
        tuple(Page(each.at("number").count(), each.span(length)) for each in options.at("pages").each()),
        tuple(each.span(length) for each in options.at("quoted").each()),
    )


def _document(pack: Field, sentences: Sequence[Span], length: int, text: str | None) -> Document:
    if text is not None and len(text) == length:
        return document_of(pack, text)
    bare = document_of(pack, dots(sentences, length))
    digest = pack.at("report").at("text_sha256").text()
    return Withheld(bare.text, bare.title, bare.path, bare.pages, bare.quoted, digest)


def _score(at: int, row: Field, length: int) -> SentenceScore:
    span = row.span(length)
    if not span.length:
        row.refuse("has to have a length")
    signals, terms = row.at("signals").numbers(), row.at("contributions").numbers()
    return SentenceScore(Sentence(at, span), signals, terms)


def _findings(row: Field, length: int) -> tuple[Finding, ...]:
    return tuple(
        Finding(each.at("kind").word(FindingKind), each.span(length), each.at("detail").text())
        for each in row.each()
    )


def _point(row: Field) -> OperatingPoint:
    return OperatingPoint(
        band=row.at("band").text(),
        document=row.at("document").share(),
        run=row.at("run").share(),
        **_rate(row, 0),
    )


def _error_row(row: Field) -> ErrorRow:
    machine = row.at("machine_texts").count()
    flagged = row.at("machine_flagged").number(0, machine)
    rate = _rate(row, 1)
    return ErrorRow(
        row.at("kind").word(Kind).value,
        row.at("group").text(),
        **rate,
        machine_flagged=int(flagged),
        machine_texts=machine,
    )


def _rate(row: Field, least: int) -> dict[str, Any]:
    """What operating points and error rows have in common; of at least so many texts."""
    texts, longest = row.at("texts").count(least), row.maybe("maximum_words")
    row.at("flagged").number(0, texts)
    low, high = _pair(row.at("interval"))
    return {
        "target": row.at("target").share(),
        "minimum_words": row.at("minimum_words").count(),
        "maximum_words": longest.count() if longest else None,
        "flagged": row.at("flagged").count(),
        "texts": texts,
        "interval": (low, high),
    }


def _pair(row: Field) -> tuple[float, float]:
    bounds = [each.share() for each in row.each()]
    if len(bounds) != 2 or bounds[0] > bounds[1]:
        row.refuse("has to be two numbers, the smaller first")
    return bounds[0], bounds[1]


def _some(row: Field) -> list[Field]:
    found = row.each()
    if not found:
        row.refuse("has to have entries")
    return found


def _text(field: Field | None) -> str | None:
    return field.text() if field else None
