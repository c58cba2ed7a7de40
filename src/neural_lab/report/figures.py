"""Drawings for the HTML report, as inline SVG. Position and size carry the meaning; colour repeats it."""

from __future__ import annotations

from neural_lab.outcome import Report, SentenceScore
from neural_lab.report import words
from neural_lab.report.facts import steps, strongest
from neural_lab.report.markup import Markup, join, tag
from neural_lab.report.tracks import bounds

_ROW = 22
_PLOT, _PLOT_WIDTH = 190, 300


def svg(width: float, height: float, label: str, *children: str) -> Markup:
    """A drawing that scales to its column and is read out as `label`."""
    view = f"0 0 {width:g} {height:g}"
    return tag("svg", tag("title", label), *children, viewBox=view, role="img", aria_label=label)


def hint(report: Report, score: SentenceScore) -> str:
    """What is said of a sentence when it is pointed at."""
    return words.sentence(score.probability, report.flags(score), strongest(score))


def dial(report: Report) -> Markup:
    """The probability on a line from 0 to 1, with the cut point."""
    at, cut = 600 * report.probability, 600 * report.operating_point.document
    return svg(
        620,
        46,
        words.probability(report),
        tag("rect", x=10, y=18, width=600, height=8, rx=4, class_="rail"),
        tag("rect", x=10, y=18, width=f"{at:.1f}", height=8, rx=4, class_="up"),
        tag("line", x1=f"{10 + cut:.1f}", x2=f"{10 + cut:.1f}", y1=10, y2=34, class_="cut"),
        _label(10 + cut, 44, words.CUT_POINT, "middle" if 60 < cut < 540 else "end" if cut > 60 else "start"),
        tag("circle", cx=f"{10 + at:.1f}", cy=22, r=8, class_="dot"),
    )


def skyline(report: Report, anchor: str) -> Markup:
    """One block per sentence: width is its length, height its probability, so area is the document's."""
    start, end = report.covered
    scale = 1000 / (end - start)
    blocks = (_block(report, score, start, scale, anchor) for score in report.sentences)
    middle = tag("line", x1=0, x2=1000, y1=50, y2=50, class_="even")
    return svg(
        1000, 108, words.MAP_NOTE, tag("rect", width=1000, height=100, class_="ground"), *blocks, middle
    )


def placement(key: str, value: float, ranges: dict[str, tuple[float, float, float]]) -> Markup:
    """A signal's value as a line across the usual ranges of human and machine texts."""
    limits = bounds(ranges)
    marker = _across(min(max(value, limits[0]), limits[1]), limits)
    bands = (_band(kind, usual, limits, 16 + 22 * row) for row, (kind, usual) in enumerate(ranges.items()))
    line = tag("line", x1=f"{marker:.1f}", x2=f"{marker:.1f}", y1=2, y2=50, class_="value")
    return svg(260, 52, words.placement(key, value, ranges), *bands, line)


def waterfall(score: SentenceScore) -> Markup:
    """How the contributions add up, from nothing to the log-odds of the sentence."""
    terms = steps(score)
    totals = [0.0]
    for _, value in terms:
        totals.append(totals[-1] + value)
    limits = (min(totals), max(totals) if max(totals) > min(totals) else min(totals) + 1)
    rows = (_step(row, *term, totals[row], limits) for row, term in enumerate(terms))
    height = _ROW * (len(terms) + 1) + 4
    zero = _plot(0.0, limits)
    axis = tag("line", x1=f"{zero:.1f}", x2=f"{zero:.1f}", y1=0, y2=height, class_="even")
    return svg(600, height, words.contributions(terms), axis, *rows, _sum(len(terms), score, limits))


def _block(report: Report, score: SentenceScore, start: int, scale: float, anchor: str) -> Markup:
    span, height = score.sentence.span, 100 * score.probability
    x, width = (span.start - start) * scale, max(span.length * scale - 0.6, 0.4)
    flag = tag("rect", x=f"{x:.1f}", y=103, width=f"{width:.1f}", height=5, class_="dot")
    block = tag(
        "rect",
        x=f"{x:.1f}",
        y=f"{100 - height:.1f}",
        width=f"{width:.1f}",
        height=f"{height:.1f}",
        class_="up",
        fill_opacity=f"{0.25 + 0.75 * score.probability:.2f}",
    )
    shapes = join(tag("title", hint(report, score)), block, flag if report.flags(score) else Markup())
    return tag("a", shapes, href=f"#{anchor}s{score.sentence.index}", tabindex=-1)


def _band(kind: str, usual: tuple[float, float, float], limits: tuple[float, float], y: int) -> Markup:
    low, middle, high = (_across(value, limits) for value in usual)
    return join(
        _label(0, y + 4, words.KINDS[kind], "start"),
        tag(
            "rect", x=f"{low:.1f}", y=y - 5, width=f"{high - low:.1f}", height=10, rx=5, class_=f"band {kind}"
        ),
        tag("line", x1=f"{middle:.1f}", x2=f"{middle:.1f}", y1=y - 7, y2=y + 7, class_="even"),
    )


def _step(row: int, key: str, value: float, before: float, limits: tuple[float, float]) -> Markup:
    left, right = sorted((_plot(before, limits), _plot(before + value, limits)))
    y = _ROW * row
    return join(
        _label(_PLOT - 12, y + 15, words.name(key), "end"),
        tag(
            "rect",
            x=f"{left:.1f}",
            y=y + 4,
            width=f"{max(right - left, 1):.1f}",
            height=14,
            class_="up" if value > 0 else "down",
        ),
        _label(_PLOT + _PLOT_WIDTH + 12, y + 15, words.signed(value), "start"),
    )


def _sum(row: int, score: SentenceScore, limits: tuple[float, float]) -> Markup:
    y, x = _ROW * row, _plot(score.logit, limits)
    total = f"{words.signed(score.logit)} = {words.percent(score.probability)}"
    return join(
        _label(_PLOT - 12, y + 15, words.SUM, "end", "strong"),
        tag("circle", cx=f"{x:.1f}", cy=y + 11, r=6, class_="dot"),
        _label(_PLOT + _PLOT_WIDTH + 12, y + 15, total, "start", "strong"),
    )


def _label(x: float, y: float, content: str, anchor: str, kind: str = "label") -> Markup:
    return tag("text", content, x=f"{x:.1f}", y=y, text_anchor=anchor, class_=kind)


def _plot(value: float, limits: tuple[float, float]) -> float:
    return _PLOT + _PLOT_WIDTH * (value - limits[0]) / (limits[1] - limits[0])


def _across(value: float, limits: tuple[float, float]) -> float:
    return 62 + 194 * (value - limits[0]) / (limits[1] - limits[0])
