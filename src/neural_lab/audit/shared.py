"""What a document shares with the sources that a library recalls for it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from neural_lab.audit.alignment import Aligned, aligned
from neural_lab.audit.chains import Run, chains, in_order
from neural_lab.audit.common import common_stretches, told_apart
from neural_lab.audit.crowded import crowded_runs
from neural_lab.audit.fingerprints import Hashes, fingerprint
from neural_lab.audit.letters import Letters, letters, letters_of
from neural_lab.audit.match import Match, MatchKind, Shared
from neural_lab.audit.placing import placed
from neural_lab.audit.postings import Row, unpack
from neural_lab.audit.runs import Sources, exact_runs, together
from neural_lab.audit.seeds import Seeds, distinct, worthwhile
from neural_lab.audit.spans import Side, spans
from neural_lab.types import Span

Recall = Callable[[Hashes], Sequence[Row]]
Texts = Callable[[Sequence[int]], Mapping[int, str]]


def shared(text: str, recall: Recall, texts: Texts) -> Shared:
    """Every run of `GUARANTEE` letters that `text` shares with a source, and edited copies around them.

    `recall` and `texts` are those of a library. A run whose fingerprints stand in
    too many sources is reported as common text.
    """
    own = letters(text)
    marks = fingerprint(own.codes)
    hashes, order, starts = distinct(marks)
    recalled = unpack(recall(hashes))
    seeds, crowded = worthwhile(marks, recalled)
    found = texts(sorted(crowded.union(seeds.sources.tolist())))
    others = dict(zip(found, letters_of(list(found.values())), strict=True))
    known = seeds.where(np.isin(seeds.sources, list(others)))
    places = [marks.positions[order[starts[h] : starts[h + 1]]] for h in recalled.common.tolist()]
    stretches = common_stretches(np.concatenate([marks.positions[:0], *places]))
    found_copies = _copies(own, others, known, crowded & others.keys())
    copies, stretches = told_apart(found_copies, stretches, len(own))
    sides = {number: Side(found[number], each) for number, each in others.items()}
    matches = _apart(_match(copy, Side(text, own), sides[copy.source]) for copy in copies)
    return Shared(tuple(sorted(matches, key=_place)), tuple(own.span(*stretch) for stretch in stretches))


def _copies(
    own: Letters, others: Mapping[int, Letters], seeds: Seeds, crowded: Iterable[int]
) -> Iterator[Aligned]:
    sources = Sources(others)
    parts = [exact_runs(own.codes, sources, seeds)]
    parts += [crowded_runs(own.codes, sources, number) for number in sorted(crowded)]
    runs = in_order(together(parts))
    by_source: dict[int, tuple[list[Aligned], list[Run]]] = {}
    for chain in chains(runs):
        copies, rows = by_source.setdefault(chain.source, ([], []))
        copies.extend(aligned(chain, own.text, others[chain.source].text))
    for number, row in zip(runs.sources.tolist(), runs.listed(), strict=True):
        by_source[number][1].append(row)
    for number, (copies, rows) in by_source.items():
        yield from placed(copies, rows, number)


def _match(copy: Aligned, own: Side, other: Side) -> Match:
    here, there = spans(copy, own, other)
    kind = MatchKind.VERBATIM if copy.verbatim else MatchKind.NEAR_COPY
    runs = tuple(own.letters.span(*run) for run in copy.runs)
    return Match(here, copy.source, there, copy.similarity, kind, runs)


def _apart(matches: Iterable[Match]) -> Iterator[Match]:
    """Matches, source by source in order, cut where they meet in one character that has several letters."""
    source, end = -1, 0
    for match in matches:
        start = match.span.start if match.source != source else max(match.span.start, end)
        source, end = match.source, max(match.span.end, start)
        if start < end:
            yield match if start == match.span.start else replace(match, span=Span(start, end))


def _place(match: Match) -> tuple[Span, int]:
    return match.span, match.source
