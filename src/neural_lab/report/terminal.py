"""A report for the terminal. Text of the user never reaches it unneutralised, nor as markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from neural_lab.outcome import Report, SentenceScore
from neural_lab.report import words
from neural_lab.report.characters import one_line
from neural_lab.report.facts import Reference, highest, strongest
from neural_lab.report.findings import finding_lines
from neural_lab.report.scale import Sign, colour, sign
from neural_lab.report.signal_table import signal_table
from neural_lab.report.tables import bullets
from neural_lab.report.titles import place, title
from neural_lab.report.tracks import document_map
from neural_lab.types import Finding

LONG = 40
"""Longer documents are shown by their flagged sentences unless all are asked for."""
_MARGIN = {Sign.FLAGGED: "▌▌", Sign.LEANING: "▌ ", Sign.NONE: "  "}


def show(console: Console, report: Report, reference: Reference, *, full: bool = False) -> None:
    """Print everything known about one document."""
    console.print(Rule(Text(title(report.document)), align="left", style="none"))
    if place(report.document) != title(report.document):
        console.print(Text(place(report.document), style="dim"))
    for heading, body in _sections(report, reference, full, console):
        console.print(Text(heading, style="bold"))
        console.print(Padding(body, (0, 0, 1, 2)))
    for name, value in words.origin(report).items():
        console.print(Text(f"{name}: {value}", style="dim"))


def summarise(console: Console, reports: Sequence[Report]) -> None:
    """One line per document."""
    table = Table(title=words.SUMMARY, title_justify="left", title_style="bold")
    for heading, side in zip(words.SUMMARY_COLUMNS, ("left", "left", "right", "right"), strict=True):
        table.add_column(heading, justify="right" if side == "right" else "left", overflow="fold")
    for report in reports:
        table.add_row(
            Text(place(report.document)),
            words.VERDICTS[report.verdict],
            Text(words.shown(report), style=colour(report.probability) if report.measurable else ""),
            words.share(report.share_flagged) if report.measurable else words.NOTHING,
        )
    console.print(table)


def line(report: Report) -> str:
    """Verdict, probability, path, and where there is no conclusion the reason, separated by tabs."""
    reason = f"\t{report.reason.value}" if report.reason else ""
    return f"{report.verdict.value}\t{report.probability:.6f}\t{place(report.document)}{reason}"


def _sections(
    report: Report, reference: Reference, full: bool, console: Console
) -> Iterator[tuple[str, RenderableType]]:
    yield words.VERDICTS[report.verdict], _verdict(report)
    if report.measurable:
        yield words.MAP, document_map(report, max(min(console.width - 4, 100), 1))
        yield words.SIGNALS_TITLE, signal_table(report, reference, console.width)
        yield words.SENTENCES, Group(_legend(_in_colour(console)), Text(), *_sentences(report, full))
    if report.findings:
        yield words.FINDINGS_TITLE, _findings(words.FINDINGS_NOTE, report.findings)
    if report.human_evidence:
        yield words.EVIDENCE_TITLE, _findings(words.EVIDENCE_NOTE, report.human_evidence)
    yield words.LIMITS_TITLE, bullets(words.LIMITS)


def _verdict(report: Report) -> RenderableType:
    if not report.measurable:
        return Group(Text(words.conclusion(report)), Text(words.UNMEASURED))
    return Group(
        Text(words.conclusion(report)),
        Text(words.probability(report), style=colour(report.probability)),
        Text(words.breakdown(report)),
        *map(Text, (*words.notes(report), *words.rates(report))),
        Text(words.breakdown_rule(report)),
        Text(words.target(report.operating_point)),
    )


def _in_colour(console: Console) -> bool:
    return console.color_system is not None and not console.no_color


def _legend(in_colour: bool) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for mark, probability in ((Sign.FLAGGED, 1.0), (Sign.LEANING, 0.75), (Sign.NONE, 0.0)):
        table.add_row(Text(_MARGIN[mark], style=colour(probability)), Text(words.SIGNS[mark], style="dim"))
    return Group(table, Text(words.SCALE, style="dim")) if in_colour else table


def _sentences(report: Report, full: bool) -> Iterator[RenderableType]:
    """All sentences, or of a long document the flagged, else the highest ones and a summary of the rest."""
    all_of_them = full or len(report.sentences) <= LONG
    some = [s for s in report.sentences if report.flags(s)] or highest(report)
    shown = report.sentences if all_of_them else some
    table = Table.grid(padding=(0, 1))
    for justify in ("left", "right", "right", "left"):
        table.add_column(justify="right" if justify == "right" else "left", overflow="fold")
    for score in shown:
        table.add_row(*_row(report, score))
    yield table
    seen = {s.sentence.index for s in shown}
    rest = [s.probability for s in report.sentences if s.sentence.index not in seen]
    if rest:
        yield Text(words.rest(len(rest), median(rest), max(rest)), style="dim")


def _row(report: Report, score: SentenceScore) -> tuple[Text, ...]:
    style, mark = colour(score.probability), sign(report, score)
    text = Text(one_line(score.sentence.span.of(report.document.text)), style=style)
    if mark is Sign.FLAGGED:
        why = words.contributions(strongest(score))
        text.append(f"\n{why}" if why else "", style="not bold dim default")
    number = Text(str(score.sentence.index + 1), style="dim")
    return Text(_MARGIN[mark], style=style), number, Text(words.percent(score.probability), style=style), text


def _findings(note: str, findings: Sequence[Finding]) -> RenderableType:
    return Group(Text(note, style="dim"), bullets(list(finding_lines(findings))))
