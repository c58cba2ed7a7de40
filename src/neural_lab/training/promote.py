"""A detector takes the place of another: copied beside it, judged there, and moved in only if it passes."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from neural_lab.backends.bundle import MANIFEST, Bundle
from neural_lab.compose import EMBEDDED
from neural_lab.errors import InvalidRequest
from neural_lab.training.comparisons import Share
from neural_lab.training.dataset import Record
from neural_lab.training.error_card_text import interval, table
from neural_lab.training.fairness import GROUPS, TARGET, gate, writer_groups
from neural_lab.training.judged import Judged, judge_all, on_the_same
from neural_lab.training.placing import draft_of, put_in_place

SCHEMA = 1
FAIRNESS = "fairness.json"

Result = dict[str, Any]


def promote(
    bundle: Path,
    current: Path | None,
    to: Path,
    records: Sequence[Record],
    named: Mapping[str, str],
    workers: int | None = None,
) -> Result:
    """Put a copy of `bundle` in the place of `to` if it passes the gate; what was measured, either way.

    It is compared with `current`, or with what stands in `to`, or with the
    embedded detector. `named` are the writer groups of sources or writers. Raises
    `ModelUnavailable` for what is no detector, `InvalidRequest` for a folder that
    cannot be replaced.
    """
    rival = current or (to if to.exists() else EMBEDDED)
    check_folders(bundle, rival, to)
    with draft_of(to) as draft:
        shutil.copytree(bundle, draft)
        result = _judged(draft, rival, records, named, workers)
        if result["passed"]:
            (draft / FAIRNESS).write_text(json.dumps(result, indent=1) + "\n", "utf-8")
            put_in_place(draft, to)
    return result


def check_folders(bundle: Path, rival: Path, to: Path) -> None:
    """Raises when one is no detector with a 1 % point, or `to` is nothing to put one into."""
    if to.resolve() == bundle.resolve():
        raise InvalidRequest("same_folder", f"{to} is the detector itself; name another folder.")
    if not to.resolve().parent.is_dir():
        raise InvalidRequest(
            "no_folder", f"{to} cannot be made: the folder it would stand in does not exist."
        )
    if to.exists() and not (to / MANIFEST).is_file():
        raise InvalidRequest("not_a_bundle", f"{to} exists and holds no detector; name another folder.")
    for folder in (bundle, rival):
        if TARGET not in Bundle(folder).detector().targets:
            raise InvalidRequest("no_target", f"{folder} has no cut points for {100 * TARGET:g} %.")


def _judged(
    draft: Path, current: Path, records: Sequence[Record], named: Mapping[str, str], workers: int | None
) -> Result:
    candidate, unread = judge_all(draft, records, workers)
    other, _ = judge_all(current, records, workers)
    candidate, other = on_the_same(candidate, other)
    groups = writer_groups(candidate, named)
    fairness = gate(candidate, other, groups, Bundle(draft).detector().shortest_words)
    return {
        "schema": SCHEMA,
        "detector": _identity(draft),
        "current": _identity(current),
        "unread": dict(unread),
        "sources": _sources(candidate, groups),
        **fairness.as_dict(),
    }


def _identity(folder: Path) -> dict[str, Any]:
    bundle = Bundle(folder)
    detector = bundle.detector()
    return {"name": detector.name, "version": detector.version, "files": bundle.manifest["files"]}


def _sources(judged: Judged, groups: np.ndarray) -> dict[str, dict[str, int]]:
    """How many texts of which kind each source gave."""
    kinds = {"human": judged.label == 0, "machine": judged.label == 1}
    kinds |= {name: (judged.label == 0) & (groups == name) for name in GROUPS}
    return {
        source: {kind: int((mine & (judged.source == source)).sum()) for kind, mine in kinds.items()}
        for source in sorted(set(judged.source.tolist()))
    }


def fairness_text(result: Result) -> str:
    """What was measured at the gate as a Markdown table."""
    rows = [*_gap_rows(result["gap"]), *_comparison_rows(result["comparison"])]
    return table(["at the gate", "value (95 %)"], rows)


def refusal(bundle: Path, result: Result) -> str:
    return f"{bundle} was not promoted: {'; '.join(result['objections'])}."


def _gap_rows(gap: dict[str, Any] | None) -> Iterator[list[str]]:
    if gap:
        for name, side, texts in zip(GROUPS, ("first", "second"), gap["texts"], strict=True):
            found = Share(**gap[side])
            yield [
                f"flagged, {name} writers ({texts:,} texts)",
                interval(found.rate, found.interval, percent=True),
            ]
        gap_itself = gap["difference"]
        ends = (gap_itself["low"], gap_itself["high"])
        yield ["difference at matched length", interval(gap_itself["value"], ends, percent=True)]


def _comparison_rows(comparison: dict[str, Any] | None) -> Iterator[list[str]]:
    if comparison:
        area = comparison["auroc"]
        yield ["AUROC less the current one's", interval(area["value"], (area["low"], area["high"]))]
        for side in ("machine", "human"):
            pair = comparison[side]
            counts = "{both:,} / {only_first:,} / {only_second:,} (p = {p_value:.3g})".format(**pair)
            yield [f"{side} texts flagged by both / only by it / only by the current one", counts]
