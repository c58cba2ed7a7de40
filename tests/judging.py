"""Synthetic judgements, as a detector would give them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from neural_lab.training.judged import Judged

TARGETS = (0.05, 0.01)
CUTS = (0.6, 0.8)


def judged(
    label: Sequence[int],
    probability: Sequence[float],
    *,
    source: Sequence[str] | str = "s",
    writer: Sequence[str] | str = "",
    words: Sequence[int] | int = 200,
    model: Sequence[str] | str = "",
) -> Judged:
    """Documents flagged at and above 0.6 (5 % point) and 0.8 (1 % point), likely human below 0.5."""
    n = len(label)
    p = np.asarray(probability, dtype=float)
    names = {"source": source, "writer": writer, "model": model, "domain": "", "attack": ""}
    verdict = np.stack([_verdicts(p, cut) for cut in CUTS], axis=1)
    reason = np.where(verdict == "inconclusive", "between_cut_points", "")
    spread = {name: np.broadcast_to(np.array(value), n) for name, value in names.items()}
    return Judged(
        targets=TARGETS,
        index=np.arange(n),
        row=np.array([f"file.jsonl:{at + 1}" for at in range(n)]),
        label=np.asarray(label),
        words=np.broadcast_to(np.array(words), n),
        probability=p,
        run=p,
        verdict=verdict,
        reason=reason,
        **spread,
    )


def _verdicts(probability: np.ndarray, cut: float) -> np.ndarray:
    low = np.where(probability <= 0.5, "likely_human", "inconclusive")
    return np.where(probability >= cut, "likely_ai", low)
