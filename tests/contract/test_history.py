"""What every `History` owes, whatever it is kept in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from stores import STORES

from neural_lab.entry import Entry
from neural_lab.errors import InvalidRequest, NotFound
from neural_lab.ports import History, Store

ENTRY = Entry(
    "check",
    "2026-02-03T04:05:06Z",
    "My Essay \udcff",
    "/home/me/\udcff.txt",
    "The river ran slowly.\0 漢字仮名 \ud800 100% of it. ÄPFEL.",
    "embedded 1.2.3",
    "likely_machine",
    0.1 + 0.2,
    None,
    '{"target": 0.01}',
    '{"report": "marmalade \0 \udcff"}',
)


@pytest.fixture(params=[*STORES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with STORES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture
def history(store: Store) -> History:
    return store.history("me")


def listed(entry: Entry, number: int) -> Entry:
    return replace(entry, text="", report="", id=number)


def dated(*moments: str) -> list[Entry]:
    return [replace(ENTRY, created=moment, title=f"Report {moment}") for moment in moments]


def test_an_empty_history_has_nothing(history: History) -> None:
    assert history.entries() == history.search("river") == history.keep([]) == []
    assert history.delete([1]) == history.delete([]) == history.purge() == history.expire("9999") == 0


def test_an_entry_comes_back_as_it_was(history: History) -> None:
    other = replace(ENTRY, kind="audit", detector="", probability=None, coverage=1.0, text="", report="")
    numbers = history.keep([replace(ENTRY, id=77), other])
    assert numbers == sorted(set(numbers))
    assert history.entry(numbers[0]) == replace(ENTRY, id=numbers[0])
    assert history.entry(numbers[1]) == replace(other, id=numbers[1])


@pytest.mark.parametrize("number", [0, -1, 99, 2**70])
def test_an_unknown_number_is_not_found(history: History, number: int) -> None:
    history.keep([ENTRY])
    with pytest.raises(NotFound) as failure:
        history.entry(number)
    assert failure.value.code == "no_entry"
    assert history.delete([number]) == 0


def test_newest_come_first_page_by_page(history: History) -> None:
    numbers = history.keep([ENTRY] * 60)
    expected = [listed(ENTRY, number) for number in reversed(numbers)]
    assert history.entries() == expected[:50]
    assert history.entries(7) == expected[:7]
    assert history.entries(7, before=expected[6].id) == expected[7:14]
    assert history.entries(100, before=numbers[0]) == history.entries(0) == history.entries(-1) == []
    assert history.entries(100, before=2**70) == expected


@pytest.mark.parametrize(
    "words", ["RIVER", "my essay", "\udcff.TXT", "äpfel", "100% of", "漢字仮", "y.\0 漢", " \ud800 "]
)
def test_words_are_found_in_text_title_and_path(history: History, words: str) -> None:
    one, _, two = history.keep([ENTRY, replace(ENTRY, title="", path="", text="1000 of pears"), ENTRY])
    assert history.search(words) == [listed(ENTRY, two), listed(ENTRY, one)]
    assert history.search(words, 1) == [listed(ENTRY, two)]


def test_words_are_not_found_elsewhere(history: History) -> None:
    history.keep([ENTRY])
    assert history.search("marmalade") == history.search("embedded") == history.search("100_ of") == []
    with pytest.raises(InvalidRequest) as failure:
        history.search("ab")
    assert failure.value.code == "too_short"


def test_what_is_deleted_is_gone(history: History) -> None:
    one, two, three = history.keep([ENTRY] * 3)
    assert history.delete([one, three, one, 2**70]) == 2
    assert (
        [entry.id for entry in history.entries()] == [entry.id for entry in history.search("river")] == [two]
    )
    with pytest.raises(NotFound):
        history.entry(three)
    assert history.keep([ENTRY])[0] > three


def test_all_are_purged(history: History) -> None:
    numbers = history.keep([ENTRY] * 3)
    assert history.purge() == 3
    assert history.entries() == history.search("river") == []
    assert history.keep([ENTRY])[0] > numbers[-1]


def test_the_old_expire(history: History) -> None:
    old, new, newer = history.keep(
        dated("2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z")
    )
    assert history.expire("2026-01-01T00:00:00Z") == 1
    assert [entry.id for entry in history.entries()] == [newer, new]
    assert history.expire("2026-01-01T00:00:00Z") == 0
    with pytest.raises(NotFound):
        history.entry(old)


def test_the_old_of_all_owners_expire_together(store: Store) -> None:
    """More than are deleted at once."""
    owners = ("me", "you \udcff\0", "them")
    for owner in owners:
        store.history(owner).keep(dated("2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z") * 60)
    numbers = [
        each.id for owner in owners for each in store.history(owner).entries(999) if "2026" in each.title
    ]
    assert store.expire("") == 0
    assert store.expire("2026-01-01T00:00:00Z") == 3 * 60
    left = [each for owner in owners for each in store.history(owner).entries(999)]
    assert [each.id for each in left] == numbers
    assert len(store.history("me").search("report 2026", 999)) == 60
    assert store.history("me").search("report 2025") == []
    assert store.expire("2026-01-01T00:00:00Z") == 0


OWNED: dict[str, Callable[[History, list[int]], object]] = {
    "entries": lambda history, known: history.entries(),
    "search": lambda history, known: history.search("river"),
    "delete": lambda history, known: history.delete(known),
    "purge": lambda history, known: history.purge(),
    "expire": lambda history, known: history.expire("9999"),
}


@pytest.mark.parametrize("method", [*OWNED])
def test_owners_do_not_see_each_other(store: Store, method: str) -> None:
    mine, yours = store.history("me"), store.history("you \udcff\0")
    known = mine.keep([ENTRY])
    assert not OWNED[method](yours, known)
    (own,) = yours.keep([replace(ENTRY, text="A stone lay there.", title="Stone")])
    for history, number in ((mine, own), (yours, known[0])):
        with pytest.raises(NotFound):
            history.entry(number)
    OWNED[method](yours, known)
    assert store.history("me").entry(known[0]).text == ENTRY.text
