"""Nothing of a user's text reaches standard error, an error message or the disk."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SECRET = "xylophonic marmalade"


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "neural_lab", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=120, check=False)


@pytest.mark.parametrize("debug", [[], ["--debug"]])
def test_check_says_nothing_of_the_text_on_standard_error(tmp_path: Path, debug: list[str]) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.pdf"
    good.write_text(f"This is about {SECRET}. " * 30)
    bad.write_bytes(b"%PDF-1.7\n" + SECRET.encode() * 40)
    found = run("check", str(good), str(bad), "--json", *debug)
    assert found.returncode == 2
    assert SECRET.encode() not in found.stderr
    assert SECRET not in json.dumps(json.loads(found.stdout)["errors"])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.pdf", "good.txt"]


def test_score_says_nothing_of_the_text_on_standard_error() -> None:
    lines = [
        json.dumps({"text": f"{SECRET} " * 20}),
        f"{{broken {SECRET}",
        json.dumps({"text": None, "a": SECRET}),
    ]
    found = run("score", "-", "-o", "-", stdin="\n".join(lines).encode())
    assert found.returncode == 2
    assert SECRET.encode() not in found.stderr
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    assert SECRET not in json.dumps([row.get("error") for row in rows])
