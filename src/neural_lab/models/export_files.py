"""The files of an export: a graph, a tokenizer, and how the model is read."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import onnx
import torch

from neural_lab.backends.model_folder import ModelFolder
from neural_lab.backends.onnx_encoder import OnnxEncoder
from neural_lab.backends.onnx_scorer import OnnxScorer
from neural_lab.backends.torch_encoder import TorchEncoder
from neural_lab.backends.torch_head import head_of
from neural_lab.backends.torch_model import TorchModel, causal_model, encoder_model
from neural_lab.backends.torch_reach import beginning, probe
from neural_lab.backends.torch_scorer import TorchScorer
from neural_lab.errors import ModelUnavailable
from neural_lab.models.export_graph import encoder_graph, scorer_graph
from neural_lab.models.export_sample import SAMPLE
from neural_lab.models.parity import Parity, encoder_parity, scorer_parity

READING, TOKENIZER = "reading.json", "tokenizer.json"
SCORER, ENCODER = "scorer.onnx", "encoder.onnx"

Tell = Callable[[str], None]


def write_scorer(source: ModelFolder, folder: Path, *, int8: bool, tell: Tell) -> Parity:
    """Write the files of a causal model into `folder`; raises `ModelUnavailable`."""
    tell("reading the weights")
    model = causal_model(source.folder, "cpu", "float32", source.checksums)
    theirs, before = TorchScorer(model), beginning(model)
    reading = {"before": before, **theirs.reach._asdict()}
    limit = len(before) + theirs.reach.context + theirs.reach.longest - 1
    tell("converting the model")
    with _converting(model):
        with torch.inference_mode():
            head = head_of(model.module, probe(model, before))
        rows = [[*before, *model.tokenizer.ids(SAMPLE)][:limit]]
        onnx.save(scorer_graph(model.module, head, limit, rows, int8=int8), folder / SCORER)
    _write(model, folder, reading)
    tell("comparing its answers with PyTorch's")
    with _converting(model):
        ours = OnnxScorer(folder / SCORER, folder / TOKENIZER, "draft", 1, reading=reading)
        return scorer_parity(theirs, ours)


def write_encoder(source: ModelFolder, folder: Path, *, int8: bool, tell: Tell) -> Parity:
    """Write the files of an encoder into `folder`; raises `ModelUnavailable`."""
    tell("reading the weights")
    model = encoder_model(source.folder, "cpu", "float32", source.checksums)
    theirs, before, after = TorchEncoder(model), model.tokenizer.before, model.tokenizer.after
    longest = theirs.limit - len(before) - len(after)
    reading = {"before": before, "after": after, "longest": longest}
    tell("converting the model")
    with _converting(model):
        rows = [[*before, *model.tokenizer.ids(SAMPLE)[:longest], *after]]
        onnx.save(encoder_graph(model.module, theirs.limit, rows, int8=int8), folder / ENCODER)
    _write(model, folder, reading)
    tell("comparing its answers with PyTorch's")
    with _converting(model):
        ours = OnnxEncoder(folder / ENCODER, folder / TOKENIZER, "draft", 1, reading=reading)
        return encoder_parity(theirs, ours)


def _write(model: TorchModel, folder: Path, reading: dict[str, Any]) -> None:
    model.tokenizer.save(folder / TOKENIZER)
    (folder / READING).write_text(json.dumps(reading) + "\n", "utf-8")


@contextmanager
def _converting(model: TorchModel) -> Iterator[None]:
    """What PyTorch's exporter fails on, it fails on in many ways; some graphs fail when they run."""
    try:
        yield
    except (ModelUnavailable, OSError):
        raise
    except Exception as error:
        kind = type(model.module).__name__
        message = (
            f"{kind} cannot be converted to ONNX; it runs with PyTorch: pip install 'neural-lab[torch]'."
        )
        raise ModelUnavailable("cannot_export", message) from error
