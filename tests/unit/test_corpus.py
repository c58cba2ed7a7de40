"""Rows of files that nobody vouches for, cut into parts; and the folder that a run is kept in."""

from __future__ import annotations

import gzip
import json
import lzma
from concurrent.futures import Future
from itertools import pairwise
from pathlib import Path

import pytest
from helpers import needed
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.errors import InvalidRequest, NotFound, Overloaded, ScoringFailed
from neural_lab.scoring import lines
from neural_lab.scoring.corpus import corpus
from neural_lab.scoring.folder import JOURNAL, Folder
from neural_lab.scoring.given import Given
from neural_lab.scoring.hands import Died, spread
from neural_lab.scoring.parts import Part, cut, plan
from neural_lab.scoring.reader import DEFAULT, Columns, rows

MANIFEST = {"input": 1, "detector": ["a", "1"], "library": "", "program": "1", "asked": {"target": 0.01}}


def read(path: Path, columns: Columns = DEFAULT) -> list[Given]:
    return list(rows(corpus(str(path)), columns))


def said(path: Path, columns: Columns = DEFAULT) -> list[tuple[str, object]]:
    """Where each row stands, and its text or the code of its error."""
    return [(each.row.rpartition(":")[2], each.error or each.text) for each in read(path, columns)]


def test_lines_of_json_that_cannot_be_read_are_rows_too(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 150_000)
    path = tmp_path / "in.jsonl"
    bad = [b'{"text": null}', b"nonsense", b"\xff\xfe", b"[1]", b'{"text": " "}', b"[" * 100_000]
    long = b'{"text": "' + b"x" * 400_000 + b'"}'
    path.write_bytes(
        b"\n".join([b'\xef\xbb\xbf{"text": "a", "n": NaN}', b"", *bad, long, b'{"text": "\\ud800"}'])
    )
    codes = ["no_text", "not_json", "not_utf8", "not_an_object", "blank_text", "not_json", "too_large"]
    expected = ["a", *codes, "\ufffd"]
    assert said(path) == [(str(n), each) for n, each in zip([1, *range(3, 11)], expected, strict=True)]


def test_tables_that_are_torn_end_with_a_row_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b'id,text\n1,one\n2\n3,\xff\n4,"two\nlines"\n5,"never ends\n6,lost\n')
    assert said(path) == [
        ("2", "one"),
        ("3", "other_cells"),
        ("4", "not_utf8"),
        ("5", "two\nlines"),
        ("6", "unreadable"),
    ]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress], ids=["gz", "xz"])
def test_packed_files_give_what_is_left_of_them(tmp_path: Path, pack) -> None:
    plain = b"".join(json.dumps({"text": f"{n} {n * 7919}"}).encode() + b"\n" for n in range(5_000))
    path = tmp_path / f"in.jsonl.{'gz' if pack is gzip.compress else 'xz'}"
    path.write_bytes(pack(plain))
    assert len(read(path)) == 5_000
    path.write_bytes(pack(plain)[:-200])
    found = read(path)
    assert 0 < len(found) <= 5_000
    assert [each.error for each in found] == [""] * (len(found) - 1) + ["unreadable"]


def test_tables_without_the_column_are_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "in.tsv").write_text("id\tbody\n1\tone\n")
    with pytest.raises(InvalidRequest, match=r"in\.tsv has no column"):
        read(tmp_path)
    assert said(tmp_path, Columns("body")) == [("2", "one")]
    with pytest.raises(InvalidRequest, match="no column"):
        read(tmp_path, Columns("body", "key"))


def test_parquet_in_batches_whatever_its_cells_hold(tmp_path: Path) -> None:
    pa = needed("pyarrow")
    needed("pyarrow.parquet")
    binary = pa.array([b"plain", b"\xff\xfe", None], pa.binary()).view(pa.string())
    table = pa.table({"text": binary, "id": pa.array([1.0, float("nan"), None]), "more": ["x"] * 3})
    pa.parquet.write_table(table, tmp_path / "in.parquet")
    assert [(each.id, each.error or each.text) for each in read(tmp_path)] == [
        (1, "plain"),
        (None, "not_utf8"),
        (None, "no_text"),
    ]
    whole = (tmp_path / "in.parquet").read_bytes()
    (tmp_path / "in.parquet").write_bytes(whole[:-20])
    assert [each.error for each in read(tmp_path)] == ["unreadable"]


def test_folders_are_read_in_order_and_documents_whole(tmp_path: Path) -> None:
    for name in ("b.txt", ".hidden.txt", "sub/a.md", "other.bin"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "a.jsonl").write_text('{"id": "k", "text": "one"}\n')
    found = read(tmp_path)
    assert [(each.row, each.id) for each in found] == [
        ("a.jsonl:1", "k"),
        ("b.txt", "b.txt"),
        ("sub/a.md", "sub/a.md"),
    ]
    assert [each.data for each in found] == [None, b"b.txt", b"sub/a.md"]
    (tmp_path / "empty").mkdir()
    for name in ("none", "empty"):
        with pytest.raises(InvalidRequest) as failure:
            read(tmp_path / name)
        assert failure.value.code == "no_input"


@given(st.lists(st.integers(0, 5_000), max_size=40), st.integers(1, 7), st.integers(1, 9_000))
def test_parts_hold_all_rows_once_in_order_and_within_bounds(sizes: list[int], most: int, size: int) -> None:
    given_rows = [Given(f"r:{n}", n, "x" * length) for n, length in enumerate(sizes)]
    found = list(cut(given_rows, most, size))
    assert [row for part in found for row in part.rows] == given_rows
    assert [part.number for part in found] == list(range(len(found)))
    for part in found:
        assert len(part.rows) <= most
        assert len(part.rows) == 1 or sum(row.size for row in part.rows) <= size
    for one, two in pairwise(found):
        assert len(one.rows) == most or sum(row.size for row in (*one.rows, two.rows[0])) > size
    assert plan(found).digest == plan(cut(given_rows, most, size)).digest


@pytest.mark.parametrize(
    "other", [Given("a:1", 7, "y"), Given("a:1", "7", "x"), Given("a:2", 7, "x"), Given("a:1", 7)]
)
def test_whatever_differs_in_a_row_differs_in_its_digest(other: Given) -> None:
    assert other.digest != Given("a:1", 7, "x").digest


def test_a_run_is_taken_up_where_its_journal_ends(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "out", ".jsonl")
    folder.begin(MANIFEST, resume=False)
    for number in (2, 0, 1):
        folder.put(number, b"{}\n", 1, number % 2, {"mixed": 1})
    with (tmp_path / "out" / JOURNAL).open("ab") as journal:
        journal.write(b'{"part": 3, "ro')
    (tmp_path / "out" / folder.name(1)).write_bytes(b"torn")
    again = Folder(tmp_path / "out", ".jsonl")
    again.begin(MANIFEST, resume=True)
    assert sorted(again.done) == [0, 2]
    again.put(1, b"{}\n", 1, 1, {"mixed": 1})
    assert again.finish() == folder.finish()
    assert again.finish()["verdicts"] == {"mixed": 3}


@pytest.mark.parametrize("name", ["input", "detector", "library", "program", "asked"])
def test_what_changed_since_is_refused(tmp_path: Path, name: str) -> None:
    Folder(tmp_path / "out", ".jsonl").begin(MANIFEST, resume=True)
    other = {"sentences": "other"} if name == "asked" else "other"
    with pytest.raises(InvalidRequest, match="cannot be gone on with"):
        Folder(tmp_path / "out", ".jsonl").begin(MANIFEST | {name: other}, resume=True)
    with pytest.raises(InvalidRequest, match="--resume"):
        Folder(tmp_path / "out", ".jsonl").begin(MANIFEST, resume=False)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(InvalidRequest, match="other files"):
        Folder(tmp_path, ".jsonl").begin(MANIFEST, resume=True)


class Mortal:
    """A hand that dies of certain rows, and now and then of nothing."""

    def __init__(self, deadly: str, deaths: int = 0) -> None:
        self.deadly, self.deaths = deadly, deaths

    def score(self, given_rows):
        scored = Future()
        self.deaths -= 1
        if self.deaths >= 0 or any(self.deadly in row.text for row in given_rows):
            scored.set_exception(Died())
        else:
            scored.set_result([{"row": row.row} for row in given_rows])
        return scored

    def result(self, scored):
        return scored.result()

    def close(self) -> None: ...


def test_a_row_that_kills_processes_costs_no_other_row() -> None:
    texts = ["a", "b", "deadly", "c", "d"]
    found = cut([Given(f"r:{n}", n, text) for n, text in enumerate(texts)], 2)
    done = dict(
        spread(
            found, [Mortal("deadly", 3), Mortal("deadly")], lambda row: {"row": row.row, "error": "crashed"}
        )
    )
    answers = [answer for part in sorted(done, key=lambda part: part.number) for answer in done[part]]
    assert [answer["row"] for answer in answers] == [f"r:{n}" for n in range(5)]
    assert [n for n, answer in enumerate(answers) if "error" in answer] == [2]


def test_a_computer_on_which_nothing_works_is_no_fault_of_the_rows() -> None:
    with pytest.raises(ScoringFailed, match="memory"):
        list(spread([Part(0, (Given("r:1", 1, "x"), Given("r:2", 2, "x")))], [Mortal("x")], dict))


@pytest.mark.parametrize("error", [NotFound("a", "b."), Overloaded("c", "d.", 7)])
def test_errors_pass_between_processes_whole(error) -> None:
    import pickle

    again = pickle.loads(pickle.dumps(error))
    assert (type(again), vars(again)) == (type(error), vars(error))
