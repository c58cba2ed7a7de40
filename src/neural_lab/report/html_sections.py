"""What stands in an HTML report, section by section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from neural_lab.outcome import Report, SentenceScore
from neural_lab.report import words
from neural_lab.report.characters import one_line
from neural_lab.report.facts import Reference, decisive, defined, page_numbers, signal_means, usual_ranges
from neural_lab.report.figures import dial, hint, placement, skyline, waterfall
from neural_lab.report.findings import finding_lines
from neural_lab.report.markup import Markup, join, tag, text
from neural_lab.report.scale import Sign, sign

_OPEN = 3
"""So many flagged sentences are unfolded, on screen and on paper."""


def sections(report: Report, reference: Reference, anchor: str) -> Iterator[tuple[str, str, Markup]]:
    if report.measurable:
        yield from _measured(report, reference, anchor)
    if report.findings:
        note = tag("p", words.FINDINGS_NOTE, class_="note")
        yield "findings", words.FINDINGS_TITLE, join(note, _list(finding_lines(report.findings)))
    if report.human_evidence:
        note = tag("p", words.EVIDENCE_NOTE, class_="note")
        yield "evidence", words.EVIDENCE_TITLE, join(note, _list(finding_lines(report.human_evidence)))
    yield "limits", words.LIMITS_TITLE, _list(words.LIMITS)
    yield "origin", words.ORIGIN, _origin(report)


def _measured(report: Report, reference: Reference, anchor: str) -> Iterator[tuple[str, str, Markup]]:
    note, steps = (tag("p", said, class_="note") for said in (words.MAP_NOTE, words.WATERFALL))
    yield "map", words.MAP, join(skyline(report, anchor), note)
    yield "text", words.TEXT, join(_legend(), _text(report, anchor))
    yield "signals", words.SIGNALS_TITLE, _signals(report, reference)
    yield "sentences", words.SENTENCES, join(steps, *_whys(report, anchor))


def verdict(report: Report) -> Markup:
    rate, *provenance = words.rates(report)
    if not report.measurable:
        said = (words.conclusion(report), words.UNMEASURED)
        headline = tag("p", words.VERDICTS[report.verdict], class_="headline")
        return tag(
            "div", headline, *(tag("p", each) for each in said), class_=f"verdict {report.verdict.value}"
        )
    return tag(
        "div",
        tag("p", words.VERDICTS[report.verdict], class_="headline"),
        tag("p", words.percent(report.probability), class_="number", aria_hidden="true"),
        tag("p", words.conclusion(report)),
        dial(report),
        tag("p", words.probability(report)),
        tag("p", words.breakdown(report)),
        *(tag("p", note) for note in words.notes(report)),
        tag("p", rate, class_="rate"),
        *(tag("p", line, class_="note") for line in (*provenance, *_rules(report))),
        class_=f"verdict {report.verdict.value}",
    )


def _rules(report: Report) -> tuple[str, str]:
    return words.target(report.operating_point), words.breakdown_rule(report)


def _legend() -> Markup:
    samples = zip((0.95, 0.7, 0.2), Sign, strict=True)
    signs = (
        tag("li", tag("span", words.SAMPLE, class_=_look(p, s)), " ", words.SIGNS[s]) for p, s in samples
    )
    bar = tag(
        "span", *(tag("i", class_=f"p{p}") for p in range(0, 101, 5)), class_="ramp", aria_hidden="true"
    )
    return tag("div", tag("p", "0% ", bar, " 100% ", words.TINT), tag("ul", *signs), class_="legend")


def _text(report: Report, anchor: str) -> Markup:
    """The text as read, white space included, each sentence a link to what moved it."""
    source, at, page, parts = report.document.text, 0, None, []
    for score, number in zip(report.sentences, page_numbers(report), strict=True):
        start, end = score.sentence.span
        parts.append(text(source[at:start]))
        if number != page:
            parts.append(tag("span", words.page(number), class_="page") if number else Markup())
        parts.append(_sentence(report, score, anchor))
        at, page = end, number
    return tag("div", *parts, text(source[at:]), class_="source", lang="", translate="no")


def _sentence(report: Report, score: SentenceScore, anchor: str) -> Markup:
    mark, name = sign(report, score), f"{anchor}s{score.sentence.index}"
    return tag(
        "a",
        score.sentence.span.of(report.document.text),
        id=name,
        href=f"#{name}-why",
        class_=_look(score.probability, mark),
        aria_description=hint(report, score),
    )


def _look(probability: float, mark: Sign) -> str:
    return f"s {mark.value} p{round(100 * probability)}"


def _signals(report: Report, reference: Reference) -> Markup:
    means = signal_means(report)
    cards = tag("div", *(_card(key, value, reference) for key, value in means.items()), class_="cards")
    compared = any(usual_ranges(reference, key) for key in means)
    moved = decisive(report)
    decided = tag("p", words.decided(moved)) if moved else Markup()
    return join(cards, decided, tag("p", words.RANGES if compared else words.NO_RANGES, class_="note"))


def _card(key: str, value: float, reference: Reference) -> Markup:
    ranges = usual_ranges(reference, key)
    drawing = placement(key, value, ranges) if ranges else Markup()
    heading = tag("h3", words.name(key), " ", tag("b", words.rounded(value)))
    return tag("div", heading, drawing, tag("p", words.explanation(key)), class_="card")


def _whys(report: Report, anchor: str) -> Iterator[Markup]:
    """What moved each sentence; the strongest flagged ones are unfolded."""
    flagged = sorted(filter(report.flags, report.sentences), key=lambda score: -score.probability)
    unfolded = {score.sentence.index for score in flagged[:_OPEN]}
    for score in report.sentences:
        yield _why(report, score, f"{anchor}s{score.sentence.index}", score.sentence.index in unfolded)


def _why(report: Report, score: SentenceScore, name: str, unfolded: bool) -> Markup:
    mark = sign(report, score)
    said = tag(
        "span", one_line(score.sentence.span.of(report.document.text)), class_=_look(score.probability, mark)
    )
    number = tag("b", f"{score.sentence.index + 1} · {words.percent(score.probability)}")
    signals = ", ".join(f"{words.name(k)} {words.rounded(v)}" for k, v in defined(score.signals).items())
    back = tag("a", words.BACK, href=f"#{name}")
    body = tag("div", waterfall(score), tag("p", signals, class_="note"), tag("p", back), id=f"{name}-why")
    return tag("details", tag("summary", number, " ", said), body, open=unfolded, class_=f"why {mark.value}")


def _origin(report: Report) -> Markup:
    facts = words.origin(report)
    return tag("dl", *(join(tag("dt", name), tag("dd", value)) for name, value in facts.items()))


def _list(lines: Iterable[str]) -> Markup:
    return tag("ul", *(tag("li", line) for line in lines))
