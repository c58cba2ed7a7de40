"""Large models in the place of those of a bundle: any scorer, any encoder, run by ONNX Runtime or PyTorch."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from neural_lab.backends.bundle import LEXICON, describe, models_in
from neural_lab.backends.bundle_models import OWN
from neural_lab.backends.described import BACKENDS, ENCODER, KINDS, ONNX, SCORER, TORCH, Described
from neural_lab.backends.large import Large, open_encoder, open_scorer
from neural_lab.backends.model_folder import opened_folder
from neural_lab.backends.second_files import HEAD, NGRAMS
from neural_lab.errors import InvalidRequest
from neural_lab.guard import tell
from neural_lab.models.export import exported
from neural_lab.models.kept import Kept, kept_model
from neural_lab.settings import Computing, computing, read_computing
from neural_lab.training.states import silent_head

MODEL_CARD = "language_model.md"


@dataclass(frozen=True)
class Pair:
    """Names of kept models in place of a bundle's, by kind; none of a kind leaves the bundle's own.

    `backend` is `onnx` or `torch`; by default a model that was exported is run by
    ONNX Runtime, unless a device or dtype is named: `computing` is for PyTorch.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    backend: str | None = None
    computing: Computing = field(default_factory=Computing)

    @classmethod
    def of(
        cls,
        scorer: str | None = None,
        encoder: str | None = None,
        backend: str | None = None,
        device: str | None = None,
        dtype: str | None = None,
    ) -> "Pair":
        """As asked for on the command line; device and dtype are the settings' by default.

        Raises `InvalidRequest`.
        """
        names = {kind: name for kind, name in ((SCORER, scorer), (ENCODER, encoder)) if name}
        if backend not in (None, *BACKENDS):
            raise InvalidRequest("option", f"--backend has to be {' or '.join(BACKENDS)}.")
        if not names and (backend or device or dtype):
            message = "--backend, --device and --dtype are for --scorer and --encoder."
            raise InvalidRequest("option", message)
        asked = computing({"device": device, "dtype": dtype})
        if backend == ONNX and asked != Computing():
            message = "--device and --dtype are for PyTorch; ONNX Runtime computes as a model was exported."
            raise InvalidRequest("option", message)
        if names and (device or dtype):
            backend = TORCH
        usual = read_computing()
        named = {"device": device or usual.device, "dtype": dtype or usual.dtype}
        return cls(names, backend, computing(named))

    @property
    def measuring(self) -> Computing:
        """Once the models are described, their descriptions say how precisely."""
        return Computing(self.computing.device)


def place_models(base: Path, out: Path, pair: Pair) -> None:
    """Models, lexicon, head and n-grams into an unfinished bundle, with a description of what is large.

    A large encoder gets a head that says nothing, to be fitted with all else, also where it comes
    from `base`: the one there may have learnt from the very texts that are now to be held out.
    Raises `ModelUnavailable`, and `InvalidRequest` for a model of another kind.
    """
    out.mkdir(parents=True, exist_ok=True)
    known = models_in(base)
    found = {kind: model for kind, model in known.described.items() if kind not in pair.names}
    for kind in KINDS:
        if kind in pair.names:
            found[kind] = _placed(kind, _kept(kind, pair.names[kind]), out, pair)
        else:
            _copy(base, out, known.files(kind))
    _copy(base, out, (LEXICON, NGRAMS, HEAD))
    if SCORER not in pair.names and (base / MODEL_CARD).is_file():
        _copy(base, out, (MODEL_CARD,))
    describe(out, found)
    if ENCODER in found:
        _silence(out, pair)


def _copy(base: Path, out: Path, names: tuple[str, ...]) -> None:
    for name in names:
        shutil.copyfile(base / name, out / name)


def _kept(kind: str, name: str) -> Kept:
    found = kept_model(name)
    if found.kind != kind:
        raise InvalidRequest("other_kind", f"--{kind} {name}: that model was kept as {found.kind}.")
    return found


def _placed(kind: str, kept: Kept, out: Path, pair: Pair) -> Described:
    backend = pair.backend or (ONNX if kept.exported else TORCH)
    tell(f"{kept.name} is run by {'ONNX Runtime' if backend == ONNX else 'PyTorch'}.")
    return _exported(kind, kept, out) if backend == ONNX else _referred(kind, kept, pair)


def _exported(kind: str, kept: Kept, out: Path) -> Described:
    """The files of the export become files of the bundle."""
    found = exported(kept)
    for path, own in zip((found.model, found.tokenizer), OWN[kind], strict=True):
        shutil.copyfile(path, out / own)
    return Described(ONNX, kept.name, found.precision, kept.revision, kept.licence, found.reading)


def _referred(kind: str, kept: Kept, pair: Pair) -> Described:
    """Opened once, to learn how precisely it computes here and how far it reads."""
    kept.verify()
    folder, how = opened_folder(kept.source), pair.computing
    large = Large(str(kept.source), device=how.device, dtype=how.dtype)
    limit, context, identity = _reads(kind, large)
    return Described(
        TORCH,
        kept.name,
        identity.split("-")[1],
        kept.revision,
        kept.licence,
        digest=folder.digest,
        files=dict(folder.checksums),
        limit=limit,
        context=context,
    )


def _reads(kind: str, large: Large) -> tuple[int, int, str]:
    """The most tokens read at once, how many of them are context, and the identity."""
    if kind == ENCODER:
        encoder = open_encoder(large)
        return encoder.limit, 0, encoder.identity
    scorer = open_scorer(large)
    return scorer.reach.context + scorer.reach.longest, scorer.reach.context, scorer.identity


def _silence(out: Path, pair: Pair) -> None:
    """A head that says nothing, as wide as the encoder's states, until one is fitted."""
    _write_head(out, 1)
    encoder = models_in(out, pair.measuring).encoder()
    _write_head(out, encoder.encode([encoder.tokens(["A width."])])[0].vectors.shape[1])


def _write_head(out: Path, width: int) -> None:
    (out / HEAD).write_text(json.dumps(silent_head(width).as_dict()) + "\n", "utf-8")
