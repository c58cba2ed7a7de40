"""The card of a detector: what it was made of and how it did, written by the command that made it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from neural_lab.backends.described import ENCODER, KINDS, SCORER, Described
from neural_lab.detect.detector import Detector
from neural_lab.rates import NEVER
from neural_lab.training.evaluate import (
    NO_CUT,
    false_positive_table,
    false_positives,
    leave_one_source_out,
    parts_table,
    table,
)
from neural_lab.training.held_out import HeldOut
from neural_lab.training.measured import Measured

CARD = "card.md"


def write_card(
    bundle: Path,
    detector: Detector,
    data: Measured,
    unseen: HeldOut,
    models: Mapping[str, Described],
    *,
    own: bool = False,
) -> None:
    """Write `card.md` into `bundle`; `own` where folds are of a user's texts. `models` are the large ones."""
    rows = list(leave_one_source_out(data, unseen, detector.shortest_words))
    human, machine = ((data.trusted & (data.label == label)).sum() for label in (0, 1))
    families = false_positives(data, unseen, detector.shortest_words)
    parts = {
        f"# Detector `{detector.name}` {detector.version}": "\n\n".join(
            (_introduction(models), *_large(models))
        ),
        "## Fitted on": f"{human:,} human and {machine:,} machine texts (runs of whole sentences). {_own(models) if own else FITTED}",
        "## On texts it never saw"
        if own
        else "## On sources it never saw": f"{OWN_UNSEEN if own else UNSEEN}\n\n{table(rows)}",
        "## What each reading finds": f"{READINGS}\n\n{parts_table(data, unseen)}",
        "## Human texts flagged at the 1 % operating point": f"{FLAGGED}\n\n{false_positive_table(families)}",
        "## Operating points": f"{POINTS}\n\n{_points(detector)}",
        "## How signals are distributed": DRAWN,
        "## What this does not show": LIMITS,
    }
    text = "\n\n".join(f"{head}\n\n{body}" for head, body in parts.items())
    (bundle / CARD).write_text(text + "\n", "utf-8")


def _introduction(models: Mapping[str, Described]) -> str:
    own = {kind: words for kind, words in EMBEDDED.items() if kind not in models}
    return INTRODUCTION.format(**{SCORER: ROLES[SCORER], ENCODER: f"passage {ROLES[ENCODER]}"} | own)


def _large(models: Mapping[str, Described]) -> Iterator[str]:
    """A sentence for each large model."""
    for kind, model in models.items():
        revision = f" at revision {model.revision}" if model.revision else ""
        engine = "PyTorch" if model.on_torch else "ONNX Runtime"
        terms = f" Its licence: {model.licence}." if model.licence else ""
        yield f"The {ROLES[kind]} is `{model.name}`{revision}, run by {engine} in {model.precision}.{terms}"


def _own(models: Mapping[str, Described]) -> str:
    kept = [f"the {ROLES[kind]}" for kind in KINDS if kind not in models]
    names = f"{', '.join(kept)} and the n-grams" if kept else "the n-grams"
    told = [f"{names.capitalize()} are those of the bundle that it started from; {OWN_FITTED}"]
    return " ".join([*told, *([HEAD_FITTED] if ENCODER in models else [])])


def _points(detector: Detector) -> str:
    lines = [
        "| target | words | cut, document | cut, run | flagged | of | 95 % |",
        "|---|---|---|---|---|---|---|",
    ]
    for p in detector.operating_points:
        low, high = p.interval
        cuts = ("none" if cut == NEVER else f"{cut:.3f}" for cut in (p.document, p.run))
        counted = (str(p.flagged), f"{p.texts:,}", f"{low:.1%}-{high:.1%}")
        told = counted if p.reachable else (NO_CUT, f"{p.texts:,}", "")
        lines.append(f"| {' | '.join((f'{p.target:.1%}', p.band, *cuts, *told))} |")
    return "\n".join(lines)


INTRODUCTION = (
    "Tells how much each sentence of an English text reads like machine writing: signals from a {scorer} "
    "and from the words, a {encoder}, and an ensemble (random forest, gradient boosting, "
    "logistic regression, stacked) over passages, fused by an additive logistic model and calibrated by length. "
    "Every figure below was printed by the command that wrote this card, `neural-lab train detector`."
)
FITTED = (
    "Texts that begin like one the language model was trained on were left out, and so were near-copies of a text "
    "that another fold's encoder had learnt from. Sources are weighed alike, whatever their size. News of `raidar` are "
    "neither fitted nor counted: many that are labelled human plainly are not."
)
UNSEEN = (
    "Each fold of sources was left out of everything: of the encoder, the n-grams, the ensemble, the fusion, the "
    "calibration and the choice of cut points. *Flagged* means a verdict of `likely_ai` or `mixed` at the 1 % "
    "operating point. TPR at 1 % FPR chooses its cut on the source itself and so measures the ranking only. ECE "
    "weighs both classes alike. Sources with human texts only stay in the encoder's lessons with other texts than "
    "those that are measured, so that the rates further down are those of known genres; abstracts, government and "
    "medical texts were left out whole."
)
EMBEDDED = {SCORER: "small language model", ENCODER: "fine-tuned passage encoder"}
ROLES = {SCORER: "language model", ENCODER: "encoder"}
HEAD_FITTED = (
    "The encoder was not fine-tuned: a linear reading of its states was fitted here, and texts of a fold were read by "
    "one that the fold had no part in."
)
OWN_FITTED = (
    "texts that those have learnt from, from public collections say, look easier here than they are. Near-copies and texts of one group "
    "are in one fold."
)
OWN_UNSEEN = (
    "Each fold of texts was left out of the ensemble, the fusion, the calibration and the choice of cut points. "
    "*Flagged* means a verdict of `likely_ai` or `mixed` at the 1 % operating point. TPR at 1 % FPR chooses its cut on "
    "the source itself and so measures the ranking only. ECE weighs both classes alike. Texts from elsewhere may fare "
    "worse: these are from the same sources as those that were fitted."
)
READINGS = (
    "Area under the ROC curve of single readings and of all of them fused, on held-out documents of 150 words and "
    "more; each source left out as above."
)
FLAGGED = "By family of sources, each left out in the same way; documents of 50 words and more."
POINTS = (
    "Cut points were chosen for half the target on human texts of all families, weighed alike: unseen genres run at "
    "up to twice the rate. The counts beside them come from the "
    "leave-out above. No cut is below 0.5. Where there is none there were too few human texts to choose one: "
    "nothing is flagged there, and a check at that target is inconclusive."
)
DRAWN = (
    "`distributions.json` has 21 quantiles of each signal (1, 5, 10, … 95 and 99 %) over the human and over the machine "
    "texts that were fitted: of means over a text, weighted by the length of its sentences, encoder and ensemble as they "
    "read texts that they had not seen. They are for drawing; no report depends on them."
)
LIMITS = (
    "No figure here is about languages other than English, about poetry, lists or code, about writers that are not in "
    "the sources, or about generators newer than 2025. Longer texts than any source has of both kinds were calibrated "
    "with the map of shorter ones. The detector measures how words are distributed; it does not know who wrote them."
)
