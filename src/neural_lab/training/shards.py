"""Training tokens on disk, and the order in which a run reads them."""

import random
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from neural_lab.training.corpus import Row, TokenIds, encode, read, train_tokenizer

TOKENIZER_CHARACTERS = 8_000_000


def prepare(
    sources: list[Path], out: Path, vocabulary: int, seed: int, tokenizer: Tokenizer | None = None
) -> None:
    """Tokenise every source into `out`, one array a source and part; without a tokenizer, train one."""
    out.mkdir(parents=True, exist_ok=True)
    rows = {path.name.split(".")[0]: list(read(path)) for path in sources}
    shuffler = random.Random(seed)
    for source in rows.values():
        shuffler.shuffle(source)
    sample = (text for source in rows.values() for text in _sample(source))
    tokenizer = tokenizer or train_tokenizer(sample, vocabulary)
    tokenizer.save(str(out / "tokenizer.json"))
    for name, source in rows.items():
        for part in ("train", "validation"):
            _write(out / f"{name}.{part}.npy", tokenizer, [row.text for row in source if row.part == part])


def _sample(rows: list[Row]) -> list[str]:
    """Training texts of one source up to a fixed number of characters, so that none drowns the rest."""
    texts, left = [], TOKENIZER_CHARACTERS
    for row in rows:
        if row.part == "train" and left > 0:
            texts.append(row.text)
            left -= len(row.text)
    return texts


def _write(path: Path, tokenizer: Tokenizer, texts: list[str]) -> None:
    if texts:
        np.save(path, encode(tokenizer, texts))


class Shards:
    """Units of `length + 1` tokens, drawn by source weight, each source without repetition until used up."""

    def __init__(self, folder: Path, weights: Mapping[str, float], length: int, seed: int) -> None:
        self.length = length
        self.names = sorted(weights)
        self.arrays: list[TokenIds] = [np.load(folder / f"{n}.train.npy", mmap_mode="r") for n in self.names]
        self._rng = np.random.default_rng(seed)
        shares = np.array([weights[name] for name in self.names])
        self._shares = shares / shares.sum()
        self._orders = [self._rng.permutation((len(a) - 1) // length) for a in self.arrays]

    def plan(self, units: int) -> NDArray[np.int64]:
        """`[units, 2]`: source and start of every unit of a run; the same for the same seed."""
        sources = self._rng.choice(len(self.names), size=units, p=self._shares)
        starts = np.empty(units, dtype=np.int64)
        for source, order in enumerate(self._orders):
            mine = np.flatnonzero(sources == source)
            starts[mine] = order[np.arange(len(mine)) % len(order)] * self.length
        return np.stack((sources, starts), axis=1)

    def batch(self, plan: NDArray[np.int64], length: int) -> NDArray[np.int64]:
        """Rows of `length + 1` tokens: each planned unit, cut into units of `length`."""
        cuts = range(0, self.length, length)
        rows = [self.arrays[s][at + cut : at + cut + length + 1] for s, at in plan for cut in cuts]
        return np.stack(rows).astype(np.int64)
