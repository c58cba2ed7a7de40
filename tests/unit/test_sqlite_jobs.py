"""What a SQLite file promises of users and jobs beyond what every store does: plans, wiping, answering."""

from __future__ import annotations

import os
import random
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from neural_lab.audit.source import Incoming
from neural_lab.backends.sqlite import accounts, events, job_rows, jobs, queue
from neural_lab.backends.sqlite.store import SqliteStore
from neural_lab.entry import Entry
from neural_lab.errors import StoreUnavailable
from neural_lab.job import Job

NOW, LEASE = "2026-02-03T04:05:06Z", "2026-02-03T04:06:00Z"
WORD = re.compile(rb"[gklmnprst][0-9a-f]{15}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lab" / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(path, lambda: NOW)
    yield opened
    opened.close()


def words(seed: int, most: int = 200) -> str:
    """Words that are nowhere else: a letter and fifteen digits to base 16."""
    chosen = random.Random(seed)
    return " ".join(f"{chosen.choice('gklmnprst')}{chosen.getrandbits(60):015x}" for _ in range(most))


def leftovers(path: Path, texts: Iterable[str]) -> set[str]:
    """What can be read of `texts` in the files of a database: any of their words."""
    raw = b"".join(each.read_bytes() for each in path.parent.iterdir())
    return {found.decode() for found in WORD.findall(raw)} & {word for text in texts for word in text.split()}


def sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("pragma integrity_check").fetchall() == [("ok",)]


PLANS = {
    "waiting": (
        queue.WAITING,
        (NOW,),
        ["COVERING INDEX job_of_state (state=?)", "job USING INDEX job_of_state (state=?)"],
    ),
    "expire": (queue.OLD, (NOW,), ["USING INDEX job_of_state (state=?)"]),
    "jobs": (
        jobs.NEWEST,
        {"owner": 1, "most": 9},
        ["USING INDEX job_of_owner (owner=?)", "owner USING INTEGER"],
    ),
    "job": (
        jobs.ONE,
        {"owner": 1, "number": 1},
        ["job USING INTEGER PRIMARY KEY", "kept_text USING INTEGER"],
    ),
    "result": (jobs.RESULT, {"owner": 1, "number": 1}, ["job USING INTEGER PRIMARY KEY"]),
    "payload": (job_rows.PAYLOAD, (1,), ["job USING INTEGER PRIMARY KEY"]),
    "once": (jobs.ONCE, (1, b""), ["INDEX job_once (owner=? AND once_sha256=?)"]),
    "named": (accounts.NAMED, (b"",), ["account USING INTEGER PRIMARY KEY", "(name_sha256=?)"]),
    "session": (
        accounts.SESSION,
        (b"", NOW),
        ["account USING INTEGER PRIMARY KEY", "PRIMARY KEY (digest=?)"],
    ),
    "sessions": (accounts.EXPIRE, (NOW,), ["INDEX session_of_time (expires<?)"]),
    "events": (events.BETWEEN, (NOW, NOW, 9), ["INDEX event_of_time (at>? AND at<?)"]),
}


@pytest.mark.parametrize("name", [*PLANS])
def test_statements_use_indexes(store: SqliteStore, path: Path, name: str) -> None:
    statement, values, expected = PLANS[name]
    with closing(sqlite3.connect(path)) as connection:
        plan = "\n".join(row[3] for row in connection.execute(f"explain query plan {statement}", values))
    assert [part for part in expected if part not in plan] == []
    assert re.findall(r"SCAN (?!\(subquery)|TEMP B-TREE", plan) == []


class Desk:
    """Jobs that are added and ended in any order; `live` are the texts that are still to be kept, by job."""

    def __init__(self, store: SqliteStore, seed: int) -> None:
        self.store, self.chosen, self.seed = store, random.Random(seed), seed * 1_000_000
        self.live, self.gone = dict[int, list[str]](), list[str]()

    def text(self) -> str:
        self.seed += 1
        return words(self.seed, self.chosen.choice((1, 3, 10, 30, 40, 60, 1000)))

    def add(self) -> None:
        text = self.text()
        job, _ = self.store.jobs("me").add("check", text, f"{text[:60]}")
        self.live[job.id] = [text]

    def work(self) -> None:
        """Claim all, end them in any order, and cancel some."""
        queue, claimed = self.store.queue(), list[Job]()
        while claim := queue.claim("worker", NOW, LEASE):
            claimed.append(claim.job)
        for job in self.chosen.sample(claimed, len(claimed)):
            self.gone += self.live[job.id]
            if self.chosen.random() < 0.2:
                self.store.jobs("me").cancel(job.id)
                self.live[job.id] = []
            else:
                self.live[job.id] = [self.text(), self.text()]
                queue.beat(job.id, "worker", 2**40, 2**40, LEASE)
                assert queue.finish(job.id, "worker", self.live[job.id][0], "odd", self.live[job.id][1])

    def remove(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            assert self.store.jobs("me").remove(number)
            self.gone += self.live.pop(number)


def test_texts_of_jobs_cannot_be_read_when_they_are_gone(store: SqliteStore, path: Path) -> None:
    """Of all lengths, in many rounds, so that pages fill, empty and are used again."""
    desk = Desk(store, 1)
    for _ in range(25):
        for _ in range(20):
            desk.add()
        desk.work()
        kept = [text for texts in desk.live.values() for text in texts]
        # Not all of them: a word may go on on another page.
        assert len(leftovers(path, kept)) > len(" ".join(kept).split()) * 0.9
        desk.remove(desk.chosen.sample(sorted(desk.live), 16))
        assert leftovers(path, desk.gone) == set()
    assert store.queue().expire("9999") == len(desk.live)
    assert leftovers(path, map(" ".join, desk.live.values())) == set()
    assert sound(path)


def test_what_was_dropped_is_gone_with_the_next_removal(store: SqliteStore, path: Path) -> None:
    desk = Desk(store, 2)
    for _ in range(20):
        desk.add()
    desk.work()
    store.queue().expire("")
    assert leftovers(path, desk.gone) == set()


def user(store: SqliteStore, seed: int) -> int:
    """One with words of its own everywhere."""
    number = store.accounts().add_user(words(seed, 1 + seed % 90), words(seed + 10_000, 6)).id
    store.accounts().add_key(number, seed.to_bytes(8, "big"), words(seed + 20_000, 3), frozenset({"check"}))
    return number


def of_user(seed: int) -> list[str]:
    return [words(seed, 1 + seed % 90), words(seed + 10_000, 6), words(seed + 20_000, 3)]


def test_removed_users_cannot_be_read(store: SqliteStore, path: Path) -> None:
    numbers = {seed: user(store, seed) for seed in range(80)}
    for seed in range(0, 80, 2):
        store.accounts().set_password(numbers[seed], words(seed + 30_000, 6 + seed % 5))
    for seed in range(40):
        assert store.accounts().remove_user(numbers[seed])
    gone = [word for seed in range(40) for word in of_user(seed)]
    changed = [words(seed + 10_000, 6) for seed in range(0, 80, 2)]
    assert leftovers(path, gone + changed) == set()
    kept = [word for seed in range(41, 80, 2) for word in of_user(seed)]
    assert leftovers(path, kept)
    assert [each.name for each in store.accounts().users()] == [
        words(seed, 1 + seed % 90) for seed in range(40, 80)
    ]
    assert sound(path)


def test_the_label_of_a_removed_key_cannot_be_read(store: SqliteStore, path: Path) -> None:
    number = user(store, 1)
    (key,) = store.accounts().keys(number)
    assert store.accounts().remove_key(number, key.id)
    assert leftovers(path, [key.label]) == set()


def entry(text: str) -> Entry:
    return Entry("check", NOW, text[:60], f"/{text[:60]}", text, "", "", None, 0.5, text[:16], f"[{text}]")


def test_what_is_forgotten_cannot_be_read(store: SqliteStore, path: Path) -> None:
    """Two owners' texts lie among each other."""
    texts = {
        owner: [words(seed, 40) for seed in range(at, at + 150)] for owner, at in (("me", 0), ("you", 1000))
    }
    for start in range(0, 150, 10):
        for owner, all_of in texts.items():
            some = all_of[start : start + 10]
            store.library(owner).add([Incoming(text, text[:60], f"/{text[:60]}") for text in some[:4]])
            store.history(owner).keep([entry(text) for text in some[4:7]])
            for text in some[7:]:
                store.jobs(owner).add("check", text, text)
    store.forget("me")
    assert leftovers(path, texts["me"]) == set()
    assert len(leftovers(path, texts["you"])) > 150 * 40 * 0.9
    assert len(store.library("you").sources()) == 60
    claims = [store.queue().claim("worker", NOW, LEASE) for _ in range(3)]
    assert [claim.payload for claim in claims if claim] == texts["you"][7:10]
    assert sound(path)


def test_forgetting_goes_on_after_it_was_interrupted(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [words(seed, 5) for seed in range(250)]
    store.history("me").keep([entry(text) for text in texts])
    calls = iter(range(2))
    drop = "neural_lab.backends.sqlite.job_rows.drop"
    with monkeypatch.context() as patched:
        patched.setattr(drop, lambda *_: next(calls) * 0)
        with pytest.raises(StopIteration):
            store.forget("me")
    assert len(store.history("me").entries(300)) == 50
    store.forget("me")
    assert store.history("me").entries() == []
    assert leftovers(path, texts) == set()


def silent(store: SqliteStore) -> str:
    """The code of the failure when a store does not answer."""
    with pytest.raises(StoreUnavailable) as failure:
        store.ping()
    return failure.value.code


def test_a_closed_file_does_not_answer(store: SqliteStore) -> None:
    store.ping()
    store.close()
    assert silent(store) == "store_closed"


@pytest.mark.skipif(os.name != "posix", reason="files that are open cannot be removed")
def test_a_file_that_is_gone_does_not_answer(store: SqliteStore, path: Path) -> None:
    path.unlink()
    assert silent(store) == "store_unreachable"


def test_a_damaged_file_does_not_answer(store: SqliteStore, path: Path) -> None:
    store.close()
    with closing(SqliteStore(path)) as again:
        path.write_bytes(b"\xa5" * path.stat().st_size)
        assert silent(again) == "store_damaged"


def test_a_file_answers_while_somebody_writes(store: SqliteStore, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        store.ping()
        assert store.queue().claim("worker", NOW, LEASE) is None
