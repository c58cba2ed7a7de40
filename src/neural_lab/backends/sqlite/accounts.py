"""Users, their sessions and keys in SQLite."""

import sqlite3
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from neural_lab.account import Key, User
from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.memory_accounts import taken, unknown
from neural_lab.backends.sqlite import account_keys, texts
from neural_lab.backends.sqlite.database import Database
from neural_lab.backends.sqlite.values import possible, read, written

ADD = "insert into account (name, password, name_sha256, admin, created) values (?, ?, ?, ?, ?)"
ALL = "select id, name, password, admin, created from account_seen order by id"
ONE = "select id, name, password, admin, created from account_seen where id = ?"
NAMED = """
select id, name, password, admin, created from account_seen
where id = (select id from account where name_sha256 = ?)
"""
SESSION = """
select id, name, password, admin, created from account_seen
where id = (select account from session where digest = ? and expires > ?)
"""
HELD = "select name, password from account where id = ?"
CHANGE = "update account set password = ? where id = ?"
REMOVE = "delete from account where id = ?"
OPEN = "insert into session (digest, account, expires) values (?, ?, ?)"
EXPIRE = "delete from session where expires <= ?"
END = "delete from session where account = ?"
CLOSE = "delete from session where digest = ?"


class SqliteAccounts:
    """An `Accounts`; a password's old hash leaves the files when a user or a key is removed."""

    def __init__(self, database: Database, now: Clock = utc) -> None:
        self._database, self._now = database, now

    def add_user(self, name: str, password: str, admin: bool = False) -> User:
        """Raises `InvalidRequest` for a name that is taken, in any case."""
        with self._database.writing() as connection:
            if connection.execute(NAMED, (_folded(name),)).fetchone():
                raise taken()
            kept = [texts.put(connection, text) for text in (name, password)]
            number = connection.execute(ADD, (*kept, _folded(name), admin, self._now())).lastrowid
            return _user(connection.execute(ONE, (number,)).fetchone())

    def users(self) -> list[User]:
        with self._database.reading() as connection:
            return [_user(row) for row in connection.execute(ALL)]

    def user(self, number: int) -> User | None:
        return self._user(ONE, possible(number))

    def named(self, name: str) -> User | None:
        return self._user(NAMED, _folded(name))

    def set_password(self, number: int, password: str) -> None:
        """Raises `NotFound`, as all do that change something of a user who is not there."""
        with self._database.writing() as connection:
            _, old = _known(connection, number)
            texts.empty(connection, [old])
            connection.execute(CHANGE, (texts.put(connection, password), number))
            connection.execute(END, (number,))

    def remove_user(self, number: int) -> bool:
        """Delete a user with sessions and keys; see `Database.deleting`."""
        with self._database.deleting() as connection:
            held = connection.execute(HELD, (possible(number),)).fetchone()
            if held:
                texts.empty(connection, (*held, *account_keys.labels(connection, number)))
                connection.execute(REMOVE, (number,))
        return bool(held)

    def open_session(self, number: int, digest: bytes, expires: str) -> None:
        with self._database.writing() as connection:
            _known(connection, number)
            connection.execute(EXPIRE, (self._now(),))
            connection.execute(OPEN, (digest, number, expires))

    def session(self, digest: bytes, now: str) -> User | None:
        return self._user(SESSION, digest, now)

    def close_session(self, digest: bytes) -> None:
        with self._database.writing() as connection:
            connection.execute(CLOSE, (digest,))

    def add_key(self, number: int, digest: bytes, label: str, scopes: frozenset[str]) -> Key:
        with self._database.writing() as connection:
            _known(connection, number)
            return account_keys.add(connection, number, digest, Key(0, label, scopes, self._now()))

    def keys(self, number: int) -> list[Key]:
        with self._database.reading() as connection:
            return account_keys.of(connection, possible(number))

    def key(self, digest: bytes) -> tuple[User, Key] | None:
        with self._database.reading() as connection:
            found = account_keys.known(connection, digest)
            if found is None:
                return None
            number, key = found
            return _user(connection.execute(ONE, (number,)).fetchone()), key

    def remove_key(self, number: int, key: int) -> bool:
        """Delete a key of that user; see `Database.deleting`."""
        with self._database.deleting() as connection:
            return account_keys.remove(connection, possible(number), possible(key))

    def _user(self, query: str, *values: object) -> User | None:
        with self._database.reading() as connection:
            row = connection.execute(query, values).fetchone()
        return _user(row) if row else None


def _user(row: Sequence[Any]) -> User:
    number, name, password, admin, created = row
    return User(number, read(name), read(password), bool(admin), created)


def _folded(name: str) -> bytes:
    """What stands for a name in the index, the same in any case."""
    return sha256(written(name.casefold())).digest()


def _known(connection: sqlite3.Connection, number: int) -> tuple[int | None, int | None]:
    """The numbers of a user's texts."""
    held: tuple[int | None, int | None] | None = connection.execute(HELD, (possible(number),)).fetchone()
    if held is None:
        raise unknown(number)
    return held
