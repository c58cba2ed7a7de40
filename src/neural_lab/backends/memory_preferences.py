"""What owners have chosen, in memory."""

from collections.abc import Mapping
from dataclasses import replace
from threading import Lock
from typing import Any

from neural_lab.preferences import Choices

_LOCK = Lock()


class MemoryPreferences:
    """A `Preferences`, and the reference for what they answer; `chosen` is shared by all owners."""

    def __init__(self, chosen: dict[str, Choices], owner: str) -> None:
        self._chosen, self._owner = chosen, owner

    def get(self) -> Choices:
        """The usual choices until others are put."""
        return self._chosen.get(self._owner, Choices())

    def put(self, choices: Choices) -> None:
        with _LOCK:
            self._chosen[self._owner] = choices

    def change(self, changes: Mapping[str, Any]) -> Choices:
        """Choose anew what `changes` names, and return all choices."""
        with _LOCK:
            changed = self._chosen[self._owner] = replace(self.get(), **changes)
        return changed
