"""Cards as flat numbers, and files by their digests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import file_digest, sha256
from numbers import Real
from pathlib import Path
from typing import Any

from neural_lab.detect.detector import Detector
from neural_lab.files import is_folder
from neural_lab.tracking.tracker import Plain

INTERVAL = "_interval"
MANIFEST = "manifest.json"
MOST_FILES = 100


def metrics(card: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Every number of a card by its path, as `groups/source/news/auroc`; an interval as `…_low` and `…_high`.

    Words and what is None are left out.
    """
    return dict(_numbers(card, prefix))


def hashes(paths: Iterable[Path]) -> dict[str, Plain]:
    """SHA-256 of files, and of the files in folders, by name; and one of them all as `data_sha256`."""
    files = [file for path in paths for file in _files(path)]
    sums = {f"data/{at}/{file.name}": _digest(file) for at, file in enumerate(files)}
    whole = sha256("\n".join(sums.values()).encode()).hexdigest()
    return {"data_sha256": whole, "data_files": len(files), **dict(list(sums.items())[:MOST_FILES])}


def bundle_digest(bundle: Path) -> str:
    """Of the manifest, which has the digests of all else."""
    return _digest(bundle / MANIFEST)


def rates(detector: Detector) -> dict[str, float]:
    """Per operating point and group, the share of human texts flagged on what a detector had not seen."""
    points = {
        f"points/{p.target:g}/{p.band}": (p.flagged, p.texts, p.interval) for p in detector.operating_points
    }
    rows = {
        f"{row.kind}/{row.group}/{row.target:g}/{row.minimum_words}": (row.flagged, row.texts, row.interval)
        for row in detector.error_rows
    }
    return metrics(
        {
            name: {"flagged": flagged / texts, "texts": texts, "flagged_interval": interval}
            for name, (flagged, texts, interval) in (points | rows).items()
            if texts
        }
    )


def _numbers(value: object, path: str) -> Iterator[tuple[str, float]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _numbers(inner, f"{path}/{name}" if path else str(name))
    elif isinstance(value, Real):
        yield path, float(value)
    elif _pair(value):
        base = path.removesuffix(INTERVAL).removesuffix("/interval")
        yield from zip((f"{base}_low", f"{base}_high"), map(float, value), strict=True)  # type: ignore[call-overload]


def _pair(value: object) -> bool:
    both = isinstance(value, list | tuple) and len(value) == 2
    return both and all(isinstance(end, Real) for end in value)  # type: ignore[attr-defined]


def _files(path: Path) -> list[Path]:
    if is_folder(path):
        return sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
    return [path]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
