"""Users, their sessions and keys in PostgreSQL."""

import json

from neural_lab.account import Key, User
from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.memory_accounts import taken, unknown
from neural_lab.backends.postgres.database import Database, Row, statement
from neural_lab.backends.postgres.escapes import escaped, fields, plain
from neural_lab.backends.postgres.numbers import possible


class PostgresAccounts:
    """An `Accounts`; a password's old hash leaves the table when a user is removed, or by autovacuum."""

    def __init__(self, database: Database, now: Clock = utc) -> None:
        self._database, self._now = database, now

    def add_user(self, name: str, password: str, admin: bool = False) -> User:
        """Raises `InvalidRequest` for a name that is taken, in any case."""
        created = self._now()
        values = escaped(name), escaped(name.casefold()), escaped(password), admin, created
        for row in self._rows("add_account", *values):
            return User(row["id"], name, password, admin, created)
        raise taken()

    def users(self) -> list[User]:
        return [User(**fields(row)) for row in self._rows("accounts")]

    def user(self, number: int) -> User | None:
        return _user(self._of(number, "account"))

    def named(self, name: str) -> User | None:
        return _user(self._rows("account_named", escaped(name.casefold())))

    def set_password(self, number: int, password: str) -> None:
        """Raises `NotFound`, as all do that change something of a user who is not there."""
        if not self._of(number, "set_password", escaped(password)):
            raise unknown(number)

    def remove_user(self, number: int) -> bool:
        """Delete a user with sessions and keys; see `Database.wipe`."""
        removed = bool(self._of(number, "remove_account"))
        if removed:
            self._database.wipe("account", "session", "account_key")
        return removed

    def open_session(self, number: int, digest: bytes, expires: str) -> None:
        self._rows("expire_sessions", self._now())
        if not self._of(number, "open_session", digest, escaped(expires)):
            raise unknown(number)

    def session(self, digest: bytes, now: str) -> User | None:
        return _user(self._rows("session", digest, escaped(now)))

    def close_session(self, digest: bytes) -> None:
        self._rows("close_session", digest)

    def add_key(self, number: int, digest: bytes, label: str, scopes: frozenset[str]) -> Key:
        created = self._now()
        # JSON, and so ASCII.
        values = digest, escaped(label), json.dumps(sorted(scopes)), created
        for row in self._of(number, "add_key", *values):
            return Key(row["id"], label, scopes, created)
        raise unknown(number)

    def keys(self, number: int) -> list[Key]:
        return [_key(row) for row in self._of(number, "keys")]

    def key(self, digest: bytes) -> tuple[User, Key] | None:
        for row in self._rows("key", digest):
            users = self._of(row["account"], "account")
            return (User(**fields(users[0])), _key(row)) if users else None
        return None

    def remove_key(self, number: int, key: int) -> bool:
        """Delete a key of that user; see `Database.wipe`."""
        removed = any(self._of(number, "remove_key", asked) for asked in possible([key]))
        if removed:
            self._database.wipe("account_key")
        return removed

    def _rows(self, name: str, *values: object) -> list[Row]:
        return self._database.rows(statement(name), *values)

    def _of(self, number: int, name: str, *values: object) -> list[Row]:
        """Rows of a statement whose first value is the number of a user."""
        return [row for asked in possible([number]) for row in self._rows(name, asked, *values)]


def _user(rows: list[Row]) -> User | None:
    return User(**fields(rows[0])) if rows else None


def _key(row: Row) -> Key:
    return Key(row["id"], plain(row["label"]), frozenset(json.loads(row["scopes"])), row["created"])
