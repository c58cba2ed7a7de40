"""A model as the Hugging Face hub lays it out in a folder, seen without PyTorch."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from neural_lab.backends.failures import loading
from neural_lab.errors import ModelUnavailable

CONFIG, WEIGHTS, INDEX = "config.json", "model.safetensors", "model.safetensors.index.json"
SUFFIX = ".safetensors"
TOKENIZER = "tokenizer.json"
OTHER_TOKENIZERS = ("vocab.json", "merges.txt", "vocab.txt", "tokenizer.model", "spiece.model")
SETTINGS = ("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")
SENTENCES = "sentence_bert_config.json"
PICKLED = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.h5", "*.msgpack")
WHAT = "model"


@dataclass(frozen=True)
class ModelFolder:
    """A folder that has all its files, with their checksums by name."""

    folder: Path
    checksums: Mapping[str, str]

    @cached_property
    def digest(self) -> str:
        """Of all files that answers depend on; where the folder lies and what it is called do not count."""
        return sha256(json.dumps(sorted(self.checksums.items())).encode()).hexdigest()

    @property
    def config(self) -> dict[str, Any]:
        return self.settings(CONFIG)

    def settings(self, name: str) -> dict[str, Any]:
        """What stands in a JSON file, nothing where there is none; raises `ModelUnavailable`."""
        return _read(self.folder / name) if name in self.checksums else {}


def opened_folder(folder: Path, checksums: Mapping[str, str] | None = None) -> ModelFolder:
    """The model in `folder`, whose files must have these `checksums` (SHA-256, by name) as far as given.

    Raises `ModelUnavailable` and says what is missing, altered or not to be trusted.
    """
    folder = _transformer(folder)
    found = {name: _checksum(folder / name) for name in files_of(folder)}
    altered = [name for name, value in (checksums or {}).items() if found.get(name) != value]
    if altered:
        message = f"{', '.join(altered)} in {folder} is not as it was published; get the model again."
        raise ModelUnavailable("altered_model", message)
    return ModelFolder(folder, found)


def files_of(folder: Path) -> list[str]:
    """The names of all files that answers depend on; raises `ModelUnavailable` where one is missing."""
    return [*_needed(folder), *_weights(folder), *_tokenizer(folder), *_present(folder, (SENTENCES,))]


def _transformer(folder: Path) -> Path:
    """Older folders of sentence-transformers keep the model itself in a folder inside."""
    listed = folder / "modules.json"
    inner = folder / "0_Transformer"
    return inner if listed.exists() and not (folder / CONFIG).exists() and inner.is_dir() else folder


def _needed(folder: Path) -> list[str]:
    if not (folder / CONFIG).is_file():
        raise ModelUnavailable("no_model", f"There is no model in {folder}: it has no {CONFIG}.")
    _read(folder / CONFIG)
    return [CONFIG]


def _weights(folder: Path) -> list[str]:
    if (folder / WEIGHTS).is_file():
        return [WEIGHTS]
    if not (folder / INDEX).is_file():
        raise _no_weights(folder)
    shards = sorted(set(_shards(folder)))
    others = [name for name in shards if not name.endswith(SUFFIX)]
    if others:  # Transformers would open them as what they are.
        raise _pickled(folder, others[0])
    missing = [name for name in shards if Path(name).name != name or not (folder / name).is_file()]
    if missing:
        message = f"{folder} lacks {', '.join(missing)}, which its {INDEX} names; get the model again."
        raise ModelUnavailable("missing_weights", message)
    return [INDEX, *shards]


def _shards(folder: Path) -> Iterator[str]:
    with loading(folder, WHAT):
        yield from map(str, _read(folder / INDEX)["weight_map"].values())


def _no_weights(folder: Path) -> ModelUnavailable:
    pickled = sorted(path.name for pattern in PICKLED for path in folder.glob(pattern))
    if pickled:
        return _pickled(folder, pickled[0])
    return ModelUnavailable("no_weights", f"There is no {WEIGHTS} in {folder}; get the model again.")


def _pickled(folder: Path, name: str) -> ModelUnavailable:
    message = (
        f"The weights in {folder} ({name}) are in a format that may run code when it is "
        f"opened; Neural Lab reads safetensors only: get a revision that has {WEIGHTS}."
    )
    return ModelUnavailable("pickled_weights", message)


def _tokenizer(folder: Path) -> list[str]:
    found = _present(folder, (TOKENIZER,)) or _present(folder, OTHER_TOKENIZERS)
    if not found:
        message = f"There is no {TOKENIZER} in {folder}; copy the one of the model there."
        raise ModelUnavailable("no_tokenizer", message)
    return [*found, *_present(folder, SETTINGS)]


def _present(folder: Path, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if (folder / name).is_file()]


def _read(path: Path) -> dict[str, Any]:
    with loading(path.parent, WHAT):
        return dict(json.loads(path.read_text("utf-8")))


def _checksum(path: Path) -> str:
    with loading(path.parent, WHAT), path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
