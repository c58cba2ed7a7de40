"""The folder of a run: what it was begun with, the parts that are done, and at the end a summary.

A part is written aside and renamed, and then noted in the journal: a run that is
killed at any moment goes on with the first part that the journal lacks.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from neural_lab.errors import InvalidRequest
from neural_lab.files import replacing

MANIFEST, JOURNAL, SUMMARY = "manifest.json", "parts.jsonl", "summary.json"
OPTIONS = {
    "target": "--max-false-positives",
    "text": "--text-column",
    "id": "--id-column",
}
"""What users call an option; the others are called as in the manifest."""
ASKED = "asked"
CHANGED = {
    ASKED: "it was begun with other options: {options}",
    "input": "the input is not the one that it was begun with",
    "detector": "another detector is in use now",
    "library": "the library has changed since",
    "program": "it was begun by another version of this program",
}
"""Entries of a manifest, and what it means when one differs; options first, since they change the input."""


@dataclass(frozen=True, slots=True)
class Done:
    """A finished part: rows, how many could not be scored or got each verdict, and the file's checksum."""

    part: int
    rows: int
    failed: int
    verdicts: dict[str, int]
    bytes: int
    sha256: str


@dataclass
class Folder:
    """A folder of parts of one format."""

    path: Path
    suffix: str
    done: dict[int, Done] = field(default_factory=dict)

    def begin(self, manifest: Mapping[str, Any], resume: bool) -> None:
        """Take up what is there, or begin. Raises `InvalidRequest` where it is not of this run."""
        self.path.mkdir(exist_ok=True)
        kept = self._kept()
        if kept is None:
            self._refuse_strangers()
            self._write(MANIFEST, manifest)
            return
        if not resume:
            raise InvalidRequest(
                "exists", f"{self.path} holds a run already: go on with --resume, or name another folder."
            )
        self._require_same(kept, json.loads(json.dumps(manifest)))
        self.done = self._journal()

    def put(self, number: int, content: bytes, rows: int, failed: int, verdicts: Mapping[str, int]) -> Done:
        """Write a part, and note it when it is in its place."""
        with replacing(self.path / self.name(number)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        done = Done(number, rows, failed, dict(verdicts), len(content), sha256(content).hexdigest())
        with (self.path / JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(asdict(done)) + "\n")
            journal.flush()
            os.fsync(journal.fileno())
        self.done[number] = done
        return done

    def finish(self) -> dict[str, Any]:
        """Write and return the summary: the same however often a run was killed."""
        parts = [self.done[number] for number in sorted(self.done)]
        verdicts = sum((Counter(part.verdicts) for part in parts), Counter[str]())
        whole = sha256("".join(part.sha256 for part in parts).encode()).hexdigest()
        summary = {
            "schema": 1,
            "rows": sum(part.rows for part in parts),
            "failed": sum(part.failed for part in parts),
            "verdicts": dict(sorted(verdicts.items())),
            "parts": len(parts),
            "sha256": whole,
        }
        self._write(SUMMARY, summary)
        return summary

    def name(self, number: int) -> str:
        return f"part-{number:08d}{self.suffix}"

    def _kept(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads((self.path / MANIFEST).read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            message = f"{self.path / MANIFEST} cannot be read: name another folder."
            raise InvalidRequest("exists", message) from error
        return found

    def _require_same(self, kept: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        for name, meaning in CHANGED.items():
            if kept.get(name) != now[name]:
                said = meaning.format(options=_options(kept.get(ASKED) or {}, now[ASKED]))
                message = (
                    f"{self.path} cannot be gone on with: {said}. Name another folder, or put that back."
                )
                raise InvalidRequest("changed", message)

    def _refuse_strangers(self) -> None:
        if any(not path.name.startswith(".") for path in self.path.iterdir()):
            raise InvalidRequest("exists", f"{self.path} holds other files: name a new or empty folder.")

    def _journal(self) -> dict[int, Done]:
        """Parts that were noted and are there whole; a last line that was torn is cut off."""
        path, found, whole = self.path / JOURNAL, dict[int, Done](), 0
        for line in path.read_bytes().splitlines(keepends=True) if path.exists() else []:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            done = Done(**json.loads(line))
            if self._whole(done):
                found[done.part] = done
        if path.exists():
            os.truncate(path, whole)
        return found

    def _whole(self, done: Done) -> bool:
        path = self.path / self.name(done.part)
        return path.is_file() and sha256(path.read_bytes()).hexdigest() == done.sha256

    def _write(self, name: str, table: Mapping[str, Any]) -> None:
        with replacing(self.path / name) as file:
            file.write(json.dumps(table, indent=2).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _options(kept: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Those that differ, with what they were."""
    names = (name for name in now if kept.get(name) != now[name])
    return ", ".join(f"{_typed(name)} was {_value(kept.get(name))}" for name in names)


def _typed(name: str) -> str:
    return OPTIONS.get(name, f"--{name.replace('_', '-')}")


def _value(kept: Any) -> str:
    if kept is None or kept is False:
        return "not given"
    return "given" if kept is True else str(kept)
