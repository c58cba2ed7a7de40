"""What a retraining did: JSON for programs, Markdown for people, both without a word of any text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from neural_lab.report.characters import one_line
from neural_lab.retraining.cleaned import IN_WORDS, Cleaned
from neural_lab.retraining.gate import Gate, reasons
from neural_lab.retraining.gathered import Gathered
from neural_lab.retraining.limits import Limits
from neural_lab.retraining.steps import Steps

SCHEMA = 1
MOST_ROWS, MOST_SHOWN = 200, 10
PROMOTED, REFUSED, PASSED, NOTHING_NEW = "promoted", "refused", "passed", "nothing_new"
OUTCOMES = {
    PROMOTED: "The challenger was promoted.",
    REFUSED: "The batch was refused; the champion stays.",
    PASSED: "The challenger passes every gate; a dry run promotes nothing.",
    NOTHING_NEW: "There is no new text to learn from; nothing was trained.",
}

Report = dict[str, Any]


def _run() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{token_hex(2)}"


@dataclass
class Findings:
    """What is known so far; `champion` is None for the installed detector.

    `untracked` says why a tracking that is set was not written to.
    """

    champion: str | None
    gathered: Gathered
    cleaned: Cleaned
    steps: Steps
    untracked: str | None = None
    run: str = field(default_factory=_run)
    outcome: str = NOTHING_NEW
    challenger: str | None = None
    gates: list[Gate] = field(default_factory=list)
    contradicted: list[str] = field(default_factory=list)

    def report(self, limits: Limits) -> Report:
        """All of it as plain values."""
        return {
            "schema": SCHEMA,
            "run": self.run,
            "outcome": self.outcome,
            "reasons": reasons(self.gates),
            "champion": self.champion or "embedded",
            "challenger": self.challenger,
            "data": self._data(),
            "left_out": {reason: _named(rows) for reason, rows in self.cleaned.left_out.items()},
            "contradicted": _named(self.contradicted),
            "gates": [gate.as_dict() for gate in self.gates],
            "limits": asdict(limits),
            "seconds": self.steps.seconds,
            "untracked": self.untracked,
        }

    def _data(self) -> dict[str, int]:
        return {
            "texts": len(self.gathered.records),
            "new": len(self.gathered.fresh),
            "missing": self.gathered.missing,
            "disputes": self.gathered.disputes,
            "learnt_from": len(self.cleaned.records),
            "frozen": len(self.gathered.frozen),
        }


def keep(report: Report, folder: Path) -> Path:
    """Write both into a folder of the run, and give its path."""
    place = folder / str(report["run"])
    place.mkdir(parents=True, mode=0o700)
    (place / "report.md").write_text(markdown(report), "utf-8")
    (place / "report.json").write_text(as_json(report) + "\n", "utf-8")
    return place


def as_json(report: Report) -> str:
    return json.dumps(report, indent=1, allow_nan=False)


def markdown(report: Report) -> str:
    """The report as a page."""
    title = f"# Retraining {report['run']}"
    parts = (title, _summary(report), _data(report), _rows(report), _gates(report))
    return "\n\n".join(filter(None, parts)) + "\n"


def _summary(report: Report) -> str:
    lines = [f"**{OUTCOMES[report['outcome']]}**", ""]
    lines += [f"- {one_line(reason)}" for reason in report["reasons"]]
    challenger = f", challenger `{report['challenger']}`" if report["challenger"] else ", nothing was trained"
    untracked = f" Not tracked: {one_line(report['untracked'])}" if report["untracked"] else ""
    return "\n".join([*lines, "", f"Champion `{report['champion']}`{challenger}.{untracked}"])


def _data(report: Report) -> str:
    data = report["data"]
    said = (
        f"{data['texts']:,} labelled texts, {data['new']:,} of them new to the champion and "
        f"{data['disputes']:,} from released disputes; {data['learnt_from']:,} can be learnt from. "
        f"{data['frozen']:,} frozen texts are judged on."
    )
    gone = f" {data['missing']:,} that the champion has learnt are not among them." if data["missing"] else ""
    return f"## Data\n\n{said}{gone}"


def _rows(report: Report) -> str:
    words = {**IN_WORDS, "contradicted": "with labels that are surely contradicted"}
    found = {**report["left_out"], "contradicted": report["contradicted"]}
    lines = [_line(words[reason], each) for reason, each in found.items() if each["texts"]]
    return "\n".join(("## Rows to look at", "", *lines)) if lines else ""


def _line(words: str, found: dict[str, Any]) -> str:
    shown = ", ".join(map(one_line, found["rows"][:MOST_SHOWN]))
    return f"- {found['texts']:,} {words}: {shown}{' …' if found['texts'] > MOST_SHOWN else ''}"


def _gates(report: Report) -> str:
    head = ("## Gates", "", "| gate | outcome | what was measured | protects |", "|---|---|---|---|")
    rows = [
        f"| {gate['name']} | {'passed' if gate['passed'] else '**refused**'} | {one_line(gate['said'])} "
        f"| {gate['protects']} |"
        for gate in report["gates"]
    ]
    return "\n".join((*head, *rows)) if rows else ""


def _named(rows: Sequence[str]) -> dict[str, Any]:
    """How many, and the first of them by name."""
    return {"texts": len(rows), "rows": list(rows[:MOST_ROWS])}
