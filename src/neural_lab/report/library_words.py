"""Every sentence shown to people about a library and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neural_lab.report import words
from neural_lab.report.characters import one_line

if TYPE_CHECKING:
    from neural_lab.audit.audited import Audited
    from neural_lab.audit.scope import Scope
    from neural_lab.audit.source import Stats
    from neural_lab.tally import Tally

NAMED = 3
ADDING = "Adding"
EXPORTING = "Exporting"
READING = "Reading sources"
AUDITING = "Searching"
COMPARING = "Comparing"
SOURCE_COLUMNS = ("no.", "title", "date", "language", "collection", "characters")
ENTRY_COLUMNS = ("no.", "when (UTC)", "kind", "verdict", "probability", "shared", "title")
NO_SOURCES = "The library holds nothing here. Add texts with: neural-lab library add PATH…"
NOTHING_FOUND = "Nothing found."
NO_ENTRIES = (
    "Nothing is kept here yet. Reports are kept by: neural-lab check FILE… and neural-lab audit FILE…"
)
PURGE = "Delete all kept reports?"


def counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def taken_in(tally: Tally) -> str:
    """What became of texts that were to be added."""
    said = [f"{counted(len(tally.added), 'source was', 'sources were')} added"]
    if tally.replaced:
        said.append(f"{counted(len(tally.replaced), 'source was', 'sources were')} replaced by a newer text")
    kinds = {
        "": tally.known - tally.elsewhere - tally.renamed,
        ", in another collection": tally.elsewhere,
        ", under another title": tally.renamed,
    }
    said += [
        f"{counted(number, 'text was', 'texts were')} there already{how}"
        for how, number in kinds.items()
        if number
    ]
    return f"{'; '.join(said)}."


def remove(number: int) -> str:
    return f"Delete {counted(number, 'source', 'sources')}?"


def delete(number: int) -> str:
    return f"Delete {counted(number, 'report', 'reports')}?"


def unknown_source(named: str) -> str:
    return f"{named}: no source has this number or path; see `library list`."


def unknown_entry(number: int) -> str:
    return f"{number}: no kept report has this number; see `history list`."


def removed(number: int) -> str:
    return f"{counted(number, 'source was', 'sources were')} removed."


def deleted(number: int) -> str:
    return f"{counted(number, 'report was', 'reports were')} deleted."


def exported(number: int, path: str) -> str:
    to = "" if path == "-" else f" to {path}"
    return f"{counted(number, 'row was', 'rows were')} written{to}."


def stats(found: Stats, store: str, size: int | None) -> str:
    """How much a library holds, and where it lies."""
    lines = [
        f"{counted(found.sources, 'source', 'sources')} with {found.characters:,} characters",
        f"and {counted(found.fingerprints, 'fingerprint', 'fingerprints')}.",
    ]
    named = (
        f"  {name}: {counted(number, 'source', 'sources')}" for name, number in found.collections.items()
    )
    takes = "" if size is None else f" ({size:,} bytes with the history)"
    return "\n".join([" ".join(lines), *named, f"It lies in {store}{takes}."])


def shared(found: Audited | None, scope: Scope | None = None) -> str:
    """What a document shares with the user's library, in one line; "" where nothing was searched."""
    if found is None:
        return ""
    library = f"Your library ({searched(scope)})" if scope else "Your library"
    apart = "apart from this file itself, " if found.facts.itself else ""
    shares = list(found.shares().items())
    if not shares:
        return f"{library}: {apart}no passage of this text stands in it."
    named = ", ".join(
        f"{one_line(found.sources[n].title)} ({words.share(part)})" for n, part in shares[:NAMED]
    )
    more = f" and {len(shares) - NAMED} more" if len(shares) > NAMED else ""
    return (
        f"{library}: {apart}{words.share(found.coverage)} of this text stands in "
        f"{counted(len(shares), 'source', 'sources')}: {named}{more}. `neural-lab audit` shows the passages."
    )


def searched(scope: Scope) -> str:
    return f"{counted(scope.sources, 'source', 'sources')} with {scope.characters:,} characters"


def flagged(number: int, whole: int) -> str:
    return f"{number:,} of {counted(whole, 'sentence', 'sentences')} flagged."
