"""Small models of random weights, kept and exported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from large_models import gpt2, roberta, tokenizer

from neural_lab.backends.onnx_encoder import OnnxEncoder
from neural_lab.backends.onnx_scorer import OnnxScorer
from neural_lab.models.export import Exported
from neural_lab.models.kept import Kept, records

CALM = 0.2
"""Of the spread of weights: with more, what int8 rounds away decides."""


def kept(model: Any, kind: str, home: Path, name: str = "tiny/model", *, specials: bool = False) -> Kept:
    """`model`, kept as a scorer or an encoder; with `specials` its texts stand between special tokens."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    folder = home / "models" / name.replace("/", "--")
    (folder / "source").mkdir(parents=True)
    model.eval().save_pretrained(folder / "source")
    tokenizer(specials, specials).save(str(folder / "source" / "tokenizer.json"))
    made = Kept(folder, name, None, "folder", kind, type(model).__name__, "mit", records(folder / "source"))
    made.write()
    return made


def calm_gpt2(**more: Any) -> Any:
    import torch

    torch.manual_seed(7)
    return gpt2(initializer_range=CALM, **more)


def calm_roberta() -> Any:
    """Its vectors, as random ones do, differ little between texts, so they are spread less."""
    import torch
    from transformers import RobertaModel

    torch.manual_seed(7)
    config = roberta().config
    config.initializer_range = CALM / 2
    return RobertaModel(config, add_pooling_layer=False)


def scorer(export: Exported, threads: int = 1) -> OnnxScorer:
    return OnnxScorer(export.model, export.tokenizer, export.identity, threads, reading=export.reading)


def encoder(export: Exported, threads: int = 1) -> OnnxEncoder:
    return OnnxEncoder(export.model, export.tokenizer, export.identity, threads, reading=export.reading)
