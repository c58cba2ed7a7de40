"""What the Hugging Face hub has of a model, and the bytes of its files. The only place that fetches any."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha1, sha256
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from neural_lab.errors import InvalidRequest, LabError, ModelUnavailable

if TYPE_CHECKING:
    from hashlib import _Hash

ANSWER, SILENCE, SECONDS = "HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT", 10.0
"""Variables that say how long to wait for the first answer in all, and for the next byte of a file."""
PIECE = 1 << 20
AGENT = {"user-agent": "neural-lab"}
"""All that the hub is told of this machine; its library would name versions of what is installed."""
UNREACHABLE = "hub_unreachable"
_HASH = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file as the hub describes it; what it does not tell is None. `blob` is git's name of it."""

    name: str
    bytes: int | None = None
    sha256: str | None = None
    blob: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A model of the hub at a `revision`, the full hash of a commit; a `licence` of "" is unknown."""

    name: str
    revision: str
    licence: str
    files: Mapping[str, HubFile]


def listed(name: str, revision: str | None = None) -> Listing:
    """What the hub has of a model at `revision`, by default at the commit its default branch is at now.

    One question, with 10 s to answer it or those of `HF_HUB_ETAG_TIMEOUT`. Raises `ModelUnavailable`.
    """
    api = _library().HfApi(endpoint=_endpoint(), headers=AGENT)

    def ask() -> Any:
        return api.model_info(name, revision=revision, files_metadata=True, timeout=_seconds(ANSWER))

    with _asking(name, revision):
        found = _within(_seconds(ANSWER), ask)
        files = [_described(each) for each in found.siblings or ()]
        commit = _HASH.fullmatch(found.sha)
    if commit is None or revision not in (None, found.sha):
        raise ModelUnavailable(UNREACHABLE, f"The hub did not say which revision of {name} it has.")
    return Listing(name, found.sha, _licence(found), {each.name: each for each in files})


def fetch(listing: Listing, wanted: HubFile, target: Path, moved: Callable[[int], None]) -> None:
    """Write a file to `target`, and check it against what the hub said of it.

    `moved` is told how many bytes came. A connection that breaks is taken up again as long as each
    one brings something; one that falls silent is not. Raises `ModelUnavailable`.
    """
    address = _library().hf_hub_url(
        listing.name, wanted.name, revision=listing.revision, endpoint=_endpoint()
    )
    with target.open("wb") as file:
        while not _arrived(listing, wanted, address, file, moved):
            pass
    _check(listing, wanted, target)


def _arrived(
    listing: Listing, wanted: HubFile, address: str, file: BinaryIO, moved: Callable[[int], None]
) -> bool:
    """Whether the rest of the file came; False where some of it did."""
    begun, last = file.tell(), monotonic()
    try:
        for piece in _pieces(listing, address, file, moved):
            file.write(piece)
            moved(len(piece))
            last = monotonic()
            if wanted.bytes is not None and file.tell() > wanted.bytes:
                raise _altered(listing, wanted)
    except ModelUnavailable as error:
        silent = monotonic() - last >= _seconds(SILENCE)
        if error.code != UNREACHABLE or file.tell() <= begun or silent:
            raise
        return False
    return True


def _pieces(listing: Listing, address: str, file: BinaryIO, moved: Callable[[int], None]) -> Iterator[bytes]:
    """What `file` lacks; where the hub sends only whole files, it is emptied first."""
    from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

    at = file.tell()
    headers = (
        build_hf_headers(headers=AGENT)
        | {"accept-encoding": "identity"}
        | ({"range": f"bytes={at}-"} if at else {})
    )
    with (
        _asking(listing.name, listing.revision),
        get_session().stream("GET", address, headers=headers, timeout=_seconds(SILENCE)) as response,
    ):
        hf_raise_for_status(response)
        if response.status_code not in (200, 206):
            raise _unreachable(listing.name)
        if at and response.status_code == 200:
            file.seek(0)
            file.truncate()
            moved(-at)
        yield from response.iter_bytes()


def _check(listing: Listing, wanted: HubFile, path: Path) -> None:
    """By its size and SHA-256; a file that the hub has in git itself is known there by git's own hash."""
    size = path.stat().st_size
    if wanted.bytes not in (None, size):
        raise _altered(listing, wanted)
    if wanted.sha256 and _digest(path, sha256()) != wanted.sha256:
        raise _altered(listing, wanted)
    header = sha1(b"blob %d\0" % size, usedforsecurity=False)
    if wanted.blob and not wanted.sha256 and _digest(path, header) != wanted.blob:
        raise _altered(listing, wanted)


def _digest(path: Path, begun: _Hash) -> str:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            begun.update(piece)
    return begun.hexdigest()


def _described(sibling: Any) -> HubFile:
    lfs = sibling.lfs
    return HubFile(sibling.rfilename, sibling.size, lfs.sha256 if lfs else None, sibling.blob_id)


def _licence(found: Any) -> str:
    card = found.card_data.to_dict() if found.card_data else {}
    named = card.get("license_name") if card.get("license") == "other" else None
    tagged = next((tag[8:] for tag in found.tags or () if tag.startswith("license:")), "")
    given = named or card.get("license") or tagged
    return ", ".join(map(str, given)) if isinstance(given, list) else str(given)


def require_hub() -> None:
    """Raises `ModelUnavailable` where the library that speaks with the hub is not installed."""
    if find_spec("huggingface_hub") is None:
        message = "huggingface_hub is not installed: pip install 'neural-lab[torch]'."
        raise ModelUnavailable("no_hub", message)


def _library() -> Any:
    require_hub()
    # Before the import: the library would else tell its maker what is fetched with what.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    import huggingface_hub

    return huggingface_hub


def _endpoint() -> str | None:
    return os.environ.get("HF_ENDPOINT")


def _seconds(variable: str) -> float:
    given = os.environ.get(variable) or SECONDS
    try:
        return float(given)
    except ValueError:
        raise InvalidRequest("settings", f"{variable} has to be a number of seconds.") from None


def _within(seconds: float, ask: Callable[[], Any]) -> Any:
    """The answer to `ask`, which may wait for one address after the other; raises `TimeoutError`."""
    answers: Queue[tuple[Any, Exception | None]] = Queue()

    def run() -> None:
        try:
            answers.put((ask(), None))
        except Exception as error:
            answers.put((None, error))

    Thread(target=run, daemon=True).start()
    try:
        answer, error = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return answer


@contextmanager
def _asking(name: str, revision: str | None) -> Iterator[None]:
    """Says in a sentence what went wrong between this machine and the hub."""
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    try:
        yield
    except LabError:
        raise
    except GatedRepoError:
        raise _refused(name) from None
    except (RepositoryNotFoundError, RevisionNotFoundError):
        raise _unknown(name, revision) from None
    except HfHubHTTPError as error:
        raise _by_status(error.response.status_code, name, revision) from None
    except Exception as error:
        # Of several libraries: no name found, no connection, silence, an answer in no known form.
        raise _unreachable(name) from error


def _by_status(status: int, name: str, revision: str | None) -> ModelUnavailable:
    if status == 401:
        return _unknown(name, revision)
    return _refused(name) if status == 403 else _unreachable(name)


def _unknown(name: str, revision: str | None) -> ModelUnavailable:
    at = f" at revision {revision}" if revision else ""
    message = f"The hub has no {name}{at}, or does not show it: a private model needs a valid HF_TOKEN."
    return ModelUnavailable("no_such_model", message)


def _refused(name: str) -> ModelUnavailable:
    message = (
        f"The hub shows {name} only to those who may see it: accept its terms on its page, "
        "and set HF_TOKEN to your token."
    )
    return ModelUnavailable("not_allowed", message)


def _unreachable(name: str) -> ModelUnavailable:
    hub = urlsplit(_endpoint() or "").hostname or "huggingface.co"
    message = (
        f"{name} could not be fetched: {hub} was not reached, or did not answer as it should. Look after "
        "the network and try again later, or copy the model's folder here and pull that."
    )
    return ModelUnavailable(UNREACHABLE, message)


def _altered(listing: Listing, wanted: HubFile) -> ModelUnavailable:
    message = f"{wanted.name} of {listing.name} did not arrive as the hub describes it; pull it again."
    return ModelUnavailable("altered_download", message)
