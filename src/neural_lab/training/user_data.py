"""A user's own labelled texts as examples, with near-copies and given groups in one fold."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from neural_lab.errors import InvalidRequest
from neural_lab.training.dataset import Record
from neural_lab.training.detection import Example, example_of
from neural_lab.training.near_duplicates import groups
from neural_lab.training.sources import Source, Sources

FOLDS, FEWEST_GROUPS, FEWEST_TEXTS, SHORTEST = 5, 10, 80, 25


def user_examples(records: Sequence[Record], recipe: Sources) -> Iterator[Example]:
    """Examples in folds of whole groups; texts of fewer than the recipe's least words are left out."""
    for record, fold in zip(records, folds_of(records, recipe.seed), strict=True):
        source = Source(record.source, int(fold), int(fold), False, record.source, 0, 0, 1.0)
        row = asdict(record) | {"fold": int(fold)}
        example = example_of(row, source, recipe, recipe.lengths["both"])
        if example:
            yield example


def require(found: Sequence[Example]) -> None:
    """Raises `InvalidRequest` when too few texts are left that can be measured."""
    for label, name in enumerate(("human", "machine")):
        usable = sum(example.label == label for example in found)
        if usable < FEWEST_TEXTS:
            message = (
                f"Only {usable} {name} texts have {SHORTEST} words or more in whole English sentences; "
                f"{FEWEST_TEXTS} are needed."
            )
            raise InvalidRequest("too_few_texts", message)


def folds_of(records: Sequence[Record], seed: int) -> NDArray[np.int64]:
    """A fold a record. Raises `InvalidRequest` when there are too few groups of either class."""
    label = np.array([record.label for record in records])
    group = groups([record.text for record in records], [record.group for record in records])
    least = min(len(np.unique(group[label == side])) for side in (0, 1))
    if least < FEWEST_GROUPS:
        message = (
            f"There are only {least} independent groups of texts in one class; {FEWEST_GROUPS} are needed."
        )
        raise InvalidRequest("too_few_groups", message)
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    fold = np.empty(len(label), dtype=np.int64)
    for number, (_, mine) in enumerate(splitter.split(label, label, group)):
        fold[mine] = number
    return fold
