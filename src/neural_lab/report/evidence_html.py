"""An evidence pack as one HTML file: the report, all that belongs to it, and the pack itself as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from neural_lab.audit.audited import Audited
from neural_lab.audit.scope import Scope
from neural_lab.outcome import Report
from neural_lab.report import audit_sections, evidence_sections, evidence_words, html_sections, words
from neural_lab.report.embedded import embedded
from neural_lab.report.html_frame import frame, policy
from neural_lab.report.markup import Markup, join, tag
from neural_lab.report.titles import place, title

Values = Mapping[str, Any]
Section = tuple[str, str, Markup]

_SHEETS = ("page.css", "audit.css", "evidence.css")
_ANCHOR, _AUDIT = "d1", "a1"


def page(values: Values, report: Report, audited: Audited | None = None) -> str:
    """The page of a pack with these `values`; `report` and `audited` are what was read back from them."""
    name, where = title(report.document), place(report.document)
    main = (
        tag("h1", tag("bdi", name), id=_ANCHOR),
        tag("p", tag("bdi", where), class_="path") if where != name else Markup(),
        tag("p", evidence_words.seal(values), class_="note seal"),
        html_sections.verdict(report),
        *_sections(values, report, audited),
    )
    header = tag("header", tag("p", evidence_words.BRAND))
    body = join(header, tag("main", tag("article", *main)), embedded(values))
    return frame(name, body, _SHEETS, _running(values))


def page_policy(values: Values) -> str:
    """The policy of that page."""
    return policy(_SHEETS, _running(values))


def _sections(values: Values, report: Report, audited: Audited | None) -> Iterator[Markup]:
    found = list(_all(values, report, audited))
    links = (tag("li", tag("a", heading, href=f"#{key}")) for key, heading, _ in found)
    yield tag("nav", tag("ul", *links), aria_label=words.SECTIONS, class_="jump")
    for key, heading, body in found:
        yield tag("section", tag("h2", heading, id=key), body, class_=key.partition("-")[2])


def _all(values: Values, report: Report, audited: Audited | None) -> Iterator[Section]:
    """The sections of the report, with those of the pack before the last two."""
    own = html_sections.sections(report, values["detector"]["reference"], _ANCHOR)
    known = {key: (f"{_ANCHOR}-{key}", heading, body) for key, heading, body in own}
    last = {
        "limits": tag("ul", *(tag("li", line) for line in values["limits"])),
        "origin": evidence_sections.origin(values, report),
    }
    if values["text"] is None and "text" in known:
        key, heading, body = known["text"]
        known["text"] = key, heading, join(tag("p", evidence_words.WITHHELD, class_="note"), body)
    yield from (section for key, section in known.items() if key not in last)
    yield f"{_ANCHOR}-numbers", evidence_words.NUMBERS, evidence_sections.numbers(report)
    yield from _of_audit(values, audited)
    yield from _of_trail(values)
    yield from ((*known[key][:2], body) for key, body in last.items())


def _of_audit(values: Values, audited: Audited | None) -> Iterator[Section]:
    """The audit; without the text only its figures, since passages would be dots."""
    if audited is None:
        return
    scope = values["library"]
    searched = Scope(scope["sources"], scope["characters"], tuple(scope["collections"])) if scope else None
    yield f"{_AUDIT}-audit", evidence_words.AUDIT, audit_sections.conclusion(audited, searched)
    for key, heading, body in audit_sections.sections(audited, _AUDIT):
        if key != "origin" and (values["text"] is not None or key == "sources"):
            named = evidence_words.SHARED_TEXT if key == "text" else heading
            yield f"{_AUDIT}-{key}", named, body


def _of_trail(values: Values) -> Iterator[Section]:
    trail = values["trail"]
    if trail is not None:
        body = evidence_sections.trail(trail["snapshots"], values["report"]["text_sha256"])
        yield f"{_ANCHOR}-trail", evidence_words.TRAIL, body


def _running(values: Values) -> str:
    """The digest at the foot of every printed page, so that none can be exchanged unseen."""
    return f'@media print {{ @page {{ @bottom-left {{ content: "{evidence_words.running(values)}"; }} }} }}'
