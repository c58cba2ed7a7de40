"""How fast the audit is, and how much it finds, beside searches with trigrams in the same run.

    python benchmarks/audit.py [--sizes 1000 10000 100000] [--postgres URL] [--real FOLDER] [--json OUT]

For each size a library is filled in SQLite and in PostgreSQL, and documents of 78,000
characters with planted copies are searched by all in turn. Prints medians and their
ratios with what was found beside them; times alone say little on a machine that others use.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from audit_baselines import Baselines, copydetect
from audit_corpus import Corpus, Planted
from rich.console import Console
from rich.progress import track

from neural_lab.audit.fingerprints import fingerprint
from neural_lab.audit.letters import letters
from neural_lab.audit.match import Shared, union
from neural_lab.audit.shared import shared
from neural_lab.audit.source import Incoming
from neural_lab.backends.postgres.store import PostgresStore
from neural_lab.backends.sqlite.store import SqliteStore
from neural_lab.ports import Library
from neural_lab.types import Span

OWNER, BATCH, SEED = "bench", 1_300, 20261120
WINDOWS, WINDOW = 1_500, 55

Found = Shared | set[int]
Search = Callable[[str], Found]
Row = dict[str, Any]


def main() -> None:
    options = _options()
    rows = [measure(size, options) for size in options.sizes]
    card = {"seed": SEED, "sizes": rows, "growth": _growth(rows)}
    print("\n\n".join([*map(_table, rows), _growth_line(card["growth"])]))
    if options.json:
        options.json.write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def measure(size: int, options: argparse.Namespace) -> Row:
    """Everything about a library of `size` documents."""
    corpus = Corpus(size, SEED, options.real)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(database(options.postgres))
        stores = {"sqlite": SqliteStore(folder / "lab.db"), "postgresql": PostgresStore(url)}
        for store in stores.values():
            stack.callback(store.close)
        libraries = {name: store.library(OWNER) for name, store in stores.items()}
        row: Row = {"documents": size, "fingerprinting": _fingerprinting(corpus)}
        row["filled"] = {name: _fill(library, corpus, name) for name, library in libraries.items()}
        row["bytes"] = {"sqlite": sum(path.stat().st_size for path in folder.iterdir())}
        baselines = Baselines(url)
        stack.callback(baselines.close)
        row["bytes"] |= _sizes(baselines, corpus)
        searches = {name: _searching(library) for name, library in libraries.items()}
        searches |= _others(baselines, options, size, corpus, folder)
        return row | _searched(searches, corpus, options) | {"windows": _windows(libraries, corpus)}


@contextmanager
def database(server: str) -> Iterator[str]:
    """The URL of a new database, dropped afterwards."""
    import asyncio
    import secrets

    import asyncpg

    name = f"neural_lab_bench_{secrets.token_hex(4)}"

    async def run(statement: str) -> None:
        connection = await asyncpg.connect(server)
        await connection.execute(statement)
        await connection.close()

    asyncio.run(run(f"CREATE DATABASE {name}"))
    try:
        yield server.rsplit("/", 1)[0] + f"/{name}"
    finally:
        asyncio.run(run(f"DROP DATABASE {name} WITH (FORCE)"))


def _fingerprinting(corpus: Corpus) -> Row:
    """Megabytes of text a second and core, letters and fingerprints together."""
    text = "\n".join(corpus.document(number) for number in range(min(corpus.count, 700)))
    seconds = []
    for _ in range(5):
        begun = time.process_time()
        fingerprint(letters(text).codes)
        seconds.append(time.process_time() - begun)
    return {"megabytes_a_second": len(text.encode()) / 1e6 / statistics.median(seconds)}


def _fill(library: Library, corpus: Corpus, name: str) -> Row:
    """Import everything in batches, durably; then one more document."""
    begun, size = 0.0, 0
    for batch in _batches(_watched(corpus.documents(), f"filling {name}", corpus.count)):
        incoming = [Incoming(text, title=f"{size + at}") for at, text in enumerate(batch)]
        started = time.perf_counter()
        library.add(incoming)
        begun += time.perf_counter() - started
        size += sum(len(text.encode()) for text in batch)
    started = time.perf_counter()
    library.add([Incoming(corpus.query(99)[0][:3_000])])
    return {
        "megabytes": size / 1e6,
        "megabytes_a_second": size / 1e6 / begun,
        "one_more_ms": 1e3 * (time.perf_counter() - started),
    }


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _sizes(baselines: Baselines, corpus: Corpus) -> Row:
    started = time.perf_counter()
    baselines.build(_watched(corpus.documents(), "filling baseline", corpus.count))
    return {"trigram_index": baselines.index_bytes(), "trigram_seconds": time.perf_counter() - started}


def _searching(library: Library) -> Search:
    return lambda text: shared(text, library.recall, library.texts)


def _others(
    baselines: Baselines, options: argparse.Namespace, size: int, corpus: Corpus, folder: Path
) -> dict[str, Search]:
    found: dict[str, Search] = {"described (520)": baselines.described, "cheapest (40)": baselines.cheapest}
    if size <= options.most_published:
        found["published (40)"] = baselines.published
    if size <= options.most_copydetect:
        texts = folder / "texts"
        texts.mkdir()
        for number, text in enumerate(corpus.documents()):
            (texts / f"{number}.txt").write_text(text, "utf-8")
        peer = copydetect(texts)
        found |= {"copydetect": peer} if peer else {}
    return found


def _searched(searches: dict[str, Search], corpus: Corpus, options: argparse.Namespace) -> Row:
    """Every query by every search in turn, after one round that nobody counts."""
    seconds: dict[str, list[float]] = defaultdict(list)
    answers: dict[str, list[tuple[str, list[Planted], Found]]] = defaultdict(list)
    queries = [corpus.query(number) for number in range(options.queries)]
    for at, (text, planted) in enumerate(_watched([queries[0], *queries], "searching", len(queries) + 1)):
        for name, search in searches.items():
            if name.startswith(("published", "described", "copydetect")) and at > options.slow_queries:
                continue
            started = time.perf_counter()
            answer = search(text)
            if at:
                seconds[name].append(time.perf_counter() - started)
                answers[name].append((text, planted, answer))
    times = {name: 1e3 * statistics.median(each) for name, each in seconds.items()}
    found = {name: _recall(each, corpus) for name, each in answers.items()}
    return {"median_ms": times, "found": found}


def _recall(answers: list[tuple[str, list[Planted], Found]], corpus: Corpus) -> Row:
    """Shares of copies found (half of their characters or, where no place is told, their source), by kind."""
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    flagged = right = 0
    for text, planted, answer in answers:
        for copy in planted:
            inside = _inside(copy, answer)
            row = kinds[copy.kind]
            row[0] += 1
            row[1] += 2 * inside >= copy.end - copy.start
            row[2] += inside
            row[3] += copy.end - copy.start
        if isinstance(answer, Shared):
            allowed = _allowed(text, planted, corpus)
            spans = union([match.span for match in answer.matches])
            flagged += sum(span.length for span in spans)
            right += sum(sum(allowed[span.start : span.end]) for span in spans)
    whole = [sum(column) for column in zip(*kinds.values(), strict=True)]
    by_kind = {
        kind: {"n": n, "found": hit / n, "characters": c / all_} for kind, (n, hit, c, all_) in kinds.items()
    }
    precision = {"character_precision": right / flagged} if flagged else {}
    return {
        "n": whole[0],
        "found": whole[1] / whole[0],
        "characters": whole[2] / whole[3],
        **precision,
        "kinds": by_kind,
    }


def _inside(copy: Planted, answer: Found) -> int:
    """Characters of a copy that were found in its source; all or none where only sources are told."""
    if not isinstance(answer, Shared):
        return copy.end - copy.start if copy.source in answer else 0
    spans = union([match.span for match in answer.matches if match.source == copy.source + 1])
    return sum(max(0, min(span.end, copy.end) - max(span.start, copy.start)) for span in spans)


def _allowed(text: str, planted: list[Planted], corpus: Corpus) -> bytearray:
    """1 for every character that is copied or boilerplate."""
    mask = bytearray(len(text))
    spans = [Span(copy.start, copy.end) for copy in planted]
    for sentence in corpus.common:
        at = text.find(sentence)
        while at >= 0:
            spans.append(Span(at, at + len(sentence)))
            at = text.find(sentence, at + 1)
    for start, end in spans:
        mask[start:end] = b"\1" * (end - start)
    return mask


def _windows(libraries: dict[str, Library], corpus: Corpus) -> Row:
    """Random windows of 55 characters with 40 letters and more, as they are and restyled: are all found?"""
    import random

    from audit_corpus import _restyled

    chance, found = random.Random(SEED), {}
    own = corpus.query(77)[0]
    windows = [window for window in (_window(chance, corpus) for _ in range(3 * WINDOWS)) if window][:WINDOWS]
    for style, change in (("verbatim", lambda _, text: text), ("restyled", _restyled)):
        missed = dict.fromkeys(libraries, 0)
        for at in range(0, len(windows), 50):
            pieces = [(change(chance, text), source) for text, source in windows[at : at + 50]]
            text, places = _embedded(pieces, own)
            for name, library in libraries.items():
                missed[name] += _missed(shared(text, library.recall, library.texts), places)
        found[style] = {name: len(windows) - count for name, count in missed.items()}
    return {"n": len(windows), **found}


def _window(chance: Any, corpus: Corpus) -> tuple[str, int] | None:
    source = chance.randrange(min(corpus.count, 5_000))
    text = corpus.document(source)
    at = chance.randrange(len(text) - WINDOW)
    window = text[at : at + WINDOW]
    return (window, source) if len(letters(window)) >= 40 else None


def _embedded(pieces: list[tuple[str, int]], own: str) -> tuple[str, list[tuple[Span, int]]]:
    parts, places, at = [], [], 0
    for number, (piece, source) in enumerate(pieces):
        filler = f" {own[number * 300 : number * 300 + 200]} "
        places.append((Span(at + len(filler), at + len(filler) + len(piece)), source))
        parts += [filler, piece]
        at += len(filler) + len(piece)
    return "".join(parts), places


def _missed(answer: Shared, places: list[tuple[Span, int]]) -> int:
    spans = union([*(match.span for match in answer.matches), *answer.common])

    def inside(place: Span) -> bool:
        return sum(max(0, min(s.end, place.end) - max(s.start, place.start)) for s in spans) >= 40

    return sum(not inside(place) for place, _ in places)


def _growth(rows: list[Row]) -> Row:
    """How much longer a search takes in the largest library than in the smallest."""
    first, last = rows[0]["median_ms"], rows[-1]["median_ms"]
    return {name: last[name] / first[name] for name in first if name in last}


def _growth_line(growth: Row) -> str:
    return "Growth from the smallest to the largest: " + ", ".join(f"{n} {g:.1f}x" for n, g in growth.items())


def _table(row: Row) -> str:
    ours = row["median_ms"]["postgresql"]
    lines = [
        f"## {row['documents']:,} documents",
        "",
        "| search | median ms | against postgresql | found | characters |",
    ]
    lines.append("|---|---|---|---|---|")
    for name, value in row["median_ms"].items():
        found = row["found"][name]
        lines.append(
            f"| {name} | {value:,.1f} | {value / ours:.2f}x "
            f"| {found['found']:.3f} | {found['characters']:.3f} |"
        )
    for name in ("sqlite", "postgresql"):
        kinds = row["found"][name]["kinds"].items()
        lines += [
            "",
            f"{name}: "
            + "; ".join(f"{k} {v['found']:.2f}/{v['characters']:.2f} (n={v['n']})" for k, v in kinds),
        ]
        lines.append(f"{name}: character precision {row['found'][name].get('character_precision', 1):.4f}")
    rest = {key: row[key] for key in ("filled", "bytes", "fingerprinting", "windows")}
    return "\n".join([*lines, "", json.dumps(rest)])


def _watched(items: Iterable[Any], label: str, total: int) -> Iterable[Any]:
    return track(items, label, total, console=Console(file=sys.stderr))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--postgres", default="postgresql://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--real", type=Path, help="folder of .jsonl.xz files of real text")
    parser.add_argument("--queries", type=int, default=8)
    parser.add_argument("--slow-queries", type=int, default=3, help="queries put to the slow baselines")
    parser.add_argument(
        "--most-published", type=int, default=10_000, help="largest library for that baseline"
    )
    parser.add_argument("--most-copydetect", type=int, default=1_000)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
