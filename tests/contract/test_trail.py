"""What every `Trail` owes, whatever it is kept in."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import pytest

from neural_lab import trail as core
from neural_lab.errors import InvalidRequest, NotFound
from neural_lab.ports import Store, Trail
from neural_lab.trail import FIRST, Draft, Snapshot, following, verify

ONE, TWO = "3f0f9a52-7d0c-4a43-9a8e-0b5c7a1d2e3f", "00000000-0000-4000-8000-000000000000"
TEXTS = ["", "The river", "The river ran slowly.\0 漢字 \ud800", "The river"]
EARLY, LATE = "2026-02-03T04:05:06Z", "2026-02-03T04:05:07Z"


@pytest.fixture
def trail(store: Store) -> Trail:
    return store.trail("me")


def written(trail: Trail, draft: str = ONE) -> list[Snapshot]:
    return [trail.append(draft, "Essay", text, f"2026-02-03T04:05:{at:02}Z") for at, text in enumerate(TEXTS)]


def test_at_first_there_is_nothing(trail: Trail) -> None:
    assert trail.drafts() == []
    assert trail.delete(ONE) is False
    assert trail.purge() == 0


def test_a_chain_comes_back_as_it_was(trail: Trail) -> None:
    chain = written(trail)
    assert trail.snapshots(ONE) == chain
    assert [trail.text(ONE, each.seq) for each in chain] == TEXTS
    assert [each.characters for each in chain] == [len(text) for text in TEXTS]
    assert [each.seq for each in chain] == [1, 2, 3, 4]
    assert [each.previous for each in chain] == [FIRST, *(each.digest for each in chain[:-1])]
    assert verify(trail.snapshots(ONE), {at: trail.text(ONE, at) for at in range(1, 5)}) == []


def test_an_unchanged_text_is_no_new_snapshot(trail: Trail) -> None:
    first = trail.append(ONE, "Essay", "The river", EARLY)
    assert trail.append(ONE, "Another \udcff\0", "The river", LATE) == first
    assert trail.snapshots(ONE) == [first]
    assert trail.draft(ONE).title == "Another \udcff\0"
    assert trail.append(ONE, "", "The river ran", LATE) == following(first, "The river ran", LATE)
    assert trail.draft(ONE).title == ""


def test_drafts_that_went_on_last_come_first(trail: Trail) -> None:
    first = trail.append(ONE, "Essay", "The river", EARLY)
    last = trail.append(ONE, "Essay", "The river ran", LATE)
    assert trail.draft(ONE) == Draft(ONE, "Essay", first.at, last.at, 2, 13, last.digest)
    trail.append(TWO, "Other", "A stone", EARLY)
    assert trail.drafts() == [trail.draft(ONE), trail.draft(TWO)]
    trail.append(TWO, "Other", "A stone lay", LATE)
    assert trail.drafts() == [trail.draft(TWO), trail.draft(ONE)]


READS: dict[str, Callable[[Trail], object]] = {
    "draft": lambda trail: trail.draft(TWO),
    "snapshots": lambda trail: trail.snapshots(TWO),
    "text": lambda trail: trail.text(TWO, 1),
    "before the first": lambda trail: trail.text(ONE, 0),
    "below": lambda trail: trail.text(ONE, -1),
    "behind the last": lambda trail: trail.text(ONE, 5),
    "far behind": lambda trail: trail.text(ONE, 2**70),
}


@pytest.mark.parametrize("name", [*READS])
def test_what_is_not_there_is_not_found(trail: Trail, name: str) -> None:
    written(trail)
    with pytest.raises(NotFound) as failure:
        READS[name](trail)
    assert failure.value.code == "no_draft"


def test_what_is_deleted_is_gone(trail: Trail) -> None:
    written(trail, ONE)
    kept = written(trail, TWO)
    assert trail.delete(ONE) is True
    assert trail.delete(ONE) is False
    with pytest.raises(NotFound):
        trail.snapshots(ONE)
    assert trail.snapshots(TWO) == kept
    assert trail.append(ONE, "Essay", "Anew", LATE) == following(None, "Anew", LATE)
    assert trail.purge() == 2
    assert trail.drafts() == []


LIMITS = {
    "MOST_SNAPSHOTS": "too_many_snapshots",
    "MOST_DRAFTS": "too_many_drafts",
    "MOST_BYTES": "trails_full",
}


@pytest.mark.parametrize("name", [*LIMITS])
def test_there_is_an_end_to_trails(trail: Trail, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    chain = written(trail)
    monkeypatch.setattr(core, name, {"MOST_SNAPSHOTS": 4, "MOST_DRAFTS": 1, "MOST_BYTES": 150}[name])
    text = "".join(map(chr, range(0x400, 0x500)))
    with pytest.raises(InvalidRequest) as failure:
        trail.append(TWO if name == "MOST_DRAFTS" else ONE, "Essay", text, LATE)
    assert failure.value.code == LIMITS[name]
    assert [each.id for each in trail.drafts()] == [ONE]
    assert trail.snapshots(ONE) == chain
    # The same text needs no room.
    assert trail.append(ONE, "Essay", TEXTS[-1], LATE) == chain[-1]
    trail.delete(ONE)
    trail.append(TWO, "Essay", "short", LATE)


def test_owners_do_not_see_each_other(store: Store, trail: Trail) -> None:
    mine, yours = written(trail), store.trail("you \udcff\0")
    assert yours.drafts() == []
    assert yours.delete(ONE) is False
    own = yours.append(ONE, "Mine", "A stone", EARLY)
    assert (yours.snapshots(ONE), trail.snapshots(ONE)) == ([own], mine)
    store.forget("me")
    assert trail.drafts() == []
    assert yours.snapshots(ONE) == [own]


def test_of_many_at_once_one_comes_after_the_other(store: Store) -> None:
    def write(name: str) -> None:
        for number in range(5):
            store.trail("me").append(ONE, "Essay", f"{name} {number}", EARLY)

    threads = [Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chain = store.trail("me").snapshots(ONE)
    assert len(chain) == 20
    assert verify(chain) == []
