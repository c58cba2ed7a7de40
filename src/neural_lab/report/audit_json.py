"""The JSON form of audits and comparisons, described in `docs/output.md`. Numbers are never rounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from neural_lab.audit import published
from neural_lab.audit.audited import Audited, Cohort
from neural_lab.audit.match import Match
from neural_lab.audit.source import Source
from neural_lab.report.as_json import SCHEMA, Failures, failure
from neural_lab.report.audit_facts import Shown, contributions, shown
from neural_lab.report.audit_kept import restored as restored
from neural_lab.report.audit_pairs import Pair, pairs
from neural_lab.report.characters import well_formed
from neural_lab.types import Document, Span

Row = dict[str, Any]


def envelope(audits: Iterable[Audited], errors: Failures, library: Mapping[str, Any]) -> Row:
    """Audits and failures of one run, as plain values; `library` says what was searched."""
    return {
        "schema": SCHEMA,
        "library": dict(library),
        "documents": [document(audited) for audited in audits],
        "errors": _errors(errors),
    }


def document(audited: Audited) -> Row:
    """One audit with everything that `restored` needs beside the text."""
    return {
        **_head(audited),
        "text_sha256": audited.document.text_sha256,
        "matches": [_match(audited, each) for each in shown(audited)],
        "common_text": _spans(audited.common),
        "fingerprints": _fingerprints(audited),
        "sources": _sources(audited),
        "exclusions": {**asdict(audited.switches), "sources": sorted(audited.switches.sources)},
        "facts": _facts(audited),
        "pages": [{"number": page.number, **_span(page.span)} for page in audited.document.pages],
    }


def cohort(compared: Cohort, errors: Failures) -> Row:
    """Documents set against one another; `a`, `b` and the places of `matrix` count them from 0."""
    return {
        "schema": SCHEMA,
        "documents": [{**_head(each), "common_text": _spans(each.common)} for each in compared.audits],
        "matrix": [list(row) for row in compared.matrix],
        "pairs": [_pair(pair) for pair in pairs(compared)],
        "errors": _errors(errors),
    }


def _head(audited: Audited) -> Row:
    return {**_names(audited.document), "coverage": audited.coverage}


def _names(source: Document) -> Row:
    return {
        "path": well_formed(source.path),
        "title": well_formed(source.title),
        "characters": len(source.text),
    }


def _errors(errors: Failures) -> list[Row]:
    return [{"path": well_formed(path), **failure(error)} for path, error in errors]


def _match(audited: Audited, each: Shown) -> Row:
    source = audited.sources.get(each.match.source)
    named = {"id": each.match.source, "title": well_formed(source.title) if source else ""}
    return {**_span(each.match.span), "source": named, **_shared(each)}


def _pair(pair: Pair) -> Row:
    matches = [{**_span(each.match.span), **_shared(each)} for each in pair.matches]
    return {"a": pair.a, "b": pair.b, "share": pair.share, "matches": matches}


def _shared(each: Shown) -> Row:
    match: Match = each.match
    return {
        "source_start": match.source_span.start,
        "source_end": match.source_span.end,
        "similarity": match.similarity,
        "kind": match.kind.value,
        "excluded_by": each.reason.value if each.reason else None,
        "runs": _spans(match.runs),
    }


def _fingerprints(audited: Audited) -> Row:
    """The view that older tools publish: windows of 55 characters, one from each character on."""
    whole = max(len(audited.document.text) - published.LENGTH + 1, 0)
    return {"length": published.LENGTH, "total": whole, "found": published.found(audited.counted)}


def _sources(audited: Audited) -> list[Row]:
    return [
        {**_described(each.source), "share": each.share, "matches": each.matches}
        for each in contributions(audited)
    ]


def _described(source: Source) -> Row:
    fields = asdict(source)
    return {key: well_formed(value) if isinstance(value, str) else value for key, value in fields.items()}


def _facts(audited: Audited) -> Row:
    facts = audited.facts
    places = {"quotations": facts.quotations, "bibliography": facts.bibliography, "template": facts.template}
    numbers = {"itself": sorted(facts.itself), "drafts": sorted(facts.drafts)}
    return {**{key: _spans(spans) for key, spans in places.items()}, **numbers}


def _spans(spans: Iterable[Span]) -> list[Row]:
    return [_span(span) for span in spans]


def _span(span: Span) -> Row:
    return {"start": span.start, "end": span.end}
