from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
import pytest

from neural_lab.training.ngram import FALLBACK_DISCOUNTS, NGramModel, discounts

VOCABULARY, BEGINNING = 30, 0


def texts(seed, count=200, length=60):
    """Texts of a random first-order chain: each token has few successors, so context helps."""
    rng = np.random.default_rng(seed)
    successors = np.random.default_rng(7).integers(1, VOCABULARY, size=(VOCABULARY, 4))
    rows = []
    for _ in range(count):
        row = [BEGINNING]
        for _ in range(length):
            row.append(int(successors[row[-1], rng.integers(4)]))
        rows.append(np.array(row, dtype=np.uint16))
    return rows


def next_token(model, context):
    """Probability of every token but the beginning after a text that starts with `context`."""
    rows = [np.array([BEGINNING, *context, token]) for token in range(1, VOCABULARY)]
    scores = model.logprobs(np.concatenate(rows)).reshape(len(rows), -1)
    return np.exp(scores[:, -1])


@pytest.fixture(scope="module", params=[1, 2, 3, 5])
def model(request):
    return NGramModel.fit(texts(1), VOCABULARY, request.param)


@pytest.mark.parametrize("row", [0, 5])
@pytest.mark.parametrize("length", [0, 1, 2, 4, 9])
def test_probabilities_sum_to_one_after_seen_contexts(model, row, length):
    assert next_token(model, texts(1)[row][1 : length + 1]).sum() == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("context", [(1, 1, 1, 1), (29, 28, 27, 26, 25), (3, 29), (29,)])
def test_probabilities_sum_to_one_after_unseen_contexts(model, context):
    assert next_token(model, context).sum() == pytest.approx(1.0, abs=1e-6)


def test_probabilities_sum_to_one_when_tokens_were_never_seen():
    model = NGramModel.fit([np.array([0, 1, 2, 1, 3])], VOCABULARY, 3)
    for context in [(), (1,), (1, 2), (3,), (17,), (1, 3)]:
        p = next_token(model, context)
        assert p.sum() == pytest.approx(1.0, abs=1e-6)
        assert (p > 0).all()


def test_a_bigram_example_worked_by_hand():
    # Texts "1 2 1 2" and "1 3" over tokens 1, 2, 3, with D(c) = 0.5, 1, 1.5 for c = 1, 2, 3 or more.
    # Bigrams: 01 twice, 12 twice, 21 once, 13 once. Tokens before 1: {0, 2}; before 2: {1}; before 3: {1}.
    # p(1) = (2-1)/4 + b/3, p(2) = p(3) = (1-0.5)/4 + b/3 with b = (1 + 0.5 + 0.5)/4 = 1/2.
    model = NGramModel.fit([np.array([0, 1, 2, 1, 2]), np.array([0, 1, 3])], 4, 2)
    p1, p2, p3 = 1 / 4 + 1 / 6, 1 / 8 + 1 / 6, 1 / 8 + 1 / 6
    after0 = np.array([(2 - 1) / 2 + 1 / 2 * p1, 1 / 2 * p2, 1 / 2 * p3])
    # After 1: 2 twice, 3 once, so b(1) = (1 + 0.5)/3. Nothing ever follows 3.
    after1 = np.array([1 / 2 * p1, (2 - 1) / 3 + 1 / 2 * p2, (1 - 0.5) / 3 + 1 / 2 * p3])
    scored = np.exp(model.logprobs(np.array([0, 1, 1, 0, 2, 0, 1, 2, 0, 1, 3, 2])))
    expected = [1, after0[0], after1[0], 1, after0[1], 1, after0[0], after1[1], 1, after0[0], after1[2], p2]
    assert scored == pytest.approx(expected, abs=1e-6)


def test_discounts_follow_the_counts_of_counts():
    counts = np.repeat(np.array([1, 2, 3, 4, 9], dtype=np.int32), [40, 20, 10, 5, 3])
    y = 40 / (40 + 2 * 20)
    expected = [0, 1 - 2 * y * 20 / 40, 2 - 3 * y * 10 / 20, 3 - 4 * y * 5 / 10]
    assert discounts(counts) == pytest.approx(expected)


def test_discounts_fall_back_when_counts_of_counts_are_missing():
    assert tuple(discounts(np.array([1, 1, 2], dtype=np.int32))) == FALLBACK_DISCOUNTS


def test_the_beginning_is_context_and_never_predicted():
    model = NGramModel.fit(texts(1), VOCABULARY, 3)
    one, other = texts(2, count=2)
    together = model.logprobs(np.concatenate((one, other)))
    assert together[[0, len(one)]].tolist() == [0.0, 0.0]
    assert together == pytest.approx(np.concatenate((model.logprobs(one), model.logprobs(other))))


def test_context_is_cheaper_than_none_on_held_out_texts():
    held_out = np.concatenate(texts(3))
    nats = [-NGramModel.fit(texts(1), VOCABULARY, n).logprobs(held_out).mean() for n in (1, 2)]
    assert nats[1] < 0.6 * nats[0]


class Reference:
    """The same model by dictionaries, a line a line of the formula."""

    def __init__(self, rows, order):
        self.order, self.occurrences, self.before = order, Counter(), defaultdict(set)
        for row in (tuple(map(int, row)) for row in rows):
            for start, end in combinations(range(len(row) + 1), 2):
                if end - start <= order:
                    self.occurrences[row[start:end]] += 1
                    self.before[row[start:end]] |= set(row[max(start - 1, 0) : start])
        grams = [[self.count(g) for g in self.occurrences if len(g) == k] for k in range(order + 1)]
        self.discounts = [discounts(np.array(counts, dtype=np.int32)) for counts in grams]

    def count(self, gram):
        if gram[-1:] in ((), (BEGINNING,)):
            return 0
        return (len(gram) < self.order and len(self.before[gram])) or self.occurrences[gram]

    def probability(self, history, token):
        lower = self.probability(history[1:], token) if history else 1 / (VOCABULARY - 1)
        counts = np.array([self.count((*history, v)) for v in range(VOCABULARY)])
        removed = self.discounts[len(history) + 1][np.minimum(counts, 3)]
        if not counts.any():
            return lower
        return (counts[token] - removed[token] + removed.sum() * lower) / counts.sum()


def test_it_agrees_with_a_model_of_dictionaries():
    rows, held_out = texts(1, count=40, length=30), texts(3, count=3, length=30)
    model, reference = NGramModel.fit(rows, VOCABULARY, 3), Reference(rows, 3)
    for row in held_out:
        expected = [reference.probability(tuple(row[max(i - 2, 0) : i]), row[i]) for i in range(1, len(row))]
        assert np.exp(model.logprobs(row))[1:] == pytest.approx(expected, rel=1e-5)
