"""Perplexity of each sentence by a large language model: python large_model.py MODEL FILE...

MODEL is one that `neural-lab models pull` has kept, or a folder as the Hugging Face hub lays it out.
NEURAL_LAB_DEVICE and NEURAL_LAB_DTYPE say where and how precisely it computes; nothing is fetched.
"""

import math
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from neural_lab.backends.large import Large, open_scorer
from neural_lab.backends.token_columns import owners
from neural_lab.errors import LabError
from neural_lab.models.kept import kept_model
from neural_lab.ports import TokenScorer
from neural_lab.settings import read_computing
from neural_lab.text.sentences import segment


def opened(model: str) -> TokenScorer:
    """The files of a kept model are compared with the checksums that they came with."""
    computing = read_computing()
    options = {"device": computing.device, "dtype": computing.dtype}
    if Path(model).is_dir():
        return open_scorer(Large(model, **options))
    kept = kept_model(model)
    kept.verify()
    return open_scorer(Large(str(kept.source), **options))


def perplexities(scorer: TokenScorer, text: str) -> Iterator[tuple[float, str]]:
    """Each sentence is read in its context, and has the tokens that end in it."""
    spans = [sentence.span for sentence in segment(text)]
    tokens = scorer.score([text])[0]
    mine = owners(tokens.ends, spans)
    for at, span in enumerate(spans):
        own = tokens.logprob[mine == at]
        yield math.exp(-np.mean(own)) if own.size else math.nan, " ".join(span.of(text).split())


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        scorer = opened(sys.argv[1])
        for name in sys.argv[2:]:
            print(name)
            for perplexity, sentence in perplexities(scorer, Path(name).read_text("utf-8")):
                print(f"{perplexity:12.1f}  {sentence}")
    except LabError as error:
        sys.exit(error.message)


if __name__ == "__main__":
    main()
