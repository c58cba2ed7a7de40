"""A finished detector on labelled texts, from files to files."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from neural_lab.backends.bundle import Bundle
from neural_lab.compose import EMBEDDED
from neural_lab.detectors.bundles import require_loose
from neural_lab.errors import InvalidRequest
from neural_lab.training import bench_detect
from neural_lab.training.card_plots import draw
from neural_lab.training.dataset import DEFAULT_COLUMNS, Columns, Record, read_dataset
from neural_lab.training.detection import seeded_hash
from neural_lab.training.error_card import Card, error_card, two_sided
from neural_lab.training.error_card_text import markdown, overview
from neural_lab.training.fairness import Half, in_half, parse_groups, writer_gap, writer_groups
from neural_lab.training.judged import judge_all, save
from neural_lab.training.peers import compare, known_peers
from neural_lab.training.plots import roc
from neural_lab.training.robustness import SEED, robustness, robustness_text
from neural_lab.training.sentence_card import sentence_card, sentence_text
from neural_lab.training.sentence_labels import read_all, read_sentences
from neural_lab.training.writer_rows import record_writers

Answer = tuple[Card, str]
"""A card as plain values, and what to print of it."""


def columns(text: str, label: str, writer: str = DEFAULT_COLUMNS.writer) -> Columns:
    return Columns(text, label, writer=writer)


def records(
    data: Sequence[Path], names: Columns, halved: Sequence[str], half: Half, most: int | None = None
) -> list[Record]:
    """All texts of `data`, of the `halved` sources only those in `half`; raises `InvalidRequest`.

    With `most`, so many of each source and class, in the order of a hash.
    """
    found = list(read_dataset(data, names))
    if unknown := [source for source in halved if source not in {record.source for record in found}]:
        raise InvalidRequest("unknown_source", f"--halve {unknown[0]}: there is no such source.")
    kept = list(in_half(found, halved, half))
    return kept if most is None else _first(kept, most)


def _first(records: Sequence[Record], most: int) -> list[Record]:
    seen: Counter[tuple[str, int]] = Counter()
    kept = []
    for record in sorted(records, key=lambda record: seeded_hash(record.text, SEED)):
        seen[record.source, record.label] += 1
        if seen[record.source, record.label] <= most:
            kept.append(record)
    return kept


def refuse(options: Mapping[str, object]) -> None:
    """Raises `InvalidRequest` when one of `options` was given."""
    if given := [name for name, value in options.items() if value]:
        raise InvalidRequest("option", f"{given[0]} means nothing for labelled sentences; leave it out.")


def texts(
    bundle: Path | None,
    given: Sequence[Record],
    out: Path,
    writer_of: Sequence[str],
    workers: int | None,
    record: bool = False,
) -> Answer:
    """Judge records and write `error_card.json`, `error_card.md`, `scores.jsonl` and plots into `out`.

    With `record` the rates by kind of writer become error rows of the bundle.
    """
    folder, named = bundle or EMBEDDED, parse_groups(writer_of)
    if record:
        require_loose(folder)
    judged, unread = judge_all(folder, given, workers)
    detector = Bundle(folder).detector()
    groups = writer_groups(judged, named)
    gap = writer_gap(judged, groups, detector.shortest_words)
    if record:
        record_writers(folder, judged, groups)
    card = error_card(judged, (detector.name, detector.version), unread, gap)
    out.mkdir(parents=True, exist_ok=True)
    save(judged, out / "scores.jsonl")
    _write(out, "error_card", card, markdown(card, draw(judged, card, out)))
    return card, overview(card)


def sentences(bundle: Path | None, data: Sequence[Path], out: Path, workers: int | None) -> Answer:
    """Judge labelled sentences and write `sentence_card.json` and `sentence_card.md` into `out`."""
    folder, documents = bundle or EMBEDDED, list(read_sentences(data))
    detector = Bundle(folder).detector()
    readings, unread = read_all(folder, documents, workers)
    card = sentence_card(readings, detector.targets, (detector.name, detector.version), unread)
    text = sentence_text(card)
    out.mkdir(parents=True, exist_ok=True)
    _write(out, "sentence_card", card, text)
    return card, text


def peers(
    bundle: Path | None, given: Sequence[Record], names: Sequence[str], out: Path, workers: int | None
) -> Answer:
    """Compare peers on records; write `peers.json`, `peers.md`, `peers.jsonl` and `peers.png` into `out`."""
    which, scores, failed = compare(bundle or EMBEDDED, given, known_peers(names), workers)
    scored = [given[at] for at in which]
    card = bench_detect.peer_card(scored, scores, failed)
    text = bench_detect.peer_text(card)
    out.mkdir(parents=True, exist_ok=True)
    bench_detect.save(scored, scores, out / "peers.jsonl")
    label = bench_detect.labels(scored)
    if two_sided(label):
        roc({name: (label, score) for name, score in scores.items()}, out / "peers.png")
    _write(out, "peers", card, text)
    return card, text


def attacks(
    bundle: Path | None, given: Sequence[Record], limit: int, out: Path, workers: int | None
) -> Answer:
    """What each attack costs on records; write `robustness.json` and `robustness.md` into `out`."""
    card = robustness(bundle or EMBEDDED, given, limit, workers)
    text = robustness_text(card)
    out.mkdir(parents=True, exist_ok=True)
    _write(out, "robustness", card, text)
    return card, text


def _write(out: Path, name: str, card: Card, text: str) -> None:
    (out / f"{name}.json").write_text(json.dumps(card, indent=1, allow_nan=False) + "\n", "utf-8")
    (out / f"{name}.md").write_text(text, "utf-8")
