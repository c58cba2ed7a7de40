"""What the page of an evidence pack shows besides the report: numbers, trail, and how it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from neural_lab.outcome import Report, SentenceScore
from neural_lab.report import evidence_words, words
from neural_lab.report.facts import strongest
from neural_lab.report.markup import Markup, join, tag

Values = Mapping[str, Any]


def numbers(report: Report) -> Markup:
    """Every sentence as a row, rounded as everywhere else in the page."""
    rows = (_row(report, score) for score in report.sentences)
    return _table(evidence_words.NUMBER_COLUMNS, rows)


def _row(report: Report, score: SentenceScore) -> Markup:
    start, end = score.sentence.span
    cells = (
        f"{start}–{end}",
        words.percent(score.probability),
        words.signed(score.logit),
        evidence_words.YES if report.flags(score) else "",
        words.contributions(strongest(score)),
    )
    name = tag("th", str(score.sentence.index + 1), scope="row")
    return tag("tr", name, *(tag("td", cell) for cell in cells))


def trail(snapshots: Sequence[Values], text_sha256: str) -> Markup:
    said = tag("p", evidence_words.trail(snapshots, text_sha256))
    befores = [0, *(each["characters"] for each in snapshots)]
    rows = (_snapshot(each, before) for each, before in zip(snapshots, befores, strict=False))
    note = tag("p", evidence_words.TRAIL_NOTE, class_="note")
    return join(said, _table(evidence_words.TRAIL_COLUMNS, rows), note)


def _snapshot(each: Values, before: int) -> Markup:
    characters = each["characters"]
    cells = (
        evidence_words.moment(each["at"]).removesuffix(" UTC"),
        f"{characters:,}",
        evidence_words.change(characters - before),
    )
    digest = tag("td", tag("code", each["digest"]))
    return tag("tr", tag("th", str(each["seq"]), scope="row"), *(tag("td", cell) for cell in cells), digest)


def origin(values: Values, report: Report) -> Markup:
    facts = {**words.origin(report), **evidence_words.origin(values)}
    listed = (join(tag("dt", name), tag("dd", value)) for name, value in facts.items())
    files = values["detector"]["files"].items()
    sums = (join(tag("dt", name), tag("dd", digest)) for name, digest in files)
    return join(tag("dl", *listed), tag("h3", evidence_words.FILES), tag("dl", *sums))


def _table(columns: Sequence[str], rows: Iterator[Markup]) -> Markup:
    head = tag("tr", *(tag("th", column, scope="col") for column in columns))
    return tag("table", tag("thead", head), tag("tbody", *rows))
