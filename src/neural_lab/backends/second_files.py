"""The files of a second reader, in a bundle or in a training run."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np

from neural_lab.backends.cached_encoder import CachedEncoder
from neural_lab.backends.onnx_encoder import OnnxEncoder
from neural_lab.detect.encoded import Head
from neural_lab.detect.ngrams import Ngrams
from neural_lab.ports import Cache
from neural_lab.second_reader import SecondReader

ENCODER, ENCODER_TOKENIZER, HEAD, NGRAMS = "encoder.onnx", "encoder_tokenizer.json", "head.json", "ngrams.npy"
FILES = (ENCODER, ENCODER_TOKENIZER, HEAD, NGRAMS)


def open_reader(
    folder: Path,
    identity: str,
    threads: int | None = None,
    cache: Cache | None = None,
    secret: bytes | None = None,
) -> SecondReader:
    """The second reader of `folder`; `cache` and `secret` are as in `CachedEncoder`.

    Raises `ModelUnavailable`; its files were verified before.
    """
    encoder = OnnxEncoder(folder / ENCODER, folder / ENCODER_TOKENIZER, identity, threads)
    head = Head.from_dict(json.loads((folder / HEAD).read_text("utf-8")))
    return SecondReader(CachedEncoder(encoder, cache, secret), head, load_ngrams(folder / NGRAMS))


def encoder_identity(checksums: dict[str, str]) -> str:
    """Names an encoder and what was fitted with it, so that calibration cannot meet another."""
    return f"onnx-int8:{sha256(''.join(checksums[name] for name in FILES).encode()).hexdigest()[:32]}"


def load_ngrams(path: Path) -> Ngrams:
    """Weights and, last, the bias, in half precision."""
    stored = np.load(path, mmap_mode="r", allow_pickle=False)
    return Ngrams(stored[:-1], float(stored[-1]))


def save_ngrams(path: Path, ngrams: Ngrams) -> None:
    np.save(path, np.append(ngrams.weight, ngrams.bias).astype(np.float16))
