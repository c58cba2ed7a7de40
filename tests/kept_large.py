"""Small models of random weights, kept as `neural-lab models pull` keeps large ones."""

from __future__ import annotations

from pathlib import Path

from large_models import save

from neural_lab.models.kept import Kept, records

KINDS = {"gpt2": "scorer", "llama": "scorer", "roberta": "encoder", "bert": "encoder"}


def keep(kind: str, home: Path, name: str = "") -> Kept:
    """A model of a kind of `large_models.BUILDERS`, under `name` or that of its kind."""
    folder = home / "models" / (name or kind)
    (folder / "source").mkdir(parents=True, exist_ok=True)
    save(kind, folder / "source")
    kept = Kept(folder, name or kind, None, "folder", KINDS[kind], kind, "mit", records(folder / "source"))
    kept.write()
    return kept
