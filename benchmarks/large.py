"""How much faster and leaner a large model is read than the usual way, as ratios within one run.

The model is GPT-2 (124 million parameters, at random: speed does not depend on them), on one
thread of a processor. The usual way is transformers in fp32: all logits of a window, `log_softmax`, and
sums over the vocabulary. Both read the same texts, so that each token is scored once; turning
text into tokens counts. Peak memory is that of a process that does nothing else, the file of fp32
weights included where they are converted while they are read from it.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

ROUNDS = 3
WAYS = ("usual, fp32", "ours, fp32", "ours, bfloat16")
USUAL, MIB = WAYS[0], 2**20
Read = Callable[[Sequence[str]], object]


def main() -> None:
    options = arguments()
    with TemporaryDirectory() as made:
        folder = options.folder or Path(made)
        if options.way:
            print(json.dumps(peak(options.way, folder, options)))
            return
        subprocess.run([sys.executable, "-c", SAVE, str(folder)], check=True, cwd=Path(__file__).parent)  # noqa: S603
        peaks = {way: alone(way, folder, options) for way in WAYS}
        show(seconds(folder, options), peaks, options)


SAVE = "import sys; from pathlib import Path; from large_model import save; save(Path(sys.argv[1]))"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=4)
    parser.add_argument("--tokens", type=int, default=256, help="of each text")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def opened(way: str, folder: Path) -> Read:
    import torch

    from neural_lab.backends.torch_model import causal_model
    from neural_lab.backends.torch_scorer import TorchScorer

    torch.set_num_threads(1)
    if way == USUAL:
        return usual(folder)
    dtype = "float32" if way.endswith("fp32") else "bfloat16"
    return TorchScorer(causal_model(folder, "cpu", dtype)).score


def usual(folder: Path) -> Read:
    """What a script would do: a text that fits into a window, its logits, its distributions."""
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    first = model.config.bos_token_id

    @torch.inference_mode()
    def read(texts: Sequence[str]) -> list[list[torch.Tensor]]:
        found = []
        for text in texts:
            ids = torch.tensor([[first, *tokenizer.encode(text).ids]])
            logp = model(ids[:, :-1]).logits[0].log_softmax(-1)
            own, p = logp.gather(1, ids[0, 1:, None]), logp.exp()
            mean = (p * logp).sum(-1)
            rank = (logp > own).sum(-1)
            found.append([own[:, 0], -mean, (p * logp**2).sum(-1) - mean**2, rank])
        return found

    return read


def read_texts(folder: Path, options: argparse.Namespace) -> list[str]:
    from large_model import texts

    from neural_lab.backends.fast_tokenizer import opened_tokenizer
    from neural_lab.backends.model_folder import opened_folder

    return texts(opened_tokenizer(opened_folder(folder), "language model"), options.texts, options.tokens)


def peak(way: str, folder: Path, options: argparse.Namespace) -> float:
    """The most memory, in MiB, that this process has taken by the end."""
    opened(way, folder)(read_texts(folder, options))
    scale = MIB if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def alone(way: str, folder: Path, options: argparse.Namespace) -> float:
    sizes = ["--texts", str(options.texts), "--tokens", str(options.tokens)]
    command = [sys.executable, __file__, "--way", way, "--folder", str(folder), *sizes]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return float(json.loads(done.stdout))


def seconds(folder: Path, options: argparse.Namespace) -> dict[str, float]:
    """Median processor time of each way, which take turns so that a busy hour hits all alike."""
    wanted = read_texts(folder, options)
    ways = {way: opened(way, folder) for way in WAYS}
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS + 1):
        for way, read in ways.items():
            start = time.process_time()
            read(wanted)
            times[way].append(time.process_time() - start)
    return {way: sorted(each[1:])[ROUNDS // 2] for way, each in times.items()}


def show(times: dict[str, float], peaks: dict[str, float], options: argparse.Namespace) -> None:
    tokens = options.texts * options.tokens
    table = Table("GPT-2 124M", "tokens a second and core", "times the usual", "peak memory, MiB")
    for way in WAYS:
        speed = f"{tokens / times[way]:,.0f}"
        table.add_row(way, speed, f"{times[USUAL] / times[way]:.2f}", f"{peaks[way]:,.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
