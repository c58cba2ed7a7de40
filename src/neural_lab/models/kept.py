"""Models that are kept on this machine, each in a folder with its files, their checksums and its exports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, Literal, TypedDict, get_args

from neural_lab.errors import ModelUnavailable
from neural_lab.models.name import folder_of, models_folder

SCHEMA, RECORD, SOURCE, ONNX, EXPORT = 1, "model.json", "source", "onnx", "export.json"
Kind = Literal["scorer", "encoder"]
Origin = Literal["hub", "folder"]


class File(TypedDict):
    """What a file is known by."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A model in `folder`; `files` are those of `source`, by name.

    `revision` is the full hash of a commit, None where the model came from a folder without
    one; `licence` is "" where it is unknown.
    """

    folder: Path
    name: str
    revision: str | None
    origin: Origin
    kind: Kind
    architecture: str
    licence: str
    files: Mapping[str, File]

    @property
    def source(self) -> Path:
        """The files as the hub has them."""
        return self.folder / SOURCE

    @property
    def onnx(self) -> Path:
        """What `models export` wrote."""
        return self.folder / ONNX

    @property
    def exported(self) -> bool:
        return (self.onnx / EXPORT).is_file()

    @property
    def bytes(self) -> int:
        """On disk, with the export."""
        return size(self.folder)

    @property
    def again(self) -> str:
        """The command that puts its files right, and keeps revision and export."""
        # A folder's name may be that of something else on the hub.
        return f"neural-lab models pull {self.name if self.revision else f'PATH/TO/{self.name}'}"

    @property
    def checksums(self) -> dict[str, str]:
        """SHA-256 of the files of `source`, by name."""
        return {name: file["sha256"] for name, file in self.files.items()}

    def record(self) -> dict[str, Any]:
        """What stands in `model.json`."""
        fields = ("name", "revision", "origin", "kind", "architecture", "licence")
        found = {"schema": SCHEMA} | {name: getattr(self, name) for name in fields}
        return found | {"files": dict(self.files)}

    def write(self) -> None:
        (self.folder / RECORD).write_text(json.dumps(self.record(), indent=2), "utf-8")

    def export(self) -> dict[str, Any] | None:
        """What stands in `export.json`, None without an export; raises `ModelUnavailable`."""
        if not self.exported:
            return None
        try:
            return _checked_export(_read(self.onnx / EXPORT))
        except (OSError, KeyError, ValueError, TypeError) as error:
            message = f"The export of {self.name} is damaged; repeat: neural-lab models export {self.name}"
            raise ModelUnavailable("damaged_export", message) from error

    def altered(self) -> list[str]:
        """The files of `source` that are missing or not as they came."""
        return [name for name, file in self.files.items() if not _is_as(self.source / name, file)]

    def verify(self) -> None:
        """Raises `ModelUnavailable` where a file of `source` is not as it came."""
        altered = self.altered()
        if altered:
            message = (
                f"{', '.join(altered)} of {self.name} is missing or altered; get it again with: {self.again}"
            )
            raise ModelUnavailable("altered_model", message)


def kept_model(name: str, home: Path | None = None) -> Kept:
    """The model called `name`. Raises `ModelUnavailable`, and `InvalidRequest` for what is no name."""
    folder = folder_of(name, home)
    found = opened(folder) if folder.is_dir() else None
    if found is None or found.name != name:  # other case, where the file system does not tell it apart
        message = f"{name} is not kept on this machine; get it with: neural-lab models pull {name}"
        raise ModelUnavailable("not_pulled", message)
    return found


def kept_models(home: Path | None = None) -> list[Kept]:
    """All of them, by name; raises `ModelUnavailable` where one is damaged."""
    return [opened(folder) for folder in kept_folders(home)]


def kept_folders(home: Path | None = None) -> list[Path]:
    """The folders of all models, whole or damaged."""
    parent = models_folder(home)
    if not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if path.is_dir() and not path.name.startswith("."))


def opened(folder: Path) -> Kept:
    """The model in `folder`; its files are not looked at. Raises `ModelUnavailable`."""
    try:
        return _kept(folder, _read(folder / RECORD))
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(folder.name) from error


def records(source: Path) -> dict[str, File]:
    """Of all files in a folder, by name."""
    return {path.name: file_record(path) for path in sorted(source.iterdir()) if path.is_file()}


def file_record(path: Path) -> File:
    with path.open("rb") as file:
        return {"sha256": file_digest(file, "sha256").hexdigest(), "bytes": path.stat().st_size}


def size(folder: Path) -> int:
    """Bytes of everything in a folder."""
    return sum(path.stat().st_size for path in _files(folder))


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _checked_export(record: dict[str, Any]) -> dict[str, Any]:
    """With what every export has, and no file outside its folder."""
    str(record["precision"]), dict(record["parity"])
    return record | {"files": {name: _file(name, each) for name, each in dict(record["files"]).items()}}


def _is_as(path: Path, file: File) -> bool:
    return path.is_file() and path.stat().st_size == file["bytes"] and file_record(path) == file


def _kept(folder: Path, record: Mapping[str, Any]) -> Kept:
    if record["schema"] != SCHEMA:
        raise ValueError(record["schema"])
    if record["kind"] not in get_args(Kind) or record["origin"] not in get_args(Origin):
        raise ValueError(record["kind"])
    names = ("name", "architecture", "licence")
    texts = {name: str(record[name]) for name in names}
    files = {name: _file(name, each) for name, each in record["files"].items()}
    return Kept(
        folder,
        revision=record["revision"],
        origin=record["origin"],
        kind=record["kind"],
        files=files,
        **texts,
    )


def _file(name: str, record: Mapping[str, Any]) -> File:
    if Path(name).name != name:
        raise ValueError(name)
    return {"sha256": str(record["sha256"]), "bytes": int(record["bytes"])}


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def _damaged(name: str) -> ModelUnavailable:
    known = name.replace("--", "/")
    message = (
        f"What is kept of {known} is damaged; delete it with neural-lab models remove {known}, "
        "and pull it again."
    )
    return ModelUnavailable("damaged_record", message)
