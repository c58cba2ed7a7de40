"""What the reports for people derive from a `Report`; nothing here is shown differently in two places."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import groupby

from neural_lab.detect.detector import Reference as Reference
from neural_lab.outcome import Report, SentenceScore
from neural_lab.types import Finding, FindingKind

MAIN_SIGNALS = ("log_perplexity", "entropy", "burstiness", "lexical_uniqueness")


def page_numbers(report: Report) -> list[int | None]:
    """The page that each sentence begins on, None where the file had no pages."""
    pages = report.document.pages
    starts = [page.span.start for page in pages]
    found = (bisect_right(starts, score.sentence.span.start) for score in report.sentences)
    return [pages[at - 1].number if at else None for at in found]


def defined(signals: Mapping[str, float]) -> dict[str, float]:
    """The signals that have a value: some are undefined in very short sentences and texts."""
    return {key: value for key, value in signals.items() if math.isfinite(value)}


def signal_means(report: Report) -> dict[str, float]:
    """Mean of each signal, weighted by sentence length like the probability; main signals first."""
    keys = dict.fromkeys(key for score in report.sentences for key in defined(score.signals))
    ordered = sorted(keys, key=lambda key: key not in MAIN_SIGNALS)
    return {key: _mean(report, key) for key in ordered}


def _mean(report: Report, key: str) -> float:
    every = ((score.sentence.span.length, score.signals.get(key, math.nan)) for score in report.sentences)
    known = [(length, value) for length, value in every if math.isfinite(value)]
    return math.fsum(length * value for length, value in known) / sum(length for length, _ in known)


def decisive(report: Report, count: int = 3) -> list[tuple[str, float]]:
    """The terms that moved the text most, largest first, without the starting point; means in nats."""
    keys = dict.fromkeys(key for score in report.sentences for key in score.contributions if key != "bias")
    means = {key: _moved(report, key) for key in keys}
    moved = ((key, value) for key, value in means.items() if value)
    return sorted(moved, key=lambda term: -abs(term[1]))[:count]


def _moved(report: Report, key: str) -> float:
    lengths = [score.sentence.span.length for score in report.sentences]
    moved = (n * s.contributions.get(key, 0.0) for n, s in zip(lengths, report.sentences, strict=True))
    return math.fsum(moved) / sum(lengths)


def strongest(score: SentenceScore, count: int = 3) -> list[tuple[str, float]]:
    """The contributions that moved a sentence most, largest first, without the starting point."""
    moved = ((key, value) for key, value in score.contributions.items() if key != "bias" and value)
    return sorted(moved, key=lambda term: -abs(term[1]))[:count]


def highest(report: Report, count: int = 5) -> list[SentenceScore]:
    """The sentences that read most like machine writing, in text order."""
    top = sorted(report.sentences, key=lambda score: -score.probability)[:count]
    return sorted(top, key=lambda score: score.sentence.index)


def grouped(findings: Sequence[Finding]) -> dict[FindingKind, list[Finding]]:
    """Findings by kind, each in text order."""
    ordered = sorted(findings, key=lambda finding: (finding.kind, finding.span))
    return {kind: list(group) for kind, group in groupby(ordered, key=lambda finding: finding.kind)}


def peaks(report: Report, cells: int) -> list[float]:
    """The text cut into equal parts, each with the probability of its highest sentence."""
    start, end = report.covered
    heights = [0.0] * cells
    for score in report.sentences:
        first, last = (position - start for position in score.sentence.span)
        for cell in range(first * cells // (end - start), -(-last * cells // (end - start))):
            heights[cell] = max(heights[cell], score.probability)
    return heights


def usual_ranges(reference: Reference, key: str) -> dict[str, tuple[float, float, float]]:
    """The percentiles of both kinds of text for one signal; empty where the detector lacks either."""
    known = reference.get(key, {})
    ranges = {kind: tuple(sorted(known.get(kind, ()))) for kind in ("human", "machine")}
    return {kind: (r[0], r[1], r[2]) for kind, r in ranges.items()} if _complete(ranges) else {}


def _complete(ranges: Mapping[str, tuple[float, ...]]) -> bool:
    return all(len(r) == 3 and all(map(math.isfinite, r)) for r in ranges.values())


def steps(score: SentenceScore, shown: int = 7) -> list[tuple[str, float]]:
    """The starting point, the strongest contributions and the sum of the others: together, the log-odds."""
    first = [("bias", score.contributions["bias"])] if "bias" in score.contributions else []
    kept = first + strongest(score, shown)
    others = [value for key, value in score.contributions.items() if key not in dict(kept)]
    return [*kept, ("others", math.fsum(others))] if any(others) else kept
