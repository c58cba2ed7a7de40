"""The text a language model learns from: documents in, one long row of token ids out."""

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from neural_lab.backends.onnx_reading import BEGINNING as BEGINNING
from neural_lab.text.canonical import canonicalize

VALIDATION, RESERVED = 1, 16

TokenIds = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Row:
    """One training document in canonical form; `part` is train, validation or reserved."""

    text: str
    domain: str
    part: str


def part_of(text: str) -> str:
    """Which part a document belongs to, from a hash of its text.

    1 % validates the language model; a further 15 % is kept from it, so that
    the detector has human text that its scorer has never seen.
    """
    bucket = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") % 100
    if bucket < VALIDATION:
        return "validation"
    return "reserved" if bucket < RESERVED else "train"


def read(path: Path) -> Iterator[Row]:
    """Rows of one `.jsonl.xz` file with `text` and `domain` columns."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Row(canonicalize(row["text"]).text, row.get("domain", path.stem), part_of(row["text"]))


def train_tokenizer(texts: Iterator[str], vocabulary: int) -> Tokenizer:
    """Byte-level BPE: every text has a token sequence, and tokens map back to characters."""
    tokenizer = Tokenizer(models.BPE())
    digits = pre_tokenizers.Digits(individual_digits=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [digits, pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[BEGINNING],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def encode(tokenizer: Tokenizer, texts: list[str]) -> TokenIds:
    """Token ids of `texts` one behind the other, each opened by the beginning-of-text token."""
    beginning = tokenizer.token_to_id(BEGINNING)
    rows = (encoding.ids for encoding in tokenizer.encode_batch_fast(texts, add_special_tokens=False))
    return np.concatenate([np.array([beginning, *ids], dtype=np.uint16) for ids in rows])
