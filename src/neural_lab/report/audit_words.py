"""Every sentence shown to people about audits and comparisons, in one place so that it can be translated.

They say what two texts share. None of them says who took what from whom: shared text
is no proof of anything. Nothing is imported to get at them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from neural_lab.report.characters import one_line
from neural_lab.report.words import share

if TYPE_CHECKING:
    from neural_lab.audit.exclusions import Exclusion, Switches
    from neural_lab.audit.match import Match
    from neural_lab.audit.scope import Scope
    from neural_lab.types import Document, Span

KINDS: Mapping[str, str] = {"verbatim": "word for word", "near_copy": "nearly word for word"}
KINDS_EXPLAINED: Mapping[str, str] = {
    "verbatim": "the same letters in the same order; case, accents, spaces and punctuation do not count",
    "near_copy": "edited in places; the percentage is how much of the longer passage both have",
    "excluded": "shared, but left out of the count",
    "common": "common text: stands in so many sources that it says nothing about any of them",
}

EXCLUSIONS: Mapping[str, str] = {
    "itself": "The source is the file of the document itself.",
    "sources": "The source was left out by choice.",
    "drafts": "By its file name, the source is a draft of the same text.",
    "template": "It stands mostly in text of the template.",
    "quotations": "It stands mostly in a quotation.",
    "bibliography": "It stands mostly in the list of references.",
    "small": "It is shorter than {smaller_than} characters.",
}

SWITCHES: Mapping[str, str] = {
    "itself": "the document's own file",
    "drafts": "drafts of the same text",
    "template": "text of the template",
    "quotations": "quotations",
    "bibliography": "the list of references",
}
LEFT_OUT = "Left out of the count: {parts}."
NOTHING_LEFT_OUT = "Nothing is left out of the count."
SMALLER = "matches of fewer than {smaller_than} characters"
CHOSEN = "{count} sources chosen by hand"
ONE_CHOSEN = "1 source chosen by hand"

MEANING = "The passages are evidence to look at. Shared text alone is no proof of anything."
LIMITS = (
    "It does not show who wrote a passage first, who took it from whom, or whether that was allowed. "
    "Quotations, set phrases, forms and shared origins make texts alike too.",
    "Paraphrase and translation are not found. Passages are compared letter by letter.",
    "Runs of fewer than 40 letters are not reported.",
    "Common text, which stands in very many sources, is shown apart and is not counted.",
    "What is left out of the count is told by marks of quotation, headings and file names, "
    "and those can mislead.",
    "The share is a share of characters. It does not say how much the passages matter.",
)
SEARCHED_LIBRARY = (
    "Only your own library was searched, and nothing on the internet. Text that is not in the library "
    "cannot be found: a low share does not show that a text stands nowhere else."
)
SEARCHED_COHORT = (
    "Only these documents were set against one another. Text that they share with anything else is not found."
)
LIMITS_TITLE = "What this does not show"
MOST_NAMES = 5

BRAND = "Neural Lab · what texts share"
SHARED = "{share} of the text is shared with sources"
SHARED_NOTHING = "Nothing that counts is shared"
COVERED = "{characters} of {total} characters are shared with {sources}."
COVERED_NOTHING = "No passage that counts is shared with any source that was searched."
EXCLUDED_COUNT = "{count} {matches} {are} left out of the count."
FURTHER_COUNT = "{count} further {matches} {are} left out of the count."
SEARCHED = "{sources} with {characters} characters {were} searched{where}."
SEARCHED_NOTHING = "The library that was searched holds no text, so nothing could be found in it."
IN_COLLECTION, IN_COLLECTIONS = ", in the collection {names}", ", in the collections {names}"
MORE_NAMES = "{names} and {count} more"
SOURCE, SOURCES = "1 source", "{count} sources"
MATCH, MATCHES = "match", "matches"
SOURCES_TITLE = "Sources"
SOURCE_COLUMNS = ("No.", "Source", "Share", "Matches", "Kinds")
FOLDED_COLUMNS = ("Source", "Kinds")
SOURCES_NOTE = (
    "Shares overlap where several sources have the same passage, so they do not add up to the whole."
)
TEXT = "The text"
TEXT_NOTE = "Each marked passage leads to its match. Where several sources share it, one is linked."
MATCHES_TITLE = "Matches"
EXCLUDED_TITLE = "Left out of the count"
COMMON_TITLE = "Common text"
COMMON_NOTE = (
    "These passages stand in so many sources that no single one could be named. They are not counted."
)
COMMON_COHORT_NOTE = (
    "These passages stand in so many of the documents that pairs could not be told apart by them. "
    "They are not counted."
)
COMMON = "{count} passages, {characters} characters ({share} of the text)"
ONE_COMMON = "1 passage, {characters} characters ({share} of the text)"
HERE, THERE = "this document", "the source"
BOTH_PLACES = "{here} here, {there} in the source"
PAIR_PLACES = "{here} in the first, {there} in the second document"
NO_TEXT = "The source's side is not shown: the text of the source is not at hand."
DIFFERING = "‹ › marks words that differ. Case, accents and punctuation do not count."
DIFFERING_DRAWN = "Underlined words differ. Case, accents and punctuation do not count."
CUT = "… {characters} more characters"
REST = "Not shown: {count} more. --full shows all."
REST_APART = "Not shown here: {count} more. The JSON output has all."
SAMPLE = "passage"
BACK = "In the text"
MORE_HERE = "{count} more {matches} here"

SUMMARY = "All documents"
SUMMARY_COLUMNS = ("Document", "Shared", "Sources", "Matches")

COHORT = "{count} documents compared"
COHORT_COLUMNS = ("No.", "Document", "Shared")
MATRIX = "Shares, pair by pair"
MATRIX_NOTE = (
    "Each row is a document: the number is the percentage of it that it shares with the document of the "
    "column. The two numbers of a pair differ where one text is longer than the other."
)
MATRIX_CELL = "{share} of document {row} is shared with document {column}"
PAIRS = "Most similar pairs"
PAIR_COLUMNS = ("Pair", "Share", "Matches")
PAIRS_NOTE = "Ordered by the larger of both shares."
COMMON_OF = "{number} · {title}: {common}"
NO_PAIRS = "No two of the documents share a passage that counts."
BETWEEN = "Shared: {first} of the first and {second} of the second document."


def headline(part: float) -> str:
    return SHARED.format(share=share(part)) if part else SHARED_NOTHING


def covered(characters: int, total: int, sources: int) -> str:
    """What the share of a document stands for."""
    if not characters:
        return COVERED_NOTHING
    return COVERED.format(characters=number(characters), total=number(total), sources=some_sources(sources))


def some_sources(count: int) -> str:
    return SOURCE if count == 1 else SOURCES.format(count=number(count))


def excluded_count(count: int, counted: int) -> str:
    """How many matches do not count, beside those that do."""
    said = FURTHER_COUNT if counted else EXCLUDED_COUNT
    return said.format(count=number(count), matches=matches(count), are="is" if count == 1 else "are")


def searched(scope: Scope) -> str:
    """What a document was set against."""
    if not scope.sources:
        return SEARCHED_NOTHING
    sources, were = some_sources(scope.sources), "was" if scope.sources == 1 else "were"
    where = _collections(scope.collections)
    return SEARCHED.format(sources=sources, characters=number(scope.characters), were=were, where=where)


def _collections(names: Sequence[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(map(one_line, names[:MOST_NAMES]))
    if len(names) > MOST_NAMES:
        shown = MORE_NAMES.format(names=shown, count=number(len(names) - MOST_NAMES))
    return (IN_COLLECTION if len(names) == 1 else IN_COLLECTIONS).format(names=shown)


def matches(count: int) -> str:
    return MATCH if count == 1 else MATCHES


def more_here(count: int) -> str:
    return MORE_HERE.format(count=number(count), matches=matches(count))


def exclusion(reason: Exclusion, switches: Switches) -> str:
    """Why a match does not count."""
    return EXCLUSIONS[reason].format(smaller_than=switches.smaller_than)


def left_out(switches: Switches, *, itself: bool) -> str:
    """The switches in force, in one sentence; `itself` says whether the document is among its sources."""
    turned = [key for key in SWITCHES if getattr(switches, key) and (itself or key != "itself")]
    parts = [SWITCHES[key] for key in turned]
    if switches.smaller_than > 0:
        parts.append(SMALLER.format(smaller_than=switches.smaller_than))
    if switches.sources:
        count = len(switches.sources)
        parts.append(ONE_CHOSEN if count == 1 else CHOSEN.format(count=count))
    return LEFT_OUT.format(parts=", ".join(parts)) if parts else NOTHING_LEFT_OUT


def kind(match: Match) -> str:
    """The kind of a match, with its similarity where that says more."""
    said = KINDS[match.kind]
    return said if match.kind == "verbatim" else f"{said}, {share(match.similarity)} the same"


def characters(start: int, end: int) -> str:
    return f"characters {start}–{end}"


def places(here: Span, there: Span, page: int | None, said: str = BOTH_PLACES) -> str:
    """Where a passage stands on both sides, in characters from 0 and, if the file has them, pages."""
    both = said.format(here=characters(*here), there=f"{there.start}–{there.end}")
    return f"page {page}, {both}" if page is not None else both


def hint(number: int, source: str, said: str, others: int) -> str:
    """What is said of a marked passage when it is pointed at."""
    more = f"; {more_here(others)}" if others else ""
    return f"Match {number}: {said}, “{source}”{more}"


def origin(document: Document) -> Mapping[str, str]:
    """What is needed to recognise this text and this audit again."""
    return {
        "Length": f"{number(len(document.text))} characters",
        "SHA-256 of the text": document.text_sha256,
    }


def number(count: int) -> str:
    return f"{count:,}"


def common(lengths: Sequence[int], total: int) -> str:
    """How much common text there is."""
    said = ONE_COMMON if len(lengths) == 1 else COMMON
    whole = sum(lengths)
    return said.format(count=number(len(lengths)), characters=number(whole), share=share(whole / total))


def cut(hidden: int) -> str:
    """What stands in for the rest of a passage."""
    return CUT.format(characters=number(hidden))


def rest(hidden: int) -> str:
    return REST.format(count=number(hidden))


def rest_apart(hidden: int) -> str:
    return REST_APART.format(count=number(hidden))


def between(first: float, second: float) -> str:
    """How much of either document of a pair is shared."""
    return BETWEEN.format(first=share(first), second=share(second))


def cell(part: float, row: int, column: int) -> str:
    return MATRIX_CELL.format(share=share(part), row=row, column=column)


def figure(part: float) -> str:
    """A share in a cell of the matrix: whole percent without the sign, a dot for none."""
    return share(part).rstrip("%") if part else "·"
