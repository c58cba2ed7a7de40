"""How precisely a card computes: a product in half precision, and sums over a vocabulary in float32."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from neural_lab.doctor.checked import Checked, failed, not_here, not_installed, ok
from neural_lab.doctor.machine import Machine

if TYPE_CHECKING:
    import torch

SIDE, ROWS, VOCABULARY = 512, 32, 50_257
MOST = {"float32": 1e-4, "float16": 2e-3, "bfloat16": 1.6e-2}
"""Of a product, relative: some units in the last place of what goes in."""
MOST_SUM = 1e-4
"""Of a log-sum over the vocabulary, in nats, of logits as half precision has them."""
DRIVER = (
    "Update the card's driver and PyTorch; until then set NEURAL_LAB_DTYPE=float32 or NEURAL_LAB_DEVICE=cpu."
)


def precision(_: Machine) -> Iterator[Checked]:
    """Each card against double precision on the processor."""
    if find_spec("torch") is None:
        yield not_installed("precision", "torch", "torch")
        return
    from neural_lab.backends.torch_device import present

    cards = [name for name in present() if name != "cpu"]
    if not cards:
        yield not_here("precision", "Without a card there is nothing to try: the processor reads in float32.")
    for name in cards:
        yield tried(f"precision.{name}", name)


def tried(name: str, device: str) -> Checked:
    """What a device makes of the same numbers as the processor."""
    import torch

    at = torch.device(device)
    found = {each: product_error(at, getattr(torch, each)) for each in _dtypes(at)}
    total = sum_error(at)
    said = "; ".join(f"{each} {error:.1g}" for each, error in found.items())
    said = f"Products are off by {said} (relative), sums in float32 by {total:.1g} nats."
    wrong = [each for each, error in found.items() if not error <= MOST[each]]
    if wrong or not total <= MOST_SUM:
        return failed(name, f"{said} Too far: {', '.join(wrong) or 'sums'}.", DRIVER, **found, sums=total)
    return ok(name, said, **found, sums=total)


def product_error(device: torch.device, dtype: torch.dtype) -> float:
    """How far a product in `dtype` is from the same in double precision, by their Frobenius norms."""
    import torch

    random = torch.Generator().manual_seed(7)
    a, b = (torch.randn(SIDE, SIDE, generator=random) for _ in range(2))
    found = (a.to(device, dtype) @ b.to(device, dtype)).cpu().double()
    expected = a.double() @ b.double()
    return float((found - expected).norm() / expected.norm())


def sum_error(device: torch.device) -> float:
    """The largest error of log Σ e^x in float32, over float16 logits, in nats."""
    import torch

    random = torch.Generator().manual_seed(7)
    logits = (4 * torch.randn(ROWS, VOCABULARY, generator=random)).half()
    found = logits.to(device).float().logsumexp(-1).cpu().double()
    return float((found - logits.double().logsumexp(-1)).abs().max())


def _dtypes(device: torch.device) -> list[str]:
    from neural_lab.backends.torch_device import has_bfloat16

    plain = ["float32", "float16"]
    return [*plain, "bfloat16"] if device.type == "cuda" and has_bfloat16(device) else plain
