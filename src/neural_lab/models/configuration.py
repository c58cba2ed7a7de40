"""What a model is for, by its configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from neural_lab.backends.failures import loading
from neural_lab.backends.model_folder import CONFIG
from neural_lab.errors import ModelUnavailable
from neural_lab.models.kept import Kind

CAUSAL = ("ForCausalLM", "LMHeadModel")
CAUSAL_TYPES = ("gpt2", "gpt_neo", "gpt_neox", "gptj", "opt", "bloom", "llama", "mistral", "qwen2", "gemma2")
"""Kinds of model that read forwards only, also where they are saved without a head."""
BOTH_WAYS = (
    "albert",
    "bert",
    "camembert",
    "deberta",
    "deberta-v2",
    "distilbert",
    "electra",
    "ernie",
    "modernbert",
    "mpnet",
    "roberta",
    "xlm-roberta",
)
"""Kinds of model that read in both directions, unless they were saved as something that writes."""


def configuration(source: Path) -> dict[str, Any]:
    """What stands in the configuration of a folder; raises `ModelUnavailable`."""
    with loading(source, "model"):
        return dict(json.loads((source / CONFIG).read_text("utf-8")))


def architecture(config: Mapping[str, Any]) -> str:
    """The class that was saved, else the kind of model; "" where neither is named."""
    named = config.get("architectures")
    first = named[0] if isinstance(named, list) and named else config.get("model_type")
    return first if isinstance(first, str) else ""


def kind_of(config: Mapping[str, Any], name: str) -> Kind:
    """Raises `ModelUnavailable` where the configuration does not tell."""
    found, family = architecture(config), config.get("model_type")
    if found.endswith(CAUSAL):
        return "scorer"
    if family in BOTH_WAYS:
        return "encoder"
    if family in CAUSAL_TYPES:
        return "scorer"
    message = (
        f"{name} ({found or 'of no named architecture'}) is neither plainly a causal language model nor an "
        "encoder; say with --kind scorer or --kind encoder how it is to be used."
    )
    raise ModelUnavailable("unknown_kind", message)


def refuse_code(config: Mapping[str, Any], name: str) -> None:
    """Raises `ModelUnavailable` for a model that only code of its own can open."""
    if "auto_map" not in config or _known(str(config.get("model_type"))):
        return
    message = (
        f"{name} comes with code of its own that would have to run, and Neural Lab runs none; "
        "choose a model of an architecture that transformers knows."
    )
    raise ModelUnavailable("needs_code", message)


def _known(family: str) -> bool:
    if find_spec("transformers") is None:
        return False
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    return family in CONFIG_MAPPING_NAMES
