"""A model as it is to be had: from the hub, or out of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from neural_lab.backends.hub import REVISION, offline
from neural_lab.backends.hub_files import fetch, listed
from neural_lab.backends.model_folder import ModelFolder, files_of, opened_folder
from neural_lab.errors import ModelUnavailable
from neural_lab.models.choice import chosen
from neural_lab.models.kept import RECORD, Kept, Kind, Origin, opened
from neural_lab.models.licence import licence_in
from neural_lab.models.name import checked

PIECE = 1 << 20
Moved = Callable[[int], None]
Bring = Callable[[str, Path, Moved], None]


class About(NamedTuple):
    """As in `Kept`; without a `kind` the configuration says it."""

    name: str
    revision: str | None
    origin: Origin
    licence: str
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """`files` with their sizes, 0 where nobody says, and what writes one of them to a path.

    `checksums` as far as they are known before.
    """

    about: About
    files: Mapping[str, int]
    checksums: Mapping[str, str]
    bring: Bring

    @property
    def bytes(self) -> int:
        return sum(self.files.values())


def from_hub(name: str, revision: str | None) -> Given:
    """What the hub has. Raises `ModelUnavailable`."""
    if offline():
        message = (
            f"{name} is not kept on this machine, and HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids the "
            "network: copy its folder here and pull that, or unset the variable."
        )
        raise ModelUnavailable("offline", message)
    listing = listed(name, revision)
    files = {each: listing.files[each] for each in chosen(listing.files, f"{name} at {listing.revision}")}

    def bring(file: str, target: Path, moved: Moved) -> None:
        fetch(listing, files[file], target, moved)

    about = About(name, listing.revision, "hub", listing.licence)
    return Given(about, {each: file.bytes or 0 for each, file in files.items()}, {}, bring)


def from_folder(folder: Path) -> Given:
    """What a folder has, laid out as on the hub or kept by another machine.

    Raises `ModelUnavailable`, and `InvalidRequest` for a name that no model can have.
    """
    if (folder / RECORD).is_file():
        return _from_kept(opened(folder))
    found = opened_folder(folder)
    name, revision = _called(folder.resolve())
    return _given(About(checked(name), revision, "folder", licence_in(folder)), found)


def _from_kept(kept: Kept) -> Given:
    known = {name: kept.checksums.get(name, "") for name in files_of(kept.source)}
    about = About(checked(kept.name), kept.revision, kept.origin, kept.licence, kept.kind)
    return _given(about, opened_folder(kept.source, known))


def _given(about: About, found: ModelFolder) -> Given:
    folder = found.folder
    names = chosen((path.name for path in folder.iterdir() if path.is_file()), str(folder))

    def bring(file: str, target: Path, moved: Moved) -> None:
        _copy(folder / file, target, moved)

    return Given(about, {name: (folder / name).stat().st_size for name in names}, found.checksums, bring)


def _copy(path: Path, target: Path, moved: Moved) -> None:
    """The bytes of a file, or of what a link leads to."""
    with path.open("rb") as read, target.open("wb") as written:
        for piece in _pieces(read.read):
            written.write(piece)
            moved(len(piece))


def _pieces(read: Callable[[int], bytes]) -> Iterator[bytes]:
    return iter(lambda: read(PIECE), b"")


def _called(folder: Path) -> tuple[str, str | None]:
    """Its own name; where Hugging Face's tools keep a commit of a model, the model's and the commit's."""
    outer = folder.parent.parent.name
    if folder.parent.name == "snapshots" and outer.startswith("models--") and REVISION.fullmatch(folder.name):
        return outer.removeprefix("models--").replace("--", "/"), folder.name
    return folder.name, None
