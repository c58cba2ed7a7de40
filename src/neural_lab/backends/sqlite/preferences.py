"""What owners have chosen, in SQLite."""

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
        for (chosen,) in self._owner.rows(GET):
            return read(values.read(chosen))
        return Choices()

    def put(self, choices: Choices) -> None:
        with self._owner.writing() as (connection, owner):
            connection.execute(PUT, (owner, values.written(written(choices))))


def chosen(database: Database) -> dict[str, Choices]:
    """What owners have chosen, of all who ever did."""
    with database.reading() as connection:
        return {values.read(name): read(values.read(stored)) for name, stored in connection.execute(ALL)}
