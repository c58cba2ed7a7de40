"""Users, their sessions and keys in memory."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from threading import Lock

from neural_lab.account import Key, User
from neural_lab.backends.clock import Clock, utc
from neural_lab.errors import InvalidRequest, NotFound


class MemoryAccounts:
    """An `Accounts`, and the reference for what accounts answer."""

    def __init__(self, now: Clock = utc) -> None:
        self._now, self._lock = now, Lock()
        self._user_numbers, self._key_numbers = count(1), count(1)
        self._users: dict[int, User] = {}
        self._sessions: dict[bytes, tuple[int, str]] = {}
        self._keys: dict[bytes, tuple[int, Key]] = {}

    def add_user(self, name: str, password: str, admin: bool = False) -> User:
        """Raises `InvalidRequest` for a name that is taken, in any case."""
        with self._lock:
            if next(self._of_name(name), None):
                raise taken()
            user = User(next(self._user_numbers), name, password, admin, self._now())
            self._users[user.id] = user
            return user

    def users(self) -> list[User]:
        with self._lock:
            return [*self._users.values()]

    def user(self, number: int) -> User | None:
        with self._lock:
            return self._users.get(number)

    def named(self, name: str) -> User | None:
        with self._lock:
            return next(self._of_name(name), None)

    def set_password(self, number: int, password: str) -> None:
        """Raises `NotFound`, as all do that change something of a user who is not there."""
        with self._lock:
            self._users[number] = replace(self._known(number), password=password)
            self._end_sessions(number)

    def remove_user(self, number: int) -> bool:
        with self._lock:
            self._end_sessions(number)
            self._keys = {digest: kept for digest, kept in self._keys.items() if kept[0] != number}
            return self._users.pop(number, None) is not None

    def open_session(self, number: int, digest: bytes, expires: str) -> None:
        now = self._now()
        with self._lock:
            self._known(number)
            self._sessions = {each: kept for each, kept in self._sessions.items() if kept[1] > now}
            self._sessions[digest] = number, expires

    def session(self, digest: bytes, now: str) -> User | None:
        with self._lock:
            number, expires = self._sessions.get(digest, (0, ""))
            return self._users[number] if expires > now else None

    def close_session(self, digest: bytes) -> None:
        with self._lock:
            self._sessions.pop(digest, None)

    def add_key(self, number: int, digest: bytes, label: str, scopes: frozenset[str]) -> Key:
        with self._lock:
            self._known(number)
            key = Key(next(self._key_numbers), label, scopes, self._now())
            self._keys[digest] = number, key
            return key

    def keys(self, number: int) -> list[Key]:
        with self._lock:
            return [key for user, key in self._keys.values() if user == number]

    def key(self, digest: bytes) -> tuple[User, Key] | None:
        with self._lock:
            if digest not in self._keys:
                return None
            number, key = self._keys[digest]
            return self._users[number], key

    def remove_key(self, number: int, key: int) -> bool:
        with self._lock:
            found = [
                digest for digest, (user, kept) in self._keys.items() if (user, kept.id) == (number, key)
            ]
            for digest in found:
                del self._keys[digest]
            return bool(found)

    def _of_name(self, name: str) -> Iterator[User]:
        return (user for user in self._users.values() if user.name.casefold() == name.casefold())

    def _known(self, number: int) -> User:
        if number not in self._users:
            raise unknown(number)
        return self._users[number]

    def _end_sessions(self, number: int) -> None:
        self._sessions = {each: kept for each, kept in self._sessions.items() if kept[0] != number}


def taken() -> InvalidRequest:
    return InvalidRequest(
        "name_taken", "Another user has this name: choose one that differs in more than case."
    )


def unknown(number: int) -> NotFound:
    return NotFound("no_user", f"There is no user {number}: list the users to see which there are.")
