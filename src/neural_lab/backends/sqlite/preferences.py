"""What owners have chosen, in SQLite."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from neural_lab.backends.sqlite import values
from neural_lab.backends.sqlite.database import Database
from neural_lab.backends.sqlite.owner import Owner
from neural_lab.preferences import Choices, read, written

GET = "select chosen from preference where owner = :owner"
PUT = """
insert into preference (owner, chosen) values (?, ?)
on conflict (owner) do update set chosen = excluded.chosen
"""
ALL = "select name, chosen from preference join owner on owner.id = preference.owner"


class SqlitePreferences:
    """A `Preferences`."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def get(self) -> Choices:
        """The usual choices until others are put."""
        return _read(self._owner.rows(GET))

    def put(self, choices: Choices) -> None:
        with self._owner.writing() as (connection, owner):
            connection.execute(PUT, (owner, values.written(written(choices))))

    def change(self, changes: Mapping[str, Any]) -> Choices:
        """Choose anew what `changes` names, and return all choices."""
        with self._owner.writing() as (connection, owner):
            changed = replace(_read(connection.execute(GET, {"owner": owner}).fetchall()), **changes)
            connection.execute(PUT, (owner, values.written(written(changed))))
        return changed


def _read(rows: Sequence[Any]) -> Choices:
    return next((read(values.read(chosen)) for (chosen,) in rows), Choices())


def chosen(database: Database) -> dict[str, Choices]:
    """What owners have chosen, of all who ever did."""
    with database.reading() as connection:
        return {values.read(name): read(values.read(stored)) for name, stored in connection.execute(ALL)}
