"""What a document shares with the sources that a library recalls for it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from neural_lab.audit.alignment import Aligned, aligned
from neural_lab.audit.chains import Run, chains, in_order
from neural_lab.audit.common import common_stretches, told_apart
from neural_lab.audit.crowded import LongGrams
from neural_lab.audit.fingerprints import Hashes, fingerprint
from neural_lab.audit.letters import Letters, letters
from neural_lab.audit.match import Match, MatchKind, Shared
from neural_lab.audit.placing import placed
from neural_lab.audit.postings import Row, unpack
from neural_lab.audit.reading import Reading, Texts
from neural_lab.audit.runs import Runs, Sources, exact_runs, together, unique
from neural_lab.audit.seeds import Seeds, beyond, distinct, every, worthwhile
from neural_lab.audit.spans import Side, spans
from neural_lab.types import Span

Recall = Callable[[Hashes], Sequence[Row]]


def shared(text: str, recall: Recall, texts: Texts) -> Shared:
    """Every run of `GUARANTEE` letters that `text` shares with a source, and edited copies around them.

    `recall` and `texts` are those of a library. A run whose fingerprints stand in too many
    sources is reported as common text.
    """
    own = letters(text)
    marks = fingerprint(own.codes)
    hashes, order, starts = distinct(marks)
    recalled = unpack(recall(hashes))
    seeds, crowded = worthwhile(marks, recalled)
    read = Reading(texts)
    samples = every(marks, recalled.samples)
    sampled = exact_runs(own.codes, *read.sources(samples))
    places = [marks.positions[order[starts[h] : starts[h + 1]]] for h in recalled.common.tolist()]
    stretches = common_stretches(np.concatenate([marks.positions[:0], *places]), sampled)
    sources, seeds = read.sources(beyond(seeds, stretches), crowded)
    runs = _runs(own, sources, seeds, sorted(crowded.intersection(sources.numbers.tolist())))
    copies, stretches = told_apart(_copies(own, read.letters, runs), stretches, len(own))
    matches = _apart(_match(copy, Side(text, own), read.side(copy.source)) for copy in copies)
    return Shared(tuple(sorted(matches, key=by_place)), tuple(own.span(*stretch) for stretch in stretches))


def _runs(own: Letters, sources: Sources, seeds: Seeds, crowded: Sequence[int]) -> Runs:
    """Runs through seeds, and all long ones of crowded sources, `in_order`, each once."""
    parts = [exact_runs(own.codes, sources, seeds)]
    if crowded:
        grams = LongGrams(own.codes)
        parts += [grams.runs(number, sources.only(number)) for number in crowded]
    return in_order(unique(together(parts)))


def _copies(own: Letters, others: Mapping[int, Letters], runs: Runs) -> Iterator[Aligned]:
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
            yield match if start == match.span.start else _behind(match, start)


def _behind(match: Match, start: int) -> Match:
    """A match without the character that the one before it ends with."""
    runs = (Span(max(run.start, start), run.end) for run in match.runs)
    there = Span(min(match.source_span.start + 1, match.source_span.end - 1), match.source_span.end)
    kept = tuple(run for run in runs if run.start < run.end)
    return replace(match, span=Span(start, match.span.end), source_span=there, runs=kept)


def by_place(match: Match) -> tuple[Span, int]:
    return match.span, match.source
