"""What the reports for people say, as plain values: a page that shows these says what the others say."""

from __future__ import annotations

from typing import Any

from neural_lab.outcome import Report
from neural_lab.report import words
from neural_lab.report.facts import MAIN_SIGNALS, decisive, signal_means

Row = dict[str, Any]


def shown(report: Report) -> Row:
    """Every sentence and rounded number about one document, described in `docs/output.md`.

    Where nothing is measurable there are no numbers.
    """
    return {
        "measurable": report.measurable,
        "verdict": words.VERDICTS[report.verdict],
        "probability": words.shown(report),
        "conclusion": words.conclusion(report),
        "limits": list(words.LIMITS),
        "origin": dict(words.origin(report)),
        **(_measured(report) if report.measurable else NOTHING),
    }


NOTHING: Row = {
    "number": None,
    "probability_line": None,
    "breakdown": None,
    "notes": [],
    "rates": [],
    "target": None,
    "signals": [],
    "decisive": [],
    "decided": None,
    "unmeasured": words.UNMEASURED,
}


def _measured(report: Report) -> Row:
    moved = decisive(report)
    return {
        "number": words.percent(report.probability),
        "probability_line": words.probability(report),
        "breakdown": _breakdown(report),
        "notes": words.notes(report),
        "rates": words.rates(report),
        "target": words.target(report.operating_point),
        "signals": [_signal(key, value) for key, value in signal_means(report).items()],
        "decisive": [_term(key, value) for key, value in moved],
        "decided": words.decided(moved) if moved else None,
        "unmeasured": None,
    }


def _breakdown(report: Report) -> Row:
    said = {"line": words.breakdown(report), "rule": words.breakdown_rule(report)}
    return {**words.shares(report), **said}


def _signal(key: str, value: float) -> Row:
    named = {"key": key, "name": words.name(key), "explanation": words.explanation(key)}
    return {**named, "value": value, "shown": words.rounded(value), "main": key in MAIN_SIGNALS}


def _term(key: str, value: float) -> Row:
    return {"key": key, "name": words.name(key), "value": value, "shown": words.signed(value)}
