"""What a SQLite file promises of disputes and drafts beyond what every store does: plans and wiping."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from neural_lab.backends.sqlite import disputes, preferences, review, trail
from neural_lab.backends.sqlite.store import SqliteStore
from neural_lab.dispute import Dispute
from neural_lab.types import Span

NOW, ROUNDS = "2026-02-03T04:05:06Z", 6
TABLES = ("dispute", "draft", "snapshot", "preference")
WORD = re.compile(rb"[gklmnprst][0-9a-f]{15}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lab" / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(path, lambda: NOW)
    yield opened
    opened.close()


def words(chosen: random.Random, most: int) -> str:
    """Words that are nowhere else: a letter and fifteen digits to base 16."""
    return " ".join(f"{chosen.choice('gklmnprst')}{chosen.getrandbits(60):015x}" for _ in range(most))


def packed(store: SqliteStore) -> set[bytes]:
    """The texts that the file holds, as it holds them; short ones could be anywhere by chance."""
    with store._database.reading() as connection:
        rows = connection.execute("select text from kept_text where length(text) > 40").fetchall()
    return {text for (text,) in rows}


def raw(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.iterdir())


PLANS = {
    "preferences": (preferences.GET, {"owner": 1}, "preference USING INTEGER PRIMARY KEY"),
    "disputes": (disputes.NEWEST, {"owner": 1, "most": 9}, "dispute USING INDEX dispute_of_owner"),
    "to review": (review.IN_STATE, ("accepted", 9), "dispute USING INDEX dispute_to_review (state=?)"),
    "reviewed": (review.ONE, (1,), "dispute USING INTEGER PRIMARY KEY"),
    "draft": (trail.DRAFT, {"owner": 1, "name": ""}, "draft USING INDEX draft_of_owner (owner=? AND name=?)"),
    "drafts": (trail.DRAFTS, {"owner": 1}, "draft USING INDEX draft_of_owner (owner=?)"),
    "snapshots": (trail.SNAPSHOTS, {"owner": 1, "name": ""}, "snapshot USING PRIMARY KEY (draft=?)"),
    "text": (
        trail.TEXT,
        {"owner": 1, "name": "", "seq": 1},
        "snapshot USING PRIMARY KEY (draft=? AND seq=?)",
    ),
}


@pytest.mark.parametrize("name", [*PLANS])
def test_no_statement_looks_at_all_rows(store: SqliteStore, name: str) -> None:
    statement, values, expected = PLANS[name]
    with store._database.reading() as connection:
        plan = [row[3] for row in connection.execute(f"explain query plan {statement}", values)]
    assert not [step for step in plan if step.startswith("SCAN")], plan
    assert any(expected in step for step in plan), plan


def dispute(passage: str, note: str) -> Dispute:
    return Dispute(NOW, NOW, note, "ab" * 32, Span(0, len(passage)), passage, 0.9, "d", "1", "human", note)


def test_words_cannot_be_read_when_they_are_gone(store: SqliteStore, path: Path) -> None:
    """Of all lengths, in some rounds, so that pages fill, empty and are used again."""
    chosen, gone = random.Random(1), set[bytes]()
    mine, drafts = store.disputes("me"), store.trail("me")
    for number in range(ROUNDS):
        before = packed(store)
        for most in (1, 3, 40, 1000):
            texts = [words(chosen, most), words(chosen, 1)]
            added = mine.add(replace(dispute(*texts), training_consented=NOW))
            for decision in ("accepted", "rejected"):
                store.review().decide(added.id, decision, 1, NOW, words(chosen, 1))
            drafts.append(f"{number % 4}", texts[1], texts[0], NOW)
        for each in chosen.sample(mine.disputes(), 2):
            mine.withdraw(each.id)
        if number % 2:
            drafts.delete(chosen.choice(drafts.drafts()).id)
        gone |= before - packed(store)
        assert not [text for text in gone if text in raw(path)]
    assert gone
    left = packed(store)
    assert [text for text in left if text in raw(path)]
    store.forget("me")
    assert not [text for text in gone | left if text in raw(path)]
    assert not WORD.findall(raw(path))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        counts = [connection.execute(f"select count(*) from {name}").fetchone()[0] for name in TABLES]
    assert counts == [0] * len(TABLES)
