"""Disputes that were reviewed and released, as labelled texts."""

from __future__ import annotations

from collections.abc import Iterable

from neural_lab.dispute import Dispute
from neural_lab.training.dataset import Record

SOURCE = "disputes"
_LABELS = {"human": 0, "machine": 1}


def as_records(released: Iterable[Dispute]) -> list[Record]:
    """One labelled text a dispute; those about one text are one group. The dispute's number names the row."""
    return [_record(dispute) for dispute in released]


def _record(dispute: Dispute) -> Record:
    group, row = f"{SOURCE}:{dispute.text_sha256}", f"{SOURCE}:{dispute.id}"
    return Record(dispute.passage, _LABELS[dispute.claim], SOURCE, "", "", "", "", group, row)
