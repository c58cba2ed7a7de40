"""Verdicts of texts, and how many texts are unlike those that a detector was fitted on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from neural_lab.detect.distributions import Distributions
from neural_lab.detect.drift_sample import VERDICTS, Sample
from neural_lab.detect.signals import FUSED
from neural_lab.outcome import Verdict
from neural_lab.rates import wilson

FLAGGED = (Verdict.MIXED, Verdict.LIKELY_AI)


def verdicts(split: Mapping[str, tuple[Sample, Sample]]) -> Iterator[dict[str, Any]]:
    for band, both in split.items():
        for window, sample in zip(("reference", "current"), both, strict=True):
            found = np.bincount(sample.verdict, minlength=len(VERDICTS))
            count = {verdict: int(n) for verdict, n in zip(VERDICTS, found, strict=True)}
            yield {
                "band": band,
                "window": window,
                "texts": len(sample),
                "flagged": _share(sum(count[verdict] for verdict in FLAGGED), len(sample)),
                "inconclusive": _share(count[Verdict.INCONCLUSIVE], len(sample)),
                "mix": {verdict.value: _share(n, len(sample)) for verdict, n in count.items()},
            }


def outside(split: Mapping[str, Sample], fitted: Distributions | None) -> Iterator[dict[str, Any]]:
    """How many texts are not between the lowest and the highest quantile of the texts of known origin.

    Whatever mixture of human and machine texts these are, that is at most 2 % where they are like those:
    the only comparison with them that does not depend on the mixture, which nobody knows.
    """
    for signal, kinds in (fitted.signals if fitted else {}).items():
        low, high = min(each[0] for each in kinds.values()), max(each[-1] for each in kinds.values())
        for band, sample in split.items():
            values = sample.signals[:, FUSED.index(signal)]
            known = values[np.isfinite(values)]
            hits = int(((known < low) | (known > high)).sum())
            yield {"signal": signal, "band": band, "texts": known.size, **_share(hits, known.size)}


def _share(hits: int, texts: int) -> dict[str, Any]:
    rate = hits / texts if texts else None
    return {"hits": hits, "share": rate, "interval": list(wilson(hits, texts))}
