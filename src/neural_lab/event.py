"""What is remembered of a request for watching over a service: counts and scores, never text or names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """`at` is ISO 8601 in UTC, `kind` the route, `status` the HTTP status, `milliseconds` the time it took.

    `words` and `probability` are of one text, None where nothing was scored; `verdict`
    and `detector` are "" then. `signals` are the means of the text's signals by name, as JSON.
    """

    at: str
    kind: str
    status: int
    milliseconds: float
    characters: int
    words: int | None
    probability: float | None
    verdict: str
    detector: str
    signals: str
