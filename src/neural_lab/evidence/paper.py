"""A pack as a file: JSON, or a page made from its values alone, so that the same pack gives the same page."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from neural_lab.audit.audited import Audited
from neural_lab.errors import InvalidRequest
from neural_lab.evidence.fields import Field
from neural_lab.evidence.opening import MOST_BYTES, MOST_DATA
from neural_lab.evidence.restored import restored, text_of
from neural_lab.outcome import Report
from neural_lab.report import audit_kept
from neural_lab.report.as_json import dumps
from neural_lab.report.evidence_html import page
from neural_lab.types import Document


class Form(StrEnum):
    JSON = "json"
    HTML = "html"


def written(values: dict[str, Any], form: Form) -> bytes:
    """The file of a pack, in UTF-8. Raises `InvalidRequest` for one that nobody could verify."""
    data = page_of(values).encode() if form is Form.HTML else _json(values)
    if len(data) > (MOST_BYTES if form is Form.HTML else MOST_DATA):
        raise InvalidRequest("too_large", "The evidence is too large to be verified: make it of less text.")
    return data


def _json(values: dict[str, Any]) -> bytes:
    """What UTF-8 cannot hold stays as escapes."""
    try:
        return dumps(values).encode()
    except UnicodeEncodeError:
        return dumps(values, ascii_only=True).encode()


def page_of(values: dict[str, Any]) -> str:
    """The page of a pack; raises `InvalidRequest` for values that are no pack."""
    pack = Field(values)
    report = restored(pack, text_of(pack))
    return page(values, report, _audited(values["audit"], report))


def _audited(row: dict[str, Any] | None, report: Report) -> Audited | None:
    """The audit of a pack, on dots where its text is not there."""
    if row is None:
        return None
    shown = Document(report.document.text)
    return audit_kept.restored({**row, "text_sha256": shown.text_sha256}, shown.text)
