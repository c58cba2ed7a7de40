"""Which files of a model are taken: its weights once, as safetensors, and never code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from neural_lab.backends.model_folder import (
    CONFIG,
    INDEX,
    OTHER_TOKENIZERS,
    PICKLED,
    SENTENCES,
    SETTINGS,
    TOKENIZER,
    WEIGHTS,
)
from neural_lab.errors import ModelUnavailable

BESIDE = ("modules.json", "README.md", "LICENSE*", "LICENCE*", "NOTICE*")
"""Not needed to compute; terms travel with what they apply to."""
_SHARD = re.compile(r"model-\d+-of-\d+\.safetensors")
_PLAIN = re.compile(r"\w[\w.-]*", re.ASCII)


def chosen(names: Iterable[str], where: str) -> list[str]:
    """Of the `names` that a model has in `where`, the configuration first. Raises `ModelUnavailable`."""
    plain = sorted(name for name in names if _PLAIN.fullmatch(name))
    if CONFIG not in plain:
        raise ModelUnavailable(
            "no_model", f"{where} has no {CONFIG}: it is no model that transformers opens."
        )
    return [CONFIG, *_weights(plain, where), *_tokenizer(plain, where), *_matching(plain, BESIDE)]


def _weights(names: Collection[str], where: str) -> list[str]:
    if WEIGHTS in names:
        return [WEIGHTS]
    shards = [name for name in names if _SHARD.fullmatch(name)]
    if INDEX in names and shards:
        return [INDEX, *shards]
    pickled = _matching(names, PICKLED)
    if pickled:
        message = (
            f"{where} has its weights only in a format that may run code when it is opened ({pickled[0]}); "
            f"Neural Lab reads safetensors only: choose a revision that has {WEIGHTS}, or another model."
        )
        raise ModelUnavailable("pickled_weights", message)
    raise ModelUnavailable("no_weights", f"{where} has no {WEIGHTS}; choose another model or revision.")


def _tokenizer(names: Collection[str], where: str) -> list[str]:
    found = [TOKENIZER] if TOKENIZER in names else _matching(names, OTHER_TOKENIZERS)
    if not found:
        message = f"{where} has no tokenizer ({TOKENIZER}); put one into a copy of it, and pull that folder."
        raise ModelUnavailable("no_tokenizer", message)
    return [*found, *_matching(names, (*SETTINGS, SENTENCES))]


def _matching(names: Collection[str], patterns: Iterable[str]) -> list[str]:
    return [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]
