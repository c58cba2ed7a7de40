"""Which texts each fold's reader may learn from, and which may be measured with it."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from neural_lab.training.detection import Example
from neural_lab.training.encoder_data import Texts
from neural_lab.training.near_duplicates import groups
from neural_lab.training.sources import Sources

COMPARED = 3000

Mask = NDArray[np.bool_]


class Split:
    """`examples` to measure and `texts` to learn from: no reader learns from a copy of what it measures."""

    def __init__(self, examples: Sequence[Example], texts: Texts, recipe: Sources) -> None:
        self.examples, self.texts, self.recipe = examples, texts, recipe
        sources = [recipe.named(name) for name in texts.family.tolist()]
        self._group = np.array([source.group for source in sources])
        self._stays = np.array([source.stays for source in sources])
        self._measured = np.array([source.detector > 0 for source in sources])
        known = [" ".join(sentences)[:COMPARED] for sentences in texts.sentences]
        compared = [example.whole[:COMPARED] for example in examples] + known
        self._copies = groups(compared, [str(at) for at in range(len(compared))])

    def apart(self, group: int) -> Mask:
        """Texts of the first lesson: none of the sources of `group`."""
        return self._group != group

    def added(self, fold: int) -> Mask:
        """Texts of the second lesson that were not in the first."""
        group = self.recipe.folds[fold]
        held = self._both & self._measured & (self.texts.fold == fold)
        copied = np.isin(self._of_texts, self._of_examples[self._one_sided(group)])
        own = self._both & (self.texts.fold != fold)
        return (self._group == group) & self._stays & ~held & (own | ~copied)

    def learnt(self, fold: int) -> Mask:
        """Every text that the reader of `fold` has learnt from."""
        return self.apart(self.recipe.folds[fold]) | self.added(fold)

    def measurable(self) -> list[Example]:
        """The examples of which the reader of their fold has learnt no near-copy."""
        seen = {fold: set(self._of_texts[self.learnt(fold)].tolist()) for fold in self.recipe.folds}
        pairs = zip(self.examples, self._of_examples.tolist(), strict=True)
        return [example for example, number in pairs if number not in seen[example.fold]]

    @property
    def _of_examples(self) -> NDArray[np.int64]:
        return self._copies[: len(self.examples)]

    @property
    def _of_texts(self) -> NDArray[np.int64]:
        return self._copies[len(self.examples) :]

    @cached_property
    def _both(self) -> Mask:
        """Per text, whether its source has both kinds."""
        names, number = np.unique(self.texts.family, return_inverse=True)
        sides = [np.bincount(number[self.texts.label == label], minlength=len(names)) for label in (0, 1)]
        return np.asarray((np.min(sides, axis=0) > 0)[number])

    def _one_sided(self, group: int) -> Mask:
        """Per example, whether it belongs to a source of `group` with one kind of text."""
        both = set(self.texts.family[self._both].tolist())
        named = [self.recipe.named(example.source) for example in self.examples]
        return np.array([source.group == group and source.name not in both for source in named])
