"""The files of a second reader, in a bundle or in a training run."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import numpy as np

from neural_lab.detect.ngrams import Ngrams

ENCODER, ENCODER_TOKENIZER, HEAD, NGRAMS = "encoder.onnx", "encoder_tokenizer.json", "head.json", "ngrams.npy"
FILES = (ENCODER, ENCODER_TOKENIZER, HEAD, NGRAMS)


def encoder_identity(checksums: Mapping[str, str], precision: str = "int8") -> str:
    """Names an encoder and what was fitted with it, so that calibration cannot meet another."""
    joined = "".join(checksums[name] for name in FILES)
    return f"onnx-{precision}:{sha256(joined.encode()).hexdigest()[:32]}"


def load_ngrams(path: Path) -> Ngrams:
    """Weights and, last, the bias, in half precision."""
    stored = np.load(path, mmap_mode="r", allow_pickle=False)
    return Ngrams(stored[:-1], float(stored[-1]))


def save_ngrams(path: Path, ngrams: Ngrams) -> None:
    np.save(path, np.append(ngrams.weight, ngrams.bias).astype(np.float16))
