"""All labelled texts of a retraining, and which of them are new since the champion was trained."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from neural_lab.detectors.disk import replaced
from neural_lab.errors import InvalidRequest
from neural_lab.retraining.disputes import within
from neural_lab.training.dataset import Columns, Record, read_dataset

LEARNT = "learnt.json"


@dataclass(frozen=True, slots=True)
class Gathered:
    """`records` in order, `new` one flag each; `disputes` of them were released from quarantine.

    `missing` are those that the champion has learnt and that are not among them.
    """

    records: list[Record]
    new: list[bool]
    frozen: list[Record]
    disputes: int
    missing: int

    @property
    def fresh(self) -> list[Record]:
        return [record for record, new in zip(self.records, self.new, strict=True) if new]


def gather(
    data: Sequence[Path],
    frozen: Sequence[Path],
    disputes: Sequence[Record],
    known: set[str],
    key: bytes,
    names: Columns,
    most_disputes: float = 1.0,
) -> Gathered:
    """Read both; a text that stands in several files with one label is taken once.

    `known` are the `mark`s under `key` of what the champion has learnt; of the `disputes` the first are
    taken, up to the share `most_disputes` of all texts. Raises `InvalidRequest` for files that cannot be
    used, naming rows and never quoting a text.
    """
    once = {mark(record, key): record for record in read_dataset(data, names)}
    taken = within(disputes, len(once), most_disputes)
    for record in taken:
        once.setdefault(mark(record, key), record)
    kept = list(read_dataset(frozen, names))
    if not kept:
        raise InvalidRequest("no_frozen", "There is no frozen text to judge on; name files with --frozen.")
    new = [each not in known for each in once]
    return Gathered(list(once.values()), new, kept, len(taken), len(known - once.keys()))


def mark(record: Record, key: bytes) -> str:
    """Names a text with its label; without the key nobody can tell whether a guessed text is meant."""
    text = f"{record.label}\n{record.text}".encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=16, key=key).hexdigest()


def learnt(folder: Path, champion: str | None) -> set[str]:
    """Marks of what the champion was trained on, if it was trained here; nothing otherwise."""
    path = folder / LEARNT
    kept = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return set(kept.get(champion or "", []))


def remember(
    folder: Path, version: str, records: Sequence[Record], versions: Sequence[str], key: bytes
) -> None:
    """Note what `version` has learnt, and forget what those learnt that are not among `versions`."""
    path = folder / LEARNT
    kept = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    noted = {name: marks for name, marks in kept.items() if name in versions}
    noted[version] = sorted(mark(record, key) for record in records)
    replaced(path, json.dumps(noted).encode())
