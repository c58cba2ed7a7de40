"""What every `Accounts` owes, whatever it is kept in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread

import pytest
from stores import NOW, STORES

from neural_lab.account import Key, User
from neural_lab.errors import InvalidRequest, NotFound
from neural_lab.ports import Accounts, Store

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"
SOON, LATER = "2026-02-03T04:05:07Z", "2026-02-03T05:00:00Z"
SCOPES = frozenset({"check", "audit"})
UNKNOWN = (0, -1, 99, 2**31, 2**70)


@pytest.fixture(params=[*STORES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with STORES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture
def accounts(store: Store) -> Accounts:
    return store.accounts()


def test_nobody_is_there_at_first(accounts: Accounts) -> None:
    assert accounts.users() == []
    assert (
        accounts.named("")
        is accounts.named("me")
        is accounts.session(b"s", NOW)
        is accounts.key(b"k")
        is None
    )


@pytest.mark.parametrize("number", UNKNOWN)
def test_who_is_not_there_has_nothing(accounts: Accounts, number: int) -> None:
    accounts.add_user("me", HASH)
    assert accounts.user(number) is None
    assert accounts.keys(number) == []
    assert (
        accounts.remove_user(number)
        is accounts.remove_key(number, 1)
        is accounts.remove_key(1, number)
        is False
    )


CHANGES: dict[str, Callable[[Accounts, int], object]] = {
    "set_password": lambda accounts, number: accounts.set_password(number, "other"),
    "open_session": lambda accounts, number: accounts.open_session(number, b"s", LATER),
    "add_key": lambda accounts, number: accounts.add_key(number, b"k", "", SCOPES),
}


@pytest.mark.parametrize("change", [*CHANGES])
@pytest.mark.parametrize("number", UNKNOWN)
def test_who_is_not_there_cannot_be_changed(accounts: Accounts, change: str, number: int) -> None:
    with pytest.raises(NotFound) as failure:
        CHANGES[change](accounts, number)
    assert failure.value.code == "no_user"
    assert accounts.session(b"s", NOW) is accounts.key(b"k") is None


def test_users_come_back_as_they_were(store: Store) -> None:
    one = store.accounts().add_user("Zoë \udcff\0", HASH)
    two = store.accounts().add_user("Adam", "", admin=True)
    assert one == User(one.id, "Zoë \udcff\0", HASH, False, NOW)
    assert two == User(two.id, "Adam", "", True, NOW)
    assert store.accounts().users() == [one, two]
    assert [store.accounts().user(each.id) for each in (one, two)] == [one, two]


@pytest.mark.parametrize(
    ("name", "same"), [("Me", "mE"), ("STRASSE", "straße"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("", "")]
)
def test_a_name_is_taken_in_any_case(accounts: Accounts, name: str, same: str) -> None:
    user = accounts.add_user(name, HASH)
    assert accounts.named(same) == user
    with pytest.raises(InvalidRequest) as failure:
        accounts.add_user(same, "other", admin=True)
    assert failure.value.code == "name_taken"
    assert accounts.users() == [user]


def test_a_very_long_name_is_a_name(accounts: Accounts) -> None:
    user = accounts.add_user("漢" * 10_000, HASH)
    assert accounts.named("漢" * 10_000) == user
    assert accounts.named("漢" * 9_999) is None


def test_one_of_many_gets_a_name(store: Store) -> None:
    barrier, added, codes = Barrier(6), list[User](), list[str]()

    def work(number: int) -> None:
        barrier.wait()
        try:
            added.append(store.accounts().add_user("mE" if number % 2 else "Me", HASH))
        except InvalidRequest as failure:
            codes.append(failure.code)

    threads = [Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.accounts().users() == added
    assert len(added) == 1
    assert codes == ["name_taken"] * 5


def test_a_new_password_ends_sessions_of_that_user(accounts: Accounts) -> None:
    mine, yours = accounts.add_user("me", HASH), accounts.add_user("you", HASH)
    for user, digest in ((mine, b"1"), (mine, b"2"), (yours, b"3")):
        accounts.open_session(user.id, digest, LATER)
    accounts.add_key(mine.id, b"k", "", SCOPES)
    accounts.set_password(mine.id, "other")
    changed = replace(mine, password="other")
    assert accounts.users() == [changed, yours]
    assert accounts.session(b"1", NOW) is accounts.session(b"2", NOW) is None
    assert accounts.session(b"3", NOW) == yours
    assert accounts.key(b"k") == (changed, accounts.keys(mine.id)[0])


def test_a_session_lasts_until_it_expires_or_is_closed(accounts: Accounts) -> None:
    user = accounts.add_user("me", HASH)
    accounts.open_session(user.id, b"\0one", SOON)
    accounts.open_session(user.id, b"two", LATER)
    assert accounts.session(b"\0one", NOW) == accounts.session(b"two", SOON) == user
    assert accounts.session(b"\0one", SOON) is accounts.session(b"\0on", NOW) is None
    for _ in range(2):
        accounts.close_session(b"two")
    assert accounts.session(b"two", NOW) is None
    assert accounts.session(b"\0one", NOW) == user


def test_expired_sessions_go_when_one_is_opened(accounts: Accounts) -> None:
    user = accounts.add_user("me", HASH)
    accounts.open_session(user.id, b"old", NOW)
    accounts.open_session(user.id, b"alive", SOON)
    before = "2026-02-03T04:05:05Z"
    # It has expired by the clock of the store, but was the last to be opened before the next.
    accounts.open_session(user.id, b"older", before)
    accounts.open_session(user.id, b"new", LATER)
    assert accounts.session(b"old", before) is accounts.session(b"older", "2000") is None
    assert accounts.session(b"alive", before) == accounts.session(b"new", before) == user


def test_keys_come_back_as_they_were(accounts: Accounts) -> None:
    mine, yours = accounts.add_user("me", HASH), accounts.add_user("you", HASH)
    one = accounts.add_key(mine.id, b"\0one", "my \udcff\0 program", SCOPES)
    two = accounts.add_key(yours.id, b"two", "", frozenset())
    three = accounts.add_key(mine.id, b"three", "my \udcff\0 program", frozenset({"häß\0\udcff"}))
    assert one == Key(one.id, "my \udcff\0 program", SCOPES, NOW)
    assert two == Key(two.id, "", frozenset(), NOW)
    assert accounts.keys(mine.id) == [one, three]
    assert accounts.key(b"\0one") == (mine, one)
    assert accounts.key(b"two") == (yours, two)
    assert accounts.key(b"\0on") is None


def test_a_key_is_removed_by_its_user_alone(accounts: Accounts) -> None:
    mine, yours = accounts.add_user("me", HASH), accounts.add_user("you", HASH)
    one, two = (accounts.add_key(mine.id, digest, "", SCOPES) for digest in (b"one", b"two"))
    assert accounts.remove_key(yours.id, one.id) is False
    assert accounts.remove_key(mine.id, one.id) is True
    assert accounts.remove_key(mine.id, one.id) is False
    assert accounts.key(b"one") is None
    assert accounts.keys(mine.id) == [two]
    assert accounts.add_key(mine.id, b"three", "", SCOPES).id > two.id


def test_a_removed_user_has_no_session_and_no_key(accounts: Accounts) -> None:
    mine, yours = accounts.add_user("me", HASH), accounts.add_user("you", HASH)
    for user, digest in ((mine, b"mine"), (yours, b"yours")):
        accounts.open_session(user.id, digest, LATER)
        accounts.add_key(user.id, digest, "label", SCOPES)
    assert accounts.remove_user(mine.id) is True
    assert accounts.remove_user(mine.id) is False
    assert accounts.users() == [yours]
    assert accounts.user(mine.id) is accounts.named("me") is accounts.key(b"mine") is None
    assert accounts.session(b"mine", NOW) is None
    assert accounts.keys(mine.id) == []
    assert accounts.session(b"yours", NOW) == yours
    assert accounts.key(b"yours") == (yours, accounts.keys(yours.id)[0])


def test_what_was_a_users_is_never_another_users(accounts: Accounts) -> None:
    numbers = []
    for _ in range(3):
        user = accounts.add_user("me", HASH)
        numbers.append(user.id)
        accounts.remove_user(user.id)
    assert numbers == sorted(set(numbers))
