"""How champion and challenger differ on the documents that both read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from neural_lab.detectors.paired import Paired
from neural_lab.outcome import Verdict
from neural_lab.rates import wilson

SCHEMA = 1
BANDS = (0, 75, 150, 300, 600)
"""Words from which on a band of lengths begins, as those of cut points do."""
LEVELS = (0.5, 0.9, 0.95, 0.99, 1.0)
FLAGGED = (Verdict.MIXED, Verdict.LIKELY_AI)


def compared(pairs: Sequence[Paired]) -> dict[str, Any]:
    """As plain values: of all documents, of each band of lengths, and which verdicts became which.

    `flagged` has count, share and Wilson 95 % interval of both. None of it says who is right: nobody
    knows who wrote these documents.
    """
    ends: list[int | None] = [*BANDS[1:], None]
    bands = [_band(pairs, *ends_of) for ends_of in zip(BANDS, ends, strict=True)]
    return {"schema": SCHEMA, **summary(pairs), "verdicts": verdicts(pairs), "bands": bands}


def summary(pairs: Sequence[Paired]) -> dict[str, Any]:
    differences = np.array([pair.difference for pair in pairs])
    return {
        "texts": len(pairs),
        "mean_difference": float(differences.mean()) if pairs else None,
        "quantiles": _quantiles(np.abs(differences)) if pairs else None,
        "changed": sum(pair.champion.verdict != pair.challenger.verdict for pair in pairs),
        "flagged": {
            "champion": _share([pair.champion.verdict for pair in pairs]),
            "challenger": _share([pair.challenger.verdict for pair in pairs]),
        },
    }


def verdicts(pairs: Sequence[Paired]) -> dict[str, dict[str, int]]:
    """By the champion's verdict, how often the challenger gave each."""
    count = Counter((pair.champion.verdict, pair.challenger.verdict) for pair in pairs)
    return {mine.value: {its.value: count[mine, its] for its in Verdict} for mine in Verdict}


def _band(pairs: Sequence[Paired], low: int, high: int | None) -> dict[str, Any]:
    inside = [pair for pair in pairs if low <= pair.words and (high is None or pair.words < high)]
    return {"minimum_words": low, "maximum_words": None if high is None else high - 1, **summary(inside)}


def _quantiles(distances: np.ndarray) -> dict[str, float]:
    found = np.quantile(distances, LEVELS)
    return {f"{level:g}": float(value) for level, value in zip(LEVELS, found, strict=True)}


def _share(said: Sequence[str]) -> dict[str, Any]:
    hits, texts = sum(verdict in FLAGGED for verdict in said), len(said)
    rate = hits / texts if texts else None
    return {"texts": hits, "share": rate, "interval": list(wilson(hits, texts))}
