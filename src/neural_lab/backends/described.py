"""How a bundle says what runs one of its models, where that is not one of the embedded detector's."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from neural_lab.backends.hub import NAME

SCORER, ENCODER = "scorer", "encoder"
ONNX, TORCH = "onnx", "torch"
KINDS, BACKENDS = (SCORER, ENCODER), (ONNX, TORCH)


@dataclass(frozen=True)
class Described:
    """A large model, by `name` and `revision` (none for one that came from a folder).

    Where `backend` is `onnx`, the model lies in the bundle, and `reading` says how it is
    read. Where it is `torch`, the bundle refers to a model kept on this machine: `files`
    are the checksums of its files, `digest` that of all of them, `limit` the most tokens read
    at once and `context` how many of them are only read. `precision` is the class that the bundle
    was calibrated in.
    """

    backend: str
    name: str
    precision: str
    revision: str | None = None
    licence: str = ""
    reading: Mapping[str, Any] | None = None
    digest: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    limit: int = 0
    context: int = 0

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "Described":
        """Raises `TypeError` for other fields, and `ValueError` for what cannot be one."""
        found = cls(**table)
        words = (found.backend, found.name, found.precision, found.digest)
        if not all(isinstance(word, str) for word in words) or not NAME.fullmatch(found.name):
            raise ValueError("a model has a name, a precision and a digest")
        if found.backend not in BACKENDS:
            raise ValueError(f"a model is run by one of {', '.join(BACKENDS)}")
        return found

    def as_dict(self) -> dict[str, Any]:
        """Only what there is to say."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def on_torch(self) -> bool:
        return self.backend == TORCH

    @property
    def pull(self) -> str:
        """The command that puts the model on this machine."""
        if self.revision is None:  # Of a folder: the hub may have something else of that name.
            return f"neural-lab models pull PATH/TO/{self.name}"
        return f"neural-lab models pull {self.name} --revision {self.revision}"


def described(manifest: Mapping[str, Any]) -> dict[str, Described]:
    """The models that a manifest describes, by kind; the others are files as the embedded detector has them.

    Raises `ValueError` and `TypeError` for what is no description.
    """
    found = {kind: Described.from_dict(table) for kind, table in manifest.get("models", {}).items()}
    if unknown := set(found) - set(KINDS):
        raise ValueError(f"a bundle has no {sorted(unknown)[0]}")
    return found
