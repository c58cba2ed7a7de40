"""Models by name: pinned, found where they were fetched to, and fetched only where that is allowed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from helpers import needed

needed("transformers")

from neural_lab.backends.hub import OFFLINE, located
from neural_lab.backends.large import Large, open_scorer
from neural_lab.errors import InvalidRequest, ModelUnavailable

NAME, REVISION = "tiny/gpt2", "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def cache(large: Callable[[str], Path], tmp_path: Path) -> Path:
    """Where Hugging Face's tools keep what they fetched, with one model in it."""
    shutil.copytree(large("gpt2"), tmp_path / "models--tiny--gpt2" / "snapshots" / REVISION)
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was asked of a hub that has nothing."""
    paths: list[str] = []

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET

        def log_message(self, *args: object) -> None: ...

    for name in OFFLINE:
        monkeypatch.delenv(name, raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield paths
        server.shutdown()


def code(name: str, revision: str | None, **more: object) -> str:
    with pytest.raises((InvalidRequest, ModelUnavailable)) as failure:
        located(name, revision, **more)  # type: ignore[arg-type]
    return failure.value.code


def test_what_was_fetched_is_found_without_asking_anybody(cache: Path, asked: list[str]) -> None:
    folder = located(NAME, REVISION, online=True, cache=cache)
    assert folder.name == REVISION
    assert asked == []
    assert open_scorer(Large(str(folder), device="cpu")).score(["A river."])[0].logprob.all()


@pytest.mark.parametrize(
    "revision", [None, "", "main", "v1.0", REVISION[:7], REVISION.upper(), f"{REVISION}\n"]
)
def test_a_revision_that_may_move_is_refused(cache: Path, revision: str | None, asked: list[str]) -> None:
    assert code(NAME, revision, online=True, cache=cache) == "revision"
    assert asked == []


def test_another_revision_is_another_model(cache: Path) -> None:
    assert code(NAME, REVISION[::-1], cache=cache) == "not_fetched"


def test_nothing_is_fetched_unless_that_is_allowed(
    cache: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert code("tiny/other", REVISION, cache=cache) == "not_fetched"
    for name in OFFLINE:
        monkeypatch.setenv(name, "1")
        assert code("tiny/other", REVISION, online=True, cache=cache) == "not_fetched"
        monkeypatch.delenv(name)
    assert asked == []


def test_a_hub_that_has_no_such_model_is_believed(cache: Path, asked: list[str]) -> None:
    assert code("tiny/other", REVISION, online=True, cache=cache) == "no_such_model"
    assert asked


def test_for_what_was_fetched_in_part_the_hub_is_asked_again(cache: Path, asked: list[str]) -> None:
    (cache / "models--tiny--gpt2" / "snapshots" / REVISION / "model.safetensors").unlink()
    folder = located(NAME, REVISION, online=True, cache=cache)
    assert asked
    with pytest.raises(ModelUnavailable, match="get the model again"):
        open_scorer(Large(str(folder), device="cpu"))


def test_a_folder_has_no_revision(tmp_path: Path) -> None:
    assert located(str(tmp_path)) == tmp_path
    assert code(str(tmp_path), REVISION) == "revision"
    for missing in ("./nowhere", "/nowhere/at/all", "~/nowhere", "a/b/c"):
        assert code(missing, None) == "no_model"
