"""How much faster a large model is read once it is exported in int8, as ratios within one run.

A causal model of the size of GPT-2 (124 million parameters) and an encoder of the size of
distilroberta-base (82 million), at random: speed does not depend on them. The usual way is transformers in
fp32: all logits of a window with `log_softmax` and sums over the vocabulary, and for the encoder batches
of 8 passages in order of arrival, filled up to the longest, with the states of all layers. Both ways
read the same texts on one thread; turning text into tokens counts. The processor's time is
counted, so that what else runs on the machine does not matter much.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from large_model import TEXT, texts
from rich.console import Console
from rich.table import Table
from tokenizers import ByteLevelBPETokenizer
from transformers import (
    AutoModel,
    AutoModelForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    RobertaConfig,
    RobertaModel,
)
from transformers.utils import logging

from neural_lab.backends.fast_tokenizer import FastTokenizer, opened_tokenizer
from neural_lab.backends.model_folder import opened_folder
from neural_lab.backends.onnx_encoder import OnnxEncoder
from neural_lab.backends.onnx_scorer import OnnxScorer
from neural_lab.backends.torch_batches import padded
from neural_lab.models.export_files import READING, write_encoder, write_scorer

ROUNDS, BATCH, CPU = 3, 8, torch.device("cpu")
USUAL, OURS = "usual, fp32", "exported, int8"
LENGTHS = (269, 198, 341, 227, 305, 180, 254, 290)
"""Of passages, in tokens, one after the other: texts of 150 to 250 words."""

Read = Callable[[Sequence[str]], object]


def main() -> None:
    options = arguments()
    logging.disable_progress_bar()
    torch.set_num_threads(1)
    table = Table("model", "way", "tokens a second and core", "times the usual")
    for name, measure in (("GPT-2 124M", scorers), ("distilroberta 82M", encoders)):
        with TemporaryDirectory() as made:
            tokens, times = measure(Path(made), options)
        for way, seconds in times.items():
            table.add_row(name, way, f"{tokens / seconds:,.0f}", f"{times[USUAL] / seconds:.2f}")
    Console().print(table)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=4, help="that the causal model reads")
    parser.add_argument("--tokens", type=int, default=256, help="of each of them")
    parser.add_argument("--passages", type=int, default=16, help="that the encoder reads")
    return parser.parse_args()


def scorers(folder: Path, options: argparse.Namespace) -> tuple[int, dict[str, float]]:
    """Tokens read in a round, and its processor time by way."""
    tokenizer = saved(GPT2LMHeadModel(GPT2Config()), folder)
    wanted = texts(tokenizer, options.texts, options.tokens)
    out = Path(folder, "onnx")
    out.mkdir()
    write_scorer(opened_folder(folder), out, int8=True, tell=Console(stderr=True).print)
    reading = read_json(out / READING)
    ours = OnnxScorer(out / "scorer.onnx", out / "tokenizer.json", "int8", 1, reading=reading)
    return count(tokenizer, wanted), seconds(
        {USUAL: usual_scorer(folder, tokenizer), OURS: ours.score}, wanted
    )


def encoders(folder: Path, options: argparse.Namespace) -> tuple[int, dict[str, float]]:
    """As `scorers`."""
    sizes = {
        "vocab_size": 50265,
        "max_position_embeddings": 514,
        "type_vocab_size": 1,
        "num_hidden_layers": 6,
    }
    ids = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "layer_norm_eps": 1e-5}
    tokenizer = saved(RobertaModel(RobertaConfig(**sizes, **ids), add_pooling_layer=False), folder)
    wanted = passages(tokenizer, options.passages)
    out = Path(folder, "onnx")
    out.mkdir()
    write_encoder(opened_folder(folder), out, int8=True, tell=Console(stderr=True).print)
    reading = read_json(out / READING)
    ours = OnnxEncoder(out / "encoder.onnx", out / "tokenizer.json", "int8", 1, reading=reading)
    ways = {
        USUAL: usual_encoder(folder, tokenizer),
        OURS: lambda each: ours.encode([ours.tokens([t]) for t in each]),
    }
    return count(tokenizer, wanted), seconds(ways, wanted)


def saved(model: torch.nn.Module, folder: Path) -> FastTokenizer:
    """Write `model` and a tokenizer that was trained on the texts."""
    model.save_pretrained(folder)
    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator([TEXT], vocab_size=8192, show_progress=False)
    tokenizer.save(str(folder / "tokenizer.json"))
    return opened_tokenizer(opened_folder(folder), "model")


def passages(tokenizer: FastTokenizer, wanted: int) -> list[str]:
    ends = tokenizer.tokens(TEXT).ends.tolist()
    found, at = [], 0
    for number in range(wanted):
        length = LENGTHS[number % len(LENGTHS)]
        found.append(TEXT[ends[at] : ends[at + length]])
        at += length
    return found


def usual_scorer(folder: Path, tokenizer: FastTokenizer) -> Read:
    """What a script would do: a text that fits into a window, its logits, its distributions."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    first = model.config.bos_token_id

    @torch.inference_mode()
    def read(texts: Sequence[str]) -> list[list[torch.Tensor]]:
        found = []
        for text in texts:
            ids = torch.tensor([[first, *tokenizer.ids(text)]])
            logp = model(ids[:, :-1]).logits[0].log_softmax(-1)
            own, p = logp.gather(1, ids[0, 1:, None]), logp.exp()
            mean = (p * logp).sum(-1)
            rank = (logp > own).sum(-1)
            found.append([own[:, 0], -mean, (p * logp**2).sum(-1) - mean**2, rank])
        return found

    return read


def usual_encoder(folder: Path, tokenizer: FastTokenizer) -> Read:
    model = AutoModel.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", add_pooling_layer=False
    ).eval()

    @torch.inference_mode()
    def read(texts: Sequence[str]) -> list[torch.Tensor]:
        found = []
        for start in range(0, len(texts), BATCH):
            rows = [np.array([0, *tokenizer.ids(text), 2]) for text in texts[start : start + BATCH]]
            ids, mask = padded(rows, CPU)
            states = model(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states[-1]
            found.append((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True))
        return found

    return read


def seconds(ways: dict[str, Read], wanted: Sequence[str]) -> dict[str, float]:
    """Median processor time of each way, which take turns; what the first round warms up does not count."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS + 1):
        for way, read in ways.items():
            start = time.process_time()
            read(wanted)
            times[way].append(time.process_time() - start)
    return {way: sorted(each[1:])[ROUNDS // 2] for way, each in times.items()}


def count(tokenizer: FastTokenizer, texts: Sequence[str]) -> int:
    return sum(len(tokenizer.ids(text)) for text in texts)


def read_json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


if __name__ == "__main__":
    main()
