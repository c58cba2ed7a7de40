"""How far a causal model may read at once, and what it wants to see first."""

import torch
from torch import Tensor

from neural_lab.backends.torch_model import TorchModel
from neural_lab.errors import InvalidRequest, ModelUnavailable
from neural_lab.text.windows import FEWEST, Reach

MOST = 1024
"""Tokens a window reads at most unless asked, also where a model could read more."""


def beginning(model: TorchModel) -> list[int]:
    """What stands before the first token: what the tokenizer puts there, else the token that begins texts.

    Raises `ModelUnavailable`.
    """
    config = model.module.config
    known = model.module.get_input_embeddings().weight.shape[0]
    named = (getattr(config, "bos_token_id", None), getattr(config, "eos_token_id", None))
    usable = [[at] for at in named if isinstance(at, int) and 0 <= at < known]
    found = [model.tokenizer.before, *usable]
    if not any(found):
        message = (
            f"The configuration in {model.folder.folder} names no token that begins a text (bos_token_id)."
        )
        raise ModelUnavailable("no_beginning", message)
    return next(filter(None, found))


def reach(model: TorchModel, limit: int | None, context: int | None, before: int) -> Reach:
    """Windows that the model can read: the beginning counts, and the last token is only predicted.

    Raises `InvalidRequest`.
    """
    places = getattr(model.module.config, "max_position_embeddings", None) or MOST
    room = places + 1 - before
    limit = min(room, MOST) if limit is None else limit
    try:
        return Reach.within(limit if limit <= room else 0, context)
    except ValueError:
        message = f"A window has at most {room} tokens, and at least {FEWEST} besides its context."
        raise InvalidRequest("window", message) from None


def refuse_looking_ahead(model: TorchModel, ids: Tensor) -> None:
    """Raises `ModelUnavailable` for a model that was shown what it predicts.

    Some that read in both directions are saved as if they read forwards only.
    """
    other, body = ids.clone(), model.module.base_model
    other[0, -1] = (ids[0, -1] + 1) % len(model.module.get_input_embeddings().weight)
    one, two = (body(input_ids=each, use_cache=False)[0][0, :-1].float() for each in (ids, other))
    apart = (one - two).norm(dim=-1) / one.norm(dim=-1)
    # Far above what rounding does, and far below what a glimpse of the next token does.
    if float(apart.max()) > torch.finfo(model.dtype).eps ** 0.5:
        message = (
            f"The model in {model.folder.folder} reads in both directions, so it cannot say how likely the "
            "next token is; choose a causal language model, or use it as an encoder."
        )
        raise ModelUnavailable("not_causal", message)


def probe(model: TorchModel, before: list[int]) -> Tensor:
    """A few tokens to try the model on, `[1, tokens]`."""
    ids = [*before, *model.tokenizer.ids("The quick brown fox.")[:8]]
    return torch.tensor([ids], device=model.device)
