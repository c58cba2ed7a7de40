"""Options of `audit`, `compare`, `history show` and `check`, and what the reports say of them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from command_line import OTHER, PASSAGE, THIRD, flat, run, shown


def test_a_document_is_itself_by_any_name(folder: Path) -> None:
    run("library", "add", folder / "essay.txt")
    (folder / "link.txt").symlink_to(folder / "essay.txt")
    for name in (folder / "link.txt", folder / "sources" / ".." / "essay.txt"):
        (document,) = shown("audit", name, "--json")["documents"]
        assert [match["excluded_by"] for match in document["matches"]] == ["itself"]
    assert run("compare", folder / "link.txt", folder / "essay.txt").exit_code == 2


def test_reports_say_what_was_searched(folder: Path) -> None:
    run("library", "add", folder / "sources" / "rain.md", "--collection", "weather")
    run("library", "add", folder / "sources" / "bridge.txt")
    essay, page = folder / "essay.txt", folder / "page.html"
    said = "2 sources with 314 characters were searched, in the collections library, weather."
    assert said in flat(run("audit", essay).stdout)
    run("audit", essay, "--html", page)
    assert said in page.read_text()
    assert said in flat(run("history", "show", 1).stdout)
    found = shown("audit", essay, "--library", "weather", "--json")["library"]
    assert found == {"sources": 1, "characters": 191, "collections": ["weather"]}
    files = flat(run("audit", essay, "--library", folder / "sources").stdout)
    assert "2 sources with 314 characters were searched." in files


def test_what_holds_for_all_documents_is_said_once(folder: Path) -> None:
    run("library", "add", folder / "sources")
    both = (folder / "essay.txt", folder / "sources" / "rain.md")
    assert run("audit", *both).stdout.count("What this does not show") == 1
    run("audit", *both, "--html", folder / "page.html")
    assert (folder / "page.html").read_text().count("What this does not show") == 1


def test_kinds_may_stand_between_commas(folder: Path) -> None:
    run("library", "add", folder / "sources")
    found = shown("audit", folder / "essay.txt", "--exclude", "quotations, small,bibliography", "--json")
    switches = found["documents"][0]["exclusions"]
    assert (switches["quotations"], switches["bibliography"], switches["smaller_than"]) == (True, True, 100)
    assert run("audit", folder / "essay.txt", "--exclude", "quotations,").exit_code == 2


def test_sources_that_there_are_not_cannot_be_excluded(folder: Path) -> None:
    run("library", "add", folder / "sources")
    essay = folder / "essay.txt"
    for more in ((), ("--library", folder / "sources")):
        refused = run("audit", essay, "--exclude-source", 1, "--exclude-source", 9, *more)
        assert (refused.exit_code, "--exclude-source 9" in refused.stderr) == (2, True)
    run("library", "add", folder / "essay.txt", "--collection", "mine")
    assert run("audit", essay, "--library", "mine", "--exclude-source", 1).exit_code == 2
    run("audit", folder / "sources" / "bridge.txt")
    refused = run("history", "show", 1, "--exclude-source", 2)
    assert (refused.exit_code, "of this audit" in refused.stderr) == (2, True)


def test_a_template_that_cannot_be_read_stops(folder: Path) -> None:
    for command in (("audit", folder / "essay.txt"), ("compare", folder / "sources")):
        refused = run(*command, "--template", folder / "missing.txt")
        assert (refused.exit_code, "--template" in refused.stderr, refused.stdout) == (2, True, "")


def test_pages_are_not_printed(folder: Path) -> None:
    for command in ("audit", "compare", "check"):
        refused = run(command, folder / "essay.txt", folder / "sources" / "rain.md", "--html", "-")
        assert (refused.exit_code, refused.stdout) == (2, "")


def test_the_command_line_leaves_files_to_those_who_read_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one that may not be opened would stop all others."""
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    essay, source = folder / "essay.txt", folder / "sources" / "rain.md"
    for command in (("library", "add"), ("audit",), ("compare", source), ("check",)):
        assert run(*command, essay).exit_code == 0


def test_a_kept_report_shows_both_sides_as_long_as_the_source_is_there(folder: Path) -> None:
    run("library", "add", folder / "sources")
    run("audit", folder / "essay.txt")
    here = "The committee met on Tuesday"
    assert here in flat(run("history", "show", 1, "--full").stdout)
    (folder / "sources" / "bridge.txt").write_text(f"{PASSAGE} But it is another text now.\n")
    run("library", "add", folder / "sources")
    printed = run("history", "show", 1).stdout
    assert (here in printed, OTHER[:30] in printed) == (False, True)
    run("history", "show", 1, "--html", folder / "again.html")
    page = (folder / "again.html").read_text()
    assert (here in page, page.count("not at hand")) == (False, 1)


def test_a_kept_report_counts_the_document_itself_when_asked(folder: Path) -> None:
    run("library", "add", folder / "essay.txt")
    run("audit", folder / "essay.txt", "--exclude", "quotations")
    assert shown("history", "show", 1, "--json")["report"]["coverage"] == 0
    again = shown("history", "show", 1, "--include-itself", "--json")["report"]
    assert (again["coverage"], again["exclusions"]["quotations"]) == (1, False)
    refused = run("history", "show", 1, "--html", folder / "essay.txt")
    assert (refused.exit_code, PASSAGE.upper() in (folder / "essay.txt").read_text()) == (2, True)


def test_a_check_of_a_source_does_not_count_the_source(folder: Path) -> None:
    run("library", "add", folder / "essay.txt")
    other = f"sqlite:///{folder / 'other.db'}"
    run("library", "add", folder / "essay.txt", folder / "sources", "--store", other)
    alone = run("check", folder / "essay.txt").stdout
    lines = [line for line in alone.splitlines() if line.startswith("Your library")]
    assert lines == [
        "Your library (1 source with 222 characters): apart from this file itself, "
        "no passage of this text stands in it."
    ]
    both = run("check", folder / "essay.txt", "--store", other).stdout
    assert "apart from this file itself, 83% of this text stands in 2 sources" in both
    assert len(shown("history", "list", "--store", other, "--json")["entries"]) == 1
    run("check", folder / "essay.txt", "--html", folder / "page.html")
    assert lines[0] in (folder / "page.html").read_text()


def test_many_documents_with_one_passage_are_compared(folder: Path) -> None:
    many = folder / "many"
    many.mkdir()
    for n in range(70):
        (many / f"{n:02}.txt").write_text(f"Text number {n}. {PASSAGE}")
    found = shown("compare", many, "--json")
    assert all(document["coverage"] > 0.8 for document in found["documents"])
    assert found["documents"][0]["common_text"] == []
    template = folder / "template.txt"
    template.write_text(PASSAGE)
    without = shown("compare", many, "--template", template, "--json")
    assert {document["coverage"] for document in without["documents"]} == {0}
    assert "text of the template" in flat(run("compare", many, "--template", template).stdout)


@pytest.mark.parametrize("name", ["audit", "compare"])
def test_several_templates_may_be_given(folder: Path, name: str) -> None:
    run("library", "add", folder / "sources")
    for number, text in enumerate((PASSAGE, f"{OTHER} {THIRD}")):
        (folder / f"template{number}.txt").write_text(text)
    templates = [f"--template={folder / f'template{n}.txt'}" for n in (0, 1)]
    result = run(name, folder / "essay.txt", folder / "sources" / "rain.md", "--json", *templates)
    assert {document["coverage"] for document in json.loads(result.stdout)["documents"]} == {0}
