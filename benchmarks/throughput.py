"""How much text the whole default path reads against the usual encoder alone, as a ratio within one run.

Ours: `Lab.analyze` as served, language model, encoder, n-grams, ensemble and all. The usual: the
features only of `RobertaModel` with the configuration of distilroberta-base, fp32 PyTorch, one
thread, full batches of 8 rows of 512 tokens. Both are counted in word pieces of the text, no
token twice, a processor second.
"""

import pydoc_data.topics

import torch
from encoder import ROWS, TOKENS, distilroberta, measured

from neural_lab.compose import open_lab
from neural_lab.types import Document

CHARACTERS = 24_000
TEXT = "\n\n".join(pydoc_data.topics.topics[name] for name in sorted(pydoc_data.topics.topics))


def main() -> None:
    """Print word pieces a processor second of both, and their ratio."""
    torch.set_num_threads(1)
    lab = open_lab()
    # Other texts in every round: the lab keeps passages that it has read.
    texts = iter([TEXT[at : at + CHARACTERS] for at in range(0, len(TEXT), CHARACTERS)])
    read: list[str] = []

    def ours() -> None:
        read.append(next(texts))
        lab.analyze(Document(read[-1]))

    seconds, usual = measured(ours, distilroberta())
    pieces = sorted(sum(map(len, lab.second.encoder.tokens(text.splitlines()))) for text in read)[
        len(read) // 2
    ]
    mine, theirs = pieces / seconds, ROWS * TOKENS / usual
    print(f"whole default path: {mine:,.0f} word pieces a processor second")
    print(f"distilroberta, fp32, 8 x 512, features only: {theirs:,.0f}")
    print(f"ratio: {mine / theirs:.2f}")


if __name__ == "__main__":
    main()
