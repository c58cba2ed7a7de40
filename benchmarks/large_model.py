"""GPT-2 with random weights in a folder, and texts to read: what the benchmarks of large models share."""

import pydoc_data.topics
from pathlib import Path

import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.utils import logging

from neural_lab.backends.fast_tokenizer import FastTokenizer

TEXT = "\n\n".join(pydoc_data.topics.topics[name] for name in sorted(pydoc_data.topics.topics))
SIZES = {"gpt2": (12, 12, 768), "gpt2-medium": (24, 16, 1024), "gpt2-large": (36, 20, 1280)}
SPREAD = 0.1
"""Of the weights: with the usual 0.02 all tokens would be about as likely, and any precision would do."""


def save(folder: Path, size: str = "gpt2") -> Path:
    """Write a model of a size of GPT-2 in fp32, and a tokenizer."""
    logging.disable_progress_bar()
    torch.manual_seed(1)
    layers, heads, width = SIZES[size]
    config = GPT2Config(n_layer=layers, n_head=heads, n_embd=width, initializer_range=SPREAD)
    GPT2LMHeadModel(config).save_pretrained(folder)
    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator([TEXT], vocab_size=8192, show_progress=False)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def texts(tokenizer: FastTokenizer, count: int, tokens: int) -> list[str]:
    """Texts of about as many tokens each, cut from Python's documentation."""
    ends = [0, *tokenizer.tokens(TEXT).ends.tolist()]
    return [TEXT[ends[at * tokens] : ends[(at + 1) * tokens]] for at in range(count)]
