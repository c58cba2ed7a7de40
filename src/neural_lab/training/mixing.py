"""Texts that two wrote: a run of human sentences beside a run of a machine's."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from neural_lab.text.words import count_words
from neural_lab.training.detection import MIXED, Example
from neural_lab.types import Span

SHORTEST, LONGEST = 60, 300


def mixed_examples(examples: Sequence[Example], most: int, seed: int) -> Iterator[Example]:
    """Up to `most` pairs of each source, domain and fold with both kinds of text, in random order."""
    rng = np.random.default_rng(seed)
    fitting = [e for e in examples if e.label != MIXED and e.words >= SHORTEST]
    for _, group in groupby(sorted(fitting, key=_key), key=_key):
        mine = list(group)
        human, machine = ([e for e in mine if e.label == label] for label in (0, 1))
        share = most * len(mine) // max(1, sum(e.source == mine[0].source for e in fitting))
        for pair in list(zip(human, machine, strict=False))[: max(share, 1)]:
            yield mixed(*(pair if rng.random() < 0.5 else pair[::-1]))


def mixed(first: Example, second: Example) -> Example:
    """The beginnings of two examples, at most 300 words of each, as one text."""
    a, b = _beginning(first), _beginning(second)
    shift = len(a.text) + 1
    moved = tuple(Span(s.start + shift, s.end + shift) for s in b.sentences)
    text = f"{a.text} {b.text}"
    return replace(
        a,
        text=text,
        sentences=a.sentences + moved,
        label=MIXED,
        words=count_words(text),
        whole=text,
        model=first.model or second.model,
        marked=a.marked + b.marked,
    )


def _beginning(example: Example) -> Example:
    ends = [span.end for span in example.sentences]
    count = sum(count_words(example.text[:end]) <= LONGEST for end in ends) or 1
    kept = example.sentences[:count]
    return replace(example, text=example.text[: kept[-1].end], sentences=kept, marked=example.marked[:count])


def _key(example: Example) -> tuple[str, str, int]:
    """What both halves have in common; the fold too, or one fold's text would be fitted on in another's."""
    return example.source, example.domain, example.fold
