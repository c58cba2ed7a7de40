"""Models of the Hugging Face hub that its own tools have put on this machine; nothing is fetched here."""

import os
import re
from pathlib import Path

from neural_lab import files
from neural_lab.errors import InvalidRequest, ModelUnavailable

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
REVISION = re.compile(r"[0-9a-f]{40}")
OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


def located(source: str, revision: str | None = None, *, cache: Path | None = None) -> Path:
    """The folder that `source` names, or the one in `cache` that a model of the hub was fetched to.

    Only a model of the hub has a `revision`: the full hash, since names of revisions move.
    The `cache` is that of Hugging Face's own tools unless given.
    Raises `InvalidRequest` and `ModelUnavailable`.
    """
    if is_folder(source):
        return _local(source, revision)
    if not REVISION.fullmatch(revision or ""):
        message = f"{source} needs a revision: the full hash of a commit, 40 digits, as the hub shows it."
        raise InvalidRequest("revision", message)
    return _snapshot(source, str(revision), cache)


def is_folder(source: str) -> bool:
    """Whether a folder is meant, and no name of the hub."""
    return not NAME.fullmatch(source) or Path(source).is_dir()


def offline() -> bool:
    """Whether the environment forbids the network to everything that reads models of the hub."""
    return any(os.environ.get(name, "").upper() in ("1", "ON", "YES", "TRUE") for name in OFFLINE)


def folder_named(source: str) -> Path:
    """The folder that is meant; raises `ModelUnavailable` where there is none."""
    try:
        folder = Path(source).expanduser()
    except RuntimeError:  # the home of nobody
        folder = Path(source)
    if not files.is_folder(folder):
        raise ModelUnavailable("no_model", f"There is no folder {folder}.")
    return folder


def _local(source: str, revision: str | None) -> Path:
    if revision is not None:
        raise InvalidRequest(
            "revision", "A folder has no revision; name a model of the hub, or leave it out."
        )
    return folder_named(source)


def _snapshot(name: str, revision: str, cache: Path | None) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        found = snapshot_download(name, revision=revision, cache_dir=cache, local_files_only=True)
    except LocalEntryNotFoundError:
        message = (
            f"{name} is not on this machine at revision {revision}, and nothing is fetched here; "
            f"get it with: neural-lab models pull {name} --revision {revision}"
        )
        raise ModelUnavailable("not_fetched", message) from None
    return Path(found)
