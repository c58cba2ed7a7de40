"""Where PyTorch computes, and how precisely."""

import re

import torch

from neural_lab.errors import InvalidRequest, ModelUnavailable

AUTO = "auto"
DEVICES = re.compile(r"cpu|mps|cuda(:[0-9]{1,3})?")
DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}


def device_named(wanted: str = AUTO) -> torch.device:
    """`cpu`, `mps`, `cuda` or `cuda:1`; `auto` is the first of CUDA, MPS and the processor that is there.

    Raises `InvalidRequest` for a name that means nothing, `ModelUnavailable` for what is not there.
    """
    if wanted == AUTO:
        return torch.device(_best())
    if not DEVICES.fullmatch(wanted):
        raise InvalidRequest("device", "The device has to be auto, cpu, mps, cuda or cuda:NUMBER.")
    name = "cuda:0" if wanted == "cuda" else wanted
    if name not in present():
        here = ", ".join(present())
        raise ModelUnavailable("no_device", f"PyTorch finds no {wanted} on this machine; choose from {here}.")
    return torch.device(name)


def present() -> list[str]:
    """The devices of this machine, the processor last."""
    cards = [f"cuda:{at}" for at in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    return [*cards, *(["mps"] if torch.backends.mps.is_available() else []), "cpu"]


def dtype_named(device: torch.device, wanted: str = AUTO, native: torch.dtype | None = None) -> torch.dtype:
    """The precision to compute in, for a model whose weights are `native`ly of a dtype.

    `auto` is half precision on CUDA and float32 elsewhere. Half precision means bfloat16
    where the card has it and the weights are bfloat16, since what grew up in its
    range may overflow in float16; else float16, which is eight times as fine.
    Raises `InvalidRequest`.
    """
    if wanted != AUTO and wanted not in DTYPES:
        raise InvalidRequest("dtype", f"The dtype has to be auto, {', '.join(DTYPES)}.")
    if wanted != AUTO:
        return _possible(device, DTYPES[wanted])
    if device.type != "cuda":
        return torch.float32
    return torch.bfloat16 if native == torch.bfloat16 and has_bfloat16(device) else torch.float16


def _best() -> str:
    return present()[0]


def _possible(device: torch.device, dtype: torch.dtype) -> torch.dtype:
    if dtype == torch.bfloat16 and device.type == "cuda" and not has_bfloat16(device):
        raise InvalidRequest("dtype", f"{device} does not compute in bfloat16; choose float16 or float32.")
    return dtype


def has_bfloat16(device: torch.device) -> bool:
    """Not emulated, as cards before compute capability 8.0 do it."""
    return bool(torch.cuda.get_device_capability(device) >= (8, 0))
