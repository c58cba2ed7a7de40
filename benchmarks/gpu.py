"""A large model on a graphics card: speed, memory, and how far its answers are from a processor's.

GPT-2 of some size with random weights reads the same texts in float32 and in half precision.
Memory is what PyTorch allocates on the card at most, weights included; beside it stands
what the usual way takes in float32: all logits of as many tokens at once. Answers are compared with
those in float32 on the processor, token by token and as means of a text.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import torch
from large_model import SIZES, save, texts
from rich.console import Console
from rich.table import Table

from neural_lab.backends.torch_device import present
from neural_lab.backends.torch_model import TorchModel, causal_model
from neural_lab.backends.torch_scorer import TorchScorer
from neural_lab.types import TokenScores

ROUNDS = 3
MIB = 2**20
EXACT, HALF = 1e-3, 0.05
"""How far a mean over a text may be from the processor's, in nats."""


class Measured(NamedTuple):
    """Tokens a wall second, MiB on the card, and the largest differences of a token and of a text's mean."""

    dtype: str
    speed: float
    peak: float
    token: float
    text: float


def main() -> None:
    options = arguments()
    card = next((name for name in present() if name.startswith("cuda")), None)
    if card is None:
        print(f"PyTorch finds no CUDA card on this machine ({', '.join(present())}): nothing was measured.")
        return
    with TemporaryDirectory() as folder:
        path = save(Path(folder), options.size)
        run(path, card, options)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=[*SIZES], default="gpt2")
    parser.add_argument("--texts", type=int, default=64)
    parser.add_argument("--tokens", type=int, default=700, help="of each text")
    parser.add_argument("--compared", type=int, default=4, help="texts that the processor reads, too")
    return parser.parse_args()


def run(folder: Path, card: str, options: argparse.Namespace) -> None:
    plain = causal_model(folder, "cpu", "float32")
    wanted = texts(plain.tokenizer, options.texts, options.tokens)
    expected = TorchScorer(plain).score(wanted[: options.compared])
    dtypes = ["float32", "float16"]
    if torch.cuda.get_device_capability(card) >= (8, 0):
        dtypes.append("bfloat16")
    found = [measured(folder, card, dtype, wanted, expected) for dtype in dtypes]
    show(found, usual_peak(folder, card, wanted), f"{options.size} on {torch.cuda.get_device_name(card)}")


def measured(
    folder: Path, card: str, dtype: str, wanted: Sequence[str], expected: Sequence[TokenScores]
) -> Measured:
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats(card)
    scorer = TorchScorer(causal_model(folder, card, dtype))
    found = scorer.score(wanted)
    times = [timed(scorer, wanted) for _ in range(ROUNDS)]
    pairs = list(zip(found, expected, strict=False))
    token = max(float(np.abs(a.logprob - b.logprob).max()) for a, b in pairs)
    text = max(abs(float(a.logprob.mean() - b.logprob.mean())) for a, b in pairs)
    speed = sum(map(len, found)) / sorted(times)[ROUNDS // 2]
    return Measured(dtype, speed, torch.cuda.max_memory_allocated(card) / MIB, token, text)


def timed(scorer: TorchScorer, wanted: Sequence[str]) -> float:
    start = time.perf_counter()
    scorer.score(wanted)  # Its answers are on the processor, so the card is done.
    return time.perf_counter() - start


def usual_peak(folder: Path, card: str, wanted: Sequence[str]) -> float:
    """MiB that all logits of one batch of eight texts, and their distributions, take in float32."""
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats(card)
    model = causal_model(folder, card, "float32")
    with torch.inference_mode():
        logp = model.module(batch(model, wanted[:8])).logits.log_softmax(-1)
        (logp.exp() * logp).sum(-1)
    return torch.cuda.max_memory_allocated(card) / MIB


def batch(model: TorchModel, wanted: Sequence[str]) -> torch.Tensor:
    ids = [torch.tensor(model.tokenizer.ids(text)) for text in wanted]
    return torch.nn.utils.rnn.pad_sequence(ids, batch_first=True).to(model.device)


def show(found: Sequence[Measured], usual: float, title: str) -> None:
    full = found[0]
    table = Table(
        "", "tokens a second", "times float32", "peak MiB", "share", "token, nats", "text, nats", title=title
    )
    for each in found:
        ratios = f"{each.speed / full.speed:.2f}", f"{each.peak:,.0f}", f"{each.peak / full.peak:.2f}"
        apart = f"{each.token:.2g}", f"{each.text:.2g}"
        table.add_row(each.dtype, f"{each.speed:,.0f}", *ratios, *apart)
    Console().print(table)
    print(f"All logits of eight texts at once, in float32, would take {usual:,.0f} MiB.")
    agreed = all(each.text <= (EXACT if each is full else HALF) for each in found)
    print(
        f"Card and processor {'agree' if agreed else 'DO NOT AGREE'} within {EXACT} and {HALF} nats a text."
    )


if __name__ == "__main__":
    main()
