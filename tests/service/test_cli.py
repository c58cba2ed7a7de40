"""The command line as a user meets it, with the real detector."""

import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from helpers import ROWS
from typer.testing import CliRunner

from neural_lab import compose
from neural_lab.backends.bundle import DETECTOR, seal
from neural_lab.cli import app
from neural_lab.report import words

SHORT = "The bus was late. I walked home along the river instead."
LONG = """\
My grandfather kept bees behind the railway station for thirty years, and nobody ever complained, not even
the stationmaster, who was stung twice. He said that a hive was the only honest government he had met. In
autumn he gave the honey away in jam jars without labels. People brought the jars back empty in spring,
washed, and he lined them up on the wall like soldiers. When he died we found a notebook with the weight of
every jar since 1961, in pencil, and on the last page a single sentence about the weather. My sister has the
notebook now. I have the wall, or what is left of it, and three jars that nobody came back for.
"""


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)


def start(*arguments, **options):
    command = [sys.executable, "-m", "neural_lab", *map(str, arguments)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, **{**pipes, **options})


@pytest.fixture(scope="module")
def lab():
    return compose.open_lab()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "long.txt").write_text(LONG * 3)
    (tmp_path / "short.txt").write_text(SHORT)
    return tmp_path


def test_help_and_version_do_not_wait_for_a_model():
    begin = time.monotonic()
    process = start("--help")
    out, _ = process.communicate()
    assert process.returncode == 0
    assert b"check" in out
    assert time.monotonic() - begin < 5
    assert run("--version").stdout.startswith("neural-lab ")


def test_a_report_for_people(folder):
    result = run("check", folder / "long.txt")
    assert (result.exit_code, result.stderr) == (0, "")
    assert words.SENTENCES in result.stdout
    assert words.LIMITS_TITLE in result.stdout


def test_json_and_nothing_else_on_standard_output(folder, lab):
    result = run("check", folder, folder / "missing.pdf", "--json")
    assert result.exit_code == 2
    answer = json.loads(result.stdout)
    assert answer["detector"] == {"name": lab.detector.name, "version": lab.detector.version}
    assert [document["title"] for document in answer["documents"]] == ["long", "short"]
    assert [error["code"] for error in answer["errors"]] == ["not_found"]
    assert "missing.pdf" in result.stderr


def test_the_real_numbers_agree_with_each_other(folder):
    for document in json.loads(run("check", folder, "--json").stdout)["documents"]:
        sentences = document["sentences"]
        lengths = [s["end"] - s["start"] for s in sentences]
        mass = sum(n * s["probability"] for n, s in zip(lengths, sentences, strict=True))
        assert document["probability"] == pytest.approx(mass / sum(lengths), abs=1e-9)
        for sentence in sentences:
            p = sentence["probability"]
            assert sum(sentence["contributions"].values()) == pytest.approx(math.log(p / (1 - p)), abs=1e-9)


def test_standard_input_is_a_document():
    result = run("check", "-", "--json", stdin=SHORT)
    assert json.loads(result.stdout)["documents"][0]["path"] == "-"


def test_quiet_is_one_line_each(folder):
    result = run("check", folder, "--quiet")
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert [line[2] for line in lines] == [str(folder / "long.txt"), str(folder / "short.txt")]
    assert lines[1][0] == "inconclusive"
    assert all(0 < float(line[1]) < 1 for line in lines)


def test_several_documents_get_a_summary(folder):
    assert words.SUMMARY in run("check", folder).stdout
    assert words.SUMMARY not in run("check", folder / "long.txt").stdout


def test_html_is_written_in_one_piece(folder):
    out = folder / "report.html"
    assert run("check", folder / "long.txt", "--html", out).exit_code == 0
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert run("check", folder / "long.txt", "--html", folder / "no" / "x.html").exit_code == 2


@pytest.mark.parametrize("command", ["check", "score"])
def test_rates_below_the_smallest_target_are_refused_with_those_there_are(folder, lab, command):
    result = run(command, folder / "long.txt", "--max-false-positives", "1/100000")
    assert result.exit_code == 2
    assert all(f"{target:g}" in result.stderr for target in lab.detector.targets)
    assert run(command, folder / "long.txt", "--max-false-positives", "few").exit_code == 2


@pytest.mark.parametrize(
    ("option", "spelling"),
    [("--max-false-positives", "1/{:g}"), ("--max-false-positives", "{:%}"), ("--target", "{:g}")],
)
def test_every_measured_target_works_however_it_is_written(folder, lab, option, spelling):
    for target in lab.detector.targets:
        written = spelling.format(1 / target if "/" in spelling else target)
        answer = json.loads(run("check", folder / "short.txt", "--json", option, written).stdout)
        assert answer["documents"][0]["operating_point"]["target"] == target


def test_a_rate_in_between_takes_the_target_below(folder, lab):
    above = min(lab.detector.targets) * 1.5
    result = run("score", "-", "--max-false-positives", above, stdin=json.dumps({"text": LONG}))
    assert json.loads(result.stdout)["operating_point"]["target"] == min(lab.detector.targets)


def test_the_old_name_of_the_option_is_not_advertised():
    assert "--target" not in run("check", "--help").stdout


@pytest.fixture(scope="module")
def told(tmp_path_factory, lab):
    """A detector whose error rates are known by genre and writer."""
    folder = tmp_path_factory.mktemp("told") / "bundle"
    shutil.copytree(compose.EMBEDDED, folder)
    rows = [replace(row, target=target, minimum_words=50) for row in ROWS for target in lab.detector.targets]
    table = replace(lab.detector, error_rows=tuple(rows)).as_dict()
    (folder / DETECTOR).write_text(json.dumps(table))
    seal(folder)
    return folder


def test_declarations_choose_the_error_row(folder, told, monkeypatch):
    monkeypatch.setenv("NEURAL_LAB_BUNDLE", str(told))
    declared = ("--genre", "abstracts", "--writer", "native")
    plain, said = (
        json.loads(run("check", folder / "long.txt", "--json", *options).stdout)["documents"][0]
        for options in ((), declared)
    )
    assert plain["error_row"]["group"] == "non_native"
    assert [row["group"] for row in said["error_rows"]] == ["abstracts", "native"]
    assert said["error_row"]["group"] == "native"
    assert said["genres"] == ["abstracts"]
    assert (plain["probability"], plain["language"]) == (said["probability"], "en")
    answer = json.loads(run("score", "-", *declared, stdin=json.dumps({"text": LONG})).stdout)
    assert answer["error_row"]["group"] == "native"
    shown = " ".join(run("check", folder / "long.txt", *declared).stdout.split())
    assert "1 were flagged at this setting" in shown


@pytest.mark.parametrize("command", ["check", "score"])
def test_unknown_declarations_are_refused_with_the_known_ones(folder, told, command, monkeypatch):
    monkeypatch.setenv("NEURAL_LAB_BUNDLE", str(told))
    for option, known in (("--genre", "abstracts"), ("--writer", "native, non_native")):
        result = run(command, folder / "long.txt", option, "other")
        assert result.exit_code == 2
        assert known in " ".join(result.stderr.split())


def test_other_encodings_of_the_terminal(folder):
    (folder / "odd.txt").write_text("Smile 😀 and “quote”. " + SHORT, "utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for options in ([], ["--json"]):
        process = start("check", folder / "odd.txt", *options, env=environment)
        out, errors = process.communicate()
        assert (process.returncode, errors) == (0, b"")
        assert out.isascii()


def test_a_reader_that_leaves_early_is_no_error(folder):
    with start("check", folder / "long.txt", "--full", "--json") as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_rows_keep_their_fields_and_order(folder):
    rows = [{"id": 1, "text": LONG}, {"id": 2}, {"id": 3, "text": SHORT}]
    source, out = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert run("score", source, "-o", out).exit_code == 2
    answers = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == [1, 2, 3]
    assert answers[1]["error"]["code"] == "no_text"
    assert answers[2]["reason"] == "too_short"
    assert all(0 < answers[at]["probability"] < 1 for at in (0, 2))


def test_rows_and_documents_get_the_same_answer(folder):
    answer = json.loads(run("score", "-", stdin=json.dumps({"text": SHORT})).stdout)
    document = json.loads(run("check", folder / "short.txt", "--json").stdout)["documents"][0]
    assert answer["probability"] == document["probability"]


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for child processes")
def test_stopping_leaves_nothing_behind(folder):
    with start("score", "-", "-o", folder / "out.jsonl") as process:
        process.stdin.write(json.dumps({"text": SHORT}).encode() + b"\n")
        process.stdin.flush()
        while not list(folder.glob(".out.jsonl.*")):
            time.sleep(0.05)
        # A signal that arrives just before a read blocks is noticed after the next one.
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(2)
        assert process.stderr.read() == b"Stopped.\n"
    assert process.returncode == 130
    assert not list(folder.glob("*out.jsonl*"))


def test_writing_never_destroys_an_input_or_a_file_of_another_kind(folder):
    essay, other = folder / "long.txt", folder / "other.txt"
    other.write_text("keep me")
    before = essay.read_bytes()
    assert run("check", essay, "--html", essay).exit_code == 2
    assert run("check", essay, "--html", other).exit_code == 2
    rows = folder / "rows.jsonl"
    rows.write_text(json.dumps({"text": SHORT}) + "\n")
    assert run("score", rows, "-o", rows).exit_code == 2
    assert (essay.read_bytes(), other.read_text()) == (before, "keep me")
    assert json.loads(rows.read_text()) == {"text": SHORT}


def test_numbers_that_mean_nothing_are_not_shown_to_people(folder):
    text = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。" * 20
    (folder / "cat.txt").write_text(text, "utf-8")
    shown = run("check", folder / "cat.txt").stdout
    assert "looks like Japanese" in " ".join(shown.split())
    assert "%" not in shown
    assert run("check", folder / "cat.txt", "--quiet").stdout.rstrip().endswith("language_unmeasured")
