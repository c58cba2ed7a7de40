"""What is kept of models: found by name, checked file by file, and deleted whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import needed

needed("transformers")

from neural_lab.backends.model_folder import opened_folder
from neural_lab.errors import InvalidRequest, ModelUnavailable
from neural_lab.models import card, place
from neural_lab.models.integrity import Problem, files, problems
from neural_lab.models.kept import EXPORT, Kept, kept_model, kept_models, records
from neural_lab.models.licence import licence_in
from neural_lab.models.pull import pull

PARITY = {
    "texts": 3,
    "logprob": {"mean": 0.01, "max": 0.5},
    "log_perplexity": {"mean": 0.001, "max": 0.004},
    "rank": {"same": 0.9, "same_likeliest": 0.99},
}


class Silent:
    def waits(self, name: str) -> None: ...

    def offered(self, about: object, count: int) -> None: ...

    def moved(self, count: int) -> None: ...


@pytest.fixture
def kept(large: Callable[[str], Path], tmp_path: Path) -> Kept:
    folder = shutil.copytree(large("gpt2"), tmp_path / "small")
    return pull(str(folder), None, None, Silent()).kept


def add_export(kept: Kept) -> None:
    """An export as `models export` lays it out, of nothing that could run."""
    kept.onnx.mkdir()
    (kept.onnx / "scorer.onnx").write_bytes(b"graph")
    (kept.onnx / "reading.json").write_text('{"before": [2], "context": 16, "longest": 32}')
    used = opened_folder(kept.source).digest
    about = {"schema": 1, "precision": "int8", "source": used, "parity": PARITY, "files": records(kept.onnx)}
    (kept.onnx / EXPORT).write_text(json.dumps(about))


def wrong(kept: Kept) -> list[Problem]:
    read: list[int] = []
    found = problems(kept, read.append)
    assert sum(read) == sum(
        (kept.folder / n).stat().st_size for n in files(kept) if (kept.folder / n).is_file()
    )
    return found


def test_a_kept_model_is_found_by_its_name(kept: Kept) -> None:
    assert kept_model("small") == kept
    assert kept_models() == [kept]
    assert not kept.exported
    assert kept.bytes == sum(path.stat().st_size for path in kept.folder.rglob("*") if path.is_file())
    assert opened_folder(kept.source, {n: s for n, s in kept.checksums.items() if "generation" not in n})


def test_before_the_first_there_is_none(home: Path) -> None:
    assert kept_models() == []
    assert not home.exists()
    with pytest.raises(ModelUnavailable, match="models pull gpt2") as failure:
        kept_model("gpt2")
    assert failure.value.code == "not_pulled"


@pytest.mark.parametrize(
    "name", ["../small", "small/..", ".", "", "a/b/c", "small\x00", "C:\\small", "s" * 99]
)
def test_what_is_no_name_is_no_path_either(kept: Kept, name: str) -> None:
    for ask in (kept_model, place.remove):
        with pytest.raises(InvalidRequest) as failure:
            ask(name)
        assert failure.value.code == "model_name"
    assert kept_models() == [kept]


@pytest.mark.parametrize(
    "record",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"schema": 2}',
        '{"schema": 1, "name": "small"}',
        '{"schema": 1, "name": "small", "revision": null, "origin": "moon", "kind": "scorer", '
        '"architecture": "", "licence": "", "files": {}}',
        '{"schema": 1, "name": "small", "revision": null, "origin": "hub", "kind": "scorer", '
        '"architecture": "", "licence": "", "files": {"../x": {"sha256": "", "bytes": 1}}}',
        '{"schema": 1, "name": "small", "revision": null, "origin": "hub", "kind": "scorer", '
        '"architecture": "", "licence": "", "files": []}',
    ],
)
def test_a_damaged_record_says_how_to_put_it_right(kept: Kept, record: str) -> None:
    (kept.folder / "model.json").write_text(record)
    for ask in (lambda: kept_model("small"), kept_models):
        with pytest.raises(ModelUnavailable, match="models remove small") as failure:
            ask()
        assert failure.value.code == "damaged_record"
    place.remove("small")
    assert kept_models() == []


def test_what_is_whole_has_no_problems(kept: Kept) -> None:
    assert wrong(kept) == []
    add_export(kept)
    assert kept.exported
    assert wrong(kept) == []
    assert len(files(kept)) == len(kept.files) + 2


@pytest.mark.parametrize("file", ["source/config.json", "source/model.safetensors", "onnx/scorer.onnx"])
def test_every_file_is_compared(kept: Kept, file: str) -> None:
    add_export(kept)
    path = kept.folder / file
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    assert wrong(kept) == [Problem(file, "altered")]
    path.unlink()
    assert wrong(kept) == [Problem(file, "missing")]


def test_an_export_of_other_weights_is_noticed(kept: Kept) -> None:
    add_export(kept)
    about = json.loads((kept.onnx / EXPORT).read_text())
    (kept.onnx / EXPORT).write_text(json.dumps(about | {"source": "0" * 64}))
    assert wrong(kept) == [Problem("onnx/export.json", "other_source")]


@pytest.mark.parametrize("record", ["", "[]", '{"files": {"../../model.json": {}}}', "{}"])
def test_a_damaged_export_is_named(kept: Kept, record: str) -> None:
    add_export(kept)
    (kept.onnx / EXPORT).write_text(record)
    with pytest.raises(ModelUnavailable, match="models export small") as failure:
        problems(kept, lambda _: None)
    assert failure.value.code == "damaged_export"


def test_a_model_verifies_itself(kept: Kept) -> None:
    kept.verify()
    (kept.source / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match=r"tokenizer\.json") as failure:
        kept.verify()
    assert failure.value.code == "altered_model"


def test_deleting_frees_what_it_says(kept: Kept, home: Path) -> None:
    add_export(kept)
    size = kept.bytes
    assert place.remove("small") == size
    assert not any(path.is_dir() for path in (home / "models").iterdir())
    with pytest.raises(ModelUnavailable) as failure:
        place.remove("small")
    assert failure.value.code == "not_pulled"


def test_the_card_says_what_is_known_and_that_the_rest_is_not(kept: Kept) -> None:
    before = card.text(kept)
    assert "| Licence | unknown: look it up before you use the model |" in before
    assert "None yet" in before
    add_export(kept)
    card.write(kept)
    after = (kept.folder / "card.md").read_text("utf-8")
    assert "| Precision | int8 |" in after
    assert "| Tokens read at once | 32 |" in after
    assert "| Parity: log perplexity, max | 0.004 |" in after
    assert "No error rate belongs to this model" in after


@pytest.mark.parametrize(
    ("readme", "licence"),
    [
        ("---\nlicense: mit\n---\n", "mit"),
        ('---\r\ntags:\r\n- a\r\nlicense: "mit"  # yes\r\n---\r\n', "mit"),
        ("---\nlicense: other\nlicense_name: llama3\n---\n", "llama3"),
        ("---\nlicense: other\n---\n", "other"),
        ("---\nlicense:\n- mit\n---\n", ""),
        ("# license: mit\n", ""),
        ("text\n---\nlicense: mit\n---\n", ""),
        ("", ""),
    ],
)
def test_the_licence_of_a_folder_is_that_of_its_card(tmp_path: Path, readme: str, licence: str) -> None:
    (tmp_path / "README.md").write_bytes(readme.encode())
    assert licence_in(tmp_path) == licence
