"""`neural-lab disputes`: who runs this computer reviews, and agrees for nobody else."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import flat, run, shown
from helpers import needed

from neural_lab.backends.sqlite.store import SqliteStore
from neural_lab.dispute import Dispute
from neural_lab.settings import read_settings
from neural_lab.types import Span

NOW, PASSAGE = "2026-02-03T04:05:06Z", "The ferryman counted forty-one herons.\x1b[31m"
DISPUTE = Dispute(NOW, NOW, "Ledger", "ab" * 32, Span(0, 9), PASSAGE, 0.9, "embedded", "1", "human")


@pytest.fixture
def filed() -> list[int]:
    """One of this computer's own user, and two of another, of which one may be trained on."""
    from neural_lab.commands.opening import database_file

    path = database_file(read_settings().store)
    assert path is not None
    with closing(SqliteStore(path)) as store:
        agreed = replace(DISPUTE, training_consented=NOW, note="I saw them.")
        added = (("local", DISPUTE), ("user:7", DISPUTE), ("user:7", agreed))
        return [store.disputes(owner).add(each).id for owner, each in added]


def state(*arguments: object) -> str:
    return str(shown("disputes", *arguments, "--json")["state"])


def numbers(*arguments: object) -> list[int]:
    return [each["id"] for each in shown("disputes", "list", *arguments, "--json")["disputes"]]


def test_what_is_agreed_to_is_listed_shown_and_decided(filed: list[int]) -> None:
    own, private, agreed = filed
    assert numbers() == [agreed]
    assert numbers("--mine") == [own]
    listed = run("disputes", "list").output
    assert "herons" in listed
    assert "2 without consent" in flat(listed)
    told = run("disputes", "show", agreed).output
    assert all(each in told for each in ("I saw them.", "herons", "waiting for review"))
    assert "\x1b" not in told
    assert state("show", own) == "quarantined"
    for command in ("show", "accept", "reject"):
        refused = run("disputes", command, private)
        assert refused.exit_code == 2
        assert "herons" not in refused.output
    assert state("accept", agreed, "--note", "plausible") == "accepted"
    assert numbers() == []
    assert numbers("--state", "accepted") == [agreed]
    again = run("disputes", "accept", agreed)
    assert (again.exit_code, "accepted already" in again.output) == (2, True)
    assert "not accepted" in run("disputes", "reject", agreed).output
    assert run("disputes", "list", "--state", "open").exit_code == 2


def test_consent_is_ones_own_to_give_and_to_take_back(filed: list[int]) -> None:
    own, private, agreed = filed
    for command in ("consent", "withdraw"):
        assert run("disputes", command, agreed).exit_code == 2
        assert run("disputes", command, private).exit_code == 2
    assert "once it is accepted" in run("disputes", "consent", own).output
    assert numbers() == [own, agreed]
    assert state("accept", own) == "accepted"
    assert "keeps what it learnt" in flat(run("disputes", "withdraw", own).output)
    assert numbers("--state", "accepted") == []
    assert numbers("--mine") == [own]
    assert "deleted" in run("disputes", "withdraw", own, "--delete").output
    assert numbers("--mine") == []


def test_a_retraining_reads_what_is_released(filed: list[int], tmp_path: Path) -> None:
    """There is too little to learn from, so that it ends before anything is trained."""
    needed("sklearn")
    table = tmp_path / "texts.csv"
    texts = (f"The {each} herons flew over the old mill at noon." for each in range(40))
    rows = (f"{text},{at % 2}" for at, text in enumerate(texts))
    table.write_text("\n".join(("text,label", *rows)), "utf-8")
    frozen = tmp_path / "frozen.csv"
    frozen.write_text("text,label\nNobody in the valley remembered who had planted the trees.,0\n", "utf-8")
    state("accept", filed[2])
    for arguments, count in ((("--disputes",), 1), ((), 0)):
        found = run("retrain", "--data", table, "--frozen", frozen, "--json", *arguments)
        assert found.exit_code == 2, found.output
        assert json.loads(found.stdout)["data"]["disputes"] == count


def test_where_nothing_is_disputed_nothing_is_made() -> None:
    assert "nothing to list" in run("disputes", "list").output
    assert run("disputes", "show", 1).exit_code == 2
    assert run("disputes", "list", "--store", "sqlite:///nowhere.db").exit_code == 4
