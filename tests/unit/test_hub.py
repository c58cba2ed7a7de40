"""Models in the cache of Hugging Face's own tools: pinned, found where they lie, and never fetched."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers import needed
from hub_server import REVISION, Hub, running

needed("transformers")

from neural_lab.backends.hub import OFFLINE, located
from neural_lab.backends.large import Large, open_scorer
from neural_lab.errors import InvalidRequest, ModelUnavailable

NAME = "tiny/gpt2"


@pytest.fixture
def cache(large: Callable[[str], Path], tmp_path: Path) -> Path:
    """Where Hugging Face's tools keep what they fetched, with one model in it."""
    shutil.copytree(large("gpt2"), tmp_path / "models--tiny--gpt2" / "snapshots" / REVISION)
    return tmp_path


@pytest.fixture
def hub(large: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub that would have everything, with nothing that forbids to ask it."""
    for name in OFFLINE:
        monkeypatch.delenv(name, raising=False)
    with running(Hub({NAME: large("gpt2"), "tiny/other": large("gpt2")})) as made:
        monkeypatch.setenv("HF_ENDPOINT", made.address)
        yield made


def code(name: str, revision: str | None, **more: object) -> str:
    with pytest.raises((InvalidRequest, ModelUnavailable)) as failure:
        located(name, revision, **more)  # type: ignore[arg-type]
    return failure.value.code


def test_what_was_fetched_is_found_without_asking_anybody(cache: Path, hub: Hub) -> None:
    folder = located(NAME, REVISION, cache=cache)
    assert folder.name == REVISION
    assert hub.asked == []
    assert open_scorer(Large(str(folder), device="cpu")).score(["A river."])[0].logprob.all()


@pytest.mark.parametrize(
    "revision", [None, "", "main", "v1.0", REVISION[:7], REVISION.upper(), f"{REVISION}\n"]
)
def test_a_revision_that_may_move_is_refused(cache: Path, revision: str | None) -> None:
    assert code(NAME, revision, cache=cache) == "revision"


def test_another_revision_is_another_model(cache: Path) -> None:
    assert code(NAME, REVISION[::-1], cache=cache) == "not_fetched"


def test_opening_a_model_asks_no_hub_whatever_is_missing(cache: Path, hub: Hub) -> None:
    assert code("tiny/other", REVISION, cache=cache) == "not_fetched"
    (cache / "models--tiny--gpt2" / "snapshots" / REVISION / "model.safetensors").unlink()
    folder = located(NAME, REVISION, cache=cache)
    with pytest.raises(ModelUnavailable, match="get the model again"):
        open_scorer(Large(str(folder), device="cpu"))
    assert hub.asked == []


def test_a_folder_has_no_revision(tmp_path: Path) -> None:
    assert located(str(tmp_path)) == tmp_path
    assert code(str(tmp_path), REVISION) == "revision"
    for missing in ("./nowhere", "/nowhere/at/all", "~/nowhere", "a/b/c"):
        assert code(missing, None) == "no_model"
