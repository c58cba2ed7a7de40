"""Everything that an owner keeps, as plain values, one record after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from neural_lab.dispute import Dispute
from neural_lab.errors import NotFound
from neural_lab.kept import row
from neural_lab.ports import Disputes, History, Library, Store, Trail

SCHEMA, PAGE, MOST = 1, 100, 2**31 - 1
Record = dict[str, Any]
FOR_REVIEWERS = (
    *("id", "state", "created", "training_consented", "passage", "probability", "detector", "claim", "note"),
    *("reviewed", "reviewer", "review_note"),
)
"""What a decision takes, and nothing that says whose text it is."""


def everything(store: Store, owner: str, library: bool = True) -> Iterator[Record]:
    """Records of an owner, each with what it is under `record`; without `library`, without sources.

    What is deleted while the others are on their way is left out.
    """
    yield _as("preferences", asdict(store.preferences(owner).get()))
    yield from (_as("report", each) for each in reports(store.history(owner)))
    yield from (_as("dispute", each) for each in disputes(store.disputes(owner)))
    yield from (_as("snapshot", each) for each in snapshots(store.trail(owner)))
    if library:
        yield from (_as("source", each) for each in sources(store.library(owner)))


def reports(history: History) -> Iterator[Record]:
    """All reports with their texts, the newest first."""
    before = None
    while page := history.entries(PAGE, before):
        for each in page:
            with suppress(NotFound):
                yield row(history.entry(each.id))
        before = page[-1].id


def disputes(kept: Disputes) -> Iterator[Record]:
    """All disputes, the newest first."""
    return (dispute_row(each) for each in kept.disputes(MOST))


def dispute_row(dispute: Dispute) -> Record:
    """A dispute as plain values."""
    found = {**asdict(dispute), **dispute.span._asdict()}
    found["detector"] = {"name": dispute.detector, "version": dispute.version}
    return {name: value for name, value in found.items() if name not in ("span", "version", "owner")}


def review_row(dispute: Dispute) -> Record:
    """A dispute as plain values, as far as a reviewer sees it."""
    row = dispute_row(dispute)
    return {name: row[name] for name in FOR_REVIEWERS}


def snapshots(trail: Trail) -> Iterator[Record]:
    """All snapshots of all drafts with their texts, draft by draft."""
    for draft in trail.drafts():
        about = {"draft": draft.id, "title": draft.title}
        with suppress(NotFound):
            for each in trail.snapshots(draft.id):
                yield {**about, **asdict(each), "text": trail.text(draft.id, each.seq)}


def sources(library: Library) -> Iterator[Record]:
    """All sources with their texts."""
    for source in library.sources():
        for text in library.texts([source.id]).values():
            yield {**asdict(source), "text": text}


def _as(record: str, values: Record) -> Record:
    return {"schema": SCHEMA, "record": record, **values}
