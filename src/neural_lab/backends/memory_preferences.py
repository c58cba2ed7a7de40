"""What owners have chosen, in memory."""

from neural_lab.preferences import Choices


class MemoryPreferences:
    """A `Preferences`, and the reference for what they answer; `chosen` is shared by all owners."""

    def __init__(self, chosen: dict[str, Choices], owner: str) -> None:
        self._chosen, self._owner = chosen, owner

    def get(self) -> Choices:
        """The usual choices until others are put."""
        return self._chosen.get(self._owner, Choices())

    def put(self, choices: Choices) -> None:
        self._chosen[self._owner] = choices
