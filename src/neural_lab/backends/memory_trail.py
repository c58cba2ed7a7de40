"""The drafts of one owner in memory."""

from dataclasses import dataclass, field
from operator import attrgetter
from threading import Lock

from neural_lab.backends.packed_text import pack, unpack
from neural_lab.errors import NotFound
from neural_lab.trail import Draft, Snapshot, check_room, content, following

MISSING = "There is no draft of that name: list the drafts to see which there are."


@dataclass
class Chain:
    """Snapshots with their texts."""

    title: str = ""
    snapshots: list[Snapshot] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)

    @property
    def last(self) -> Snapshot | None:
        return self.snapshots[-1] if self.snapshots else None

    def shown(self, draft: str) -> Draft:
        first, last = self.snapshots[0], self.snapshots[-1]
        return Draft(draft, self.title, first.at, last.at, last.seq, last.characters, last.digest)


class MemoryTrail:
    """A `Trail`, and the reference for what trails answer."""

    def __init__(self) -> None:
        self._chains, self._lock = dict[str, Chain](), Lock()

    def append(self, draft: str, title: str, text: str, at: str) -> Snapshot:
        """A new snapshot, or the last if the text is the same. Raises `InvalidRequest` without room."""
        with self._lock:
            chain = self._chains.get(draft) or Chain()
            last = chain.last
            if last is None or last.text_sha256 != content(text):
                packed = pack(text)
                check_room(last, len(self._chains), self._held(), len(packed))
                last = following(last, text, at)
                chain.snapshots.append(last)
                chain.texts.append(packed)
            chain.title, self._chains[draft] = title, chain
            return last

    def drafts(self) -> list[Draft]:
        """Those that went on last come first."""
        with self._lock:
            newest = [chain.shown(draft) for draft, chain in reversed(self._chains.items())]
            return sorted(newest, key=attrgetter("updated"), reverse=True)

    def draft(self, draft: str) -> Draft:
        """Raises `NotFound`."""
        with self._lock:
            return self._chain(draft).shown(draft)

    def snapshots(self, draft: str) -> list[Snapshot]:
        """All of a draft, in order. Raises `NotFound`."""
        with self._lock:
            return [*self._chain(draft).snapshots]

    def text(self, draft: str, seq: int) -> str:
        """The text of one snapshot. Raises `NotFound`."""
        with self._lock:
            texts = self._chain(draft).texts
            if not 0 < seq <= len(texts):
                raise missing()
            return unpack(texts[seq - 1])

    def delete(self, draft: str) -> bool:
        with self._lock:
            return self._chains.pop(draft, None) is not None

    def purge(self) -> int:
        """Delete all drafts."""
        with self._lock:
            count = len(self._chains)
            self._chains.clear()
            return count

    def _held(self) -> int:
        return sum(len(text) for chain in self._chains.values() for text in chain.texts)

    def _chain(self, draft: str) -> Chain:
        if draft not in self._chains:
            raise missing()
        return self._chains[draft]


def missing() -> NotFound:
    return NotFound("no_draft", MISSING)
