"""Where short pieces of text stand in a library, many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from neural_lab.audit.fingerprints import GUARANTEE, Hashes, fingerprint
from neural_lab.audit.letters import letters
from neural_lab.audit.match import Match, MatchKind, Shared
from neural_lab.audit.postings import Row
from neural_lab.audit.reading import Texts
from neural_lab.audit.shared import Recall, shared
from neural_lab.types import Span


@dataclass(frozen=True, slots=True)
class Located:
    """Verbatim matches that hold all letters of one piece, and whether it is common text."""

    places: tuple[Match, ...]
    common: bool


def locate(pieces: Sequence[str], recall: Recall, texts: Texts) -> list[Located]:
    """For each piece its places in sources; the library is asked once, and each source is read once."""
    hashes = [fingerprint(letters(piece).codes).hashes for piece in pieces]
    known = _Recalled(np.unique(np.concatenate([*hashes, np.empty(0, np.int64)])), recall, texts)
    return [_located(piece, shared(piece, known.recall, known.texts)) for piece in pieces]


def _located(piece: str, found: Shared) -> Located:
    own = letters(piece)
    whole = own.span(0, len(own)) if len(own) >= GUARANTEE else Span(0, len(piece) + 1)
    places = (match for match in found.matches if match.kind is MatchKind.VERBATIM)
    held = tuple(m for m in places if m.span.start <= whole.start and whole.end <= m.span.end)
    return Located(held, not held and bool(found.common))


class _Recalled:
    """Answers from rows that were recalled together."""

    def __init__(self, hashes: Hashes, recall: Recall, texts: Texts) -> None:
        self._rows: dict[int, list[Row]] = {}
        for row in recall(hashes) if len(hashes) else ():
            self._rows.setdefault(int(hashes[row[0]]), []).append(row)
        self._texts, self._read = texts, dict[int, str]()

    def recall(self, hashes: Hashes) -> list[Row]:
        rows = ((at, self._rows.get(each, ())) for at, each in enumerate(hashes.tolist()))
        return [(at, source, seeds) for at, found in rows for _, source, seeds in found]

    def texts(self, sources: Sequence[int]) -> Mapping[int, str]:
        missing = [number for number in sources if number not in self._read]
        if missing:
            self._read |= self._texts(missing)
        return {number: self._read[number] for number in sources if number in self._read}
