"""Language models as one kind of function: texts, each opened by its beginning token, to nats of the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from neural_lab.training.ngram import NGramModel, Tokens
from neural_lab.types import Floats

WINDOWS = 8

Scorer = Callable[[list[Tokens]], list[Floats]]


def ngram(rows: Sequence[Tokens], vocabulary: int, order: int) -> Scorer:
    """An n-gram model of `rows`."""
    model = NGramModel.fit(rows, vocabulary, order)

    def score(texts: list[Tokens]) -> list[Floats]:
        scores = model.logprobs(np.concatenate(texts))
        return [part[1:] for part in np.split(scores, np.cumsum([len(text) for text in texts[:-1]]))]

    return score


def neural(folder: Path, shape: Mapping[str, int], threads: int) -> Scorer:
    """The model of `folder/model.safetensors`, reading long texts in windows that overlap by half."""
    import torch
    from safetensors.torch import load_file

    from neural_lab.training.language_model import LanguageModel, Shape

    torch.set_num_threads(threads)
    model = LanguageModel(Shape(**shape)).eval()
    model.load_state_dict(load_file(folder / "model.safetensors"))

    @torch.inference_mode()
    def score(windows: list[Tokens]) -> list[Floats]:
        ids = torch.zeros(len(windows), max(map(len, windows)), dtype=torch.int64)
        for row, window in zip(ids, windows, strict=True):
            row[: len(window)] = torch.from_numpy(window.astype(np.int64))
        logits = model.head(model(ids[:, :-1]))
        chosen = logits.gather(2, ids[:, 1:, None])[..., 0] - logits.logsumexp(-1)
        return [row[: len(window) - 1].double().numpy() for row, window in zip(chosen, windows, strict=True)]

    return lambda texts: in_windows(score, texts, shape["context"])


def in_windows(score: Scorer, texts: list[Tokens], context: int) -> list[Floats]:
    """Scores of `texts` by a scorer of at most `context` tokens, windows of like length together."""
    scores = [np.empty(len(text) - 1) for text in texts]
    windows = [(i, at) for i, text in enumerate(texts) for at in _starts(len(text) - 1, context)]
    windows.sort(key=lambda window: len(texts[window[0]]) - window[1])
    for first in range(0, len(windows), WINDOWS):
        batch = windows[first : first + WINDOWS]
        results = score([texts[i][at : at + context + 1] for i, at in batch])
        for (i, at), result in zip(batch, results, strict=True):
            known = context // 2 if at else 0
            scores[i][at + known : at + context] = result[known:]
    return scores


def _starts(predictions: int, context: int) -> range:
    return range(0, max(predictions - context // 2, 1), context // 2)
