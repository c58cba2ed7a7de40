"""`neural-lab score`: a probability and a verdict for every row of a file, or of a corpus in parts."""

from __future__ import annotations

import sys
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neural_lab.commands.options import OWNER, AsJson, Debug, Url
from neural_lab.errors import InvalidRequest
from neural_lab.guard import Guarded, tell
from neural_lab.report import words

if TYPE_CHECKING:
    from neural_lab.batch import Asked
    from neural_lab.ports import Library
    from neural_lab.service import Lab

score_app = typer.Typer(add_completion=False)
STANDARD, PART_ROWS = "-", 256
LINES = (".jsonl", ".ndjson", ".json")


class Engine(StrEnum):
    LOCAL = "local"
    RAY = "ray"


class Format(StrEnum):
    JSONL = "jsonl"
    PARQUET = "parquet"


Source = Annotated[
    str,
    typer.Argument(
        metavar="IN",
        help="JSON lines (.gz, .xz), CSV, TSV, Parquet, a folder of such files or of documents, "
        "file://… or s3://…; - for standard input.",
    ),
]
Output = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        metavar="OUT",
        help="A file for the same JSON lines with their answers (- prints), or a folder, which has no "
        "suffix, for the answers alone, in parts.",
    ),
]
Text = Annotated[
    str,
    typer.Option("--text-column", metavar="NAME", help="The column or field with the text."),
]
Identity = Annotated[
    str | None, typer.Option(metavar="NAME", help="The column with the id; `id` where there is one.")
]
Most = Annotated[
    str,
    typer.Option("--max-false-positives", metavar="RATE", help="Share of human texts that may be flagged."),
]
Group = Annotated[str | None, typer.Option(metavar="NAME", help="As for `neural-lab check`.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with what OUT holds; begins if it is empty.")]
Replicas = Annotated[
    int | None, typer.Option(min=1, max=10_000, help="Processes; as many as processors by default.")
]
Audited = Annotated[bool, typer.Option("--audit", help="Add coverage and matches from your library.")]
Sentences = Annotated[bool, typer.Option("--sentences", help="Add places and probabilities of sentences.")]
PartRows = Annotated[int, typer.Option(min=1, max=1_000_000, help="Rows of a part, at the most.")]


@score_app.command("score", cls=Guarded)
def score(
    source: Source,
    output: Output = Path(STANDARD),
    text_column: Text = "text",
    id_column: Identity = None,
    engine: Annotated[
        Engine, typer.Option(help="Who works: this computer, or a Ray cluster.")
    ] = Engine.LOCAL,
    replicas: Replicas = None,
    format_: Annotated[Format, typer.Option("--format", help="Of the parts.")] = Format.JSONL,
    resume: Resume = False,
    sentences: Sentences = False,
    audit: Audited = False,
    part_rows: PartRows = PART_ROWS,
    most: Most = "0.01",
    genre: Group = None,
    writer: Group = None,
    store: Url = None,
    as_json: AsJson = False,
    target: Annotated[str | None, typer.Option("--target", metavar="RATE", hidden=True)] = None,
    text_field: Annotated[str | None, typer.Option("--text-field", metavar="NAME", hidden=True)] = None,
    debug: Debug = False,
) -> int:
    """Add a probability and a verdict to every row of a JSON lines file, or score a corpus into a folder."""
    del debug
    from neural_lab.batch import Asked
    from neural_lab.compose import open_lab

    in_parts, text_column = not _is_file(source, output), text_field or text_column
    if not in_parts:
        other = engine is not Engine.LOCAL or format_ is not Format.JSONL or part_rows != PART_ROWS
        _refuse(source, other, id_column, replicas, resume, sentences, audit, store, as_json)
        _refuse_suffix(output)
    lab = open_lab(threads=1 if in_parts else None)
    asked = Asked.typed(lab.detector, target or most, genre, writer)
    if not in_parts:
        return _rows(source, output, text_column, lab, asked)
    from neural_lab.scoring.answer import Wanted
    from neural_lab.scoring.reader import Columns
    from neural_lab.scoring.run import Run

    url, library = _library(store) if audit else ("", "")
    wanted = Wanted(asked, lab.identity, sentences, url, OWNER if audit else "")
    about = lab.detector.name, lab.detector.version
    columns = Columns(text_column, id_column)
    run = Run(source, wanted, about, library, columns, format_.value, part_rows)
    return _told(run.to(output, engine.value, replicas, resume), output, as_json)


def _is_file(source: str, output: Path) -> bool:
    """A name with a suffix, a device and whatever is there and no folder are files."""
    if source == STANDARD or output == Path(STANDARD) or output.suffix:
        return True
    return output.exists() and not output.is_dir()


def _refuse(source: str, *given: object) -> None:
    """Raises `InvalidRequest` for what only scoring in parts can do."""
    packed = source != STANDARD and Path(source).suffix.lower() in (".csv", ".tsv", ".parquet", ".xz")
    if any(given) or packed or "://" in source or Path(source).is_dir():
        message = "That is scored in parts: name a folder with -o, a name without a suffix."
        raise InvalidRequest("needs_folder", message)


def _refuse_suffix(output: Path) -> None:
    """Raises `InvalidRequest` where JSON lines would stand in a file that is called otherwise."""
    kind = output.with_suffix("") if output.suffix.lower() == ".gz" else output
    if output.suffix and kind.suffix.lower() not in LINES:
        message = (
            f"{output} would hold JSON lines: name a .jsonl file, which may end in .gz, or a folder for "
            "parts, a name without a suffix."
        )
        raise InvalidRequest("not_lines", message)


def _rows(source: str, output: Path, text_field: str, lab: Lab, asked: Asked) -> int:
    from neural_lab import rows
    from neural_lab.files import refuse_inputs
    from neural_lab.report.progress import watched

    path, failed = Path(source), 0
    if output != Path(STANDARD):
        refuse_inputs(output, [path])
    total = rows.count(path) if sys.stderr.isatty() else None
    lines = watched(rows.lines(path, sys.stdin.buffer), words.SCORING, total)
    with rows.output(output) as file:
        for row in rows.scored(lines, lab, text_field, asked):
            file.write(rows.encode(row))
            file.flush()
            failed += "probability" not in row
    if failed:
        tell(words.failed_rows(failed))
    return 2 if failed else 0


def _library(store: str | None) -> tuple[str, str]:
    """URL and digest of the user's library. Raises `InvalidRequest` where processes could not share it."""
    from neural_lab.commands.opening import opened
    from neural_lab.settings import read_settings

    with opened(store) as (found, _):
        library = found.library(OWNER)
        if not library.stats().sources:
            raise InvalidRequest(
                "empty_library", "The library is empty: add texts with `neural-lab library add`."
            )
        return store or read_settings().store, _digest(library)


def _digest(library: Library) -> str:
    """One word for all texts of a library and their collections."""
    digest = blake2b(digest_size=16)
    for source in library.sources():
        digest.update(f"{source.id} {source.sha256} {source.collection} {source.path}\n".encode())
    return digest.hexdigest()


def _told(summary: dict[str, Any], output: Path, as_json: bool) -> int:
    if as_json:
        from neural_lab.commands.printing import print_json

        print_json(summary)
    else:
        tell(f"{summary['rows']:,} rows in {summary['parts']:,} parts are in {output}.")
    if failed := summary["failed"]:
        tell(words.failed_rows(failed))
    return 2 if failed else 0
