"""What a causal model said about each token, in one pass over the vocabulary and never all of it at once."""

import torch
from torch import Tensor

from neural_lab.backends.cached_windows import Columns
from neural_lab.backends.torch_head import Head

# Of logits in memory at once: what stays in a processor's cache, and what keeps a card busy.
ROWS = {"cpu": 256, "cuda": 1024, "mps": 512}
TOKENS = {"cpu": 2048, "cuda": 4096, "mps": 4096}


def columns(hidden: Tensor, targets: Tensor, head: Head) -> Columns:
    """`[4, rows]` in the order of `COLUMNS`, for the states before each of `targets`."""
    rows = ROWS[hidden.device.type]
    chunks = zip(hidden.split(rows), targets.split(rows), strict=True)
    found = [_columns(*chunk, head) for chunk in chunks]
    answer: Columns = torch.cat(found, dim=1).float().cpu().numpy()
    return answer


def _columns(hidden: Tensor, targets: Tensor, head: Head) -> Tensor:
    tokens = TOKENS[hidden.device.type]
    own = head.chosen(hidden, targets)
    sums = _Sums(own)
    for start in range(0, head.size, tokens):
        end = min(start + tokens, head.size)
        sums.add(_with_own(head.logits(hidden, start, end), own, targets - start))
    return sums.columns()


def _with_own(logits: Tensor, own: Tensor, at: Tensor) -> Tensor:
    """The logit of the token itself exactly as `own` has it, where it is in this part of the vocabulary.

    A product of other shape may round differently, and a token must not outrank itself.
    """
    inside = (at >= 0) & (at < logits.shape[1])
    place = at.clamp(0, logits.shape[1] - 1)[:, None]
    value = torch.where(inside, own, logits.gather(1, place)[:, 0])
    return logits.scatter_(1, place, value[:, None])


class _Sums:
    """Σ e^d, Σ d·e^d and Σ d²·e^d over the logits so far, d being how far each lies below the peak.

    With S, A and Q for them: log p = own - peak - ln S, entropy = ln S - A / S,
    variance = Q / S - (A / S)².
    """

    def __init__(self, own: Tensor) -> None:
        # Double precision where the device has it: (A / S)² takes away most of Q / S.
        self._wide = torch.float32 if own.device.type == "mps" else torch.float64
        self._own = self._peak = own
        self._s, self._a, self._q = (torch.zeros_like(own, dtype=self._wide) for _ in range(3))
        self._better = torch.zeros_like(own, dtype=self._wide)

    def add(self, logits: Tensor) -> None:
        """Count `logits` `[rows, tokens]`, which are used up."""
        self._better += (logits > self._own[:, None]).sum(-1)
        peak = torch.maximum(self._peak, logits.amax(-1))
        self._lower((self._peak - peak).to(self._wide))
        self._peak = peak
        below = logits.sub_(peak[:, None])
        e = below.exp()
        self._s += e.sum(-1)
        self._a += e.mul_(below).sum(-1)
        self._q += e.mul_(below).sum(-1)

    def _lower(self, by: Tensor) -> None:
        """Take what was summed under the last peak to one that is higher: `by` is at most 0."""
        shrunk = by.exp()
        self._q = shrunk * (self._q + 2 * by * self._a + by**2 * self._s)
        self._a = shrunk * (self._a + by * self._s)
        self._s = shrunk * self._s

    def columns(self) -> Tensor:
        mean, log_sum = self._a / self._s, self._s.log()
        logprob = (self._own - self._peak).to(self._wide) - log_sum
        return torch.stack((logprob, log_sum - mean, self._q / self._s - mean**2, self._better))
