"""The keys of users, inside a transaction."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from neural_lab.account import Key
from neural_lab.backends.sqlite import texts
from neural_lab.backends.sqlite.values import read, written

ADD = "insert into account_key (account, digest, label, scopes, created) values (?, ?, ?, ?, ?)"
OF = "select id, label, scopes, created from account_key_seen where account = ? order by id"
KNOWN = "select account, id, label, scopes, created from account_key_seen where digest = ?"
LABELS = "select label from account_key where account = ?"
LABEL = "select label from account_key where id = ? and account = ?"
REMOVE = "delete from account_key where id = ?"


def add(connection: sqlite3.Connection, user: int, digest: bytes, key: Key) -> Key:
    """The key with its number."""
    label, scopes = texts.put(connection, key.label), written(json.dumps(sorted(key.scopes)))
    number = connection.execute(ADD, (user, digest, label, scopes, key.created)).lastrowid
    return replace(key, id=int(number or 0))


def of(connection: sqlite3.Connection, user: int) -> list[Key]:
    return [_key(row) for row in connection.execute(OF, (user,))]


def known(connection: sqlite3.Connection, digest: bytes) -> tuple[int, Key] | None:
    """The key of a digest, and the number of its user."""
    row = connection.execute(KNOWN, (digest,)).fetchone()
    return (row[0], _key(row[1:])) if row else None


def labels(connection: sqlite3.Connection, user: int) -> list[int | None]:
    """The numbers of the labels of a user's keys."""
    return [label for (label,) in connection.execute(LABELS, (user,))]


def remove(connection: sqlite3.Connection, user: int, key: int) -> bool:
    label = connection.execute(LABEL, (key, user)).fetchone()
    if label:
        texts.empty(connection, label)
        connection.execute(REMOVE, (key,))
    return bool(label)


def _key(row: Sequence[Any]) -> Key:
    number, label, scopes, created = row
    return Key(number, read(label), frozenset(json.loads(scopes)), created)
