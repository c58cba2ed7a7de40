"""What was found in one document, and what of it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from neural_lab.audit.exclusions import Exclusion, Facts, Switches, excluded_by
from neural_lab.audit.match import Match, coverage
from neural_lab.audit.source import Source
from neural_lab.types import Document, Span


@dataclass(frozen=True)
class Audited:
    """Matches by place in the document, common text, and the sources they are from, by number.

    `texts` are the texts of those sources; a kept audit has none. Turning a switch
    (`dataclasses.replace(audited, switches=…)`) needs no new search.
    """

    document: Document
    matches: tuple[Match, ...]
    common: tuple[Span, ...]
    sources: Mapping[int, Source]
    facts: Facts = Facts()
    switches: Switches = Switches()
    texts: Mapping[int, str] | None = None

    @cached_property
    def excluded(self) -> tuple[Exclusion | None, ...]:
        """For each match why it does not count, or None."""
        return tuple(excluded_by(self.matches, self.facts, self.switches))

    @cached_property
    def counted(self) -> tuple[Match, ...]:
        """The matches that count."""
        pairs = zip(self.matches, self.excluded, strict=True)
        return tuple(match for match, reason in pairs if reason is None)

    @property
    def coverage(self) -> float:
        """Share of the document inside matches that count, in [0, 1]."""
        return coverage(self.counted, len(self.document.text))

    def shares(self) -> dict[int, float]:
        """Share of the document inside the counting matches of each source, the largest first."""
        mine: dict[int, list[Match]] = {}
        for match in self.counted:
            mine.setdefault(match.source, []).append(match)
        shares = {n: coverage(found, len(self.document.text)) for n, found in mine.items()}
        return dict(sorted(shares.items(), key=lambda share: (-share[1], share[0])))


@dataclass(frozen=True)
class Cohort:
    """Documents set against one another: the sources of each are the others, numbered from 1 in order."""

    audits: tuple[Audited, ...]

    @cached_property
    def matrix(self) -> tuple[tuple[float, ...], ...]:
        """`[document][other]`: share of the document that it shares with the other; 0 with itself."""
        shares = [audited.shares() for audited in self.audits]
        numbers = range(1, len(self.audits) + 1)
        return tuple(tuple(mine.get(number, 0.0) for number in numbers) for mine in shares)

    def pairs(self) -> list[tuple[int, int, float]]:
        """Pairs that share anything, by place (from 0) and the larger of both shares, the largest first."""
        places = range(len(self.audits))
        both = ((a, b, max(self.matrix[a][b], self.matrix[b][a])) for a in places for b in places if a < b)
        return sorted((pair for pair in both if pair[2] > 0), key=lambda pair: (-pair[2], pair[:2]))
