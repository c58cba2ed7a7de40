"""Rows of tokens read together, as many as a device has room for."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import torch
from torch import Tensor

from neural_lab.backends.pieces import Ids
from neural_lab.errors import ScoringFailed

ALONE = 0
BUDGET = {"cpu": ALONE, "cuda": 16_384, "mps": 4_096}
"""Tokens a run, padding counted. A processor gains nothing from more than one row."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_batches(
    run: Callable[[list[Item]], Sequence[Result]], items: Sequence[Item], lengths: Sequence[int], budget: int
) -> list[Result]:
    """A result of `run` for each item, in the order given; items of like length share a run.

    A batch that does not fit into memory is read in halves. Raises `ScoringFailed`
    where not even one item fits.
    """
    found: dict[int, Result] = {}
    for batch in _batches(lengths, budget):
        results = _in_halves(run, [items[at] for at in batch])
        found.update(zip(batch, results, strict=True))
    return [found[at] for at in range(len(items))]


def padded(rows: Sequence[Ids], device: torch.device) -> tuple[Tensor, Tensor]:
    """Ids `[rows, longest]`, filled up on the right, and the mask of what is real."""
    longest = max(map(len, rows))
    ids = torch.zeros((len(rows), longest), dtype=torch.int64)
    mask = torch.zeros((len(rows), longest), dtype=torch.int64)
    for at, row in enumerate(rows):
        # Filled up with a token of the row itself: one that no model takes for padding.
        ids[at] = int(row[0])
        ids[at, : len(row)] = torch.from_numpy(row)
        mask[at, : len(row)] = 1
    return ids.to(device), mask.to(device)


def _batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """The longest first, so that what cannot fit fails at once; a batch has one item at least."""
    batch: list[int] = []
    for at in sorted(range(len(lengths)), key=lambda at: -lengths[at]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _in_halves(run: Callable[[list[Item]], Sequence[Result]], batch: list[Item]) -> list[Result]:
    try:
        return list(run(batch))
    except torch.OutOfMemoryError:
        if len(batch) == 1:
            message = "The memory of the device is full; end what else uses it, or choose another device."
            raise ScoringFailed("out_of_memory", message) from None
    half = len(batch) // 2
    return _in_halves(run, batch[:half]) + _in_halves(run, batch[half:])
