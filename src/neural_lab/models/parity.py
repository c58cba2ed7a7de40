"""How far the answers of an export lie from those of PyTorch in float32, on texts that come along."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.errors import ModelUnavailable
from neural_lab.models.parity_texts import TEXTS
from neural_lab.ports import Encoder, TokenScorer
from neural_lab.types import TokenScores

Parity = dict[str, Any]
Vectors = NDArray[np.float64]

MOST = {
    # Five times what int8 moves a token of the embedded model (docs/decisions/0004), and a tenth of
    # what lies between the mean log-probabilities of people and machines: an export that is farther
    # away is another model in all but name.
    "int8": {"logprob.mean": 0.15, "log_perplexity.max": 0.1},
    # Rounding stays below a tenth of this; beyond it something else was computed.
    "float32": {"logprob.mean": 1e-3, "log_perplexity.max": 1e-3},
}
LEAST = {
    # What tells texts apart is what is left without their common part; at a cosine of 0.95 a tenth of
    # its variance is lost. MiniLM keeps 0.996 in int8.
    "int8": {"centred_cosine.mean": 0.95, "cosine.min": 0.98},
    "float32": {"centred_cosine.mean": 0.9999, "cosine.min": 0.9999},
}
"""Beyond these an export is not put into its place."""


def scorer_parity(theirs: TokenScorer, ours: TokenScorer) -> Parity:
    """Differences of columns and ranks, token by token; `log_perplexity`, in nats, text by text."""
    texts = [*TEXTS, "\n\n".join(TEXTS)]
    left, right = theirs.score(texts), ours.score(texts)
    apart = {name: _apart(left, right, name) for name in ("logprob", "entropy")}
    whole = np.array([b.logprob.mean() - a.logprob.mean() for a, b in zip(left, right, strict=True)])
    ranks = [np.concatenate([each.rank for each in side]) for side in (left, right)]
    return {
        "texts": len(texts),
        "tokens": sum(map(len, left)),
        **{name: _sizes(values) for name, values in apart.items()},
        "log_perplexity": _sizes(whole),
        "rank": {
            "same": float((ranks[0] == ranks[1]).mean()),
            "same_likeliest": float(((ranks[0] == 0) == (ranks[1] == 0)).mean()),
        },
    }


def encoder_parity(theirs: Encoder, ours: Encoder) -> Parity:
    """Cosines of the vectors of texts; `centred` ones without what the texts have in common."""
    left, right = (_vectors(each) for each in (theirs, ours))
    common = left.mean(axis=0)
    return {
        "texts": len(TEXTS),
        "cosine": _cosines(left, right),
        "centred_cosine": _cosines(left - common, right - common),
    }


def check(name: str, precision: str, parity: Mapping[str, Any]) -> None:
    """Raises `ModelUnavailable` where answers differ too much."""
    too_far = [path for path, most in MOST[precision].items() if _beyond(parity, path, most)]
    too_far += [path for path, least in LEAST[precision].items() if _beyond(parity, path, least, sign=-1)]
    if not too_far:
        return
    found = ", ".join(f"{path.replace('.', ' ')} {_at(parity, path):.3g}" for path in too_far)
    way_out = f"Try: neural-lab models export {name} --precision float32"
    if precision == "float32":
        way_out = "It runs with PyTorch as it is"
    message = f"In {precision} the answers of {name} differ too much from the original's ({found}). {way_out}"
    raise ModelUnavailable("export_differs", f"{message}.")


def _beyond(parity: Mapping[str, Any], path: str, limit: float, sign: int = 1) -> bool:
    """Also where the number is none."""
    return path.split(".")[0] in parity and not sign * _at(parity, path) <= sign * limit


def _at(parity: Mapping[str, Any], path: str) -> float:
    kind, name = path.split(".")
    return float(parity[kind][name])


def _apart(left: list[TokenScores], right: list[TokenScores], name: str) -> Vectors:
    pairs = zip(left, right, strict=True)
    return np.concatenate([getattr(b, name) - getattr(a, name) for a, b in pairs])


def _sizes(differences: Vectors) -> dict[str, float]:
    sizes = np.abs(differences)
    return {"mean": float(sizes.mean()), "max": float(sizes.max())}


def _vectors(encoder: Encoder) -> Vectors:
    found = encoder.encode([encoder.tokens([text]) for text in TEXTS])
    return np.array([each.vectors[0] for each in found], dtype=np.float64)


def _cosines(left: Vectors, right: Vectors) -> dict[str, float]:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    found = (left * right).sum(axis=1) / lengths
    return {"mean": float(found.mean()), "min": float(found.min())}
