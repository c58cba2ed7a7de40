"""Library, audit, comparison and history as a user meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import PASSAGE, THIRD, flat, run, shown

SECRET = "zyxwvut"


def test_a_library_grows_once_and_says_what_it_holds(folder: Path, home: Path) -> None:
    first = shown("library", "add", folder / "sources", "--json")
    assert (len(first["added"]), first["already_there"], first["errors"]) == (2, 0, [])
    again = shown("library", "add", folder / "sources", "--json")
    assert (again["added"], again["already_there"]) == ([], 2)
    sources = shown("library", "list", "--json")["sources"]
    assert [source["title"] for source in sources] == ["bridge.txt", "rain.md"]
    assert sources[0]["path"] == str(folder / "sources" / "bridge.txt")
    assert {source["language"] for source in sources} == {"en"}
    stats = shown("library", "stats", "--json")
    assert (stats["sources"], stats["collections"]) == (2, {"library": 2})
    assert (home / "lab.db").is_file()
    assert (home / "lab.db").stat().st_mode & 0o077 == 0
    assert "2 sources" in run("library", "stats").stdout
    assert "bridge.txt" in run("library", "list").stdout


def test_a_changed_file_takes_the_place_of_what_it_was(folder: Path) -> None:
    run("library", "add", folder / "sources")
    (folder / "sources" / "bridge.txt").write_text(f"{THIRD} Quite another text.\n")
    again = shown("library", "add", folder / "sources", "--json")
    assert (len(again["replaced"]), again["added"], again["already_there"]) == (1, [], 1)
    assert shown("library", "stats", "--json")["sources"] == 2
    matches = shown("audit", folder / "essay.txt", "--json")["documents"][0]["matches"]
    assert {match["source"]["title"] for match in matches} == {"rain.md"}


def test_an_audit_keeps_its_contract(folder: Path) -> None:
    run("library", "add", folder / "sources")
    found = shown("audit", folder / "essay.txt", "--json")
    assert found["schema"] == 1
    (document,) = found["documents"]
    text = (folder / "essay.txt").read_text()
    assert document["characters"] == len(text)
    assert document["common_text"] == []
    one, two = document["matches"]
    assert (one["source"], one["kind"], one["excluded_by"]) == (
        {"id": 1, "title": "bridge.txt"},
        "verbatim",
        None,
    )
    assert text[one["start"] : one["end"]] == PASSAGE.upper()
    source = (folder / "sources" / "bridge.txt").read_text()
    assert source[one["source_start"] : one["source_end"]] == PASSAGE
    assert one["similarity"] == 1.0
    covered = sum(match["end"] - match["start"] for match in (one, two))
    assert document["coverage"] == pytest.approx(covered / len(text))


def test_exclusions_list_what_they_leave_out(folder: Path) -> None:
    run("library", "add", folder / "sources")
    essay = folder / "essay.txt"

    def reasons(*options: object) -> list[str | None]:
        matches = shown("audit", essay, "--json", "--no-keep", *options)["documents"][0]["matches"]
        return [match["excluded_by"] for match in matches]

    assert reasons() == [None, None]
    assert reasons("--exclude", "quotations") == [None, "quotations"]
    assert reasons("--exclude-source", 1) == ["sources", None]
    assert reasons("--exclude", "small", "--smaller-than", 93) == [None, "small"]
    (folder / "template.txt").write_text(f"Form B. {PASSAGE}")
    assert reasons("--template", folder / "template.txt") == ["template", None]
    wrong = run("audit", essay, "--exclude", "everything")
    assert (wrong.exit_code, "quotations, bibliography" in wrong.stderr) == (2, True)


def test_a_document_is_not_its_own_source(folder: Path) -> None:
    run("library", "add", folder)
    own = shown("audit", folder / "essay.txt", "--json")["documents"][0]
    assert {m["excluded_by"] for m in own["matches"] if m["source"]["title"] == "essay.txt"} == {"itself"}
    assert own["coverage"] < 1
    assert shown("audit", folder / "essay.txt", "--json", "--include-itself")["documents"][0]["coverage"] == 1
    (folder / "copy.txt").write_text((folder / "essay.txt").read_text())
    assert shown("audit", folder / "copy.txt", "--json")["documents"][0]["coverage"] == 1


def test_collections_files_and_urls_can_be_searched(folder: Path) -> None:
    run("library", "add", folder / "sources" / "bridge.txt", "--collection", "theses", "--title", "A bridge")
    run("library", "add", folder / "sources" / "rain.md")
    essay = folder / "essay.txt"

    def titles(*options: object) -> set[str]:
        matches = shown("audit", essay, "--json", *options)["documents"][0]["matches"]
        return {match["source"]["title"] for match in matches}

    assert titles() == {"A bridge", "rain.md"}
    assert titles("--library", "theses") == {"A bridge"}
    assert titles("--library", folder / "sources") == {"bridge.txt", "rain.md"}
    other = f"sqlite:///{folder / 'other.db'}"
    run("library", "add", folder / "sources" / "rain.md", "--store", other)
    assert titles("--library", other) == {"rain.md"}
    missing = run("audit", essay, "--library", "nowhere")
    assert (missing.exit_code, "theses" in missing.stderr) == (2, True)
    mixed = run("audit", essay, "--library", "theses", "--library", folder)
    assert mixed.exit_code == 2


def test_pages_and_lines(folder: Path) -> None:
    run("library", "add", folder / "sources")
    page = folder / "report.html"
    result = run("audit", folder / "essay.txt", "--html", page)
    assert result.exit_code == 0
    assert "bridge.txt" in page.read_text()
    assert "<script" not in page.read_text()
    quiet = run("audit", folder / "essay.txt", "--quiet").stdout
    assert len(quiet.splitlines()) == 1
    refused = run("audit", folder / "essay.txt", "--html", folder / "essay.txt")
    assert refused.exit_code == 2


def test_what_cannot_be_read_does_not_stop_the_rest(folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    result = run("library", "add", folder / "broken.pdf", folder / "sources", "--json")
    assert result.exit_code == 2
    found = json.loads(result.stdout)
    assert len(found["added"]) == 2
    assert found["errors"][0]["path"].endswith("broken.pdf")
    audited = run("audit", folder / "essay.txt", folder / "broken.pdf", "--json")
    assert audited.exit_code == 2
    assert len(json.loads(audited.stdout)["documents"]) == 1


def test_an_empty_library_says_how_to_fill_it(folder: Path) -> None:
    result = run("audit", folder / "essay.txt")
    assert result.exit_code == 0
    assert "neural-lab library add" in result.stderr
    assert "holds no text" in flat(result.stdout)
    page = folder / "page.html"
    run("audit", folder / "essay.txt", "--html", page)
    assert "holds no text" in page.read_text()


def test_sources_are_searched_and_removed(folder: Path) -> None:
    run("library", "add", folder / "sources")
    assert [s["id"] for s in shown("library", "search", "WALNUT trees", "--json")["sources"]] == [2]
    assert shown("library", "search", "100%", "--json")["sources"] == []
    assert run("library", "search", "a").exit_code == 2
    assert run("library", "remove", 99).exit_code == 2
    assert run("library", "remove").exit_code == 2
    assert "1 source was removed" in run("library", "remove", folder / "sources" / "rain.md").stdout
    assert "1 source was removed" in run("library", "remove", 1).stdout
    assert shown("library", "stats", "--json")["sources"] == 0


def test_a_library_can_be_carried_elsewhere(folder: Path) -> None:
    run("library", "add", folder / "sources", "--collection", "old")
    kept = folder / "kept.jsonl.gz"
    assert run("library", "export", kept).exit_code == 0
    elsewhere = f"sqlite:///{folder / 'elsewhere.db'}"
    assert len(shown("library", "import", kept, "--store", elsewhere, "--json")["added"]) == 2
    assert shown("library", "import", kept, "--store", elsewhere, "--json")["already_there"] == 2
    both = [shown("library", "list", "--json", *at)["sources"] for at in ((), ("--store", elsewhere))]
    for one, other in zip(*both, strict=True):
        assert {**one, "added": ""} == {**other, "added": ""}
    bad = folder / "bad.jsonl"
    bad.write_text(
        json.dumps({"text": "fine, a text", "title": "t"}) + "\n" + json.dumps({"title": SECRET}) + "\n"
    )
    refused = run("library", "import", bad, "--store", elsewhere)
    assert (refused.exit_code, "Line 2" in refused.stderr, SECRET in refused.stderr) == (2, True, False)


def test_documents_are_compared_with_one_another(folder: Path) -> None:
    (folder / "third.txt").write_text(f"{THIRD} {PASSAGE}")
    found = shown("compare", folder, "--json")
    assert [Path(document["path"]).name for document in found["documents"]] == [
        "essay.txt",
        "bridge.txt",
        "rain.md",
        "third.txt",
    ]
    assert len(found["matrix"]) == 4
    assert found["matrix"][0][1] > 0.3
    assert found["pairs"][0]["share"] >= found["pairs"][-1]["share"]
    page = folder / "cohort.html"
    assert run("compare", folder, "--html", page).exit_code == 0
    assert "third.txt" in page.read_text()
    assert run("compare", folder).exit_code == 0
    assert run("compare", folder / "essay.txt").exit_code == 2


def test_checks_and_audits_are_kept_until_deleted(folder: Path, home: Path) -> None:
    run("library", "add", folder / "sources")
    essay = folder / "essay.txt"
    essay.write_text(f"{SECRET} {essay.read_text()}")
    run("audit", essay)
    checked = shown("check", essay, "--json")["documents"][0]
    assert checked["audit"]["coverage"] > 0.5
    run("audit", essay, "--no-keep")
    entries = shown("history", "list", "--json")["entries"]
    assert [(entry["kind"], entry["id"]) for entry in entries] == [("check", 2), ("audit", 1)]
    assert entries[0]["probability"] == checked["probability"]
    assert entries[0]["coverage"] == checked["audit"]["coverage"]
    assert entries[0]["settings"]["target"] == 0.01
    again = shown("history", "show", 1, "--json", "--exclude", "quotations")["report"]
    assert [match["excluded_by"] for match in again["matches"]] == [None, "quotations"]
    assert run("history", "show", 2).exit_code == 0
    assert run("history", "show", 1, "--html", folder / "again.html").exit_code == 0
    assert run("history", "show", 1, "--text").stdout.startswith(SECRET)
    assert run("history", "show", 9).exit_code == 2
    assert [e["id"] for e in shown("history", "search", SECRET.upper(), "--json")["entries"]] == [2, 1]
    exported = [json.loads(line) for line in run("history", "export", "-").stdout.splitlines()]
    assert [row["id"] for row in exported] == [2, 1]
    assert exported[1]["text"].startswith(SECRET)
    assert "1 report was deleted" in run("history", "delete", 1).stdout
    assert run("history", "delete", 1).exit_code == 2
    assert run("history", "purge", text="n\n").exit_code != 0
    assert "1 report was deleted" in run("history", "purge", "--yes").stdout
    assert shown("history", "list", "--json")["entries"] == []
    for file in home.iterdir():
        assert SECRET.encode() not in file.read_bytes(), file


def test_nothing_is_kept_where_nothing_shall_be(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEURAL_LAB_KEEP", "0")
    run("audit", folder / "essay.txt")
    assert shown("history", "list", "--json")["entries"] == []
    monkeypatch.setenv("NEURAL_LAB_KEEP", "perhaps")
    wrong = run("audit", folder / "essay.txt")
    assert (wrong.exit_code, "NEURAL_LAB_KEEP" in wrong.stderr) == (2, True)


def test_settings_come_from_a_file_too(folder: Path, home: Path) -> None:
    home.mkdir(parents=True)
    (home / "settings.toml").write_text(f'store = "sqlite:///{folder / "mine.db"}"\nkeep_days = 30\n')
    run("library", "add", folder / "sources")
    assert (folder / "mine.db").is_file()
    run("audit", folder / "essay.txt")
    assert len(shown("history", "list", "--json")["entries"]) == 1
    for wrong in (
        "colour = 1\n",
        "keep_days = 0\n",
        'keep_days = "3"\n',
        'keep = "no"\n',
        "store = 1\n",
        "= broken",
    ):
        (home / "settings.toml").write_text(wrong)
        assert run("audit", folder / "essay.txt").exit_code == 2


def test_old_reports_go_when_their_days_are_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from neural_lab.compose import open_store
    from neural_lab.entry import Entry
    from neural_lab.settings import read_settings

    store = open_store(read_settings().store)
    old = Entry("audit", "2020-01-01T00:00:00Z", "t", "", "text", "", "", None, 0.0, "{}", "{}")
    store.history("local").keep([old])
    store.close()
    monkeypatch.setenv("NEURAL_LAB_KEEP_DAYS", "30")
    run("audit", folder / "essay.txt")
    assert [entry["id"] for entry in shown("history", "list", "--json")["entries"]] == [2]


def test_a_store_out_of_reach_costs_no_report(folder: Path, home: Path) -> None:
    home.mkdir(parents=True)
    (home / "lab.db").write_bytes(b"this is no database" * 100)
    result = run("check", folder / "essay.txt", "--json")
    assert result.exit_code == 4
    assert json.loads(result.stdout)["documents"][0]["audit"] is None
    assert "lab.db" in result.stderr
    assert run("library", "list").exit_code == 4
    assert run("library", "list", "--store", "mysql://x").exit_code == 2


def test_help_comes_without_the_heavy_parts() -> None:
    code = "import sys, neural_lab.cli as c\ntry:\n c.app(['library', '--help'])\nexcept SystemExit:\n pass\n"
    code += "print([m for m in ('onnxruntime', 'numpy', 'asyncpg', 'rapidfuzz') if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert found.stdout.splitlines()[-1] == "[]"
