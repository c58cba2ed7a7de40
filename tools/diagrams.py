"""The diagrams of the blueprint, as SVG: boxes in a grid, arrows between them.

    python tools/diagrams.py

Writes `docs/diagrams/*.svg`. Each has a title and a description for those who hear it, a background of
its own, and colours for light and dark.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

OUT = Path(__file__).parent.parent / "docs" / "diagrams"
WIDE, HIGH, ACROSS, DOWN, EDGE = 190, 62, 250, 116, 24
STYLE = """
.ground{fill:#ffffff}.box{fill:#eef3fb;stroke:#2f4b7c;stroke-width:1.5}.store{fill:#f5efe0;stroke:#7a5b12}
.outside{fill:#ffffff;stroke:#555555;stroke-dasharray:5 4}text{fill:#16181d;font:14px system-ui,sans-serif}
.small{font-size:12px;fill:#3c4048}.line{stroke:#4a4f5a;stroke-width:1.5;fill:none}.tip{fill:#4a4f5a}
@media (prefers-color-scheme:dark){.ground{fill:#1b1e25}.box{fill:#263247;stroke:#8fb0e6}
.store{fill:#3a321d;stroke:#d9b75f}
.outside{fill:#1b1e25;stroke:#a0a4ad}text{fill:#f0f1f4}.small{fill:#c8ccd4}.line{stroke:#b3b8c2}.tip{fill:#b3b8c2}}
"""


@dataclass(frozen=True)
class Box:
    """A part at a column and a row; `kind` is `box`, `store` or `outside`."""

    name: str
    column: float
    row: float
    lines: tuple[str, ...]
    kind: str = "box"

    @property
    def left(self) -> float:
        return EDGE + self.column * ACROSS

    @property
    def top(self) -> float:
        return EDGE + self.row * DOWN


@dataclass(frozen=True)
class Diagram:
    """`arrows` go from the first to the second of a pair of names."""

    name: str
    title: str
    description: str
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[str, str], ...]


DIAGRAMS = (
    Diagram(
        "topology",
        "Topology",
        "People use a terminal or a browser. The command line and the service both open the lab, which "
        "reads with models of a bundle, and a store in SQLite or PostgreSQL. Several instances behind "
        "nginx share PostgreSQL and Redis.",
        (
            Box("terminal", 0, 0, ("Terminal", "neural-lab …"), "outside"),
            Box("browser", 0, 1, ("Browser, programs", "page, HTTP API"), "outside"),
            Box("proxy", 0, 2, ("nginx or Caddy", "TLS, several instances"), "outside"),
            Box("cli", 1, 0, ("Command line", "cli, commands")),
            Box("service", 1, 1.5, ("Service", "api: one or more processes")),
            Box("lab", 2, 0, ("Lab", "reading, signals, fusion")),
            Box("auditor", 2, 1, ("Auditor", "fingerprints, alignment")),
            Box("bundle", 3, 0, ("Bundle", "models and fitted values"), "store"),
            Box("store", 3, 1, ("SQLite or PostgreSQL", "library, history, jobs …"), "store"),
            Box("redis", 3, 2, ("Redis, if there is one", "limits, cached scores"), "store"),
        ),
        (
            ("terminal", "cli"), ("browser", "service"), ("proxy", "service"), ("cli", "lab"),
            ("cli", "auditor"), ("service", "lab"), ("service", "auditor"), ("lab", "bundle"),
            ("auditor", "store"), ("service", "redis"),
        ),
    ),
    Diagram(
        "check",
        "How a document is checked",
        "A file is read into text, brought to the canonical form and cut into sentences. The language "
        "model scores windows of tokens, the encoder and n-grams read passages, the ensemble joins them. "
        "All signals and slips are fused into contributions per sentence, calibrated by length; their mean "
        "is the document's probability, which cut points and doubts turn into a verdict.",
        (
            Box("file", 0, 0, ("File or text", "within limits of size"), "outside"),
            Box("canonical", 1, 0, ("Canonical form", "characters undone, listed")),
            Box("sentences", 2, 0, ("Sentences", "twice: read and scored")),
            Box("scorer", 0, 1, ("Language model", "windows of tokens")),
            Box("words", 1, 1, ("Words and marks", "lexicon, slips")),
            Box("encoder", 2, 1, ("Encoder, n-grams", "passages of sentences")),
            Box("signals", 0.5, 2, ("19 signals a sentence", "and human evidence")),
            Box("ensemble", 2, 2, ("Ensemble", "log-odds a passage")),
            Box("fusion", 1, 3, ("Fusion, calibration", "contributions add up")),
            Box("verdict", 2, 3, ("Verdict", "mean, cut points, doubts")),
        ),
        (
            ("file", "canonical"), ("canonical", "sentences"), ("sentences", "scorer"),
            ("sentences", "words"),
            ("sentences", "encoder"), ("scorer", "signals"), ("words", "signals"), ("signals", "ensemble"),
            ("encoder", "ensemble"), ("signals", "fusion"), ("ensemble", "fusion"), ("fusion", "verdict"),
        ),
    ),
    Diagram(
        "request",
        "How a request is answered",
        "A request passes, in this order: its log, the security headers, host and origin, the number of "
        "requests at once, who asks and how often, the size and kind of the body, the characters it costs. "
        "Then it waits in a lane for the detector, whose answers are cached, and a report is kept if its "
        "owner wants that. Jobs wait in the database.",
        (
            Box("client", 0, 0, ("Client", "browser, key, address"), "outside"),
            Box("log", 1, 0, ("Log, headers", "no words of users")),
            Box("origin", 2, 0, ("Host, origin, crowd", "else 403, 503")),
            Box("caller", 2, 1, ("Who, how often", "else 401, 403, 429")),
            Box("body", 1, 1, ("Body", "else 408, 413, 415, 422")),
            Box("cost", 0, 1, ("Characters, room", "else 429, 503")),
            Box("lane", 0, 2, ("Two lanes", "short and long texts")),
            Box("engine", 1, 2, ("Detector", "batches")),
            Box("cache", 2, 2, ("Cache", "scores under keyed hashes"), "store"),
            Box("jobs", 0, 3, ("Jobs", "rows under a lease"), "store"),
            Box("answer", 1, 3, ("Answer", "report, or problem details")),
            Box("history", 2, 3, ("History, events", "if wanted; counts alone"), "store"),
        ),
        (
            ("client", "log"), ("log", "origin"), ("origin", "caller"), ("caller", "body"), ("body", "cost"),
            ("cost", "lane"), ("lane", "engine"), ("engine", "cache"), ("engine", "answer"), ("jobs", "lane"),
            ("answer", "history"),
        ),
    ),
    Diagram(
        "audit",
        "How shared passages are found",
        "A document's letters are hashed in runs of 20 and winnowed. The store recalls the places of these "
        "hashes in one question. Seeds whose neighbourhood cannot agree are dropped; the others are "
        "followed letter by letter, joined to chains, and edited copies around them are aligned. "
        "Exclusions decide what counts.",
        (
            Box("document", 0, 0, ("Document", "letters and digits"), "outside"),
            Box("fingerprints", 1, 0, ("Fingerprints", "one of any 21 hashes")),
            Box("recall", 2, 0, ("Recall", "one question to the store"), "store"),
            Box("seeds", 2, 1, ("Seeds", "context drops most")),
            Box("runs", 1, 1, ("Runs", "letter by letter, 40 or more")),
            Box("copies", 0, 1, ("Edited copies", "aligned around the runs")),
            Box("matches", 0, 2, ("Matches", "places on both sides")),
            Box("exclusions", 1, 2, ("Exclusions", "decided without a search")),
            Box("coverage", 2, 2, ("Coverage", "share of the document")),
        ),
        (
            ("document", "fingerprints"), ("fingerprints", "recall"), ("recall", "seeds"), ("seeds", "runs"),
            ("runs", "copies"), ("copies", "matches"), ("matches", "exclusions"), ("exclusions", "coverage"),
        ),
    ),
)  # fmt: skip


def drawn(diagram: Diagram) -> str:
    boxes = {box.name: box for box in diagram.boxes}
    width = max(box.left for box in diagram.boxes) + WIDE + EDGE
    height = max(box.top for box in diagram.boxes) + HIGH + EDGE
    arrows = (_arrow(boxes[start], boxes[end]) for start, end in diagram.arrows)
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(diagram.title)}</title>',
        f'<desc id="desc">{escape(diagram.description)}</desc>',
        f"<style>{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>',
        f'<rect class="ground" width="{width:g}" height="{height:g}" rx="8"/>',
        *arrows,
        *(_box(box) for box in diagram.boxes),
        "</svg>",
    )
    return "\n".join(parts) + "\n"


def _box(box: Box) -> str:
    middle = box.left + WIDE / 2
    rows = [
        f'<text class="{"small" if at else "name"}" x="{middle:g}" y="{box.top + 27 + 20 * at:g}" '
        f'text-anchor="middle">{escape(line)}</text>'
        for at, line in enumerate(box.lines)
    ]
    place = f'x="{box.left:g}" y="{box.top:g}" width="{WIDE}" height="{HIGH}" rx="7"'
    shape = f'<rect class="box {box.kind}" {place}/>'
    return "\n".join((shape, *rows))


def _arrow(start: Box, end: Box) -> str:
    a, b = _border(start, end), _border(end, start)
    return f'<path class="line" marker-end="url(#tip)" d="M{a[0]:g} {a[1]:g} {b[0]:g} {b[1]:g}"/>'


def _border(box: Box, other: Box) -> Sequence[float]:
    """Where a line between the middles of two boxes leaves the first."""
    x, y = box.left + WIDE / 2, box.top + HIGH / 2
    dx, dy = other.left - box.left, other.top - box.top
    scale = min(WIDE / 2 / abs(dx) if dx else 9, HIGH / 2 / abs(dy) if dy else 9)
    return round(x + dx * scale, 1), round(y + dy * scale, 1)


def made() -> Iterator[tuple[Path, str]]:
    for diagram in DIAGRAMS:
        yield OUT / f"{diagram.name}.svg", drawn(diagram)


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    for path, text in made():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
