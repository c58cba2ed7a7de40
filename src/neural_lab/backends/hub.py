"""Models of the Hugging Face hub: found on this machine, or fetched where that is allowed."""

import os
import re
from pathlib import Path

from neural_lab.backends.model_folder import files_of
from neural_lab.errors import InvalidRequest, ModelUnavailable

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
REVISION = re.compile(r"[0-9a-f]{40}")
OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
FILES = (
    "config.json",
    "model*.safetensors",
    "model.safetensors.index.json",
    "tokenizer*",
    "vocab*",
    "merges.txt",
    "spiece.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "modules.json",
    "sentence_bert_config.json",
)
"""Never weights that are pickled, and never code."""


def located(
    source: str, revision: str | None = None, *, online: bool = False, cache: Path | None = None
) -> Path:
    """The folder that `source` names, or the one in `cache` that a model of the hub was fetched to.

    Only a model of the hub has a `revision`: the full hash, since names of revisions move.
    The network is used only for what is not here yet, if `online` and the environment
    allow it. The `cache` is that of Hugging Face's own tools unless given.
    Raises `InvalidRequest` and `ModelUnavailable`.
    """
    folder = Path(source).expanduser()
    if folder.is_dir() or not NAME.fullmatch(source):
        return _local(folder, revision)
    if not REVISION.fullmatch(revision or ""):
        message = f"{source} needs a revision: the full hash of a commit, 40 digits, as the hub shows it."
        raise InvalidRequest("revision", message)
    return _found(source, str(revision), cache, online=online and not offline())


def offline() -> bool:
    """Whether the environment forbids the network to everything that reads models of the hub."""
    return any(os.environ.get(name, "").upper() in ("1", "ON", "YES", "TRUE") for name in OFFLINE)


def _local(folder: Path, revision: str | None) -> Path:
    if revision is not None:
        raise InvalidRequest(
            "revision", "A folder has no revision; name a model of the hub, or leave it out."
        )
    if not folder.is_dir():
        raise ModelUnavailable("no_model", f"There is no folder {folder}.")
    return folder


def _found(name: str, revision: str, cache: Path | None, *, online: bool) -> Path:
    try:
        folder = _snapshot(name, revision, cache, online=False)
        files_of(folder)
    except ModelUnavailable:
        return _snapshot(name, revision, cache, online=online)
    return folder


def _snapshot(name: str, revision: str, cache: Path | None, *, online: bool) -> Path:
    # Before the import: the library would else tell its maker what is fetched with what.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError

    options = {"revision": revision, "cache_dir": cache, "allow_patterns": [*FILES]}
    try:
        found = snapshot_download(
            name, local_files_only=not online, endpoint=os.environ.get("HF_ENDPOINT"), **options
        )
    except (RepositoryNotFoundError, RevisionNotFoundError):
        message = f"The hub has no {name} at revision {revision}, or does not show it."
        raise ModelUnavailable("no_such_model", message) from None
    except LocalEntryNotFoundError:
        raise _missing(name, online=online) from None
    except OSError:
        raise _unreachable(name) from None
    return Path(found)


def _missing(name: str, *, online: bool) -> ModelUnavailable:
    if online:
        return _unreachable(name)
    message = f"{name} is not on this machine, and nothing may be fetched; name a folder that has it."
    return ModelUnavailable("not_fetched", message)


def _unreachable(name: str) -> ModelUnavailable:
    message = f"{name} could not be fetched: the hub did not answer as it should; try again later."
    return ModelUnavailable("hub_unreachable", message)
