"""One match on a terminal: where it stands, and both passages one below the other."""

from __future__ import annotations

import re

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from neural_lab.audit.audited import Audited
from neural_lab.report import audit_words
from neural_lab.report.audit_facts import Shown, page_of, source_name
from neural_lab.report.characters import one_line, visible
from neural_lab.report.passages import SideBySide, Stretch, alone, marked, side_by_side
from neural_lab.report.whole_words import widened

LINES, FEW = 3, 1
"""A passage fills so many lines beside its label, and one that does not count so many."""
_LABEL, _LEAST = 22, 60
"""Room for the label; a passage is never cut to less than the least."""
_DIFFERS = "bold"


def where(audited: Audited, each: Shown) -> Text:
    """Source, kind and places of a match."""
    name, match = source_name(audited, each.match.source), each.match
    places = audit_words.places(match.span, match.source_span, page_of(audited.document, match.span))
    return Text.assemble((name, "bold"), f" · {audit_words.kind(match)} · {places}")


def match_lines(audited: Audited, each: Shown, width: int, lines: int = LINES) -> RenderableType:
    """A match with a few lines of both passages, or of the document's where the other is not at hand.

    Why it does not count stands below it.
    """
    own, other = audited.document.text, (audited.texts or {}).get(each.match.source)
    longest = max(lines * (width - _LABEL), _LEAST)
    if other is None:
        body = _grid({audit_words.HERE: _passage(alone(each.match, own, longest), own=True)})
    else:
        found = side_by_side(each.match, own, other, longest)
        names = {audit_words.HERE: True, audit_words.THERE: False}
        body = _grid({name: _passage(found, own=mine) for name, mine in names.items()})
    reason = [audit_words.exclusion(each.reason, audited.switches)] if each.reason else []
    made = Table.grid(padding=(0, 1))
    said = Group(where(audited, each), *(Text(line, style="dim") for line in reason), body)
    made.add_row(Text(str(each.number), style="dim"), said)
    return made


def common_lines(audited: Audited, most: int, width: int) -> RenderableType:
    """The first line of passages that are common text, with their places."""
    text, longest = audited.document.text, max(FEW * (width - _LABEL), _LEAST)
    made = Table.grid(padding=(0, 1))
    for span in audited.common[:most]:
        wide = widened(span, text)
        said = Text(one_line(text[wide.start : min(wide.end, wide.start + longest)]))
        if wide.length > longest:
            said.append(f" {audit_words.cut(wide.length - longest)}", style="dim")
        made.add_row("•", Group(Text(audit_words.characters(*span), style="dim"), said))
    return made


def _grid(passages: dict[str, Text]) -> Table:
    made = Table.grid(padding=(0, 1))
    made.add_column(overflow="fold", max_width=_LABEL - 8)
    made.add_column(overflow="fold")
    for name, passage in passages.items():
        made.add_row(Text(name, style="dim"), passage)
    return made


def _passage(passages: SideBySide, *, own: bool) -> Text:
    """One side on one line, folded by the terminal."""
    said = Text.assemble(*(part for each in passages.stretches for part in _words(each, own=own)))
    hidden = passages.own_rest if own else passages.other_rest
    if hidden > 0:
        said.append(f" {audit_words.cut(hidden)}", style="dim")
    return said


def _words(each: Stretch, *, own: bool) -> list[tuple[str, str]]:
    """A stretch of one side, words that differ between marks."""
    said = each.own if own else each.other
    before, words, behind = ("", "", said) if each.same else marked(said)
    differing = [(f"‹{_flat(words)}›", _DIFFERS)] if words else []
    return [(_flat(before), ""), *differing, (_flat(behind), "")]


def _flat(text: str) -> str:
    """As `one_line`, white space at the ends included."""
    return visible(re.sub(r"\s+", " ", text))
