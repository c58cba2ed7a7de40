"""Models converted so that they run on ONNX Runtime, without PyTorch."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from neural_lab.backends.model_folder import ModelFolder, files_of
from neural_lab.errors import InvalidRequest, ModelUnavailable
from neural_lab.models.kept import EXPORT, SCHEMA, File, Kept, file_record, records

NEEDED = ("torch", "transformers", "safetensors", "onnx", "onnxscript")
READING, TOKENIZER = "reading.json", "tokenizer.json"
PRECISIONS = ("int8", "float32")
Progress = Callable[[str], None]
"""Told in a few words what begins now."""


@dataclass(frozen=True, slots=True)
class Exported:
    """An export in `folder`: `source` is the digest of the files it was made from, `parity` how far its
    answers lie from those of PyTorch in float32 (see `parity`), `files` its files by name."""

    folder: Path
    name: str
    revision: str | None
    kind: str
    precision: str
    source: str
    licence: str
    files: Mapping[str, File]
    parity: Mapping[str, Any]

    @property
    def model(self) -> Path:
        return self.folder / f"{self.kind}.onnx"

    @property
    def tokenizer(self) -> Path:
        return self.folder / TOKENIZER

    @property
    def reading(self) -> dict[str, Any]:
        """What the ONNX backends need to know of the model."""
        return dict(json.loads((self.folder / READING).read_text("utf-8")))

    @property
    def identity(self) -> str:
        """Names weights, tokenizer and how texts are read."""
        names = (self.model.name, TOKENIZER, READING)
        return ":".join((f"onnx-{self.precision}", *(self.files[name]["sha256"][:16] for name in names)))


def export_model(kept: Kept, precision: str = "int8", progress: Progress | None = None) -> Exported:
    """Convert `kept`, compare the answers with PyTorch's, and put the export in its place.

    An export that is there stays until the new one is whole. Raises `ModelUnavailable`
    where a package is missing, the model cannot be converted, or its answers differ too much,
    and `InvalidRequest`.
    """
    if precision not in PRECISIONS:
        raise InvalidRequest("precision", f"The precision has to be one of {', '.join(PRECISIONS)}.")
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        message = f"{missing[0]} is not installed: pip install 'neural-lab[export]'."
        raise ModelUnavailable("no_export", message)
    from neural_lab.models import export_files
    from neural_lab.models.parity import check
    from neural_lab.models.place import alone, draft

    tell, home = progress or _silent, kept.folder.parent.parent
    write = export_files.write_scorer if kept.kind == "scorer" else export_files.write_encoder
    with alone(kept.name, home, lambda: tell("waiting for another process")), draft(kept.onnx) as folder:
        parity = write(_used(kept), folder, int8=precision == "int8", tell=tell)
        check(kept.name, precision, parity)
        _seal(kept, folder, precision, parity)
    return exported(kept)


def exported(kept: Kept) -> Exported:
    """The export of `kept`, its files verified. Raises `ModelUnavailable`."""
    record = kept.export()
    if record is None:
        message = f"{kept.name} is not exported; convert it with: neural-lab models export {kept.name}"
        raise ModelUnavailable("not_exported", message)
    found = _opened(kept, record)
    altered = [name for name, file in found.files.items() if not _is_as(found.folder / name, file)]
    if altered:
        raise _again(kept, "damaged_export", f"{', '.join(altered)} of its export is missing or altered")
    if found.source != _used(kept).digest:
        raise _again(kept, "other_source", "its export was made from other files")
    return found


def _opened(kept: Kept, record: Mapping[str, Any]) -> Exported:
    texts = ("name", "kind", "precision", "source", "licence")
    try:
        found = Exported(
            kept.onnx,
            revision=record["revision"],
            files={Path(name).name: file for name, file in record["files"].items()},
            parity=record["parity"],
            **{name: str(record[name]) for name in texts},
        )
        needed = {found.model.name, TOKENIZER, READING}
        whole = record["schema"] == SCHEMA and needed <= found.files.keys() and found.kind == kept.kind
    except (KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise _again(kept, "damaged_export", f"{EXPORT} of its export is damaged")
    return found


def _seal(kept: Kept, folder: Path, precision: str, parity: Mapping[str, Any]) -> None:
    record = {
        "schema": SCHEMA,
        "name": kept.name,
        "revision": kept.revision,
        "kind": kept.kind,
        "precision": precision,
        "source": _used(kept).digest,
        "licence": kept.licence,
        "files": records(folder),
        "parity": parity,
    }
    (folder / EXPORT).write_text(json.dumps(record, indent=2) + "\n", "utf-8")


def _used(kept: Kept) -> ModelFolder:
    """The files that answers depend on, with the checksums that they came with."""
    return ModelFolder(kept.source, {name: kept.checksums.get(name, "") for name in files_of(kept.source)})


def _is_as(path: Path, file: File) -> bool:
    return path.is_file() and file_record(path) == file


def _again(kept: Kept, code: str, what: str) -> ModelUnavailable:
    return ModelUnavailable(code, f"{kept.name}: {what}; repeat: neural-lab models export {kept.name}")


def _silent(_: str) -> None:
    pass
