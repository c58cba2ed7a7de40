"""`neural-lab models`: what it says, in words and as JSON, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from io import StringIO
from pathlib import Path
from time import monotonic, sleep

import pytest
from command_line import flat, run, shown
from helpers import needed
from hub_server import REVISION, Hub, running

needed("transformers")

from neural_lab.backends.hub import OFFLINE
from neural_lab.report import model_words, transfer

NAME, WEIGHTS = "tiny/gpt2", "model.safetensors"


@pytest.fixture
def hub(large: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in (*OFFLINE, "HF_TOKEN", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.delenv(name, raising=False)
    with running(Hub({NAME: large("gpt2"), "tiny/roberta": large("roberta")})) as made:
        monkeypatch.setenv("HF_ENDPOINT", made.address)
        yield made


def test_pulling_says_what_it_gets_and_what_it_got(hub: Hub) -> None:
    result = run("models", "pull", NAME)
    assert result.exit_code == 0, result.output
    for said in (result.stderr, result.stdout):
        assert f"{NAME}" in said
        assert REVISION in said
        assert "licence: mit" in said
        assert "kB" in said
    assert "kept now" in result.stdout
    again = run("models", "pull", NAME)
    assert again.exit_code == 0
    assert "nothing was fetched" in again.stdout


def test_pulling_as_json(hub: Hub) -> None:
    hub.card = {}
    found = shown("models", "pull", NAME, "--revision", REVISION, "--kind", "encoder", "--json")
    assert (found["fetched"], found["kind"], found["licence"]) == (True, "encoder", "")
    assert (found["revision"], found["origin"], found["exported"]) == (REVISION, "hub", False)
    assert shown("models", "pull", NAME, "--json")["fetched"] is False


def test_a_list_of_what_is_kept(hub: Hub, large: Callable[[str], Path]) -> None:
    assert "No model is kept here yet" in run("models", "list").stdout
    assert shown("models", "list", "--json")["models"] == []
    for source in (NAME, "tiny/roberta"):
        run("models", "pull", source)
    models = shown("models", "list", "--json")["models"]
    assert [(each["name"], each["kind"]) for each in models] == [
        (NAME, "scorer"),
        ("tiny/roberta", "encoder"),
    ]
    table = run("models", "list").stdout
    assert REVISION[:12] in table
    assert "mit" in table


def test_a_damaged_model_hides_no_other(hub: Hub, home: Path) -> None:
    for source in (NAME, "tiny/roberta"):
        run("models", "pull", source)
    (home / "models" / "tiny--gpt2" / "model.json").write_text("{")
    result = run("models", "list", "--json")
    assert result.exit_code == 3
    assert [each["name"] for each in json.loads(result.stdout)["models"]] == ["tiny/roberta"]
    assert "models remove tiny/gpt2" in result.stderr
    assert run("models", "remove", NAME, "--yes").exit_code == 0
    assert run("models", "list").exit_code == 0


def test_deleting_asks_and_says_what_it_freed(hub: Hub, home: Path) -> None:
    size = shown("models", "pull", NAME, "--json")["bytes"]
    refused = run("models", "remove", NAME)
    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    done = run("models", "remove", NAME, "--yes")
    assert done.exit_code == 0
    assert f"{size:,} bytes" in done.stdout
    assert run("models", "remove", NAME, "--yes").exit_code == 3


def test_verifying_names_what_differs(hub: Hub, home: Path) -> None:
    for source in (NAME, "tiny/roberta"):
        run("models", "pull", source)
    assert run("models", "verify").exit_code == 0
    assert shown("models", "verify", "--json")["models"][0] == {"name": NAME, "whole": True, "problems": []}
    (home / "models" / "tiny--gpt2" / "source" / WEIGHTS).write_bytes(b"other")
    (home / "models" / "tiny--gpt2" / "source" / "config.json").unlink()
    result = run("models", "verify")
    assert result.exit_code == 1
    assert f"source/{WEIGHTS} is not as it was" in flat(result.stdout)
    assert "source/config.json is missing" in flat(result.stdout)
    assert run("models", "verify", "tiny/roberta").exit_code == 0
    assert json.loads(run("models", "verify", NAME, "--json").stdout)["models"][0]["whole"] is False
    assert run("models", "pull", NAME).exit_code == 0
    assert run("models", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("pull", "tiny/none"), 3),
        (("pull", "../x"), 3),
        (("pull", NAME, "--revision", "main"), 2),
        (("pull", NAME, "--kind", "oracle"), 2),
        (("verify", "gpt2"), 3),
        (("verify", "../x"), 2),
        (("remove", "gpt2", "--yes"), 3),
        (("export", "gpt2"), 3),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(hub: Hub, arguments: tuple[str, ...], code: int) -> None:
    result = run("models", *arguments)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr


def test_exporting_says_how_far_it_differs(hub: Hub) -> None:
    needed("onnxscript")
    run("models", "pull", "tiny/roberta")
    result = run("models", "export", "tiny/roberta", "--precision", "float32")
    assert result.exit_code == 0, result.output
    assert "cosine" in result.stdout
    found = shown("models", "list", "--json")["models"][0]
    assert found["export"]["precision"] == "float32"
    assert "| Precision | float32 |" in (Path(found["folder"]) / "card.md").read_text("utf-8")
    assert run("models", "verify").exit_code == 0


def test_a_home_that_is_a_file_is_named(hub: Hub, home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    home.write_text("")
    result = run("models", "pull", NAME)
    assert result.exit_code == 1
    assert home.name in flat(result.stderr)


def started(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "neural_lab", "models", *arguments]
    # A shell that runs the tests in the background lets them, and all they start, ignore Ctrl-C.
    heard = None if os.name == "nt" else partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    return subprocess.Popen(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heard
    )


def until(true: Callable[[], bool]) -> None:
    end = monotonic() + 30
    while not true():
        assert monotonic() < end
        sleep(0.02)


def test_nothing_is_told_to_the_hub_but_what_is_wanted(hub: Hub) -> None:
    process = started("pull", NAME)
    assert process.communicate(timeout=60)[1]
    assert process.returncode == 0
    assert set(hub.agents) == {"neural-lab"}


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_what_is_interrupted_leaves_nothing_and_can_be_repeated(
    hub: Hub, home: Path, sent: signal.Signals
) -> None:
    hub.stalls[WEIGHTS] = 1000
    process = started("pull", NAME)
    until(lambda: WEIGHTS in hub.files())
    # A signal that arrives just before a read blocks is noticed after the next one.
    while process.poll() is None:
        process.send_signal(sent)
        with suppress(subprocess.TimeoutExpired):
            process.wait(2)
    _, said = process.communicate(timeout=20)
    if sent == signal.SIGINT:
        assert process.returncode == 130
        assert "Stopped." in said
        assert [path.name for path in (home / "models").iterdir() if path.is_dir()] == []
    assert shown("models", "list", "--json")["models"] == []
    hub.stalls.clear()
    assert run("models", "pull", NAME).exit_code == 0
    assert [path.name for path in (home / "models").iterdir() if path.is_dir()] == ["tiny--gpt2"]


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (999_960, "1.0 MB"), (548_105_171, "548.1 MB")],
)
def test_sizes_are_said_in_thousands(count: int, said: str) -> None:
    assert model_words.size(count) == said


def test_the_commands_are_there_without_pytorch(large: Callable[[str], Path], home: Path) -> None:
    """Listing, checking and deleting need nothing but the base install."""
    kept = home / "models" / "small"
    (kept / "source").mkdir(parents=True)
    shutil.copy(large("gpt2") / "config.json", kept / "source")
    record = {"schema": 1, "name": "small", "revision": None, "origin": "folder", "kind": "scorer"}
    (kept / "model.json").write_text(json.dumps(record | {"architecture": "", "licence": "", "files": {}}))
    blocked = ("torch", "transformers", "huggingface_hub", "filelock", "onnx", "safetensors")
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({blocked!r}))\n"
        "from neural_lab.cli import main\n"
        "for words in (['list'], ['verify'], ['remove', 'small', '--yes']):\n"
        "    sys.argv = ['neural-lab', 'models', *words]\n"
        "    try: main()\n"
        "    except SystemExit as ending: assert not ending.code, ending.code\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
    assert not kept.exists()


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("patience", "drawn"), [(0.0, True), (60.0, False)])
def test_a_bar_is_drawn_for_what_takes_long(
    patience: float, drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(transfer, "PATIENCE", patience)
    monkeypatch.setattr(sys, "stderr", Terminal())
    with transfer.Transfer("Fetching") as bar:
        bar.expect(2_000_000)
        bar.moved(1_000_000)
    assert ("Fetching" in sys.stderr.getvalue()) == drawn  # type: ignore[attr-defined]
