"""PyTorch's scorer against the long way round: all logits of a window, log-softmax, sums."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers import needed
from large_models import PLACES, PROSE

torch = needed("torch")
needed("transformers")

from neural_lab.backends import torch_columns
from neural_lab.backends.large import Large, open_scorer
from neural_lab.backends.memory_cache import MemoryCache
from neural_lab.backends.torch_model import TorchModel, causal_model
from neural_lab.backends.torch_scorer import TorchScorer
from neural_lab.errors import InvalidRequest, ScoringFailed
from neural_lab.text.windows import Reach, windows
from neural_lab.types import Span, TokenScores

Large_ = Callable[[str], Path]
KINDS = ("gpt2", "llama", "gemma2", "granite")
TEXTS = (PROSE, "", "One.", PROSE * 3, "x" * 300, "😀", PROSE[::-1], "漢字 שלום " * 20)
EXACT = 1e-5
LONG = PROSE + PROSE[::-1] + PROSE.upper()  # No part of which comes twice.


def opened(folder: Path, **more: int) -> TorchScorer:
    return TorchScorer(causal_model(folder, "cpu"), **more)


def by_hand(model: TorchModel, text: str, reach: Reach, beginning: int) -> np.ndarray:
    """The columns of a text, `[4, tokens]`."""
    ids = model.tokenizer.tokens(text).ids
    found = [np.zeros((4, 0))]
    for window in windows(ids, reach):
        read = torch.tensor([[beginning, *ids[window.start : window.end]]])
        with torch.inference_mode():
            logp = model.module(read[:, :-1]).logits[0].double().log_softmax(-1)
        own = logp.gather(1, read[0, 1:, None])
        mean = (logp.exp() * logp).sum(-1)
        variance = (logp.exp() * logp**2).sum(-1) - mean**2
        rows = torch.stack((own[:, 0], -mean, variance, (logp > own).sum(-1)))
        found.append(rows[:, window.first - window.start :].numpy())
    return np.concatenate(found, axis=1)


def stacked(scores: TokenScores) -> np.ndarray:
    return np.array([scores.logprob, scores.entropy, scores.variance, scores.rank])


def apart(left: np.ndarray, right: np.ndarray) -> float:
    """The largest difference, ranks aside: those may swap two tokens that are all but equally likely."""
    assert left.shape == right.shape
    assert (np.abs(left[3] - right[3]) <= 1).all()
    assert (left[3] != right[3]).mean() < 0.02 if left.size else True
    return float(np.abs(left[:3] - right[:3]).max(initial=0))


@pytest.mark.parametrize("kind", KINDS)
def test_columns_are_those_of_all_logits(kind: str, large: Large_, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(torch_columns.TOKENS, "cpu", 97)  # Several parts of a vocabulary of 400.
    monkeypatch.setitem(torch_columns.ROWS, "cpu", 10)
    model = causal_model(large(kind), "cpu", "float32")
    beginning = 2 if kind == "gpt2" else 0
    found = TorchScorer(model).score(TEXTS)
    for text, scores in zip(TEXTS, found, strict=True):
        expected = by_hand(model, text, Reach.within(PLACES), beginning)
        assert apart(stacked(scores), expected) < EXACT
        assert expected.shape[1] == 0 or expected[0].std() > 0.1 or len(scores) < 10


def test_every_token_is_scored_once_with_the_context_that_is_asked_for(large: Large_) -> None:
    model = causal_model(large("gpt2"), "cpu")
    for limit, context in ((48, None), (48, 40), (20, 0), (8, 0)):
        reach = Reach.within(limit, context)
        scores = TorchScorer(model, limit, context).score([PROSE * 2])[0]
        assert len(scores) == len(model.tokenizer.tokens(PROSE * 2).ids) > 3 * limit
        assert apart(stacked(scores), by_hand(model, PROSE * 2, reach, 2)) < EXACT
    short, long = (TorchScorer(model, 48, context).score([PROSE * 2])[0] for context in (0, 40))
    assert not np.allclose(short.logprob, long.logprob, atol=0.1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_texts_columns_do_not_depend_on_its_companions(kind: str, large: Large_) -> None:
    alone = opened(large(kind), budget=0)
    expected = {text: stacked(alone.score([text])[0]) for text in TEXTS}
    for budget in (0, 1, 64, 500, 10**6):
        together = opened(large(kind), budget=budget)
        for batch in (TEXTS, TEXTS[::-1]):
            found = [stacked(scores) for scores in together.score(batch)]
            worst = max(apart(mine, expected[text]) for text, mine in zip(batch, found, strict=True))
            assert worst == 0 if budget == 0 else worst < EXACT


@pytest.mark.parametrize(("dtype", "tolerance"), [("float16", 0.02), ("bfloat16", 0.15)])
@pytest.mark.parametrize("kind", ["gpt2", "llama"])
def test_half_precision_stays_near(kind: str, dtype: str, tolerance: float, large: Large_) -> None:
    exact, half = (
        TorchScorer(causal_model(large(kind), "cpu", precision)).score([PROSE * 3])[0]
        for precision in ("float32", dtype)
    )
    assert 0 < np.abs(exact.logprob - half.logprob).mean() < tolerance
    assert np.abs(exact.entropy - half.entropy).mean() < tolerance
    assert np.abs(exact.variance - half.variance).mean() < 5 * tolerance


def test_large_logits_are_not_rounded_to_half_precision(large: Large_) -> None:
    """Those of GPT-2 lie around -100, where float16 has steps of a sixteenth."""
    model = causal_model(large("llama"), "cpu", "float16")
    model.module.lm_head.weight += 20  # Moves all logits of a token by the same.
    ids = torch.tensor([[0, *model.tokenizer.ids(PROSE)[:40]]])
    with torch.inference_mode():
        hidden = model.module.base_model(ids[:, :-1])[0][0]
        logits = hidden.double() @ model.module.lm_head.weight.double().T
    expected = logits.log_softmax(-1).gather(1, ids[0, 1:, None])[:, 0].numpy()
    assert logits.abs().mean() > 50
    found = TorchScorer(model).score([PROSE])[0].logprob
    first = Reach.within(PLACES).shortest  # Of the first window.
    assert np.abs(found[:first] - expected[:first]).max() < 1e-4


def test_a_window_that_was_read_before_is_not_read_again(large: Large_) -> None:
    model, cache, read = causal_model(large("gpt2"), "cpu"), MemoryCache(), []
    scorer, other = TorchScorer(model), TorchScorer(model, PLACES, 20)
    expected = stacked(scorer.score([LONG])[0])
    for each in (scorer, other):
        each.keep_in(cache, b"0123456789abcdef")
    count = lambda *_: read.append(1)  # noqa: E731
    with model.module.base_model.register_forward_hook(count):
        first = scorer.score([LONG])[0]
        whole = len(read)
        again = scorer.score([LONG, ""])[0]
        assert len(read) == whole > 8
        scorer.score([f"Now {LONG}"])
        assert len(read) < 1.5 * whole
        other.score([LONG])
        assert len(read) > 2 * whole
    assert np.array_equal(stacked(first), expected)
    assert np.array_equal(stacked(again), expected)


def test_what_does_not_fit_into_memory_is_read_in_halves(large: Large_) -> None:
    model = causal_model(large("gpt2"), "cpu")
    scorer = TorchScorer(model, budget=10**6)
    expected, most = [stacked(scores) for scores in scorer.score(TEXTS)], [3]

    def full(module: object, args: object, given: dict[str, torch.Tensor]) -> None:
        if len(given["input_ids"]) > most[0]:
            raise torch.OutOfMemoryError

    with model.module.base_model.register_forward_pre_hook(full, with_kwargs=True):
        found = [stacked(scores) for scores in scorer.score(TEXTS)]
        assert max(map(apart, found, expected)) < EXACT
        most[0] = 0
        with pytest.raises(ScoringFailed) as failure:
            scorer.score(TEXTS)
    assert failure.value.code == "out_of_memory"


def test_pool_is_the_mean_of_states(large: Large_) -> None:
    scorer = opened(large("gpt2"))
    middle = len(PROSE) // 2
    whole, halves = Span(0, len(PROSE)), [Span(0, middle), Span(middle, len(PROSE))]
    vectors = scorer.pool(PROSE, [*halves, Span(len(PROSE), len(PROSE) + 5)])
    ends = scorer.score([PROSE])[0].ends
    counts = np.array([(ends <= middle).sum(), (ends > middle).sum()])
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, 32)
    assert not vectors[2].any()
    mean = counts @ vectors[:2] / counts.sum()
    assert np.allclose(mean, scorer.pool(PROSE, [whole])[0], atol=1e-5)
    assert scorer.pool(PROSE, []).shape == (0, 32)


def test_a_window_beyond_the_model_is_refused(large: Large_) -> None:
    for limit, context in ((PLACES + 1, None), (7, 0), (PLACES, PLACES - 7), (PLACES, -1)):
        with pytest.raises(InvalidRequest, match="window"):
            opened(large("gpt2"), limit=limit, context=context)


def test_an_answer_that_is_not_finite_is_refused(large: Large_) -> None:
    model = causal_model(large("gpt2"), "cpu")
    scorer = TorchScorer(model)
    model.module.transformer.ln_f.bias[0] = float("nan")
    with pytest.raises(ScoringFailed) as failure:
        scorer.score([PROSE])
    assert failure.value.code == "not_finite"


def test_errors_say_nothing_of_the_text(large: Large_) -> None:
    with pytest.raises(ScoringFailed) as failure:
        opened(large("gpt2")).score(["marmalade \ud800"])
    assert "marmalade" not in str(failure.value)
    assert failure.value.__suppress_context__


def test_equal_identities_mean_equal_columns(large: Large_) -> None:
    folder = str(large("gpt2"))
    made = [Large(folder, dtype=dtype, device="cpu") for dtype in ("auto", "float32", "float16", "bfloat16")]
    auto, full, half, brain = (open_scorer(each).identity for each in made)
    assert auto == full
    others = {open_scorer(made[0], 32).identity, open_scorer(made[0], 48, 30).identity}
    llama = open_scorer(Large(str(large("llama")))).identity
    assert len({full, half, brain, llama, *others}) == 6
    assert not any(character.isspace() for character in full)
