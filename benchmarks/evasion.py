"""What typing errors cost the detector: machine texts with seeded typos, before and after.

    python benchmarks/evasion.py DETECTION_FOLDER [--texts 100] [--skip 2000]

The texts come after those that the detector was fitted on (--skip is per source
and class). A text counts as flagged when its verdict is `likely_ai` or `mixed`.
The column "evidence alone" keeps the clean text's signals and adds only the
deduction for the typing errors: what the bounded human evidence itself costs.
"""

import argparse
import random
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
from human_evidence import misspell

from neural_lab.compose import open_lab
from neural_lab.detect.fusion import EVIDENCE
from neural_lab.outcome import Report, Verdict
from neural_lab.training.detection import TWO_SIDED, examples
from neural_lab.training.figures import wilson
from neural_lab.types import Document

RATES = (0.0, 0.01, 0.03)
FLAGGED = (Verdict.LIKELY_AI, Verdict.MIXED)


def main() -> None:
    """Print one row a source and typo rate, and the total."""
    arguments = _arguments()
    lab = open_lab()
    print("| source | typos per 100 words | flagged (95 %) | evidence alone | mean log-odds |")
    print("|---|---|---|---|---|")
    totals: dict[float, list[tuple[Report, Report]]] = {rate: [] for rate in RATES}
    for source in TWO_SIDED:
        texts = machine_texts(arguments.data, source, arguments.skip, arguments.texts)
        clean = [lab.analyze(Document(text)) for text in texts]
        for rate in RATES:
            typed = [lab.analyze(Document(_typed(text, rate, i))) for i, text in enumerate(texts)]
            pairs = list(zip(clean, typed, strict=True))
            totals[rate] += pairs
            print(row(source, rate, pairs), flush=True)
    for rate, pairs in totals.items():
        print(row("**all**", rate, pairs))


def machine_texts(folder: Path, source: str, skip: int, count: int) -> list[str]:
    """Machine texts of 75 words and more that the fitting did not use."""
    machine = (e for e in examples(folder, source, skip + 10 * count, seed=20261120) if e.label == 1)
    return [e.text for e in islice((e for e in islice(machine, skip, None) if e.words >= 75), count)]


def row(source: str, rate: float, pairs: list[tuple[Report, Report]]) -> str:
    """One line of the table."""
    hits = sum(typed.verdict in FLAGGED for _, typed in pairs)
    alone = sum(only_evidence(clean, typed).verdict in FLAGGED for clean, typed in pairs)
    low, high = wilson(hits, len(pairs))
    odds = np.mean([np.mean([s.logit for s in typed.sentences]) for _, typed in pairs])
    share = f"{hits / len(pairs):.1%} ({low:.1%}-{high:.1%})"
    return f"| {source} | {100 * rate:g} | {share} | {alone / len(pairs):.1%} | {odds:+.2f} |"


def only_evidence(clean: Report, typed: Report) -> Report:
    """The clean report with the deductions of the typed one, where their sentences still pair up."""
    if len(clean.sentences) != len(typed.sentences):
        return typed
    scores = tuple(
        replace(a, contributions=a.contributions | {EVIDENCE: b.contributions[EVIDENCE]})
        for a, b in zip(clean.sentences, typed.sentences, strict=True)
    )
    return replace(clean, sentences=scores)


def _typed(text: str, rate: float, seed: int) -> str:
    return misspell(text, random.Random(seed), rate)[0] if rate else text


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--texts", type=int, default=100)
    parser.add_argument("--skip", type=int, default=2000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
