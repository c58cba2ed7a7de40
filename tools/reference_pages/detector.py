"""What stands in the embedded detector's `detector.json`, field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reference_pages.tables import SOURCE, code, page, table

EMBEDDED = SOURCE / "bundles" / "embedded"
ABOUT = """\
A bundle is a folder of plain files. `detector.json` holds all that was fitted beside the models; these are
the values of the embedded one. What the terms mean is in [the method](../method.md), how they are made in
[training](../training.md), and how often this detector is wrong in its
[card](../../src/neural_lab/bundles/embedded/card.md)."""
SHAPES = """\
The contribution of a signal is read off straight lines between the knots, is level beyond them, and is
multiplied with the slope of the document's length band. Knots are in the signal's own unit, values in nats
before scaling."""
POINTS = """\
At and above *document* a document is `likely_ai`; at and above *run*, for its strongest run of about 1,000
characters, it is `mixed`. 1.000 means that there were too few texts to choose a cut."""


def embedded() -> dict[str, Any]:
    return json.loads((EMBEDDED / "detector.json").read_text("utf-8"))


def written() -> str:
    found = embedded()
    fusion = found["fusion"]
    return page(
        "Fitted values",
        ABOUT,
        "## Files of the bundle",
        table(("File", "SHA-256"), ((code(name), code(digest)) for name, digest in _files().items())),
        "## Fields",
        table(("Field", "Value", ""), _fields(found)),
        "## Calibration by length",
        "Platt scaling: calibrated log-odds are slope · log-odds + intercept.",
        table(
            ("Words, at least", "Slope", "Intercept"),
            ((low, f"{a:.4f}", f"{b:+.4f}") for low, a, b in fusion["bands"]),
        ),
        "## Shapes",
        SHAPES,
        table(("Signal", "Knots", "Values"), (_shape(*each) for each in fusion["shapes"].items())),
        "## Cut points",
        POINTS,
        table(
            ("Target", "Band", "Document", "Run", "Flagged", "Of", "95 %"),
            map(_point, found["operating_points"]),
        ),
        "## Usual values",
        "The 10th, 50th and 90th percentile of each signal's mean over a text, for drawing. No report "
        "depends on them.",
        table(("Signal", "Human", "Machine"), (_usual(*each) for each in found["reference"].items())),
    )


def _files() -> Mapping[str, str]:
    return json.loads((EMBEDDED / "manifest.json").read_text("utf-8"))["files"]


def _fields(found: Mapping[str, Any]) -> list[tuple[object, ...]]:
    fusion, genres = found["fusion"], found["genres"]
    rows = found["error_rows"]
    kinds = sorted({row["kind"] for row in rows})
    return [
        (code("name"), code(found["name"]), ""),
        (code("version"), code(found["version"]), ""),
        (code("scorer"), code(found["scorer"]), "the language model it was fitted on; another is refused"),
        (code("encoder"), code(found["encoder"]), "the encoder it was fitted on; another is refused"),
        (code("fusion.bias"), f"{fusion['bias']:.4f}", "nats"),
        (
            code("fusion.evidence_weight"),
            f"{fusion['evidence_weight']:.4f}",
            "nats deducted per slip in a hundred words",
        ),
        (
            code("fusion.evidence_cap"),
            f"{fusion['evidence_cap']:.4f}",
            "nats deducted at most, before scaling",
        ),
        (code("fusion.bands"), len(fusion["bands"]), "length bands, below"),
        (code("fusion.shapes"), len(fusion["shapes"]), "signals, below"),
        (code("operating_points"), len(found["operating_points"]), "cut points by target and band, below"),
        (
            code("error_rows"),
            len(rows),
            f"held-out error rates, by {', '.join(kinds)}; shown with every report",
        ),
        (code("genres.names"), len(genres["names"]), ", ".join(genres["names"])),
        (
            code("genres.means"),
            f"{len(genres['means'])} × {len(genres['means'][0])}",
            "the mean state of each genre",
        ),
        (code("genres.limit"), f"{genres['limit']:.4f}", "a text further from every genre is not flagged"),
        (code("shortest_words"), found["shortest_words"], "fewer words: no verdict"),
        (code("fewest_known"), f"{found['fewest_known']:.3f}", "a smaller share of known words: no verdict"),
        (code("most_disagreement"), f"{found['most_disagreement']:.4f}", "nats; further apart: not flagged"),
        (code("reference"), len(found["reference"]), "usual values of signals, below"),
    ]


def _shape(name: str, shape: Mapping[str, list[float]]) -> tuple[str, str, str]:
    return code(name), *(", ".join(f"{each:.3f}" for each in shape[key]) for key in ("knots", "values"))


def _point(each: Mapping[str, Any]) -> tuple[object, ...]:
    low, high = each["interval"]
    cuts = (f"{each['document']:.3f}", f"{each['run']:.3f}")
    return (
        f"{each['target']:.1%}",
        each["band"],
        *cuts,
        each["flagged"],
        f"{each['texts']:,}",
        f"{low:.1%}-{high:.1%}",
    )


def _usual(name: str, sides: Mapping[str, list[float]]) -> tuple[str, str, str]:
    return code(name), *(", ".join(f"{each:.3f}" for each in sides[side]) for side in ("human", "machine"))
