"""What the routes of drafts take and give."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from neural_lab.api.schemas import MOST_CHARACTERS, Given, Title, Versioned
from neural_lab.trail import Broken


class TextNow(Given):
    text: Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)]
    title: Title = ""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "The bus was", "title": "Notes"}]}
    )


class SnapshotShown(BaseModel):
    """`digest` is SHA-256 of a line that docs/output.md explains."""

    seq: int
    at: str
    characters: int
    text_sha256: str
    previous: str
    digest: str


class SnapshotWhole(SnapshotShown):
    text: str | None = Field(None, description="Only where texts were asked for.")


class Appended(Versioned):
    draft: str
    snapshot: SnapshotShown


class DraftShown(BaseModel):
    """`snapshots` counts them; `characters` and `digest` are of the last."""

    id: str
    title: str
    created: str
    updated: str
    snapshots: int
    characters: int
    digest: str


class Drafts(Versioned):
    drafts: list[DraftShown]


class FlawShown(BaseModel):
    seq: int
    kind: str = Field(examples=[each.value for each in Broken])


class Whole(Versioned):
    """`flaws` is empty where the chain is in order."""

    draft: DraftShown
    snapshots: list[SnapshotWhole]
    flaws: list[FlawShown]
