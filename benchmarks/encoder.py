"""How much faster the passage encoder reads than the usual one, as a ratio within one run.

Ours: the published weights in int8, as exported, one thread, one passage a run. It reads
a part of Python's documentation as passages with their context, and turning text into
tokens counts. The usual: `RobertaModel` of transformers with the configuration of
distilroberta-base, fp32 PyTorch, one thread, batches of 8 rows of 512 random tokens
(weights at random, too: speed does not depend on them).
"""

import pydoc_data.topics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from rich.console import Console
from rich.table import Table
from transformers import RobertaConfig, RobertaModel

from neural_lab.backends.onnx_encoder import OnnxEncoder
from neural_lab.text.passages import passages
from neural_lab.text.sentences import segment
from neural_lab.training.encoder import pretrained, pretrained_folder
from neural_lab.training.encoder_graph import export_encoder

ROUNDS = 5
ROWS, TOKENS = 8, 512
CHARACTERS = 16_000
TEXT = "\n\n".join(pydoc_data.topics.topics[name] for name in sorted(pydoc_data.topics.topics))[:CHARACTERS]


def main() -> None:
    """Print passages and tokens a second and core of both, and the ratios between them."""
    torch.set_num_threads(1)
    with TemporaryDirectory() as folder:
        encoder = exported(Path(folder) / "encoder.onnx")
    sentences = [sentence.span.of(TEXT) for sentence in segment(TEXT)]
    counts = [len(ids) for ids in encoder.tokens(sentences)]
    cut = list(passages(sentences, counts))
    usual = distilroberta()

    def read() -> None:
        ids = encoder.tokens(sentences)
        encoder.encode([ids[each.start : each.end] for each in cut])

    ours, theirs = measured(read, usual)
    tokens = sum(sum(counts[each.start : each.end]) for each in cut)
    show(len(cut) / ours, ROWS / theirs, tokens / ours, ROWS * TOKENS / theirs)
    whole = sum(counts) / ours
    print(
        f"Counting no token twice: {whole / (ROWS * TOKENS / theirs):.1f} times the text a second and core."
    )


def exported(path: Path) -> OnnxEncoder:
    model = pretrained()
    weights = {name: value.numpy() for name, value in model.state_dict().items()}
    export_encoder(weights, model.shape.heads, path, int8=True)
    return OnnxEncoder(path, pretrained_folder() / "tokenizer.json", "int8", threads=1)


def distilroberta() -> Callable[[], object]:
    """One batch through a model of the size of distilroberta-base (82 million parameters)."""
    config = RobertaConfig(
        vocab_size=50265, num_hidden_layers=6, max_position_embeddings=514, type_vocab_size=1
    )
    model = RobertaModel(config, add_pooling_layer=False).eval()
    ids = torch.randint(4, config.vocab_size, (ROWS, TOKENS), generator=torch.Generator().manual_seed(1))

    @torch.inference_mode()
    def read() -> object:
        return model(ids).last_hidden_state

    return read


def measured(*tasks: Callable[[], object]) -> list[float]:
    """Median processor seconds of each task, the tasks taking turns so that a busy hour hits all alike."""
    times: list[list[float]] = [[] for _ in tasks]
    for _ in range(ROUNDS):
        for each, task in zip(times, tasks, strict=True):
            start = time.process_time()
            task()
            each.append(time.process_time() - start)
    return [sorted(each)[ROUNDS // 2] for each in times]


def show(ours: float, theirs: float, our_tokens: float, their_tokens: float) -> None:
    table = Table("a second and core", "ours, int8", "distilroberta, fp32", "ratio")
    table.add_row("passages", f"{ours:.1f}", f"{theirs:.2f}", f"{ours / theirs:.1f}")
    table.add_row("tokens", f"{our_tokens:,.0f}", f"{their_tokens:,.0f}", f"{our_tokens / their_tokens:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
