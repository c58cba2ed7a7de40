"""What an owner has chosen: how deep to look, what is kept, and how the page behaves."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Literal

Depth = Literal["writing", "library"]
Theme = Literal["system", "light", "dark"]
MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Choices:
    """`depth` is the detector alone or with the library; `target` a false-positive rate in (0, 1].

    `keep` archives reports unasked, for `keep_days` or, without, until they are deleted.
    `zero_retention` keeps nothing of a text, whatever else was chosen.
    """

    depth: Depth = "library"
    keep: bool = True
    keep_days: int | None = None
    target: float = 0.01
    theme: Theme = "system"
    as_you_type: bool = True
    zero_retention: bool = False

    def keeps(self, asked: bool | None = None) -> bool:
        """Whether a report is kept when that was asked for, declined or, None, left to these choices."""
        return (self.keep if asked is None else asked) and not self.zero_retention

    def days(self, most: int | None) -> int | None:
        """For how long reports are kept where `most` days are allowed; None without an end."""
        return min((days for days in (self.keep_days, most) if days), default=None)


NAMES = frozenset(field.name for field in fields(Choices))


def written(choices: Choices) -> str:
    """As JSON, in ASCII."""
    return json.dumps(asdict(choices))


def read(stored: str) -> Choices:
    """What was written by this version or another one: fields that are not known here are passed over."""
    return Choices(**{name: value for name, value in json.loads(stored).items() if name in NAMES})
