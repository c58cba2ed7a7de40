"""How well the served language model predicts text it was not trained on."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from neural_lab.ports import TokenScorer
from neural_lab.training.corpus import BEGINNING

ENOUGH_BYTES = 400_000


def bits_per_byte(tokens: Path, scorer: TokenScorer) -> Iterator[tuple[str, float, int]]:
    """Per corpus: its name, bits per byte of UTF-8 of its validation part, and over how many bytes.

    Texts are scored as in serving: each alone, from its beginning.
    """
    tokenizer = Tokenizer.from_file(str(tokens / "tokenizer.json"))
    for path in sorted(tokens.glob("*.validation.npy")):
        texts = list(_some(tokenizer, path))
        nats = -sum(float(scores.logprob.sum()) for scores in scorer.score(texts))
        size = sum(len(text.encode()) for text in texts)
        yield path.name.split(".")[0], nats / np.log(2) / size, size


def _some(tokenizer: Tokenizer, path: Path) -> Iterator[str]:
    """Documents of a validation array, until there are bytes enough."""
    ids = np.load(path)
    starts = np.flatnonzero(ids == tokenizer.token_to_id(BEGINNING))
    left = ENOUGH_BYTES
    for document in np.split(ids, starts[1:]):
        if left > 0:
            text = tokenizer.decode(document[1:].tolist())
            left -= len(text.encode())
            yield text
