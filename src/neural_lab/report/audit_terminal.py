"""An audit for the terminal. Text of the user never reaches it unneutralised, nor as markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from neural_lab.audit.audited import Audited
from neural_lab.audit.scope import Scope
from neural_lab.report import audit_words, words
from neural_lab.report.audit_facts import (
    Shown,
    ambiguous,
    contributions,
    counting,
    covered,
    shown,
    source_name,
)
from neural_lab.report.characters import one_line
from neural_lab.report.cohort_terminal import show_cohort as show_cohort
from neural_lab.report.match_lines import FEW, common_lines, match_lines
from neural_lab.report.tables import bullets, table
from neural_lab.report.titles import place, title

MOST = 20
"""Of more matches, sources and passages only so many are shown unless all are asked for."""
Section = tuple[str, RenderableType]


def show(console: Console, audited: Audited, scope: Scope | None = None, *, full: bool = False) -> None:
    """Print everything known of what one document shares with what is in `scope`."""
    document = audited.document
    console.print(Rule(Text(title(document)), align="left", style="none"))
    if place(document) != title(document):
        console.print(Text(place(document), style="dim"))
    most = max(len(audited.matches), len(audited.common)) if full else MOST
    for heading, body in _sections(audited, scope, most, console.width):
        console.print(Text(heading, style="bold"))
        console.print(Padding(body, (0, 0, 1, 2)))
    for name, value in audit_words.origin(document).items():
        console.print(Text(f"{name}: {value}", style="dim"))


def show_limits(console: Console) -> None:
    """Print what holds for all audits."""
    console.print()
    console.print(Text(audit_words.LIMITS_TITLE, style="bold"))
    console.print(Padding(bullets((audit_words.SEARCHED_LIBRARY, *audit_words.LIMITS)), (0, 0, 1, 2)))


def summarise(console: Console, audits: Sequence[Audited]) -> None:
    """One line per document."""
    made = table(audit_words.SUMMARY_COLUMNS, words.SUMMARY, audit_words.SUMMARY_COLUMNS[:1])
    for audited in audits:
        numbers = words.share(audited.coverage), str(counting(audited)), str(len(audited.counted))
        made.add_row(Text(place(audited.document)), *numbers)
    console.print(made)


def line(audited: Audited) -> str:
    """Coverage, number of sources with a match that counts, and path, separated by tabs."""
    return f"{audited.coverage:.6f}\t{counting(audited)}\t{place(audited.document)}"


def _sections(audited: Audited, scope: Scope | None, most: int, width: int) -> Iterator[Section]:
    matches = shown(audited)
    counted = [each for each in matches if each.reason is None]
    excluded = [each for each in matches if each.reason is not None]
    yield audit_words.headline(audited.coverage), _conclusion(audited, scope)
    if counted:
        yield audit_words.SOURCES_TITLE, Group(*_sources(audited, most))
        yield audit_words.MATCHES_TITLE, Group(*_matches(audited, counted, most, width))
    if excluded:
        yield audit_words.EXCLUDED_TITLE, Group(*_excluded(audited, excluded, most, width))
    if audited.common:
        yield audit_words.COMMON_TITLE, Group(*_common(audited, most, width))


def _conclusion(audited: Audited, scope: Scope | None) -> RenderableType:
    counted = len(audited.counted)
    excluded = len(audited.matches) - counted
    said = [audit_words.covered(covered(audited), len(audited.document.text), counting(audited))]
    said += [audit_words.excluded_count(excluded, counted)] if excluded else []
    said.append(audit_words.left_out(audited.switches, itself=bool(audited.facts.itself)))
    said += [audit_words.searched(scope)] if scope else []
    return Group(*map(Text, said), Text(audit_words.MEANING, style="dim"))


def _sources(audited: Audited, most: int) -> Iterator[RenderableType]:
    """The sources with matches that count."""
    counted = [each for each in contributions(audited) if each.matches]
    made = table(audit_words.SOURCE_COLUMNS, folded=audit_words.FOLDED_COLUMNS)
    twice = ambiguous(audited)
    for each in counted[:most]:
        kinds = ", ".join(audit_words.KINDS[kind] for kind in each.kinds)
        name = Text(source_name(audited, each.source.id))
        if each.source.id in twice and each.source.path:
            name.append(f"\n{one_line(each.source.path)}", style="dim")
        made.add_row(str(each.source.id), name, words.share(each.share), str(each.matches), kinds)
    yield made
    yield from _rest(len(counted) - most)
    yield Text(audit_words.SOURCES_NOTE, style="dim")


def _matches(audited: Audited, matches: Sequence[Shown], most: int, width: int) -> Iterator[RenderableType]:
    yield Text(audit_words.DIFFERING if audited.texts else audit_words.NO_TEXT, style="dim")
    for each in matches[:most]:
        yield match_lines(audited, each, width)
    yield from _rest(len(matches) - most)


def _excluded(audited: Audited, matches: Sequence[Shown], most: int, width: int) -> Iterator[RenderableType]:
    for each in matches[:most]:
        yield match_lines(audited, each, width, FEW)
    yield from _rest(len(matches) - most)


def _common(audited: Audited, most: int, width: int) -> Iterator[RenderableType]:
    lengths = [span.length for span in audited.common]
    yield Text(audit_words.common(lengths, len(audited.document.text)))
    yield Text(audit_words.COMMON_NOTE, style="dim")
    yield common_lines(audited, most, width)
    yield from _rest(len(lengths) - most)


def _rest(hidden: int) -> Iterator[RenderableType]:
    if hidden > 0:
        yield Text(audit_words.rest(hidden), style="dim")
