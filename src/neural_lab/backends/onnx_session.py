"""What the ONNX backends share: a session on one thread, and runs side by side."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

# Before the import: the library would else note down this machine for its maker, and may tell it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime
from tokenizers import Tokenizer

from neural_lab.backends.failures import loading

onnxruntime.disable_telemetry_events()

Item = TypeVar("Item")
Result = TypeVar("Result")


def session(model: Path, what: str) -> onnxruntime.InferenceSession:
    """A session that computes on the thread that calls it; `ModelUnavailable` names the model as `what`."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    with loading(model.parent, what):
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def opened(model: Path, tokenizer: Path, what: str) -> tuple[onnxruntime.InferenceSession, Tokenizer]:
    """The session and the tokenizer of one model; raises `ModelUnavailable`."""
    with loading(tokenizer.parent, what):
        read = Tokenizer.from_file(str(tokenizer))
    return session(model, what), read


def default_threads() -> int:
    return min(os.cpu_count() or 1, 8)


def side_by_side(threads: int, run: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """`run` of each item, in order; after an error or an interrupt, what still waits is not worth running."""
    if threads == 1 or len(items) < 2:
        return list(map(run, items))
    pool = ThreadPoolExecutor(threads)
    try:
        return list(pool.map(run, items))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
