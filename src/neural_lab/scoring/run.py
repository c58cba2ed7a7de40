"""A corpus from its files to a folder of answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from neural_lab.backends.release import release
from neural_lab.errors import InvalidRequest
from neural_lab.processes import processors
from neural_lab.report.progress import watched
from neural_lab.rows import encode
from neural_lab.scoring import parquet
from neural_lab.scoring.answer import Answer, Wanted, unanswered
from neural_lab.scoring.corpus import File, corpus
from neural_lab.scoring.folder import Folder
from neural_lab.scoring.given import Given
from neural_lab.scoring.hands import Hand, LocalHand, spread
from neural_lab.scoring.parts import ROWS, Part, Plan, cut, plan
from neural_lab.scoring.reader import DEFAULT, Columns, rows

JSONL, PARQUET = "jsonl", "parquet"
LOCAL, RAY = "local", "ray"
READING, SCORING = "Reading", "Scoring"


@dataclass(frozen=True)
class Run:
    """What is to be scored by whom, and how it is to be written.

    `detector` is name and version, `library` the digest of the one audited against, or "".
    """

    source: str
    wanted: Wanted
    detector: tuple[str, str]
    library: str = ""
    columns: Columns = DEFAULT
    format: str = JSONL
    part_rows: int = ROWS

    def to(self, out: Path, engine: str = LOCAL, replicas: int | None = None, resume: bool = False) -> Answer:
        """The summary of the run, whose parts lie in `out`. Raises `InvalidRequest` before scoring.

        Everything is read twice: once to see that it is what it was, once to score it.
        """
        files = corpus(self.source)
        _refuse_inside(out, self.source)
        if self.format == PARQUET:
            parquet.arrow()
        known = plan(watched(self._parts(files), READING))
        folder = Folder(out, f".{self.format}")
        folder.begin(self._manifest(files, known), resume)
        missing = len(known.parts) - len(folder.done)
        with ExitStack() as stack:
            hands = (
                _hands(engine, max(1, min(replicas or processors(), missing)), self.wanted, stack)
                if missing
                else []
            )
            todo = self._todo(files, known, folder)
            for part, answers in watched(spread(todo, hands, self._blank), SCORING, missing):
                self._put(folder, part, answers)
        return folder.finish()

    def _parts(self, files: Sequence[File]) -> Iterator[Part]:
        return cut(rows(files, self.columns), self.part_rows)

    def _todo(self, files: Sequence[File], known: Plan, folder: Folder) -> Iterator[Part]:
        """Parts that are not done. Raises `InvalidRequest` when the input is no longer what it was."""
        count = 0
        for part in self._parts(files):
            if part.number >= len(known.parts) or part.digest != known.parts[part.number]:
                raise _changed()
            count += 1
            if part.number not in folder.done:
                yield part
        if count != len(known.parts):
            raise _changed()

    def _put(self, folder: Folder, part: Part, answers: Sequence[Answer]) -> None:
        failed = sum(answer["error"] is not None for answer in answers)
        verdicts = Counter(answer["verdict"] for answer in answers if answer["verdict"])
        folder.put(part.number, self._encoded(answers), len(answers), failed, verdicts)

    def _encoded(self, answers: Sequence[Answer]) -> bytes:
        if self.format == PARQUET:
            return parquet.packed(answers, bool(self.wanted.store), self.wanted.sentences)
        return b"".join(map(encode, answers))

    def _blank(self, row: Given) -> Answer:
        """For a row that no process outlives."""
        return unanswered(row, "crashed", self.wanted, self.detector)

    def _manifest(self, files: Sequence[File], known: Plan) -> dict[str, Any]:
        asked = asdict(self.wanted.asked) | {
            "sentences": self.wanted.sentences,
            "audit": bool(self.wanted.store),
        }
        return {
            "schema": 1,
            "program": release(),
            "detector": [*self.detector, self.wanted.identity],
            "library": self.library,
            "input": {
                "files": len(files),
                "rows": known.rows,
                "parts": len(known.parts),
                "digest": known.digest,
            },
            "asked": asked | asdict(self.columns) | {"format": self.format, "part_rows": self.part_rows},
        }


def _hands(engine: str, count: int, wanted: Wanted, stack: ExitStack) -> list[Hand]:
    """Processes that end with the `stack`."""
    make: Callable[[Wanted], Hand] = LocalHand
    if engine == RAY:
        from neural_lab.backends.ray_processes import cluster
        from neural_lab.scoring.ray_hand import RayHand

        stack.enter_context(cluster(count))
        make = RayHand
    hands = [make(wanted) for _ in range(count)]
    for hand in hands:
        stack.callback(hand.close)
    return hands


def _refuse_inside(out: Path, source: str) -> None:
    """What is written must not be read as input the next time."""
    folder = Path(source).resolve()
    if "://" not in source and (out.resolve() == folder or folder in out.resolve().parents):
        raise InvalidRequest("is_input", f"{out} is inside the input; name a folder outside of it.")


def _changed() -> InvalidRequest:
    return InvalidRequest("changed", "The input changed while it was read: begin anew in another folder.")
