"""What `Store.forget` does, whatever a store keeps things in."""

from __future__ import annotations

from job_desk import LATE, LEASE, PAYLOAD, RESULT, added, claimed
from stores import NOW, hashes

from neural_lab.audit.source import Incoming
from neural_lab.entry import Entry
from neural_lab.ports import Store

RIVER = "The river ran slowly past the mill and nobody saw it go. " * 3
ENTRY = Entry("check", NOW, "Title", "/path", RIVER, "", "", None, None, "{}", "{}")


def filled(store: Store, owner: str) -> None:
    """Something of every kind, and more of it than is forgotten at once."""
    texts = [Incoming(f"{RIVER}{number}", path=f"/{number}") for number in range(120)]
    store.library(owner).add(texts)
    store.history(owner).keep([ENTRY] * 120)
    store.jobs(owner).add("check", PAYLOAD, "key")


def seen(store: Store, owner: str) -> list[object]:
    library, history, jobs = store.library(owner), store.history(owner), store.jobs(owner)
    found = library.search("river", 200), library.recall(hashes(RIVER)), history.search("river", 200)
    return [library.sources(), library.stats(), *found, history.entries(200), jobs.jobs()]


def test_forgetting_leaves_nothing_and_touches_nobody_else(store: Store) -> None:
    nothing = seen(store, "me")
    for owner in ("me", "you"):
        filled(store, owner)
    user = store.accounts().add_user("me", "hash")
    yours, held = seen(store, "you"), store.library("me")
    store.forget("me")
    assert seen(store, "me") == nothing
    assert held.sources() == []
    assert seen(store, "you") == yours
    assert store.accounts().users() == [user]
    store.forget("me")
    store.forget("nobody")
    assert seen(store, "you") == yours


def test_after_forgetting_an_owner_begins_anew(store: Store) -> None:
    filled(store, "me")
    store.forget("me")
    filled(store, "me")
    assert len(store.library("me").sources()) == len(store.history("me").entries(200)) == 120
    assert store.jobs("me").add("check", PAYLOAD, "key")[1] is False


def test_who_works_for_a_forgotten_owner_is_told(store: Store) -> None:
    queue = store.queue()
    (running,) = added(store.jobs("me"), PAYLOAD)
    claimed(queue)
    added(store.jobs("me"), PAYLOAD)
    store.forget("me")
    assert (
        queue.beat(running.id, "worker", 1, 2, LEASE) is queue.finish(running.id, "worker", RESULT) is False
    )
    assert queue.claim("other", LATE, "9999") is None


def test_an_open_store_answers(store: Store) -> None:
    for _ in range(3):
        store.ping()
