"""Files on their way into a library: read one by one, stored in batches, each batch whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from neural_lab.audit.source import DEFAULT_COLLECTION, Incoming
from neural_lab.batch import read
from neural_lab.errors import LabError, StoreUnavailable
from neural_lab.files import STANDARD, full_path
from neural_lab.ports import LanguageIdentifier, Library
from neural_lab.tally import Shelving, Tally
from neural_lab.types import Document

BATCH_CHARACTERS, BATCH_TEXTS = 4_000_000, 2_000
SAMPLE, SURE = 1_000, 0.9


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of all files alike; "" leaves it to each file."""

    title: str = ""
    date: str = ""
    language: str = ""
    collection: str = DEFAULT_COLLECTION


@dataclass
class Intake:
    """What became of files so far: of their texts, and what failed."""

    tally: Tally = field(default_factory=Tally)
    errors: list[tuple[str, LabError]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        failed = [{"path": path, "code": error.code, "message": error.message} for path, error in self.errors]
        return {
            "schema": 1,
            "added": self.tally.added,
            "replaced": self.tally.replaced,
            "already_there": self.tally.known,
            "in_another_collection": self.tally.elsewhere,
            "under_another_title": self.tally.renamed,
            "errors": failed,
        }


def take_in(
    library: Library,
    paths: Iterable[Path],
    about: Described,
    languages: LanguageIdentifier | None,
    stdin: BinaryIO,
) -> Intake:
    """Add the texts of files to `library`; a file that cannot be read does not stop the others.

    Without `languages` none is told. Every batch is durable before the next is read:
    after an interruption the same call goes on.
    """
    shelving = Shelving(library)
    intake = Intake(shelving.tally)
    for batch in batches(_incoming(paths, about, languages, stdin, intake)):
        shelving.put(batch)
    return intake


def batches(texts: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    """Runs of texts of about `BATCH_CHARACTERS` together."""
    batch: list[Incoming] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text.text)
        if size >= BATCH_CHARACTERS or len(batch) == BATCH_TEXTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _incoming(
    paths: Iterable[Path],
    about: Described,
    languages: LanguageIdentifier | None,
    stdin: BinaryIO,
    intake: Intake,
) -> Iterator[Incoming]:
    for path in paths:
        try:
            document = read(path, stdin)
        except StoreUnavailable:
            raise
        except LabError as error:
            intake.errors.append((str(path), error))
            continue
        yield described(document, path, about, languages)


def described(
    document: Document, path: Path, about: Described, languages: LanguageIdentifier | None
) -> Incoming:
    """A document with what is said of it, else its file's name, its last change and its likely language."""
    named = path != STANDARD
    return Incoming(
        document.text,
        about.title or (path.name if named else document.title),
        full_path(path) if named else "",
        about.date or (_changed(path) if named else ""),
        about.language or _language(document.text, languages),
        about.collection,
    )


def _changed(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()


def _language(text: str, languages: LanguageIdentifier | None) -> str:
    if languages is None:
        return ""
    code, probability = languages.identify(text[:SAMPLE])
    return code if probability >= SURE else ""


def from_row(row: Mapping[str, Any]) -> Incoming:
    """A source as `library export` wrote it. Raises `KeyError` or `TypeError` for another row."""
    names = ("title", "path", "date", "language")
    fields = {name: row.get(name, "") for name in names}
    collection = row.get("collection") or DEFAULT_COLLECTION
    if not all(isinstance(value, str) for value in (row["text"], collection, *fields.values())):
        raise TypeError("a field is no text")
    if not row["text"].strip():
        raise KeyError("text")
    return Incoming(row["text"], **fields, collection=collection)
