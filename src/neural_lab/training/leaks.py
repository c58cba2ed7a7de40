"""Texts that a reader of another fold has learnt from, or from a near-copy of."""

from collections import defaultdict
from collections.abc import Sequence

from neural_lab.training.detection import Example
from neural_lab.training.encoder_data import Texts
from neural_lab.training.near_duplicates import groups

COMPARED = 3000


def without_leaks(examples: Sequence[Example], texts: Texts) -> list[Example]:
    """The `examples` without those whose near-copy stands in `texts` under another fold.

    An example is measured with a reader that was trained on all folds but its
    own: a near-copy elsewhere would be one that the reader has seen.
    """
    known = [" ".join(sentences)[:COMPARED] for sentences in texts.sentences]
    compared = [example.whole[:COMPARED] for example in examples] + known
    group = groups(compared, [str(at) for at in range(len(compared))]).tolist()
    folds: defaultdict[int, set[int]] = defaultdict(set)
    for number, fold in zip(group[len(examples) :], texts.fold.tolist(), strict=True):
        folds[number].add(fold)
    pairs = zip(examples, group, strict=False)
    return [example for example, number in pairs if folds[number] <= {example.fold}]
