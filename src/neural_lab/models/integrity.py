"""Whether what is kept of a model is what was pulled and exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from neural_lab.backends.model_folder import ModelFolder, files_of
from neural_lab.errors import ModelUnavailable
from neural_lab.models.kept import EXPORT, ONNX, SOURCE, File, Kept

PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, by its path in the model's folder, and what is wrong with it.

    `other_source` says of an export that it was made from other files than those that are kept.
    """

    file: str
    what: Literal["missing", "altered", "other_source"]


def files(kept: Kept) -> dict[str, File]:
    """What is known of all files of a model and of its export, by path. Raises `ModelUnavailable`."""
    found = {f"{SOURCE}/{name}": file for name, file in kept.files.items()}
    export = kept.export()
    return found | (
        {} if export is None else {f"{ONNX}/{name}": file for name, file in export["files"].items()}
    )


def problems(kept: Kept, moved: Callable[[int], None]) -> list[Problem]:
    """All of them; `moved` is told how many bytes were read. Raises `ModelUnavailable`."""
    return [*_differing(kept, moved), *_other_source(kept)]


def _differing(kept: Kept, moved: Callable[[int], None]) -> Iterator[Problem]:
    for name, file in files(kept).items():
        path = kept.folder / name
        if not path.is_file():
            yield Problem(name, "missing")
        elif _checksum(path, moved) != file["sha256"]:
            yield Problem(name, "altered")


def _other_source(kept: Kept) -> Iterator[Problem]:
    export = kept.export()
    if export is None:
        return
    try:
        used = {name: kept.checksums[name] for name in files_of(kept.source)}
    except (KeyError, ModelUnavailable):
        return  # a file is missing or new, which is said of the source itself
    if ModelFolder(kept.source, used).digest != export.get("source"):
        yield Problem(f"{ONNX}/{EXPORT}", "other_source")


def _checksum(path: Path, moved: Callable[[int], None]) -> str:
    found = sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
            moved(len(piece))
    return found.hexdigest()
