"""What `/v1/evidence` takes: what `/v1/documents` takes, and what becomes of it; as JSON or in a form."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from pydantic import ConfigDict, Field, StringConstraints

from neural_lab.api.body_schemas import json_schema
from neural_lab.api.exclusions import LibraryExclusions
from neural_lab.api.media import FORM, JSON, TOO_MANY, has_many_parts
from neural_lab.api.submitted import DocumentRequest, checked
from neural_lab.api.worker import worker_of
from neural_lab.errors import InvalidRequest
from neural_lab.evidence.paper import Form
from neural_lab.report.evidence_html import page_policy

UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
REQUEST = "request"
ONE_FIELD = "The form needs one field “request” with the JSON of the request, and no other."


class EvidenceRequest(DocumentRequest):
    """A text, what is asked about it, and what goes into its evidence."""

    format: Form = Field(Form.JSON, strict=False)
    without_text: bool = Field(False, description="Leave the text out, but for its SHA-256.")
    trail: Annotated[str, StringConstraints(pattern=UUID)] | None = Field(
        None, description="Draft whose chain of snapshots goes in; needs the scope `history`."
    )
    exclusions: LibraryExclusions = Field(default_factory=LibraryExclusions)
    download: bool = Field(True, description="As a file to keep; false: to be looked at and printed.")
    keep: bool | None = Field(False, description="Put the report into the history, too.")

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "The bus was late, so I walked home.", "format": "html"}]},
    )


_JSON = json_schema(EvidenceRequest)
_IN_FORM = {
    "type": "object",
    "required": [REQUEST],
    "properties": {REQUEST: {"type": "string", "contentMediaType": JSON, "contentSchema": _JSON}},
    "additionalProperties": False,
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": _JSON}, FORM: {"schema": _IN_FORM}},
    }
}
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The pack, as JSON or as a page with it inside.",
        "content": {JSON: {"schema": {"type": "object"}}, "text/html": {"schema": {"type": "string"}}},
    }
}


async def requested(request: Request) -> EvidenceRequest:
    """Raises `InvalidRequest` and `RequestValidationError`."""
    if not request.headers.get("content-type", "").lower().startswith(FORM):
        return checked(EvidenceRequest, await request.body())
    most = worker_of(request).config.most_body_mb << 20
    async with request.form(max_files=0, max_fields=1, max_part_size=most) as form:
        fields = form.multi_items()
    if [name for name, _ in fields] != [REQUEST] or not isinstance(fields[0][1], str):
        raise InvalidRequest("no_request", ONE_FIELD)
    given = fields[0][1].encode()
    # A form may say in which letters its fields are: as it came, a brace need not have been one.
    if has_many_parts(given):
        raise InvalidRequest("too_many_parts", TOO_MANY)
    return checked(EvidenceRequest, given)


def headers_of(values: dict[str, Any], body: EvidenceRequest) -> dict[str, str]:
    """How a file is called and whether it is kept; a page has a policy that fits its style."""
    kind = "attachment" if body.download else "inline"
    name = f"evidence-{values['report']['text_sha256'][:8]}.{body.format.value}"
    found = {"Content-Disposition": f'{kind}; filename="{name}"'}
    if body.format is Form.HTML:
        found["Content-Security-Policy"] = f"{page_policy(values)}; frame-ancestors 'none'"
    return found
