"""What the routes take and give. Field names are those of `docs/output.md`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, computed_field

SCHEMA = 1
SHORTEST, LONGEST = 10, 10_000
MOST_TEXTS = 100
MOST_CHARACTERS = 2_000_000
KEEP = "Put the report into the history; null: as preferences say. Nothing is kept against those."


def _worded(text: str) -> str:
    if not text.strip():
        raise ValueError("has to be more than white space")
    return text


# For OpenAPI alone: what is white space to Python and to a pattern differs for a few characters.
Worded = AfterValidator(_worded), Field(json_schema_extra={"pattern": r"\S"})
Short = Annotated[str, StringConstraints(min_length=SHORTEST, max_length=LONGEST), *Worded]
Text = Annotated[str, StringConstraints(min_length=1, max_length=MOST_CHARACTERS), *Worded]
Title = Annotated[str, StringConstraints(max_length=500)]
Name = Annotated[str, StringConstraints(max_length=100)]


class Given(BaseModel):
    """A body: unknown fields are refused, so that a misspelt one is not passed over, and "1" is no number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Versioned(BaseModel):
    """An answer whose fields may grow; `schema` changes when one goes or changes its meaning."""

    @computed_field(alias="schema")  # type: ignore[prop-decorator]
    @property
    def schema_version(self) -> int:
        return SCHEMA


class DetectRequest(Given):
    texts: Annotated[list[Short], Field(min_length=1, max_length=MOST_TEXTS)]
    threshold: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.5

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"texts": ["The bus was late, so I walked home."], "threshold": 0.5}]
        },
    )


class DetectResponse(BaseModel):
    """One entry a text, in the order given."""

    predictions: list[int] = Field(description="1 where the probability reaches the threshold, else 0.")
    probabilities: list[float] = Field(description="Probability of machine writing, in (0, 1).")
    confidence_scores: list[float] = Field(
        description="Distance of the probability from the threshold; nothing more than that."
    )
    processing_time_ms: float
    cache_hit: bool = Field(description="Whether every probability came from the cache.")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "predictions": [0],
                    "probabilities": [0.2381],
                    "confidence_scores": [0.2619],
                    "processing_time_ms": 41.7,
                    "cache_hit": False,
                }
            ]
        }
    )


class Judging(Given):
    """At which error rate to judge, and what is known of the text."""

    max_false_positives: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 0.01
    genre: Name | None = None
    writer: Name | None = None


class DocumentOptions(Judging):
    """What goes with a document, in JSON as in a form."""

    title: Title = ""
    keep: bool | None = Field(None, description=KEEP)
    audit: bool = Field(True, description="Search the library, too.")


class OneText(Given):
    text: Text
    title: Title = ""


class BatchRequest(Judging):
    documents: Annotated[list[OneText], Field(min_length=1, max_length=MOST_TEXTS)]


class DocumentResponse(Versioned):
    """`document` is that of `neural-lab check --json`, `shown` what reports for people say of it.

    `entry` is its number in the history.
    """

    detector: dict[str, str]
    document: dict[str, Any]
    shown: dict[str, Any]
    entry: int | None = None


class BatchError(BaseModel):
    index: int
    code: str
    message: str


class BatchResponse(Versioned):
    """Reports and failures, each with the place of its text."""

    detector: dict[str, str]
    documents: list[dict[str, Any]]
    errors: list[BatchError]


class Health(BaseModel):
    """`status` is `healthy` only when all that is needed answers; what only costs speed may be missing."""

    status: str = Field(examples=["healthy", "degraded", "unhealthy"])
    components: dict[str, bool] = Field(examples=[{"model": True, "store": True, "cache": True}])
    version: str
    detector: str | None = Field(description="Name and version.")
    detector_key: str | None = Field(
        description="Its name among the detectors that are kept; empty for the installed one."
    )
    detector_since: str | None = Field(description="Since when this process answers with it.")
