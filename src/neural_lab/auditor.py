"""Documents audited against a library, or against one another."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePath

from neural_lab.audit.audited import Audited, Cohort
from neural_lab.audit.bibliography import bibliography
from neural_lab.audit.drafts import draft_name
from neural_lab.audit.exclusions import Facts, Switches
from neural_lab.audit.match import Shared
from neural_lab.audit.postings import MOST_SOURCES
from neural_lab.audit.shared import by_place, shared
from neural_lab.audit.source import DEFAULT_COLLECTION, Incoming, Source
from neural_lab.detect.quotation import quotations_in
from neural_lab.ports import Library
from neural_lab.types import Document, Span

QUOTED = 3
"""Words between quotation marks from which on they are a quotation."""

Named = dict[int, Source]
Holders = dict[int | None, list[int]]
"""Numbers of the documents, from 1, that hold each distinct text."""
Watched = Callable[[Sequence[int]], Iterable[int]]
MOST_KEPT = 100_000_000
MOST_COMPARED = 1000
"""In a comparison what more documents than that share is common text."""


class Auditor:
    """A library, and templates whose text belongs to everybody.

    With `collections` only sources of those are looked at.
    """

    def __init__(
        self, library: Library, templates: Library | None = None, collections: Collection[str] = ()
    ) -> None:
        self._library = library
        self._templates = templates
        self._collections = frozenset(collections)
        self._kept: dict[int, str] = {}

    def audit(self, document: Document, switches: Switches = Switches(), path: str = "") -> Audited:
        """What `document`, read from the absolute `path`, shares with the library.

        Raises `StoreUnavailable`.
        """
        itself = self._library.added_from(path)
        found = self._found(document, itself if switches.itself else 0)
        sources = self._sources(found)
        matches = tuple(match for match in found.matches if match.source in sources)
        texts = self._texts(list(sources))
        facts = self._facts(document, sources, path, itself)
        return Audited(document, matches, found.common, sources, facts, switches, texts)

    def _found(self, document: Document, itself: int) -> Shared:
        """What is shared; the document's own copy does not help to make anything common text."""
        among = self._among()
        others = partial(self._library.recall, among=among, without=itself)
        found = shared(document.text, others, self._texts)
        if not itself or (among is not None and itself not in among):
            return found
        own = shared(document.text, partial(self._library.recall, among=[itself]), self._texts)
        return Shared(tuple(sorted((*found.matches, *own.matches), key=by_place)), found.common)

    def _among(self) -> list[int] | None:
        """The sources of the collections that are meant, or None for all."""
        if not self._collections:
            return None
        return [each.id for each in self._library.sources() if each.collection in self._collections]

    def _texts(self, numbers: Sequence[int]) -> dict[int, str]:
        """Texts of sources, kept from one document to the next up to `MOST_KEPT` characters."""
        if sum(map(len, self._kept.values())) > MOST_KEPT:
            self._kept = {}
        missing = [number for number in numbers if number not in self._kept]
        self._kept |= self._library.texts(missing) if missing else {}
        return {number: self._kept[number] for number in numbers if number in self._kept}

    def _sources(self, found: Shared) -> Named:
        numbers = sorted({match.source for match in found.matches})
        return {each.id: each for each in self._library.sources(numbers)} if numbers else {}

    def _facts(self, document: Document, sources: Named, path: str, itself: int) -> Facts:
        name = draft_name(PurePath(path or document.path).name)
        drafts = (n for n, each in sources.items() if name and draft_name(_file_name(each)) == name)
        return Facts(
            quotations_in(document, QUOTED),
            bibliography(document.text),
            _given_out(document, self._templates),
            frozenset({itself} & sources.keys()),
            frozenset(drafts),
        )


def _given_out(document: Document, templates: Library | None) -> tuple[Span, ...]:
    """Places of a document that stand in templates."""
    if templates is None:
        return ()
    found = shared(document.text, templates.recall, templates.texts)
    return (*(match.span for match in found.matches), *found.common)


def _file_name(source: Source) -> str:
    return PurePath(source.path).name or source.title


def most_sources(documents: int) -> int:
    """In how many of the documents of a comparison a passage may stand before it counts as common text."""
    return max(MOST_SOURCES, min(documents, MOST_COMPARED))


def compare(
    documents: Sequence[Document],
    empty: Library,
    switches: Switches = Switches(),
    watched: Watched = iter,
    templates: Library | None = None,
) -> Cohort:
    """Every document against all others, `watched` as they are done; `empty` is filled with them.

    The sources of a document are the others, numbered from 1 by their place. What
    stands in more distinct texts than `empty` recalls is common.
    """
    incoming = {text.sha256: text for text in (Incoming(document.text) for document in documents)}
    numbers = dict(zip(incoming, empty.add(list(incoming.values())), strict=True))
    holders: Holders = {}
    for place, document in enumerate(documents, 1):
        holders.setdefault(numbers[document.text_sha256], []).append(place)
    known = [_as_source(place, document) for place, document in enumerate(documents, 1)]
    audits = []
    for place in watched(range(len(known))):
        document = documents[place]
        found = shared(document.text, empty.recall, empty.texts)
        template = _given_out(document, templates)
        audits.append(_against(place, found, known, holders, template, switches, documents))
    return Cohort(tuple(audits))


def _against(
    place: int,
    found: Shared,
    known: Sequence[Source],
    holders: Holders,
    template: tuple[Span, ...],
    switches: Switches,
    documents: Sequence[Document],
) -> Audited:
    """One document, every source of a match being all other documents that hold its text."""
    document = documents[place]
    matches = [
        replace(match, source=holder)
        for match in found.matches
        for holder in holders[match.source]
        if holder != place + 1
    ]
    sources = {match.source: known[match.source - 1] for match in matches}
    name = draft_name(PurePath(document.path).name)
    drafts = frozenset(n for n, each in sources.items() if name and draft_name(_file_name(each)) == name)
    facts = Facts(quotations_in(document, QUOTED), bibliography(document.text), template, drafts=drafts)
    texts = {number: documents[number - 1].text for number in sources}
    return Audited(document, tuple(matches), found.common, sources, facts, switches, texts)


def _as_source(place: int, document: Document) -> Source:
    title = document.title or PurePath(document.path).name
    characters, digest = len(document.text), document.text_sha256
    return Source(place, title, document.path, "", "", DEFAULT_COLLECTION, characters, digest, "")
