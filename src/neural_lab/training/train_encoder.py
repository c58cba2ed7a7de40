"""Fine-tune the passage encoder: bf16 compute, fp32 master weights, a loss on passages and on sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor

from neural_lab.training.encoder import WEIGHTS, PassageEncoder, pretrained
from neural_lab.training.encoder_data import Passage, Sampler, batches

SMOOTHING = 0.04
SENTENCE_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast; `passages` are drawn with replacement."""

    passages: int = 28_000
    batch: int = 16
    rate: float = 5e-5
    head_rate: float = 1e-3
    warmup: float = 0.06
    seed: int = 20261120

    @classmethod
    def second(cls, passages: int, seed: int) -> "Recipe":
        """A shorter, gentler lesson."""
        return cls(passages=passages, rate=3e-5, head_rate=2e-4, warmup=0.05, seed=seed)

    def share(self, progress: float) -> float:
        """Of the peak rate at `progress` in [0, 1]: warm-up, then linear decay."""
        return min((progress + 1e-4) / self.warmup, (1.0 - progress) / (1.0 - self.warmup))


class Trainer:
    """A bf16 model, its fp32 masters, and AdamW over the masters."""

    def __init__(self, recipe: Recipe) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.model = pretrained()
        learnt = {n: p for n, p in self.model.named_parameters() if p.requires_grad}
        self.masters = {n: p.detach().float().clone().requires_grad_() for n, p in learnt.items()}
        self.model.to(torch.bfloat16)
        head = [p for n, p in self.masters.items() if n.startswith("head.")]
        rest = [p for n, p in self.masters.items() if not n.startswith("head.")]
        groups = [{"params": rest, "peak": recipe.rate}, {"params": head, "peak": recipe.head_rate}]
        self.optimiser = torch.optim.AdamW(groups, lr=recipe.rate, weight_decay=0.01)

    def step(self, batch: list[Passage], progress: float) -> float:
        loss = loss_of(self.model, batch)
        loss.backward()
        learnt = {n: p for n, p in self.model.named_parameters() if p.requires_grad}
        for name, parameter in learnt.items():
            self.masters[name].grad, parameter.grad = parameter.grad.float(), None
        torch.nn.utils.clip_grad_norm_(self.masters.values(), 1.0)
        for group in self.optimiser.param_groups:
            group["lr"] = group["peak"] * self.recipe.share(progress)
        self.optimiser.step()
        with torch.no_grad():
            for name, parameter in learnt.items():
                parameter.copy_(self.masters[name])
        return float(loss.detach())

    def load(self, folder: Path) -> None:
        """Go on from the weights in `folder`, with a fresh optimiser."""
        weights = load_file(folder / WEIGHTS)
        with torch.no_grad():
            for name, master in self.masters.items():
                master.copy_(weights[name])
            for name, parameter in self.model.named_parameters():
                parameter.copy_(self.masters.get(name, parameter))

    def save(self, folder: Path) -> None:
        """Learnt weights in fp32; the frozen embeddings are those published."""
        folder.mkdir(parents=True, exist_ok=True)
        save_file({n: p.detach().contiguous() for n, p in self.masters.items()}, folder / WEIGHTS)


def loss_of(model: PassageEncoder, batch: list[Passage]) -> Tensor:
    """Binary cross-entropy of pure passages, and of every sentence by its share of the tokens.

    A passage's log-odds are the mean of its tokens', a sentence's likewise.
    """
    ids, labels, sentence = (_padded(batch, name) for name in ("ids", "labels", "sentence"))
    tokens, _ = model(ids)
    inside = sentence >= 0
    target = labels.float() * (1 - SMOOTHING) + SMOOTHING / 2
    passage = (tokens * inside).sum(1) / inside.sum(1)
    pure = torch.tensor([p.pure for p in batch])
    whole = F.binary_cross_entropy_with_logits(passage, target[:, 1], reduction="none")
    number = (sentence + torch.arange(len(batch))[:, None] * 1000)[inside]
    _, place, count = number.unique(return_inverse=True, return_counts=True)
    mean = torch.zeros(len(count)).index_add(0, place, tokens[inside]) / count
    each = F.binary_cross_entropy_with_logits(mean[place], target[inside], reduction="none")
    rows = torch.arange(len(batch))[:, None].expand_as(inside)[inside]
    by_row = torch.zeros(len(batch)).index_add(0, rows, each) / inside.sum(1)
    share = torch.where(pure, SENTENCE_SHARE, 1.0)
    return ((1 - share) * whole + share * by_row).mean()


def _padded(batch: list[Passage], name: str) -> Tensor:
    fill = -1 if name == "sentence" else 0
    rows = [torch.as_tensor(getattr(passage, name)) for passage in batch]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=fill)


def train(sampler: Sampler, recipe: Recipe, out: Path, start: Path | None = None) -> Iterator[float]:
    """Train, from the weights in `start` if given; yield each step's loss, leave the weights in `out`."""
    trainer, drawn = Trainer(recipe), batches(sampler.passages(), recipe.batch)
    if start:
        trainer.load(start)
    steps = recipe.passages // recipe.batch
    for step in range(steps):
        yield trainer.step(next(drawn), step / steps)
    trainer.save(out)
