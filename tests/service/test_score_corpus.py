"""`neural-lab score` into a folder: each row once, whatever is killed, and no other numbers."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest
from command_line import PASSAGE, flat, run
from corpora import ROWS, answers, parts, scored, start, write_rows
from helpers import needed
from redis_server import until

FIELDS = ["id", "row", "probability", "verdict", "reason", "words", "detector", "version", "error"]
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "in"
    folder.mkdir()
    with write_rows(folder / "a.jsonl", ROWS).open("a") as file:
        file.write('nonsense\n\n{"text": null}\n')
    (folder / "b.txt").write_text(f"{PASSAGE} " * 12)
    (folder / "c.pdf").write_bytes(b"%PDF-1.4 nothing")
    return folder


@pytest.fixture(scope="module")
def whole(source: Path) -> Path:
    """What a run gives that nobody disturbs."""
    out = source.parent / "whole"
    assert scored(source, "-o", out, "--part-rows", 5, "--replicas", 2, code=2)["rows"] == ROWS + 4
    return out


def test_one_answer_a_row_in_order_with_its_id(whole: Path) -> None:
    found = answers(whole)
    assert all(list(answer) == FIELDS for answer in found)
    assert [answer["id"] for answer in found] == [*range(ROWS), None, None, "b.txt", "c.pdf"]
    assert [answer["row"] for answer in found[-4:-1]] == [
        f"a.jsonl:{ROWS + 1}",
        f"a.jsonl:{ROWS + 3}",
        "b.txt",
    ]
    assert [answer["error"] for answer in found[-4:]] == ["not_json", "no_text", None, "damaged"]
    assert all(0 < answer["probability"] < 1 for answer in found[:ROWS])
    summary = json.loads((whole / "summary.json").read_text())
    assert (summary["rows"], summary["failed"], sum(summary["verdicts"].values())) == (ROWS + 4, 3, ROWS + 1)


def test_rows_and_documents_get_the_numbers_of_the_other_commands(source: Path, whole: Path) -> None:
    document = json.loads(run("check", source / "b.txt", "--no-keep", "--json").stdout)["documents"][0]
    mine = answers(whole)[-2]
    assert {name: mine[name] for name in ("probability", "verdict", "reason")} == {
        name: document[name] for name in ("probability", "verdict", "reason")
    }
    lines = run("score", source / "a.jsonl").stdout.splitlines()
    others = [json.loads(line).get("probability") for line in lines]
    assert [answer["probability"] for answer in answers(whole)[:-2]] == others


def test_an_address_of_arrow_leads_to_the_same(source: Path, whole: Path) -> None:
    needed("pyarrow.fs")
    out = source.parent / "address"
    scored(source.as_uri(), "-o", out, "--part-rows", 5, code=2)
    assert parts(out) == parts(whole)


def test_parquet_holds_the_same_and_sentences_besides(source: Path, whole: Path) -> None:
    parquet = needed("pyarrow.parquet")
    out = source.parent / "parquet"
    scored(source, "-o", out, "--part-rows", 30, "--format", "parquet", "--sentences", code=2)
    found = [row for path in sorted(out.glob("part-*")) for row in parquet.read_table(path).to_pylist()]
    for row, answer in zip(found, answers(whole), strict=True):
        sentences = row.pop("sentences")
        assert row == answer | {"id": None if answer["id"] is None else str(answer["id"])}
        assert (sentences is None) == (answer["error"] is not None)
        assert sentences is None or all(0 < each["probability"] < 1 for each in sentences)


def test_a_run_that_is_killed_goes_on_and_does_nothing_twice(source: Path, whole: Path) -> None:
    out = source.parent / "killed"
    options = ("-o", out, "--part-rows", 5, "--replicas", 2)
    process = start(source, *options)
    until(lambda: len(parts(out)) >= 2, 120)
    workers = children(process.pid)
    assert len(workers) >= 2
    process.kill()
    process.communicate()
    until(lambda: not any(alive(each) for each in workers), 30)
    before = {path: path.stat().st_mtime_ns for path in out.glob("part-*")}
    assert run("score", source, *options).exit_code == 2
    scored(source, *options, "--resume", code=2)
    assert parts(out) == parts(whole)
    assert (out / "summary.json").read_bytes() == (whole / "summary.json").read_bytes()
    noted = [json.loads(line)["part"] for line in (out / "parts.jsonl").read_text().splitlines()]
    # A part may have been in its place and not in the journal yet when the run was killed.
    assert sorted(set(noted)) == list(range(len(parts(out))))
    kept = [path for path, moment in before.items() if path.stat().st_mtime_ns == moment]
    assert len(kept) >= len(before) - 1


def test_a_worker_that_is_killed_is_missed_by_nobody(source: Path, whole: Path) -> None:
    out = source.parent / "missed"
    process = start(source, "-o", out, "--part-rows", 5, "--replicas", 2)
    until(lambda: len(parts(out)) >= 1, 120)
    os.kill(children(process.pid)[-1], signal.SIGKILL)
    _, errors = process.communicate()
    assert process.returncode == 2, errors
    assert parts(out) == parts(whole)


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for child processes")
def test_stopping_is_heard_at_once(tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = start(write_rows(tmp_path / "in.jsonl", 400), "-o", out, "--replicas", 1)
    until(lambda: (out / "manifest.json").exists() and children(process.pid), 60)
    time.sleep(1)
    workers = children(process.pid)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (130, b"Stopped.\n")
    until(lambda: not any(alive(each) for each in workers), 20)


def test_other_input_and_other_options_are_refused(tmp_path: Path) -> None:
    source, out = write_rows(tmp_path / "in.jsonl", 3, 1), tmp_path / "out"
    assert run("score", source, "-o", out).exit_code == 0
    assert run("score", source, "-o", out, "--resume").exit_code == 0
    refused = run("score", source, "-o", out, "--resume", "--max-false-positives", "0.05")
    assert (refused.exit_code, "other options" in refused.output) == (2, True)
    assert "--max-false-positives was 0.01" in flat(refused.output)
    others = run("score", source, "-o", out, "--resume", "--part-rows", 1, "--sentences").output
    assert "--sentences was not given, --part-rows was 256" in flat(others)
    assert "the input is" not in flat(others)
    write_rows(source, 4, 1)
    assert "input is not the one" in run("score", source, "-o", out, "--resume").output
    assert run("score", tmp_path, "-o", tmp_path / "more").exit_code == 2
    assert run("score", tmp_path, "-o", tmp_path / "file.jsonl").exit_code == 2
    assert run("score", source, "-o", tmp_path / "file.jsonl", "--engine", "ray").exit_code == 2


def test_coverage_and_matches_from_the_users_library(tmp_path: Path, home: Path) -> None:
    (tmp_path / "source.txt").write_text(f"{PASSAGE} And so it ended.")
    (tmp_path / "in.jsonl").write_text(
        json.dumps({"text": f"As was said: {PASSAGE}"}) + '\n{"text": "Nothing."}\n'
    )
    out = tmp_path / "out"
    assert run("score", tmp_path / "in.jsonl", "-o", out, "--audit").exit_code == 2
    assert run("library", "add", tmp_path / "source.txt").exit_code == 0
    assert run("score", tmp_path / "in.jsonl", "-o", out, "--audit").exit_code == 0
    shared, alone = answers(out)
    audit = json.loads(run("audit", "-", "--json", "--no-keep", text=f"As was said: {PASSAGE}").stdout)
    assert shared["coverage"] == audit["documents"][0]["coverage"] > 0.8
    assert [(each["matches"], each["coverage"] > 0) for each in (shared, alone)] == [(1, True), (0, False)]
    (tmp_path / "more.txt").write_text(
        "Another text altogether, which is long enough to be kept for comparison."
    )
    assert run("library", "add", tmp_path / "more.txt").exit_code == 0
    assert (
        "library has changed" in run("score", tmp_path / "in.jsonl", "-o", out, "--audit", "--resume").output
    )


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="the peak of a process cannot be asked for")
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peaks = []
    for count in (2_000, 60_000):
        source = tmp_path / f"{count}.jsonl"
        source.write_text('{"id": "some-identifier", "text": " "}\n' * count)
        process = start(source, "-o", tmp_path / str(count), "--replicas", 1)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.communicate()
        assert process.returncode == 2
        peaks.append(used.ru_maxrss / 1024)
    # Megabytes; the rows alone are forty times as many.
    assert peaks[1] - peaks[0] < 25, peaks


def children(process: int) -> list[int]:
    psutil = needed("psutil")
    found = psutil.Process(process).children()
    return [each.pid for each in found if "resource_tracker" not in " ".join(each.cmdline())]


def alive(process: int) -> bool:
    psutil = needed("psutil")
    return psutil.pid_exists(process) and psutil.Process(process).status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("name", ["scores.csv", "scores.parquet", "scores.csv.gz", "scores.gz"])
def test_json_lines_are_not_written_under_another_suffix(tmp_path: Path, name: str) -> None:
    refused = run("score", write_rows(tmp_path / "in.jsonl", 1), "-o", tmp_path / name)
    assert refused.exit_code == 2
    assert ".jsonl" in flat(refused.output)
    assert not (tmp_path / name).exists()
