"""The examples do what they say, against a service as users start it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import serving

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXT = "The bus was late. I walked home along the river instead, and it was dark when I came.\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving.service(tmp_path_factory.mktemp("home")) as made:
        yield made


def run(served, *command):
    environment = {**os.environ, "NEURAL_LAB_URL": f"http://127.0.0.1:{served.port}"}
    program = shutil.which(command[0]) or pytest.skip(f"{command[0]} is not installed")
    call = [program, *map(str, command[1:])]
    return subprocess.run(call, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def files(tmp_path):
    good, other = tmp_path / "good.txt", tmp_path / "other.txt"
    good.write_text(TEXT)
    other.write_text(TEXT * 20)
    return [good, other]


def test_curl_shows_detection_a_file_and_a_job(served):
    found = run(served, "sh", EXAMPLES / "curl.sh")
    assert found.returncode == 0, found.stderr
    for piece in ('"status":"ready"', '"probabilities":[', '"entry":null', '"state":"queued"', '"jobs":['):
        assert piece in found.stdout


@pytest.mark.parametrize(
    "command", [(sys.executable, EXAMPLES / "detect.py"), ("node", EXAMPLES / "detect.mjs")]
)
def test_a_program_tells_a_verdict_for_every_file(served, files, command):
    found = run(served, *command, *files)
    assert found.returncode == 0, found.stderr
    lines = found.stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [str(file) for file in files]
    assert all("likely_" in line or "inconclusive" in line for line in lines)


@pytest.mark.parametrize(
    "command", [(sys.executable, EXAMPLES / "detect.py"), ("node", EXAMPLES / "detect.mjs")]
)
def test_a_program_says_why_it_is_refused(served, tmp_path, command):
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    found = run(served, *command, empty)
    assert found.returncode == 1
    assert "documents[0].text" in found.stderr
