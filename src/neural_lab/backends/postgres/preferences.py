"""What owners have chosen, in PostgreSQL."""

import json
from collections.abc import Mapping
from typing import Any

from neural_lab.backends.postgres.database import Database, statement
from neural_lab.backends.postgres.escapes import plain
from neural_lab.preferences import Choices, read, written


class PostgresPreferences:
    """A `Preferences`."""

    def __init__(self, database: Database, owner: int) -> None:
        self._database, self._owner = database, owner

    def get(self) -> Choices:
        """The usual choices until others are put."""
        for row in self._database.rows(statement("preferences"), self._owner):
            return read(row["chosen"])
        return Choices()

    def put(self, choices: Choices) -> None:
        self._database.rows(statement("put_preferences"), self._owner, written(choices))

    def change(self, changes: Mapping[str, Any]) -> Choices:
        """Choose anew what `changes` names, and return all choices."""
        words = written(Choices(**changes)), json.dumps(dict(changes))
        (row,) = self._database.rows(statement("change_preferences"), self._owner, *words)
        return read(row["chosen"])


def chosen(database: Database) -> dict[str, Choices]:
    """What owners have chosen, of all who ever did."""
    rows = database.rows(statement("all_preferences"))
    return {plain(row["name"]): read(row["chosen"]) for row in rows}
