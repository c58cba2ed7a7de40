"""Every command, option, target and check that the checklist and the page on graphics cards name is there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from command_line import run

from neural_lab.doctor.checks import NAMES

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / name for name in ("checklist.md", "gpu.md")]


def lines(page: Path) -> Iterator[list[str]]:
    """The words of each line that is to be typed, without variables before it."""
    for block in re.findall(r"```\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            yield [word for at, word in enumerate(words) if "=" not in word or at]


COMMANDS = [words for page in PAGES for words in lines(page)]
OURS = sorted({tuple(words[1:]) for words in COMMANDS if words[0] == "neural-lab"})


def test_there_is_something_to_try() -> None:
    assert len(OURS) > 15
    assert {words[0] for words in COMMANDS} <= {"neural-lab", "make", "python", "pip", "install", "systemctl"}


@cache
def help_of(*command: str) -> str:
    result = run(*command, "--help")
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("words", OURS, ids=" ".join)
def test_a_command_exists_with_its_options(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    command = [word for word in words if re.fullmatch("[a-z]+", word)]
    group = command[:2] if command[0] in ("models", "train", "bench", "library") else command[:1]
    said = help_of(*group)
    assert re.search(rf"Usage: \S+ {' '.join(group)} ", said)
    assert [word for word in words if word.startswith("--") and word not in said] == []


def test_targets_and_programs_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = {target for words in COMMANDS if words[0] == "make" for target in words[1:]}
    assert targets >= {"check", "test", "soak", "bench", "bench-gpu"}
    assert [target for target in targets if not re.search(rf"(?m)^{target}:", makefile)] == []
    programs = [words[1] for words in COMMANDS if words[0] == "python"]
    inline = re.findall(r"`python (\S+\.py)", "".join(page.read_text("utf-8") for page in PAGES))
    assert len(programs) >= 2
    assert [name for name in (*programs, *inline) if not (ROOT / name).is_file()] == []


def test_every_check_of_the_doctor_is_explained_and_no_other() -> None:
    page = (ROOT / "docs" / "checklist.md").read_text("utf-8")
    assert tuple(re.findall(r"(?m)^\| `(\w+)` \|", page)) == NAMES


def test_what_is_quoted_is_what_is_said() -> None:
    said = " ".join(path.read_text("utf-8") for path in sorted((ROOT / "src").rglob("*.py")))
    said = re.sub(r"\"\s+f?\"", "", said)
    table = (ROOT / "docs" / "gpu.md").read_text("utf-8").partition("## When something is wrong")[2]
    quoted = [quote for row in re.findall(r"(?m)^\| (.*?) \|", table) for quote in re.findall("`(.*?)`", row)]
    pieces = [piece.strip(" ,;") for quote in quoted for piece in re.split(r"…|cuda:\d", quote)]
    assert len(pieces) > 10
    assert [piece for piece in pieces if len(piece) > 3 and piece not in said] == []


def test_settings_that_are_named_exist() -> None:
    known = " ".join(path.read_text("utf-8") for path in (ROOT / "src" / "neural_lab").glob("*.py"))
    known += (ROOT / "docs" / "serving.md").read_text("utf-8")
    for page in PAGES:
        named = set(re.findall(r"NEURAL_LAB_[A-Z_]+", page.read_text("utf-8")))
        assert [name for name in named if name not in known] == []
