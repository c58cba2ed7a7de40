"""The ports of the models, answered by replicas that Ray holds, on this computer or on others."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.bundle import Bundle
from neural_lab.backends.ray_processes import RayProcesses
from neural_lab.ports import Encoder, TokenScorer
from neural_lab.types import Encoding, Span, TokenScores


class _Replicas:
    """So many processes, each with what `opener(*arguments)` gives; an opener is known to all by its name."""

    def __init__(self, replicas: int, opener: Callable[..., Any], *arguments: Hashable) -> None:
        self._processes, self._opened = RayProcesses(replicas), (opener, arguments)

    @cached_property
    def identity(self) -> str:
        return str(self._ask("identity"))

    def close(self) -> None:
        self._processes.close()

    def _ask(self, name: str, *given: Any) -> Any:
        return self._processes.each(_asked, [(*self._opened, name, *given)])[0]

    def _shared_out(self, name: str, items: Sequence[Any]) -> list[Any]:
        """A share for each process; what is said of an item does not depend on the others."""
        shares = [items[at :: len(self._processes)] for at in range(len(self._processes))]
        asked = [(*self._opened, name, share) for share in shares if share]
        found = self._processes.each(_asked, asked)
        order = chain.from_iterable(range(at, len(items), len(self._processes)) for at in range(len(found)))
        return [each for _, each in sorted(zip(order, chain.from_iterable(found), strict=True), key=_place)]


class RayScorer(_Replicas):
    """A `TokenScorer`."""

    def score(self, texts: Sequence[str]) -> list[TokenScores]:
        return self._shared_out("score", list(texts))

    def pool(self, text: str, spans: Sequence[Span]) -> NDArray[np.float32]:
        # Ray's arrays cannot be written to.
        return np.array(self._ask("pool", text, spans))


class RayEncoder(_Replicas):
    """An `Encoder`."""

    def tokens(self, sentences: Sequence[str]) -> list[list[int]]:
        found: list[list[int]] = self._ask("tokens", sentences)
        return found

    def encode(self, passages: Sequence[Sequence[Sequence[int]]]) -> list[Encoding]:
        return self._shared_out("encode", list(passages))


def bundle_scorer(folder: Path) -> TokenScorer:
    """The language model of a bundle, on one thread: replicas are as many as there are processors."""
    return Bundle(folder).scorer(1)


def bundle_encoder(folder: Path) -> Encoder:
    """The encoder of a bundle, likewise."""
    return Bundle(folder).second(1).encoder


@cache
def _held(opener: Callable[..., Any], arguments: tuple[Hashable, ...]) -> Any:
    return opener(*arguments)


def _asked(opener: Callable[..., Any], arguments: tuple[Hashable, ...], name: str, *given: Any) -> Any:
    found = getattr(_held(opener, arguments), name)
    return found(*given) if callable(found) else found


def _place(pair: tuple[int, Any]) -> int:
    return pair[0]
