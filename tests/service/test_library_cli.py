"""The library on the command line: what is said of it, and what is not done without asking."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
import typer
from command_line import PASSAGE, run, shown

from neural_lab.audit.source import Source
from neural_lab.commands import options
from neural_lab.commands.opening import shown_url
from neural_lab.report.sources_table import show_sources


def test_texts_that_were_there_are_counted_by_what_is_different(folder: Path) -> None:
    run("library", "add", folder / "sources")
    (folder / "copy.txt").write_text((folder / "sources" / "bridge.txt").read_text())
    row = shown("library", "add", folder / "sources" / "rain.md", "--collection", "other", "--json")
    assert (row["already_there"], row["in_another_collection"], row["under_another_title"]) == (1, 1, 0)
    row = shown("library", "add", folder / "copy.txt", folder / "sources", "--json")
    assert (row["already_there"], row["in_another_collection"], row["under_another_title"]) == (3, 0, 1)
    said = run("library", "add", folder / "sources" / "rain.md", "--collection", "other").stdout
    assert said == "0 sources were added; 1 text was there already, in another collection.\n"
    said = run("library", "add", folder / "copy.txt").stdout
    assert said == "0 sources were added; 1 text was there already, under another title.\n"


def test_a_replaced_file_is_not_said_to_be_added(folder: Path) -> None:
    run("library", "add", folder / "sources")
    (folder / "sources" / "rain.md").write_text("Another text altogether stands here now.")
    said = run("library", "add", folder / "sources").stdout
    assert said == "0 sources were added; 1 source was replaced by a newer text; 1 text was there already.\n"
    exported = folder / "all.jsonl"
    run("library", "export", exported)
    row = shown("library", "import", exported, "--json")
    assert (row["added"], row["replaced"], row["already_there"]) == ([], [], 2)


def test_files_are_the_same_by_any_name(folder: Path) -> None:
    (folder / "link").symlink_to(folder / "sources", target_is_directory=True)
    run("library", "add", folder / "sources" / ".." / "sources")
    paths = [source["path"] for source in shown("library", "list", "--json")["sources"]]
    assert paths == [str((folder / "sources" / name).resolve()) for name in ("bridge.txt", "rain.md")]
    (folder / "sources" / "rain.md").write_text("Another text altogether stands here now.")
    assert len(shown("library", "add", folder / "link", "--json")["replaced"]) == 1
    assert run("library", "remove", folder / "link" / "rain.md").exit_code == 0


def test_one_title_is_for_one_file(folder: Path) -> None:
    assert run("library", "add", folder / "sources", "--title", "A title").exit_code == 2
    assert run("library", "add", folder / "sources" / "rain.md", "--title", "A title").exit_code == 0


def test_nothing_found_is_not_nothing_there(folder: Path) -> None:
    for command in (("library", "list"), ("library", "search", "walnut")):
        assert "library add" in run(*command).stdout
    assert "neural-lab check" in run("history", "search", "walnut").stdout
    run("library", "add", folder / "sources")
    run("audit", folder / "essay.txt")
    assert run("library", "list", "--collection", "none").stdout == "Nothing found.\n"
    assert run("library", "search", "no such words").stdout == "Nothing found.\n"
    assert run("history", "search", "no such words").stdout == "Nothing found.\n"


def test_several_words_are_one_string(folder: Path) -> None:
    run("library", "add", folder / "sources")
    run("audit", folder / "essay.txt")
    assert len(shown("library", "search", "seven", "old", "walnut", "--json")["sources"]) == 1
    assert shown("library", "search", "walnut", "seven", "--json")["sources"] == []
    assert len(shown("history", "search", "begin", "alone", "--json")["entries"]) == 1


def test_much_is_deleted_only_when_that_is_confirmed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = folder / "many"
    many.mkdir()
    for n in range(21):
        (many / f"{n}.txt").write_text(f"Text number {n} of them all.")
    run("library", "add", many)
    for named in ((many,), ("--collection", "library")):
        refused = run("library", "remove", *named)
        assert (refused.exit_code, "--yes" in refused.stderr) == (2, True)
    assert "1 source was removed" in run("library", "remove", many / "3.txt").stdout
    assert "20 sources were removed" in run("library", "remove", "--collection", "library", "--yes").stdout
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(typer, "confirm", lambda *_, **__: (_ for _ in ()).throw(typer.Abort))
    with pytest.raises(typer.Abort):
        options.confirmed("Delete?", False)


def test_unknown_names_among_known_ones_are_told(folder: Path) -> None:
    run("library", "add", folder / "sources")
    result = run("library", "remove", 1, 77, folder / "nowhere", "9" * 5000)
    assert (result.exit_code, result.stdout) == (2, "1 source was removed.\n")
    assert all(name in result.stderr for name in ("77: ", "nowhere: "))
    for _ in range(2):
        run("audit", folder / "essay.txt")
    result = run("history", "delete", 1, 99)
    assert (result.exit_code, result.stdout) == (2, "1 report was deleted.\n")
    assert "99: " in result.stderr


def test_exports_are_private_and_replace_nothing_unasked(folder: Path) -> None:
    run("library", "add", folder / "sources")
    run("audit", folder / "essay.txt")
    for group in ("library", "history"):
        kept = folder / f"{group}.jsonl"
        assert run(group, "export", kept).exit_code == 0
        assert os.name == "nt" or kept.stat().st_mode & 0o777 == 0o600
        before = kept.read_bytes()
        refused = run(group, "export", kept)
        assert (refused.exit_code, "--force" in refused.stderr, kept.read_bytes()) == (2, True, before)
        assert run(group, "export", kept, "--force").exit_code == 0
        printed = run(group, "export", "-")
        assert "written to" not in printed.stderr
        assert printed.stdout.encode() == before


def test_numbers_that_are_none_get_a_sentence(folder: Path) -> None:
    typed = (
        ("audit", folder / "essay.txt", "--exclude-source", "one"),
        ("audit", folder / "essay.txt", "--smaller-than", "0"),
        ("history", "show", "9" * 30),
        ("history", "delete", "x"),
        ("history", "list", "--before", "-1"),
        ("library", "search", "word", "--most", "many"),
    )
    for command in typed:
        result = run(*command)
        assert (result.exit_code, "whole number" in result.stderr) == (2, True), command


def test_a_library_says_where_it_lies(folder: Path, home: Path) -> None:
    empty = shown("library", "stats", "--json")
    assert (empty["store"], empty["bytes"], home.exists()) == (f"sqlite:///{home / 'lab.db'}", 0, False)
    run("library", "add", folder / "sources")
    assert shown("library", "stats", "--json")["bytes"] >= (home / "lab.db").stat().st_size
    assert str(home / "lab.db") in run("library", "stats").stdout


def test_passwords_of_databases_are_not_shown() -> None:
    assert shown_url("postgresql://me:secret@host:5432/lab?password=x") == "postgresql://host:5432/lab"


@pytest.mark.parametrize(
    "command",
    [
        ("audit", "essay.txt"),
        ("library", "list"),
        ("library", "search", "word"),
        ("library", "stats"),
        ("library", "export", "-"),
        ("library", "remove", "1"),
        ("history", "list"),
        ("history", "show", "1"),
        ("check", "essay.txt"),
    ],
)
def test_a_database_that_is_not_there_is_no_empty_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(folder)
    missing = folder / "typo.db"
    for result in (run(*command, "--store", f"sqlite:///{missing}"), _with_setting(missing, command)):
        assert (result.exit_code, "typo.db" in result.stderr) == (4, True)
    assert not missing.exists()


def _with_setting(missing: Path, command: tuple[str, ...]):  # type: ignore[no-untyped-def]
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NEURAL_LAB_STORE", f"sqlite:///{missing}")
        return run(*command)


def test_searching_makes_no_database(folder: Path, home: Path) -> None:
    typo = run("audit", folder / "essay.txt", "--library", f"sqlite:///{folder / 'typo.db'}")
    assert (typo.exit_code, typo.stdout) == (4, "")
    for command in (("library", "list"), ("history", "list"), ("audit", folder / "essay.txt", "--no-keep")):
        assert run(*command).exit_code == 0
    assert not home.exists()
    run("audit", folder / "essay.txt")
    assert (home / "lab.db").is_file()


def test_nothing_is_made_where_nothing_is_kept(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEURAL_LAB_KEEP", "no")
    assert run("audit", folder / "essay.txt").exit_code == 0
    assert not home.exists()


def test_sources_of_one_title_are_listed_with_their_paths(capsys: pytest.CaptureFixture[str]) -> None:
    rest = ("", "en", "library", 10, "", "")
    show_sources([Source(n, "Notes", f"/{n}/notes.txt", *rest) for n in (1, 2)], sys.stdout)
    assert "Notes · /2/notes.txt" in capsys.readouterr().out


def test_rows_of_other_programs_are_added(folder: Path) -> None:
    file = folder / "rows.jsonl"
    file.write_text(json.dumps({"text": PASSAGE, "title": "A bridge"}) + "\n")
    assert run("library", "import", file).stdout == "1 source was added.\n"
