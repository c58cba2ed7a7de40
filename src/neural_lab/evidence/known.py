"""What a pack has to be before anything in it is checked: all its fields, of their types, and no others."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import fields

from neural_lab.evidence.fields import Field
from neural_lab.evidence.pack import KIND, PROGRAM, SCHEMA
from neural_lab.trail import Draft, Snapshot

OBJECTS: Mapping[str, Collection[str]] = {
    "program": ("name", "version"),
    "detector": ("name", "version", "identity", "files", "probe", "reference"),
    "options": ("max_false_positives", "genre", "writer", "quoted", "pages"),
}
FIELDS = (
    *OBJECTS,
    *(
        "schema",
        "kind",
        "made",
        "text",
        "report",
        "measured",
        "audit",
        "library",
        "trail",
        "limits",
        "digest",
    ),
)
SCOPE, TRAIL = ("sources", "characters", "collections"), ("schema", "draft", "snapshots", "flaws")
DRAFT = tuple(each.name for each in fields(Draft))
SNAPSHOT = tuple(each.name for each in fields(Snapshot))
PERCENTILES = 3
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def check_known(pack: Field) -> None:
    """Raises `InvalidRequest` for another kind of file, another schema, and for fields that nobody checks.

    Reports and audits are read later, and what is unknown in them does not agree.
    """
    if pack.at("kind").value != KIND or pack.at("schema").value != SCHEMA:
        pack.refuse(f"has to be of the kind “{KIND}” and the schema {SCHEMA}")
    whole(pack, FIELDS)
    for name, known in OBJECTS.items():
        whole(pack.at(name), known)
    _moment(pack.at("made"))
    if pack.at("program").at("name").text() != PROGRAM:
        pack.at("program").at("name").refuse(f"has to be {PROGRAM}")
    for field in (pack.at("program").at("version"), pack.at("digest"), *pack.at("limits").each()):
        field.text()
    _detector(pack.at("detector"))
    _scope(pack.maybe("library"))
    snapshots(pack.maybe("trail"))
    for row in filter(None, (pack.at("report"), pack.maybe("audit"))):
        row.at("characters").count(1)
        for name in ("title", "path", "text_sha256"):
            row.at(name).text()


def snapshots(trail: Field | None) -> list[Snapshot]:
    """The snapshots of a trail, of which there has to be one; none where there is no trail."""
    if trail is None:
        return []
    whole(whole(trail, TRAIL).at("draft"), DRAFT)
    found = [_snapshot(whole(row, SNAPSHOT)) for row in trail.at("snapshots").each()]
    if not found:
        trail.at("snapshots").refuse("has to have entries")
    return found


def whole(field: Field, known: Collection[str]) -> Field:
    """An object with all the `known` fields, and no others."""
    for name in known:
        field.at(name)
    return field.only(known)


def _snapshot(row: Field) -> Snapshot:
    _moment(row.at("at"))
    words = (row.at(key).text() for key in ("text_sha256", "previous", "digest"))
    return Snapshot(row.at("seq").count(1), row.at("at").text(), row.at("characters").count(), *words)


def _moment(field: Field) -> None:
    if not _MOMENT.fullmatch(field.text()):
        field.refuse("has to be a moment such as 2026-02-03T04:05:06Z")


def _detector(found: Field) -> None:
    found.at("identity").text()
    for name in found.at("files").object():
        found.at("files").at(name).text()
    for value in found.at("probe").each():
        value.number()
    for kinds in map(found.at("reference").at, found.at("reference").object()):
        for usual in map(kinds.at, kinds.object()):
            if len([each.number() for each in usual.each()]) != PERCENTILES:
                usual.refuse(f"has to be {PERCENTILES} numbers")


def _scope(scope: Field | None) -> None:
    if scope:
        counts = whole(scope, SCOPE)
        counts.at("sources").count()
        counts.at("characters").count()
        for name in scope.at("collections").each():
            name.text()
