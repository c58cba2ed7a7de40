"""What every `Disputes` and `Review` owes, whatever it is kept in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from neural_lab import dispute
from neural_lab.dispute import Counts, Dispute
from neural_lab.errors import InvalidRequest, LabError, NotFound
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


LATER, EVEN_LATER = "2026-02-04T00:00:00Z", "2026-02-05T00:00:00Z"
AGREED = replace(DISPUTE, training_consented=LATER)


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


def test_nobody_files_a_decision(disputes: Disputes) -> None:
    said = {"state": "accepted", "reviewed": LATER, "reviewer": 3, "review_note": "fine", "owner": "you"}
    added = disputes.add(replace(AGREED, **said))
    assert disputes.disputes() == [added] == [replace(AGREED, id=added.id)]
    assert not added.released


def test_consent_to_training_is_given_and_taken_back(store: Store, disputes: Disputes) -> None:
    added = disputes.add(DISPUTE)
    agreed = disputes.consent(added.id, LATER)
    assert agreed == replace(added, training_consented=LATER)
    assert disputes.disputes() == [agreed]
    assert disputes.consent(added.id, "") == added
    assert disputes.disputes() == [added]
    for number in (0, -1, 99, 2**70):
        assert disputes.consent(number, LATER) is None
    assert store.disputes("you").consent(added.id, LATER) is None
    assert disputes.disputes() == [added]


def test_reviewers_read_what_owners_agreed_to_and_count_the_rest(store: Store, disputes: Disputes) -> None:
    one, review = disputes.add(AGREED), store.review()
    private = disputes.add(DISPUTE)
    two = store.disputes("you \udcff\0").add(AGREED)
    shown = [replace(one, owner="me"), replace(two, owner="you \udcff\0")]
    assert review.disputes() == shown
    assert review.disputes(most=1) == shown[:1]
    assert review.disputes(most=0) == review.disputes(most=-1) == review.disputes("accepted") == []
    assert [review.dispute(each.id) for each in (one, two)] == shown
    assert [review.dispute(number) for number in (private.id, 0, -1, 99, 2**70)] == [None] * 5
    assert review.counts() == Counts(quarantined=2, private=1)


def test_only_what_is_accepted_with_consent_is_released(store: Store, disputes: Disputes) -> None:
    one, two, three = (disputes.add(AGREED) for _ in range(3))
    other, review = store.disputes("you").add(AGREED), store.review()
    assert store.released_disputes() == []
    decided = [
        review.decide(each.id, "accepted", 7, EVEN_LATER, "\0 \udcff fine") for each in (other, one, two)
    ]
    review.decide(three.id, "rejected", 7, EVEN_LATER)
    verdict = {"state": "accepted", "reviewed": EVEN_LATER, "reviewer": 7, "review_note": "\0 \udcff fine"}
    assert decided[1] == replace(one, **verdict, owner="me")
    assert store.released_disputes() == [decided[1], decided[2], decided[0]]
    assert review.counts() == Counts(accepted=3, rejected=1)
    assert disputes.disputes()[-1] == replace(one, **verdict)
    disputes.consent(one.id, "")
    assert store.released_disputes() == [decided[2], decided[0]]
    disputes.withdraw(two.id)
    assert store.released_disputes() == [decided[0]]
    store.forget("you")
    assert store.released_disputes() == []
    assert review.counts() == Counts(rejected=1, private=1)
    disputes.consent(one.id, LATER)
    assert store.released_disputes() == [decided[1]], "what was accepted are the same words as before"


def test_what_is_rejected_stays_so(store: Store, disputes: Disputes) -> None:
    number, review = disputes.add(AGREED).id, store.review()
    assert review.decide(number, "accepted", 1, LATER, "yes").released
    with pytest.raises(InvalidRequest) as failure:
        review.decide(number, "accepted", 2, EVEN_LATER)
    assert failure.value.code == "already_decided"
    assert review.decide(number, "rejected", 2, EVEN_LATER, "no").reviewer == 2
    for decision in ("accepted", "rejected"):
        with pytest.raises(InvalidRequest):
            review.decide(number, decision, 3, EVEN_LATER)
    assert store.released_disputes() == []
    (kept,) = disputes.disputes()
    assert (kept.state, kept.reviewer, kept.review_note) == ("rejected", 2, "no")


@pytest.mark.parametrize("number", [0, -1, 99, 2**70])
def test_nothing_is_decided_about_what_is_not_there(store: Store, number: int) -> None:
    with pytest.raises(NotFound):
        store.review().decide(number, "accepted", 1, LATER)


def test_nothing_is_decided_without_consent(store: Store, disputes: Disputes) -> None:
    kept = disputes.add(DISPUTE)
    with pytest.raises(NotFound):
        store.review().decide(kept.id, "accepted", 1, LATER)
    assert disputes.disputes() == [kept]


def test_of_many_who_decide_at_once_one_does(store: Store, disputes: Disputes) -> None:
    number, review = disputes.add(AGREED).id, store.review()

    def accepts(reviewer: int) -> int:
        try:
            return review.decide(number, "accepted", reviewer, LATER).reviewer
        except LabError as error:
            return -(error.code == "already_decided")

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(accepts, range(1, 5)))
    assert told[:3] == [-1, -1, -1]
    assert disputes.disputes()[0].reviewer == told[3] > 0
