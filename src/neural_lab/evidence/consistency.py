"""Whether a pack agrees with itself: every number in it that follows from others."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from neural_lab.evidence.checks import Code
from neural_lab.evidence.differences import differences
from neural_lab.evidence.pack import told
from neural_lab.outcome import Report

TOLERANCE = 1e-9
_CODES = {
    Code.TEXT: re.compile(r"text_sha256|characters|sentences\[\d+\]\.text"),
    Code.SENTENCES: re.compile(r"sentences\[\d+\]\.(?:index|start|end|page)"),
    Code.SUMS: re.compile(r"sentences\[\d+\]\.(?:probability|contributions\..*|signals\..*)"),
    Code.MEAN: re.compile(r"probability|share_flagged|breakdown\b.*"),
}
FOLLOWING = (Code.SUMS, Code.MEAN, Code.VERDICT)


def consistency(row: Mapping[str, Any], report: Report, *, with_text: bool) -> dict[Code, list[str]]:
    """Places that do not agree, by what follows from what; `report` is what was restored from `row`.

    The sentences have to be in order: see `misplaced`.
    """
    found: dict[Code, list[str]] = {code: [] for code in (Code.TEXT, Code.SENTENCES, *FOLLOWING)}
    for each in differences(row, told(report, with_text=with_text)):
        if each.size is None or each.size > TOLERANCE:
            found[_code(each.place)].append(each.place)
    found[Code.SUMS] += [place for place in _sums(row, report) if place not in found[Code.SUMS]]
    return found


def _code(place: str) -> Code:
    known = (code for code, pattern in _CODES.items() if pattern.fullmatch(place))
    return next(known, Code.VERDICT)


def _sums(row: Mapping[str, Any], report: Report) -> Iterator[str]:
    """Sentences whose contributions do not add up to the log-odds of their probability."""
    for at, (shown, score) in enumerate(zip(row["sentences"], report.sentences, strict=True)):
        p = shown.get("probability")
        right = isinstance(p, float) and 0 < p < 1
        if not right or abs(math.log(p / (1 - p)) - score.logit) > TOLERANCE:
            yield f"sentences[{at}].probability"


def misplaced(report: Report, *, whole: bool) -> Iterator[str]:
    """Sentences out of order, and with the `whole` text those with something unread before them."""
    text, end = report.document.text, 0
    for at, score in enumerate(report.sentences):
        span = score.sentence.span
        if span.start < end or (whole and text[end : span.start].strip()):
            yield f"sentences[{at}]"
        end = max(end, span.end)
    if whole and text[end:].strip():
        yield "sentences"
