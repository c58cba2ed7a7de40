"""What is kept of a check or an audit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One report in the history.

    `kind` is `check` or `audit`, `created` ISO 8601 in UTC to the
    second with a `Z`, so that moments are in order as text; `detector` is name and
    version, "" for an audit alone. `report` and `settings` are JSON as they were
    shown and given. `probability` and `coverage` are in [0, 1], None where not asked for.
    """

    kind: str
    created: str
    title: str
    path: str
    text: str
    detector: str
    verdict: str
    probability: float | None
    coverage: float | None
    settings: str
    report: str
    id: int = 0
