"""What the routes of jobs take and give."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from neural_lab.api.schemas import KEEP, Judging, Versioned
from neural_lab.api.texts import FewPlaces, ReadText
from neural_lab.job import Job

MOST_DOCUMENTS = 1_000


class JobRequest(Judging):
    documents: Annotated[list[ReadText], Field(min_length=1, max_length=MOST_DOCUMENTS), FewPlaces]
    keep: bool | None = Field(None, description=KEEP)
    audit: bool = True

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"documents": [{"text": "A long text."}]}]},
    )


class JobShown(BaseModel):
    """`result` is that of `/v1/detect` once the state is `done`."""

    id: int
    kind: str
    state: str = Field(examples=["queued", "running", "done", "failed", "cancelled"])
    done: int
    total: int
    created: str
    updated: str
    error: str
    message: str
    result: Any = None


class JobList(Versioned):
    jobs: list[JobShown]


def shown(job: Job, result: Any = None) -> JobShown:
    names = ("id", "kind", "done", "total", "created", "updated", "error", "message")
    return JobShown(**{name: getattr(job, name) for name in names}, state=job.state.value, result=result)
