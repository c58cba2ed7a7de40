"""A model's card: what it is, where it came from, and what is known of its export; nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from neural_lab.models.kept import Kept
from neural_lab.report.model_words import kind, licence, origin, size

CARD, READING = "card.md", "reading.json"
_NOT_KNOWN = """\
## Not tried

- No error rate belongs to this model. A detector fitted with it has its own, on its own card.
- What it was trained on is said by its publisher, if at all, and was not looked into.
- Parity compares an export with PyTorch on the texts and on the machine of the export. Other languages and
  other processors were not compared.
"""


def write(kept: Kept) -> None:
    """Beside the model, in place of an older one."""
    (kept.folder / CARD).write_text(text(kept), "utf-8")


def text(kept: Kept) -> str:
    """Markdown."""
    parts = (_head(kept), _export(kept), _NOT_KNOWN, _checking(kept))
    return "\n".join(parts)


def _head(kept: Kept) -> str:
    weights = sum(file["bytes"] for file in kept.files.values())
    rows = {
        "Used as": kind(kept.kind),
        "Architecture": kept.architecture or "not named",
        "Came from": origin(kept.origin),
        "Revision": kept.revision or "none: it is known by its checksums alone",
        "Licence": licence(kept.licence),
        "Files": f"{len(kept.files)}, {size(weights)}",
    }
    return f"# Model `{kept.name}`\n\n{_table(rows)}"


def _export(kept: Kept) -> str:
    export = kept.export()
    if export is None:
        return f"## Export\n\nNone yet: `neural-lab models export {kept.name}`.\n"
    files = export["files"].values()
    rows = {
        "Precision": export["precision"],
        "Size": size(sum(file["bytes"] for file in files)),
        **dict(_window(kept)),
        **{f"Parity: {name}": value for name, value in flat(export.get("parity", {}))},
    }
    return f"## Export\n\n{_table(rows)}"


def _window(kept: Kept) -> Iterator[tuple[str, str]]:
    path = kept.onnx / READING
    reading = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    if "longest" in reading:
        yield "Tokens read at once", f"{reading['longest']:,}"
    if "context" in reading:
        yield "Tokens of context before them", f"{reading['context']:,}"


def flat(parity: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Every number of an export's `parity` under its path."""
    for name, value in parity.items():
        path = f"{before}{name.replace('_', ' ')}"
        if isinstance(value, Mapping):
            yield from flat(value, f"{path}, ")
        else:
            yield path, f"{value:.4g}" if isinstance(value, float) else str(value)


def _checking(kept: Kept) -> str:
    at = "" if kept.revision is None else f" --revision {kept.revision}"
    return (
        "## To check it\n\n```\n"
        f"neural-lab models verify {kept.name}\n"
        f"neural-lab models export {kept.name}   # measures the parity again\n```\n\n"
        f"The same files elsewhere: `{kept.again}{at}`. Their SHA-256 stand in "
        "`model.json`.\n"
    )


def _table(rows: Mapping[str, str]) -> str:
    lines = (f"| {name} | {value.replace('|', '/')} |" for name, value in rows.items())
    return "\n".join(("| | |", "|---|---|", *lines, ""))
