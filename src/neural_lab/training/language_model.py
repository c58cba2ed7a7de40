"""A small decoder-only transformer: RoPE, RMSNorm, squared ReLU, tied embeddings."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

ROWS = 1024
Reduce = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of a language model; `context` is the most tokens it reads at once."""

    vocabulary: int = 8192
    width: int = 256
    layers: int = 6
    heads: int = 4
    context: int = 512

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def rms_norm(x: Tensor) -> Tensor:
    """RMSNorm without a gain (Zhang and Sennrich, 2019)."""
    return F.rms_norm(x, (x.shape[-1],))


class Attention(nn.Module):
    """Causal multi-head attention with rotary positions and normalised queries and keys."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)
        nn.init.zeros_(self.out.weight)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        batch, length, width = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        q, k = rotate(rms_norm(q), cos, sin), rotate(rms_norm(k), cos, sin)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(y.transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    """Attention, then a squared-ReLU feed-forward (So et al., 2021), both residual."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = Attention(shape)
        self.up = nn.Linear(shape.width, 4 * shape.width, bias=False)
        self.down = nn.Linear(4 * shape.width, shape.width, bias=False)
        nn.init.zeros_(self.down.weight)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        x = x + self.attention(rms_norm(x), cos, sin)
        return x + self.down(F.relu(self.up(rms_norm(x))).square())


class LanguageModel(nn.Module):
    """Token ids `[batch, length]` to hidden states `[batch, length, width]`; `head` gives logits."""

    cos: Tensor
    sin: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        nn.init.normal_(self.embedding.weight, std=shape.width**-0.5)
        cos, sin = rotary_tables(shape.context, shape.width // shape.heads)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)

    def forward(self, ids: Tensor) -> Tensor:
        x = rms_norm(self.embedding(ids))
        cos, sin = self.cos[: ids.shape[1]], self.sin[: ids.shape[1]]
        for block in self.blocks:
            x = block(x, cos, sin)
        return rms_norm(x)

    def head(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden, self.embedding.weight)


def rotary_tables(length: int, width: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines `[length, width / 2]` of rotary positions (Su et al., 2021)."""
    rates = 10_000.0 ** (-torch.arange(0, width, 2) / width)
    angles = torch.outer(torch.arange(length), rates)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn the halves of the last axis of `x` by the position's angles."""
    left, right = x.chunk(2, dim=-1)
    return torch.cat((left * cos - right * sin, left * sin + right * cos), dim=-1)


def softmax_and_loss(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Next-token distribution in the dtype of `logits`, and summed nats, reduced in fp32."""
    x = logits.float()
    peak = x.amax(-1, keepdim=True)
    e = (x - peak).exp()
    total = e.sum(-1, keepdim=True)
    logprob = x.gather(1, targets[:, None]) - peak - total.log()
    return (e / total).to(logits.dtype), -logprob.sum()


class LinearCrossEntropy(torch.autograd.Function):
    """Mean cross-entropy of `hidden @ weight.T`, in row chunks, fp32 inside.

    Gradients are made in the forward pass, so the logits of a whole batch never
    exist at once. `reduce` is `softmax_and_loss`, compiled or not.
    """

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor, reduce: Reduce) -> Tensor:
        grad_hidden, loss = torch.empty_like(hidden), hidden.new_zeros((), dtype=torch.float32)
        grad_weight = torch.zeros(weight.shape, dtype=torch.float32, device=weight.device)
        for start in range(0, len(hidden), ROWS):
            chunk, aims = hidden[start : start + ROWS], targets[start : start + ROWS]
            p, nats = reduce(F.linear(chunk, weight), aims)
            p.scatter_add_(1, aims[:, None], p.new_full((len(aims), 1), -1.0))
            grad_hidden[start : start + ROWS] = p @ weight
            grad_weight.add_(p.T @ chunk)
            loss += nats
        ctx.save_for_backward(grad_hidden / len(hidden), (grad_weight / len(hidden)).to(weight.dtype))
        return loss / len(hidden)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None, None]:
        grad_hidden, grad_weight = ctx.saved_tensors
        return grad_hidden * grads[0], grad_weight * grads[0], None, None
