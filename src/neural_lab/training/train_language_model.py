"""Train the embedded language model: bf16 compute, fp32 master weights, Muon, warm-up-stable-decay."""

import json
import time
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor

from neural_lab.errors import InvalidRequest
from neural_lab.training.language_model import (
    LanguageModel,
    LinearCrossEntropy,
    Shape,
    softmax_and_loss,
)
from neural_lab.training.shards import Shards, prepare

DEFAULTS = Path(__file__).with_name("language_model.toml")
CHECKPOINT_SECONDS = 300
STATE, RECIPE = "run.safetensors", "recipe.json"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A training configuration, as read from its TOML file."""

    shape: Shape
    optimiser: dict[str, float]
    run: dict[str, int]
    weights: dict[str, float]

    @classmethod
    def read(cls, path: Path = DEFAULTS) -> "Recipe":
        table = tomllib.loads(path.read_text("utf-8"))
        return cls(Shape(**table["shape"]), table["optimiser"], table["run"], table["weights"])

    def rate(self, progress: float) -> float:
        """Share of the peak learning rate at `progress` in [0, 1]: warm-up, stable, linear decay."""
        warmup, decay = self.optimiser["warmup"], self.optimiser["decay"]
        return min(1.0, (progress + 1e-4) / warmup, (1.0 - progress) / decay)

    def length(self, progress: float) -> int:
        """Tokens a row: half the context first (attention is dear), the whole at the end."""
        late = progress >= 1.0 - self.optimiser["long"]
        return self.shape.context if late else self.shape.context // 2


class Trainer:
    """One run: a bf16 model, its fp32 masters, and two optimisers over the masters."""

    def __init__(self, recipe: Recipe, device: str, compiled: bool) -> None:
        torch.manual_seed(recipe.run["seed"])
        self.recipe, self.device = recipe, device
        self.model = LanguageModel(recipe.shape).to(device, torch.bfloat16)
        self.masters = {n: p.detach().float().clone() for n, p in self.model.named_parameters()}
        self.optimisers = self._optimisers()
        compile_ = torch.compile if compiled else lambda function, **_: function
        self._forward = compile_(self.model.forward, dynamic=False)
        self._reduce = compile_(softmax_and_loss, dynamic=False)

    def _optimisers(self) -> list[torch.optim.Optimizer]:
        rates = self.recipe.optimiser
        hidden = [p for n, p in self.masters.items() if n != "embedding.weight"]
        return [
            torch.optim.Muon(hidden, lr=rates["matrix_rate"], weight_decay=rates["weight_decay"]),
            torch.optim.AdamW(
                [self.masters["embedding.weight"]],
                lr=rates["embedding_rate"],
                betas=(0.9, 0.95),
                weight_decay=0.0,
            ),
        ]

    def step(self, ids: Tensor, rate: float) -> float:
        """One update on `ids` `[rows, length + 1]`; returns mean nats per token."""
        hidden = self._forward(ids[:, :-1])
        weight = self.model.embedding.weight
        loss = LinearCrossEntropy.apply(hidden.flatten(0, 1), weight, ids[:, 1:].flatten(), self._reduce)
        loss.backward()
        self._update(rate)
        return float(loss.detach())

    def _update(self, rate: float) -> None:
        for name, parameter in self.model.named_parameters():
            self.masters[name].grad = parameter.grad.float()
            parameter.grad = None
        peaks = (self.recipe.optimiser["matrix_rate"], self.recipe.optimiser["embedding_rate"])
        for optimiser, peak in zip(self.optimisers, peaks, strict=True):
            optimiser.param_groups[0]["lr"] = peak * rate
            optimiser.step()
        self._follow()

    def _follow(self) -> None:
        """Round the masters to the weights that compute."""
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(self.masters[name])

    def save(self, folder: Path, progress: dict[str, Any]) -> None:
        """Write weights, optimiser state and progress; the old file stays until the new one is whole."""
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {f"master.{n}": p.detach() for n, p in self.masters.items()}
        for i, optimiser in enumerate(self.optimisers):
            for key, state in optimiser.state_dict()["state"].items():
                tensors |= {f"state.{i}.{key}.{n}": torch.as_tensor(t) for n, t in state.items()}
        metadata = {"progress": json.dumps(progress)}
        save_file({k: v.contiguous() for k, v in tensors.items()}, folder / "run.new", metadata=metadata)
        (folder / "run.new").replace(folder / STATE)

    def load(self, folder: Path) -> dict[str, Any]:
        """Continue from `folder`; returns the progress written with it."""
        with safe_open(folder / STATE, framework="pt", device=self.device) as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
            progress: dict[str, Any] = json.loads(file.metadata()["progress"])
        for name, master in self.masters.items():
            master.copy_(tensors[f"master.{name}"])
        for i, optimiser in enumerate(self.optimisers):
            table = optimiser.state_dict()
            for key, tensor in tensors.items():
                kind, *rest = key.split(".")
                if kind == "state" and rest[0] == str(i):
                    table["state"].setdefault(int(rest[1]), {})[rest[2]] = tensor
            optimiser.load_state_dict(table)
        self._follow()
        return progress

    def start_from(self, weights: dict[str, Tensor]) -> None:
        """Take over the weights of another run; the optimisers warm up anew."""
        for name, master in self.masters.items():
            master.copy_(weights[name])
        self._follow()

    def weights(self) -> dict[str, Tensor]:
        """The masters in bf16: what a checkpoint or an export needs."""
        return {name: master.to(torch.bfloat16) for name, master in self.masters.items()}


def train(
    data: Path,
    out: Path,
    recipe: Recipe,
    *,
    device: str,
    compiled: bool,
    stop: int | None = None,
    checkpoint: Path | None = None,
) -> dict[str, Any]:
    """Train on every `.jsonl.xz` of `data`, or go on where `out` stopped.

    Leaves `out/model.safetensors` (bf16) and `out/loss.png`, or with `stop`
    only the state of the run after that many tokens. A new run takes weights and
    tokenizer of `checkpoint`, a folder, where one is given. Returns the progress:
    tokens, seconds, and the curve of (tokens, nats per token).
    """
    out.mkdir(parents=True, exist_ok=True)
    _remember(recipe, out)
    if not (out / "tokens" / "tokenizer.json").exists():
        sources, vocabulary = sorted(data.glob("*.jsonl.xz")), recipe.shape.vocabulary
        given = Tokenizer.from_file(str(checkpoint / "tokenizer.json")) if checkpoint else None
        prepare(sources, out / "tokens", vocabulary, recipe.run["seed"], given)
    shards = Shards(out / "tokens", recipe.weights, recipe.shape.context, recipe.run["seed"])
    trainer = Trainer(recipe, device, compiled)
    done: dict[str, Any] = {"tokens": 0, "seconds": 0.0, "curve": []}
    if (out / STATE).exists():
        done = trainer.load(out)
    elif checkpoint:
        trainer.start_from(load_file(checkpoint / "model.safetensors"))
    if _loop(trainer, shards, out, done, stop or recipe.run["tokens"]):
        save_file(trainer.weights(), out / "model.safetensors")
        plot(done["curve"], out / "loss.png")
    return done


def _remember(recipe: Recipe, out: Path) -> None:
    """Keep the recipe with the run. Raises `InvalidRequest` when the run was begun with another one."""
    kept, text = out / RECIPE, json.dumps(asdict(recipe), indent=1)
    if kept.exists() and kept.read_text("utf-8") != text:
        raise InvalidRequest("other_recipe", f"{out} was begun with another recipe; choose another --out.")
    kept.write_text(text, "utf-8")


def _loop(trainer: Trainer, shards: Shards, out: Path, done: dict[str, Any], stop: int) -> bool:
    """Steps until the run is over (True) or `stop` tokens are done; writes its state now and then."""
    run, unit = trainer.recipe.run, trainer.recipe.shape.context
    plan, per_step = shards.plan(run["tokens"] // unit), run["tokens_per_step"] // unit
    saved = start = time.monotonic() - done["seconds"]
    with _progress() as bar:
        task = bar.add_task("training", total=run["tokens"], loss="")
        while (progress := _progress_of(run, done)) < 1.0 and done["tokens"] < stop:
            first = done["tokens"] // unit
            rows = shards.batch(plan[first : first + per_step], trainer.recipe.length(progress))
            loss = trainer.step(torch.from_numpy(rows).to(trainer.device), trainer.recipe.rate(progress))
            done["tokens"] += per_step * unit
            done["seconds"] = time.monotonic() - start
            done["curve"].append((done["tokens"], loss))
            recent = np.mean([nats for _, nats in done["curve"][-50:]])
            bar.update(task, completed=done["tokens"], loss=f"{recent:.3f}")
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                trainer.save(out, done)
                saved = time.monotonic()
    trainer.save(out, done)
    return _progress_of(run, done) >= 1.0


def _progress_of(run: dict[str, int], done: dict[str, Any]) -> float:
    """How much of the run is behind us, in tokens or in time, whichever ends first."""
    whole = run["tokens"] // run["tokens_per_step"] * run["tokens_per_step"]
    return float(max(done["tokens"] / whole, done["seconds"] / (60 * run["minutes"])))


def _progress() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]}"),
    )
    return Progress(*columns, TimeRemainingColumn())


def describe(run: Path) -> str:
    """One sentence on how a finished run was trained."""
    with safe_open(run / STATE, framework="pt") as file:
        done = json.loads(file.metadata()["progress"])
        parameters = sum(file.get_tensor(n).numel() for n in file.keys() if n.startswith("master."))  # noqa: SIM118
    last = float(np.mean([nats for _, nats in done["curve"][-100:]]))
    return (
        f"{parameters / 1e6:.1f} million parameters, {done['tokens'] / 1e6:.1f} million tokens in "
        f"{done['seconds'] / 60:.0f} minutes; {last:.3f} nats per token at the end."
    )


def plot(curve: list[tuple[int, float]], path: Path) -> None:
    """Loss against tokens, as PNG."""
    from matplotlib.figure import Figure

    tokens, losses = np.array(curve).T
    width = max(1, len(losses) // 200)
    smooth = np.convolve(losses, np.ones(width) / width, mode="valid")
    axes = (figure := Figure(figsize=(8, 4.5))).subplots()
    axes.plot(tokens / 1e6, losses, alpha=0.2)
    axes.plot(tokens[width - 1 :] / 1e6, smooth)
    axes.set(xlabel="million tokens", ylabel="nats per token", ylim=(losses.min() - 0.1, losses[0] / 2 + 2))
    figure.savefig(path, dpi=120, bbox_inches="tight")
