"""The card of a detector: what it was made of and how it did, written by the command that made it."""

from collections.abc import Iterable
from pathlib import Path

from neural_lab.detect.detector import Detector
from neural_lab.training.evaluate import false_positive_table, false_positives, leave_one_source_out, table
from neural_lab.training.held_out import HeldOut
from neural_lab.training.measured import Measured

CARD = "card.md"


def write_card(
    bundle: Path,
    detector: Detector,
    data: Measured,
    unseen: HeldOut,
    language_model: Iterable[tuple[str, float, int]],
    run: str,
) -> None:
    """Write `card.md` into `bundle`; `run` says in a sentence how the language model was trained."""
    rows = list(leave_one_source_out(data, unseen, detector.shortest_words))
    human, machine = ((data.label == label).sum() for label in (0, 1))
    parts = {
        f"# Detector `{detector.name}` {detector.version}": INTRODUCTION,
        "## Language model": f"{LANGUAGE_MODEL}\n\n{run}\n\n{_bits(language_model)}\n\n{LEAK}",
        "## Fitted on": f"{human:,} human and {machine:,} machine texts (runs of whole sentences). {FITTED}",
        "## On sources it never saw": f"{UNSEEN}\n\n{table(rows)}",
        "## Human texts flagged at the 1 % operating point": (
            f"{FLAGGED}\n\n{false_positive_table(false_positives(data, unseen, detector.shortest_words))}"
        ),
        "## Operating points": f"{POINTS}\n\n{_points(detector)}",
        "## What this does not show": LIMITS,
    }
    text = "\n\n".join(f"{head}\n\n{body}" for head, body in parts.items())
    (bundle / CARD).write_text(text + "\n", "utf-8")


def _bits(language_model: Iterable[tuple[str, float, int]]) -> str:
    lines = ["| held-out text | bits per byte | bytes |", "|---|---|---|"]
    return "\n".join(
        (*lines, *(f"| {name} | {bits:.3f} | {size:,} |" for name, bits, size in language_model))
    )


def _points(detector: Detector) -> str:
    lines = [
        "| target | words | cut, document | cut, run | flagged | of | 95 % |",
        "|---|---|---|---|---|---|---|",
    ]
    for p in detector.operating_points:
        low, high = p.interval
        cells = (
            f"{p.target:.0%}",
            p.band,
            f"{p.document:.3f}",
            f"{p.run:.3f}",
            str(p.flagged),
            f"{p.texts:,}",
        )
        lines.append(f"| {' | '.join(cells)} | {low:.1%}-{high:.1%} |")
    return "\n".join(lines)


INTRODUCTION = (
    "Tells how much each sentence of an English text reads like machine writing: signals from a small language "
    "model and from the words, fused by an additive logistic model, calibrated by length. Every figure below is "
    "printed by `neural-lab train fusion`, which wrote this card, or by `neural-lab train evaluate`."
)
LANGUAGE_MODEL = (
    "A decoder-only transformer trained from scratch on human English written before 2022: Wikipedia of 2018 "
    "(CC BY-SA 3.0), arXiv abstracts (CC0), OpenStax textbooks (CC BY), open-access papers (CC BY), Changelog "
    "podcast transcripts (CC BY-SA 4.0), fiction of 1840-1930 (public domain, CC BY), United States government and "
    "legal texts (public domain), MedQuAD (CC BY), technical books of the AOSA series (CC BY), SciTLDR abstracts "
    "(Apache-2.0) and OneStopEnglish (CC BY-SA 4.0). Served as ONNX, int8 with a scale per row, fp32 reductions."
)
LEAK = (
    "`onestop` holds the same articles at several reading levels, and about a tenth of the 12-grams of `medquad` and "
    "`dc_law` recur between documents: do not read those three as held out."
)
FITTED = (
    "Texts that begin like one the language model was trained on were left out, and no text stands twice. Sources "
    "are weighed alike, whatever their size."
)
UNSEEN = (
    "Each source was left out of everything: of the fusion, the calibration and the choice of cut points. *Flagged* "
    "means a verdict of `likely_ai` or `mixed` at the 1 % operating point. TPR at 1 % FPR chooses its cut on the "
    "source itself and so measures the ranking only. ECE weighs both classes alike."
)
FLAGGED = "By family of sources, each left out in the same way; documents of 50 words and more."
POINTS = (
    "Cut points were chosen on human texts of all families, weighed alike. The counts beside them come from the "
    "leave-out above. A cut of 1.000 means that there were too few texts to choose one."
)
LIMITS = (
    "No figure here is about languages other than English, about poetry, lists or code, about writers that are not in "
    "the sources, or about generators newer than 2025. Texts of more than 600 words were calibrated with the map of "
    "shorter ones, because no source has both human and machine texts of that length. The detector measures how words "
    "are distributed; it does not know who wrote them."
)
