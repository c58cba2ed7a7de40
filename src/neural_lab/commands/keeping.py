"""The user's own library and history behind `check` and `audit`: used where they are, missed where not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from neural_lab.audit.audited import Audited
from neural_lab.backends.clock import utc
from neural_lab.commands.options import OWNER, opened
from neural_lab.entry import Entry
from neural_lab.errors import LabError, StoreUnavailable
from neural_lab.kept import audit_entry, check_entry
from neural_lab.report import audit_json

if TYPE_CHECKING:
    from neural_lab.batch import Asked
    from neural_lab.outcome import Report
    from neural_lab.types import Document

Failures = list[tuple[str, LabError]]
Audits = list[Audited | None]
HISTORY = "history"


def audited(documents: Sequence[Document], url: str | None = None) -> tuple[Audits, Failures]:
    """Each document against the user's library; None where it is empty or, as is said, out of reach."""
    from neural_lab.auditor import Auditor
    from neural_lab.commands.audit import absolute

    nothing: Audits = [None] * len(documents)
    try:
        with opened(url) as (store, _):
            library = store.library(OWNER)
            if not library.stats().sources:
                return nothing, []
            auditor = Auditor(library)
            return [auditor.audit(each, path=absolute(each)) for each in documents], []
    except StoreUnavailable as error:
        return nothing, [(HISTORY, error)]


def put_in(envelope: dict[str, Any], audits: Audits) -> None:
    """Give every document of a JSON envelope the field `audit`, null where nothing was searched."""
    for row, found in zip(envelope["documents"], audits, strict=True):
        row["audit"] = audit_json.document(found) if found else None


def keep_checks(reports: Iterable[Report], audits: Audits, asked: Asked, url: str | None = None) -> Failures:
    """Put reports into the history, and say why where that failed."""
    return _keep((check_entry(*pair, asked) for pair in zip(reports, audits, strict=True)), url)


def keep_audits(audits: Iterable[Audited], url: str | None = None) -> Failures:
    """As `keep_checks`."""
    return _keep((audit_entry(each) for each in audits), url)


def _keep(entries: Iterable[Entry], url: str | None) -> Failures:
    try:
        with opened(url) as (store, settings):
            history = store.history(OWNER)
            if settings.keep_days:
                history.expire(utc(settings.keep_days))
            if settings.keep:
                history.keep(list(entries))
    except StoreUnavailable as error:
        return [(HISTORY, error)]
    return []
