"""Disputes that were reviewed and released, as labelled texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from neural_lab.dispute import Dispute
from neural_lab.training.dataset import Record

SOURCE = "disputes"
_LABELS = {"human": 0, "machine": 1}


def as_records(released: Iterable[Dispute], most_each: int) -> list[Record]:
    """One labelled text a dispute, the oldest `most_each` of each owner: all first ones, then all second.

    Those of one owner are one group. The dispute's number names the row.
    """
    seen, ranked = Counter[str](), list[tuple[int, Record]]()
    for dispute in sorted(released, key=lambda each: each.id):
        ranked.append((seen[dispute.owner], _record(dispute)))
        seen[dispute.owner] += 1
    return [record for rank, record in sorted(ranked, key=lambda each: each[0]) if rank < most_each]


def within(disputes: Sequence[Record], texts: int, share: float) -> list[Record]:
    """The first of the disputes, as many as are at most a `share` of all where there are other `texts`."""
    return list(disputes[: int(texts * share / (1 - share))] if share < 1 else disputes)


def _record(dispute: Dispute) -> Record:
    group, row = f"{SOURCE}:{dispute.owner}", f"{SOURCE}:{dispute.id}"
    return Record(dispute.passage, _LABELS[dispute.claim], SOURCE, "", "", "", "", group, row)
