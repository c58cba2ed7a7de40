"""The user's own library and history behind `check` and `audit`: used where they are, missed where not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neural_lab.audit.audited import Audited
from neural_lab.backends.clock import utc
from neural_lab.commands.opening import OWNER, opened
from neural_lab.entry import Entry
from neural_lab.errors import LabError, StoreUnavailable
from neural_lab.kept import audit_entry, check_entry
from neural_lab.report import audit_json
from neural_lab.settings import read_settings

if TYPE_CHECKING:
    from neural_lab.audit.scope import Scope
    from neural_lab.batch import Asked
    from neural_lab.outcome import Report
    from neural_lab.types import Document

Failures = list[tuple[str, LabError]]
Audits = list[Audited | None]
HISTORY = "history"


@dataclass(frozen=True)
class Looked:
    """An audit of each document, None where nothing was searched, in what, and why that failed."""

    audits: Audits
    scope: Scope | None = None
    errors: Sequence[tuple[str, LabError]] = ()


def audited(documents: Sequence[Document], url: str | None = None) -> Looked:
    """Each document against the user's library; None where it is empty or, as is said, out of reach."""
    from neural_lab.auditor import Auditor
    from neural_lab.commands.printing import source_path
    from neural_lab.commands.searched import scope

    nothing: Audits = [None] * len(documents)
    try:
        with opened(url) as (store, _):
            library = store.library(OWNER)
            found = scope(library)
            if not found.sources:
                return Looked(nothing)
            auditor = Auditor(library)
            return Looked([auditor.audit(each, path=source_path(each)) for each in documents], found)
    except StoreUnavailable as error:
        return Looked(nothing, errors=[(HISTORY, error)])


def put_in(envelope: dict[str, Any], audits: Audits) -> None:
    """Give every document of a JSON envelope the field `audit`, null where nothing was searched."""
    for row, found in zip(envelope["documents"], audits, strict=True):
        row["audit"] = audit_json.document(found) if found else None


def keep_checks(reports: Iterable[Report], looked: Looked, asked: Asked, url: str | None = None) -> Failures:
    """Put reports into the history, and say why where that failed."""
    pairs = zip(reports, looked.audits, strict=True)
    return _keep((check_entry(*pair, asked, looked.scope) for pair in pairs), url)


def keep_audits(audits: Iterable[Audited], scope: Scope, url: str | None = None) -> Failures:
    """As `keep_checks`."""
    return _keep((audit_entry(each, scope) for each in audits), url)


def _keep(entries: Iterable[Entry], url: str | None) -> Failures:
    try:
        with opened(url, make_usual=read_settings().keep) as (store, settings):
            history, choices = store.history(OWNER), store.preferences(OWNER).get()
            if days := choices.days(settings.keep_days):
                history.expire(utc(days))
            if settings.keep and choices.keeps():
                history.keep(list(entries))
    except StoreUnavailable as error:
        return [(HISTORY, error)]
    return []
