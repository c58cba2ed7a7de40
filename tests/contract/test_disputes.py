"""What every `Disputes` owes, whatever it is kept in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neural_lab import dispute
from neural_lab.dispute import Dispute
from neural_lab.errors import InvalidRequest
from neural_lab.ports import Disputes, Store
from neural_lab.types import Span

DISPUTE = Dispute(
    created="2026-02-03T04:05:06Z",
    consented="2026-02-03T04:05:07Z",
    title="My Essay \udcff",
    text_sha256="ab" * 32,
    span=Span(3, 2**40),
    passage="The river ran slowly.\0 漢字仮名 \ud800 100% of it.",
    probability=0.1 + 0.2,
    detector="embedded",
    version="1 \udcff",
    claim="human",
    note="I wrote this on a train.\0",
)


@pytest.fixture
def disputes(store: Store) -> Disputes:
    return store.disputes("me")


def test_a_dispute_comes_back_as_it_was(disputes: Disputes) -> None:
    added = disputes.add(replace(DISPUTE, id=77))
    assert added == replace(DISPUTE, id=added.id)
    assert disputes.disputes() == [added]


def test_the_newest_come_first(disputes: Disputes) -> None:
    added = [disputes.add(replace(DISPUTE, note="", title=f"{number}")) for number in range(60)]
    assert disputes.disputes() == added[:-51:-1]
    assert disputes.disputes(100) == added[::-1]
    assert disputes.disputes(0) == disputes.disputes(-1) == []


def test_what_is_withdrawn_is_gone(disputes: Disputes) -> None:
    one, two = disputes.add(DISPUTE), disputes.add(DISPUTE)
    assert disputes.withdraw(two.id) is True
    assert disputes.withdraw(two.id) is False
    assert disputes.disputes() == [one]
    assert disputes.add(DISPUTE).id > two.id


@pytest.mark.parametrize("number", [0, -1, 99, 2**70])
def test_an_unknown_number_is_none(disputes: Disputes, number: int) -> None:
    disputes.add(DISPUTE)
    assert disputes.withdraw(number) is False


def test_there_is_an_end_to_disputes(disputes: Disputes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispute, "MOST_DISPUTES", 2)
    one, _ = disputes.add(DISPUTE), disputes.add(DISPUTE)
    with pytest.raises(InvalidRequest) as failure:
        disputes.add(DISPUTE)
    assert failure.value.code == "too_many_disputes"
    assert len(disputes.disputes()) == 2
    disputes.withdraw(one.id)
    disputes.add(DISPUTE)


def test_owners_do_not_see_each_other(store: Store, disputes: Disputes) -> None:
    mine, yours = disputes.add(DISPUTE), store.disputes("you \udcff\0")
    assert yours.disputes() == []
    assert yours.withdraw(mine.id) is False
    other = yours.add(replace(DISPUTE, note="mine"))
    store.forget("me")
    assert disputes.disputes() == []
    assert yours.disputes() == [other]
