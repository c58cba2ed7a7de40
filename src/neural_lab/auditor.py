"""Documents audited against a library, or against one another."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath

from neural_lab.audit.audited import Audited, Cohort
from neural_lab.audit.bibliography import bibliography
from neural_lab.audit.drafts import draft_name
from neural_lab.audit.exclusions import Facts, Switches
from neural_lab.audit.match import Shared
from neural_lab.audit.shared import shared
from neural_lab.audit.source import DEFAULT_COLLECTION, Incoming, Source
from neural_lab.detect.quotation import quotations
from neural_lab.ports import Library
from neural_lab.types import Document, Span

QUOTED = 3
"""Words between quotation marks from which on they are a quotation."""

Named = dict[int, Source]
Holders = dict[int | None, list[int]]
"""Numbers of the documents, from 1, that hold each distinct text."""
Watched = Callable[[Sequence[int]], Iterable[int]]


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

    def audit(self, document: Document, switches: Switches = Switches(), path: str = "") -> Audited:
        """What `document`, read from the absolute `path`, shares with the library.

        Raises `StoreUnavailable`.
        """
        found = shared(document.text, self._library.recall, self._library.texts)
        sources = self._sources(found)
        matches = tuple(match for match in found.matches if match.source in sources)
        texts = self._library.texts(list(sources))
        facts = self._facts(document, sources, path)
        return Audited(document, matches, found.common, sources, facts, switches, texts)

    def _sources(self, found: Shared) -> Named:
        numbers = sorted({match.source for match in found.matches})
        known = self._library.sources(numbers) if numbers else []
        return {
            each.id: each for each in known if not self._collections or each.collection in self._collections
        }

    def _facts(self, document: Document, sources: Named, path: str) -> Facts:
        name = draft_name(PurePath(path or document.path).name)
        drafts = (n for n, each in sources.items() if name and draft_name(_file_name(each)) == name)
        return Facts(
            tuple(quotations(document.text, QUOTED)),
            bibliography(document.text),
            self._template(document),
            frozenset(n for n, each in sources.items() if path and each.path == path),
            frozenset(drafts),
        )

    def _template(self, document: Document) -> tuple[Span, ...]:
        if self._templates is None:
            return ()
        found = shared(document.text, self._templates.recall, self._templates.texts)
        return (*(match.span for match in found.matches), *found.common)


def _file_name(source: Source) -> str:
    return PurePath(source.path).name or source.title


def compare(
    documents: Sequence[Document], empty: Library, switches: Switches = Switches(), watched: Watched = iter
) -> Cohort:
    """Every document against all others, `watched` as they are done; `empty` is filled with them.

    The sources of a document are the others, numbered from 1 by their place.
    """
    incoming = {text.sha256: text for text in (Incoming(document.text) for document in documents)}
    numbers = dict(zip(incoming, empty.add(list(incoming.values())), strict=True))
    holders: Holders = {}
    for place, document in enumerate(documents, 1):
        holders.setdefault(numbers[document.text_sha256], []).append(place)
    known = [_as_source(place, document) for place, document in enumerate(documents, 1)]
    audits = (
        _against(place, known, holders, empty, switches, documents) for place in watched(range(len(known)))
    )
    return Cohort(tuple(audits))


def _against(
    place: int,
    known: Sequence[Source],
    holders: Holders,
    library: Library,
    switches: Switches,
    documents: Sequence[Document],
) -> Audited:
    """One document, every source of a match being all other documents that hold its text."""
    document = documents[place]
    found = shared(document.text, library.recall, library.texts)
    matches = [
        replace(match, source=holder)
        for match in found.matches
        for holder in holders[match.source]
        if holder != place + 1
    ]
    sources = {match.source: known[match.source - 1] for match in matches}
    name = draft_name(PurePath(document.path).name)
    drafts = frozenset(n for n, each in sources.items() if name and draft_name(_file_name(each)) == name)
    facts = Facts(tuple(quotations(document.text, QUOTED)), bibliography(document.text), drafts=drafts)
    texts = {number: documents[number - 1].text for number in sources}
    return Audited(document, tuple(matches), found.common, sources, facts, switches, texts)


def _as_source(place: int, document: Document) -> Source:
    title = document.title or PurePath(document.path).name
    characters, digest = len(document.text), document.text_sha256
    return Source(place, title, document.path, "", "", DEFAULT_COLLECTION, characters, digest, "")
