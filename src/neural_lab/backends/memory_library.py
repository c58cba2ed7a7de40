"""The sources of one owner in memory."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from threading import Lock

from neural_lab.audit.fingerprints import Hashes, fingerprint
from neural_lab.audit.letters import letters
from neural_lab.audit.postings import MOST_SOURCES, Row, pack, sampled
from neural_lab.audit.source import Incoming, Source, Stats
from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.searching import holds, wanted

Packed = tuple[list[int], list[bytes]]


class MemoryLibrary:
    """A `Library`: for comparing a handful of files, and the reference for what libraries answer.

    With another `most_sources` it recalls more or fewer rows of a hash than others do.
    """

    def __init__(
        self, numbers: Iterator[int] | None = None, now: Clock = utc, most_sources: int = MOST_SOURCES
    ) -> None:
        self._most = most_sources
        self._numbers, self._now, self._lock = numbers or count(1), now, Lock()
        self._sources: dict[int, Source] = {}
        self._texts: dict[int, str] = {}
        self._by_content: dict[str, int] = {}
        self._by_path: dict[str, int] = {}
        self._origins: dict[int, set[str]] = {}
        self._hashes: dict[int, list[int]] = {}
        self._rows: defaultdict[int, list[tuple[int, bytes]]] = defaultdict(list)

    def add(self, texts: Sequence[Incoming]) -> list[int | None]:
        """Store texts with their fingerprints; everything that can fail comes before the first is stored."""
        added, digests = self._now(), [text.sha256 for text in texts]
        packed = [pack(fingerprint(letters(text.text).codes)) for text in texts]
        with self._lock:
            return [self._add(*each, added) for each in zip(texts, digests, packed, strict=True)]

    def recall(self, hashes: Hashes, among: Sequence[int] | None = None, without: int = 0) -> list[Row]:
        """Rows of the hashes that sources have; samples of those in more than `most_sources`."""
        chosen = None if among is None else frozenset(among)
        with self._lock:
            found = (self._chosen(n, asked, chosen, without) for n, asked in enumerate(hashes.tolist()))
            return [row for rows in found for row in sampled(rows, self._most)]

    def _chosen(self, number: int, asked: int, among: frozenset[int] | None, without: int) -> list[Row]:
        rows = self._rows.get(asked, ())
        kept = (row for row in rows if row[0] != without and (among is None or row[0] in among))
        return [(number, source, seeds) for source, seeds in islice(kept, self._most + 1)]

    def added_from(self, path: str) -> int:
        """The number of the source that was added from a path and no other, or 0."""
        with self._lock:
            number = self._by_path.get(path, 0)
            return number if self._origins.get(number, set()) <= {path, ""} else 0

    def texts(self, sources: Sequence[int]) -> dict[int, str]:
        """Texts by number; unknown numbers are left out."""
        with self._lock:
            return {number: self._texts[number] for number in sources if number in self._texts}

    def sources(self, numbers: Sequence[int] | None = None) -> list[Source]:
        """Those of `numbers` that exist, or all, in ascending order."""
        with self._lock:
            asked = self._sources if numbers is None else self._sources.keys() & set(numbers)
            return [self._sources[number] for number in sorted(asked)]

    def search(self, words: str, most: int = 50) -> list[Source]:
        """Sources whose text or title contains `words`, newest first; raises `InvalidRequest`."""
        folded = wanted(words)
        with self._lock:
            newest = reversed(self._sources.values())
            found = (each for each in newest if holds(folded, each.title, self._texts[each.id]))
            return list(islice(found, max(most, 0)))

    def remove(self, sources: Sequence[int]) -> int:
        """Delete sources, and say how many there were."""
        with self._lock:
            known = self._sources.keys() & set(sources)
            for number in known:
                self._remove(number)
            return len(known)

    def stats(self) -> Stats:
        with self._lock:
            characters = sum(source.characters for source in self._sources.values())
            collections = Counter(source.collection for source in self._sources.values())
            fingerprints = sum(map(len, self._hashes.values()))
            return Stats(len(self._sources), characters, fingerprints, dict(collections))

    def _add(self, text: Incoming, digest: str, packed: Packed, added: str) -> int | None:
        known = self._by_content.get(digest)
        self._leave(text.path, known)
        number = self._store(text, packed, added) if known is None else known
        self._origins[number].add(text.path)
        if text.path:
            self._by_path[text.path] = number
        return number if known is None else None

    def _leave(self, path: str, known: int | None) -> None:
        """Take a path from a source other than `known`, and remove that if it came from nowhere else."""
        number = self._by_path.get(path)
        if number is None or number == known:
            return
        del self._by_path[path]
        self._origins[number].remove(path)
        if not self._origins[number]:
            self._remove(number)
        elif self._sources[number].path == path:
            self._sources[number] = replace(self._sources[number], path="")

    def _store(self, text: Incoming, packed: Packed, added: str) -> int:
        number = next(self._numbers)
        given = text.title, text.path, text.date, text.language, text.collection
        self._sources[number] = Source(number, *given, len(text.text), text.sha256, added)
        self._by_content[text.sha256], self._origins[number] = number, set()
        self._texts[number], self._hashes[number] = text.text, packed[0]
        for hashed, seeds in zip(*packed, strict=True):
            self._rows[hashed].append((number, seeds))
        return number

    def _remove(self, number: int) -> None:
        source = self._sources.pop(number)
        del self._texts[number], self._by_content[source.sha256]
        for path in self._origins.pop(number) - {""}:
            del self._by_path[path]
        for hashed in self._hashes.pop(number):
            kept = [row for row in self._rows.pop(hashed) if row[0] != number]
            if kept:
                self._rows[hashed] = kept
