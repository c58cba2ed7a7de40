"""A large model that a bundle only refers to: one of those kept on this machine, opened as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neural_lab.backends.described import Described
from neural_lab.backends.large import Large, open_encoder, open_scorer
from neural_lab.errors import ModelUnavailable
from neural_lab.settings import AUTO, Computing, home

if TYPE_CHECKING:
    from neural_lab.backends.torch_encoder import TorchEncoder
    from neural_lab.backends.torch_scorer import TorchScorer
    from neural_lab.ports import Cache

MODELS, SOURCE = "models", "source"
AGREEMENT = 0.02
"""How far the probabilities of a document may be apart in another precision than the calibrated one."""


@dataclass(frozen=True)
class Referred:
    """`model` of the bundle in `bundle`; `agrees` has the precisions that were measured to agree."""

    bundle: Path
    model: Described
    computing: Computing
    agrees: Mapping[str, Any]
    threads: int | None = None

    def scorer(self, cache: Cache | None = None, secret: bytes = b"") -> TorchScorer:
        """Raises `ModelUnavailable` and says what to do, also for another model than was calibrated."""
        large = self._large()
        with self._explained():
            found = open_scorer(large, self.model.limit, self.model.context, cache, secret)
        self._same(found.identity)
        return found

    def encoder(self) -> TorchEncoder:
        """Raises as `scorer`."""
        large = self._large()
        with self._explained():
            found = open_encoder(large, self.model.limit)
        self._same(found.identity)
        return found

    def _large(self) -> Large:
        dtype, source = self._precision(), self._source()
        device = self.computing.device
        return Large(
            str(source), device=device, dtype=dtype, checksums=self.model.files, threads=self.threads
        )

    def _source(self) -> Path:
        folder = home() / MODELS / self.model.name.replace("/", "--") / SOURCE
        if not folder.is_dir():
            message = (
                f"{self.bundle} needs {self.model.name}, which is not on this machine: get it with "
                f"`{self.model.pull}`."
            )
            raise ModelUnavailable("not_pulled", message)
        return folder

    def _precision(self) -> str:
        """That of the calibration, or the one asked for if its answers were measured to agree."""
        own, wanted = self.model.precision, self.computing.dtype
        if wanted in (AUTO, own) or self.computing.trial or self._agreed(wanted):
            return own if wanted == AUTO else wanted
        message = (
            f"{self.bundle} was calibrated in {own}, and not measured to agree in {wanted}: set "
            f"NEURAL_LAB_DTYPE={own} or leave it out, or measure it on texts of yours: `neural-lab train "
            f"agreement {self.bundle} --data TEXTS --dtype {wanted}`."
        )
        raise ModelUnavailable("other_precision", message)

    def _agreed(self, wanted: str) -> bool:
        return float(self.agrees.get(wanted, {}).get("largest", 1.0)) <= AGREEMENT

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """A kept model that was altered is another than the one calibrated: say how to get that one."""
        try:
            yield
        except ModelUnavailable as error:
            if error.code != "altered_model":
                raise
            raise self._other(error.message.split(" in ", 1)[0]) from None

    def _same(self, identity: str) -> None:
        """A file more than there was counts too: a tokenizer's settings, say."""
        if identity.split(":")[1] != self.model.digest[:32]:
            raise self._other("a set of files")

    def _other(self, what: str) -> ModelUnavailable:
        message = (
            f"The {self.model.name} on this machine is not the one that {self.bundle} was calibrated with "
            f"({what} differs); get that one with `{self.model.pull}`."
        )
        return ModelUnavailable("other_model", message)
