"""Every sentence shown to people about models that are kept on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FETCHING, CHECKING = "Fetching", "Checking"
MODEL_COLUMNS = ("name", "kind", "revision", "licence", "size", "exported", "parity")
FOLDED_COLUMNS = ("name", "licence", "parity")
NO_MODELS = "No model is kept here yet. Get one with: neural-lab models pull NAME"
SHORT = 12
"""Digits of a revision where there is little room."""
_KINDS = {"scorer": "scorer (a causal language model)", "encoder": "encoder"}
_ORIGINS = {"hub": "the Hugging Face hub", "folder": "a folder"}
_PROBLEMS = {
    "missing": "is missing",
    "altered": "is not as it was",
    "other_source": "is of other files than those that are kept",
}
_STEPS = ("kB", "MB", "GB", "TB")


def size(count: int) -> str:
    """Bytes, in thousands of thousands."""
    if count < 1000:
        return f"{count} bytes"
    amount, step = count / 1000, 0
    while amount >= 999.95 and step < len(_STEPS) - 1:
        amount, step = amount / 1000, step + 1
    return f"{amount:.1f} {_STEPS[step]}"


def kind(name: str) -> str:
    return _KINDS[name]


def origin(name: str) -> str:
    return _ORIGINS[name]


def licence(name: str) -> str:
    return name or "unknown: look it up before you use the model"


def short_licence(name: str) -> str:
    return name or "unknown"


def revision(value: str | None) -> str:
    return f"pinned at revision {value}" if value else "without a revision"


def waiting(name: str) -> str:
    return f"{name} is being fetched by another process; waiting for it."


def offered(name: str, at: str | None, terms: str, count: int) -> str:
    much = size(count) if count else "size not told"
    return f"{FETCHING} {name}, {revision(at)} (licence: {licence(terms)}; {much})."


def pulled(name: str, role: str, at: str | None, terms: str, count: int, *, fresh: bool) -> str:
    done = "is kept now" if fresh else "was kept already; nothing was fetched"
    about = f"{revision(at)}, as {kind(role)}; licence: {licence(terms)}; {size(count)} on disk"
    return f"{name} {done}: {about}."


def remove(name: str, count: int) -> str:
    return f"Delete {name} with its export ({size(count)})? Detectors that were fitted with it need it."


def removed(name: str, count: int) -> str:
    return f"{name} is deleted; {count:,} bytes ({size(count)}) are free again."


def whole(name: str, files: int) -> str:
    return f"{name}: all {files} files are as they were."


def problem(name: str, file: str, what: str) -> str:
    return f"{name}: {file} {_PROBLEMS[what]}."


def repair(command: str) -> str:
    return f"To put that right: {command}"


def exporting(name: str, what: str) -> str:
    return f"{name}: {what}"


def exported(name: str, precision: str, count: int, compared: str) -> str:
    return f"{name} is exported in {precision} ({size(count)}). Beside PyTorch in float32: {compared}."


def parity(found: Mapping[str, Any]) -> str:
    """The one number that says most; "" where nothing was compared."""
    if "log_perplexity" in found:
        return f"log-perplexity within {found['log_perplexity']['max']:.2g}"
    return f"cosine {found['centred_cosine']['mean']:.4f}" if "centred_cosine" in found else ""


def compared(found: Mapping[str, Any]) -> str:
    """What was compared, and how far it is apart."""
    if "log_perplexity" not in found:
        centred = found["centred_cosine"]
        return f"{parity(found)} on average and {centred['min']:.4f} at least ({found['texts']} texts)"
    token, same = found["logprob"]["mean"], found["rank"]["same_likeliest"]
    return (
        f"{parity(found)} nats on every one of {found['texts']} texts, {token:.2g} on an average token, "
        f"the same likeliest token in {100 * same:.1f} %"
    )
