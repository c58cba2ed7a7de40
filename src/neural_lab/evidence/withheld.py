"""Packs that leave the text out: what is taken away, and what stands in its place when one is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from neural_lab.types import Document, Span

DOT = "·"


@dataclass(frozen=True)
class Withheld(Document):
    """A document whose text is dots; `sha256` is that of the text that is not there."""

    sha256: str = ""

    @property
    def text_sha256(self) -> str:
        return self.sha256


def dots(sentences: Sequence[Span], characters: int) -> str:
    """A text of that length in which the sentences are dots, and all else is space."""
    text, at = [], 0
    for span in sentences:
        text += [" " * (span.start - at), DOT * span.length]
        at = span.end
    return "".join(text).ljust(characters)


def without_details(row: dict[str, Any]) -> dict[str, Any]:
    """The JSON of a report without the words of its text: not even the mistyped ones."""
    sentences = [_without(each, "text") for each in row["sentences"]]
    findings = {
        name: [{**each, "detail": ""} for each in row[name]] for name in ("findings", "human_evidence")
    }
    return {**row, "sentences": sentences, **findings}


def without_texts(trail: dict[str, Any]) -> dict[str, Any]:
    """The JSON of a trail without the texts of its snapshots; what is no trail stays as it is."""
    rows = trail.get("snapshots")
    if not isinstance(rows, list):
        return trail
    return {**trail, "snapshots": [_without(row, "text") if isinstance(row, dict) else row for row in rows]}


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}
