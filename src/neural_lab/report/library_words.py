"""Every sentence shown to people about a library and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neural_lab.report import words
from neural_lab.report.characters import one_line

if TYPE_CHECKING:
    from neural_lab.audit.audited import Audited
    from neural_lab.audit.source import Stats

NAMED = 3
ADDING = "Adding"
EXPORTING = "Exporting"
READING = "Reading sources"
AUDITING = "Searching"
COMPARING = "Comparing"
SOURCE_COLUMNS = ("no.", "title", "date", "language", "collection", "characters")
ENTRY_COLUMNS = ("no.", "when (UTC)", "kind", "verdict", "probability", "shared", "title")
NO_SOURCES = "The library holds nothing here. Add texts with: neural-lab library add PATH…"
NO_ENTRIES = "Nothing is kept here."
PURGE = "Delete all kept reports?"


def counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def taken_in(added: int, known: int) -> str:
    there = f"; {counted(known, 'text was', 'texts were')} there already" if known else ""
    return f"{counted(added, 'source was', 'sources were')} added{there}."


def removed(number: int) -> str:
    return f"{counted(number, 'source was', 'sources were')} removed."


def deleted(number: int) -> str:
    return f"{counted(number, 'report was', 'reports were')} deleted."


def exported(number: int, path: str) -> str:
    return f"{counted(number, 'row was', 'rows were')} written to {path}."


def stats(found: Stats) -> str:
    lines = [
        f"{counted(found.sources, 'source', 'sources')} with {found.characters:,} characters",
        f"and {counted(found.fingerprints, 'fingerprint', 'fingerprints')}.",
    ]
    named = (
        f"  {name}: {counted(number, 'source', 'sources')}" for name, number in found.collections.items()
    )
    return "\n".join([" ".join(lines), *named])


def shared(found: Audited | None) -> str:
    """What a document shares with the user's library, in one line; "" where nothing was searched."""
    if found is None:
        return ""
    shares = list(found.shares().items())
    if not shares:
        return "Your library: no passage of this text stands in it."
    named = ", ".join(
        f"{one_line(found.sources[n].title)} ({words.share(part)})" for n, part in shares[:NAMED]
    )
    more = f" and {len(shares) - NAMED} more" if len(shares) > NAMED else ""
    return (
        f"Your library: {words.share(found.coverage)} of this text stands in "
        f"{counted(len(shares), 'source', 'sources')}: {named}{more}. `neural-lab audit` shows the passages."
    )


def flagged(number: int, whole: int) -> str:
    return f"{number:,} of {counted(whole, 'sentence', 'sentences')} flagged."
