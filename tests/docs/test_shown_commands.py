"""Commands in the pages are commands that there are, and those of the first tutorial do what it says."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docs_tools import ROOT, tool

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "deploy" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
FENCE = re.compile(r"^[ \t]*```([^\n]*)\n(.*?)^[ \t]*```", re.MULTILINE | re.DOTALL)
SHELLS = ("", "sh", "bash", "shell", "console")


def blocks(page: Path) -> Iterator[str]:
    """Fenced blocks of shell commands."""
    for kind, text in FENCE.findall(page.read_text("utf-8")):
        if kind.strip() in SHELLS:
            yield text


def commands(text: str) -> Iterator[list[str]]:
    """What stands behind `neural-lab` in each command of a block."""
    for line in text.replace("\\\n", " ").splitlines():
        if "neural-lab " not in line and "-m neural_lab " not in line:
            continue
        words = shlex.shlex(line, posix=True, punctuation_chars="|&;<>()")
        words.whitespace_split, words.commenters = True, "#"
        yield from _split(list(words))


def _split(words: list[str]) -> Iterator[list[str]]:
    found: list[str] | None = None
    for word in [*words, ";"]:
        if set(word) <= set("|&;<>()"):
            if found is not None:
                yield found
            found = None
        elif found is not None:
            found.append(word)
        elif Path(word).name in ("neural-lab", "neural_lab") and word[0] != "-":
            found = []


@cache
def tree() -> dict[str, Any]:
    """Every command by its full name."""
    return dict(tool("reference_pages.cli").walked())


def wrong(args: list[str], tree: dict[str, Any]) -> str:
    """What is wrong with a command line, or nothing; values are not looked at."""
    name, rest = "neural-lab", list(args)
    while rest and f"{name} {rest[0]}" in tree:
        name = f"{name} {rest.pop(0)}"
    command = tree[name]
    if getattr(command, "commands", None) and rest and not rest[0].startswith("-"):
        return f"{name} has no command {rest[0]}"
    context = command.context_class(command, info_name=name)
    try:
        command.make_parser(context).parse_args(rest)
    except Exception as error:
        return f"{name} {' '.join(rest)}: {error}"
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_and_options_are_there(page: Path) -> None:
    found = [(args, wrong(args, tree())) for block in blocks(page) for args in commands(block)]
    assert [fault for _, fault in found if fault] == []


def test_commands_are_found_and_faults_seen() -> None:
    shown = list(
        commands(
            "A=1 .venv/bin/neural-lab check a --json | less # x\nneural-lab history lst\n"
            "neural-lab score --no a\n"
        )
    )
    assert shown == [["check", "a", "--json"], ["history", "lst"], ["score", "--no", "a"]]
    assert [bool(wrong(each, tree())) for each in shown] == [False, True, True]
    assert sum(len(list(commands(block))) for page in PAGES for block in blocks(page)) > 40


def test_what_the_first_tutorial_says_happens(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "samples", tmp_path / "docs" / "samples")
    page = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
    printed, ran = "", 0
    for kind, text in FENCE.findall(page):
        if kind.strip() == "text":
            assert text.strip() in printed, text
            continue
        for args in commands(text):
            found = subprocess.run(
                [sys.executable, "-m", "neural_lab", *args],
                cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
            )  # fmt: skip
            assert found.returncode == 0, (args, found.stderr)
            printed, ran = found.stdout, ran + 1
    assert ran >= 6
    assert (tmp_path / "report.html").stat().st_size > 1_000
