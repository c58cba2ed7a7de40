"""What every `Preferences` owes, whatever it is kept in."""

from __future__ import annotations

from dataclasses import replace

from job_desk import at_once

from neural_lab.ports import Store
from neural_lab.preferences import Choices

MINE = Choices("writing", False, 7, 0.001, "dark", False, True)


def test_at_first_everything_is_as_usual(store: Store) -> None:
    assert store.preferences("me").get() == Choices()
    assert store.chosen() == {}


def test_choices_come_back_as_they_were_put(store: Store) -> None:
    preferences = store.preferences("me")
    for choices in (MINE, Choices(), MINE):
        preferences.put(choices)
        assert preferences.get() == store.preferences("me").get() == choices


def test_owners_choose_for_themselves(store: Store) -> None:
    store.preferences("me").put(MINE)
    assert store.preferences("you \udcff\0").get() == Choices()
    store.preferences("you \udcff\0").put(Choices(keep_days=3))
    assert store.preferences("me").get() == MINE
    assert store.chosen() == {"me": MINE, "you \udcff\0": Choices(keep_days=3)}


def test_what_is_changed_changes_and_the_rest_stays(store: Store) -> None:
    preferences = store.preferences("me")
    assert preferences.change({"theme": "dark"}) == Choices(theme="dark")
    preferences.put(MINE)
    assert preferences.change({"keep_days": None, "target": 0.05}) == replace(
        MINE, keep_days=None, target=0.05
    )
    assert preferences.change({}) == preferences.get() == replace(MINE, keep_days=None, target=0.05)
    assert store.chosen() == {"me": preferences.get()}


def test_of_changes_at_the_same_moment_none_is_lost(store: Store) -> None:
    changes = [{"zero_retention": True}, {"keep_days": 3}, {"theme": "dark"}, {"depth": "writing"}]
    at_once(lambda number: store.preferences("me").change(changes[number]) and None, len(changes))
    expected = Choices(zero_retention=True, keep_days=3, theme="dark", depth="writing")
    assert store.preferences("me").get() == expected


def test_forgotten_owners_have_chosen_nothing(store: Store) -> None:
    for owner in ("me", "you"):
        store.preferences(owner).put(MINE)
    store.forget("me")
    assert store.preferences("me").get() == Choices()
    assert store.chosen() == {"you": MINE}
