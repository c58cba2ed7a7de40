"""Heads fitted on the states of an encoder: fold by fold, and read as a second reader reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from helpers import needed

needed("sklearn")
needed("onnx")

from neural_lab.backends.bundle import Bundle
from neural_lab.backends.callable_encoder import CallableEncoder
from neural_lab.compose import EMBEDDED
from neural_lab.detect.encoded import Head
from neural_lab.second_reader import SecondReader
from neural_lab.text.sentences import segment
from neural_lab.training.detection import Example
from neural_lab.training.figures import auroc
from neural_lab.training.fit_heads import fit_head, fit_heads
from neural_lab.training.measure import measure_all
from neural_lab.training.measured import Measured, joined
from neural_lab.training.states import States, read_by, silent_head
from neural_lab.types import Floats

WIDTH = 24
BIRDS = (
    "A heron stood in the shallow water {n} metres from the bank. Nobody had seen one there since {n}. "
    "The ferry passed twice, and the bird stayed where it was. By noon it had caught {n} small fish. "
)
EDGE = pytest.approx(0.5, abs=0.12)
Fitted = tuple[Measured, States]


def example(at: int, repeats: int = 1) -> Example:
    text = (BIRDS * repeats).format(n=at + 3).strip()
    spans = tuple(sentence.span for sentence in segment(text))
    names = dict.fromkeys(("domain", "model", "attack", "writer", "genre"), "")
    return Example(
        text,
        spans,
        at % 2,
        "s",
        family="s",
        fold=at % 5,
        words=50,
        whole=text,
        marked=(at % 2,) * len(spans),
        **names,
    )


def embed(sentences: object) -> np.ndarray:
    """Numbers that differ from sentence to sentence and mean nothing."""
    texts = list(sentences)  # type: ignore[call-overload]
    seeds = (int.from_bytes(text.encode()[-8:], "big") + len(text) for text in texts)
    return np.array([np.random.default_rng(seed).normal(size=WIDTH) for seed in seeds]).reshape(-1, WIDTH)


def reader(head: Head) -> SecondReader:
    ngrams = Bundle(EMBEDDED).second(1).ngrams
    return SecondReader(CallableEncoder(embed, WIDTH, "sums:1"), head, ngrams)


def measured(examples: list[Example], head: Head) -> Fitted:
    bundle = Bundle(EMBEDDED)
    found = measure_all(examples, bundle.scorer(1), bundle.lexicon(), reader(head))
    parts, states = zip(*found, strict=True)
    return joined(parts), States.joined(states)


def test_a_head_fitted_afterwards_reads_as_one_that_was_there() -> None:
    examples = [example(at, repeats=1 + 7 * (at == 1)) for at in range(4)]
    heads = {at: Head(np.linspace(-1, 1 + at, WIDTH), 0.25 * at) for at in range(4)}
    found = read_by(*measured(examples, silent_head(WIDTH)), heads)
    for at, one in enumerate(examples):
        expected, _ = measured([one], heads[at])
        mine = found.where(np.arange(4) == at)
        assert np.array_equal(mine.signals, expected.signals, equal_nan=True)
        assert np.array_equal(mine.features, expected.features)
    assert (np.bincount(found.passage_document) > 1).tolist() == [False, True, False, False]


@pytest.fixture(scope="module")
def noise() -> Fitted:
    """Documents whose states know nothing of their labels."""
    rng = np.random.default_rng(5)
    data, states = measured([example(at) for at in range(4)], silent_head(WIDTH))
    data = joined([data] * 60)
    label = rng.permutation(np.arange(240) % 2)
    data = replace(
        data, label=label, marked=label[data.document], fold=np.arange(240) % 5, family=np.full(240, "s")
    )
    rows = 60 * len(states.tokens)
    return data, States(rng.normal(size=(rows, WIDTH)).astype(np.float32), np.tile(states.tokens, 60))


def area(data: Measured, states: States, heads: Callable[[int], Head]) -> float:
    means = states.means(data)
    scores = np.array([heads(fold)(mean[None])[0] for fold, mean in zip(data.fold, means, strict=True)])
    return float(auroc(data.label, scores)[0])


def test_no_head_has_seen_what_it_measures(noise: Fitted) -> None:
    """From noise nothing can be told, unless it was learnt by heart."""
    data, states = noise
    found = fit_heads(data, states.means(data))
    assert set(found.folds) == set(range(5))
    assert area(data, states, lambda fold: found.folds[fold]) == EDGE
    assert area(data, states, lambda _: found.served) > 0.62


def test_a_fold_leaves_no_trace_in_its_own_head(noise: Fitted) -> None:
    """Neither its labels nor the scale of its states."""
    data, states = noise
    before = fit_heads(data, states.means(data)).folds
    mine = data.fold == 2
    rows = np.repeat(mine[data.passage_document], data.borders[:, 1] - data.borders[:, 0])
    other = States(np.where(rows[:, None], states.vectors * 50 + 9, states.vectors), states.tokens)
    turned = replace(data, label=np.where(mine, 1 - data.label, data.label))
    after = fit_heads(turned, other.means(turned)).folds
    assert np.array_equal(after[2].weight, before[2].weight)
    assert not np.allclose(after[1].weight, before[1].weight)


def test_what_can_be_told_is_told() -> None:
    rng = np.random.default_rng(6)
    label = np.arange(300) % 2
    vectors: Floats = rng.normal(size=(300, WIDTH)) * 7 + 3
    vectors[:, 4] += 20 * label
    head = fit_head(vectors, label, np.ones(300), np.arange(300) % 4)
    assert ((head(vectors) > 0) == (label == 1)).mean() > 0.9
    assert int(np.abs(head.weight).argmax()) == 4
