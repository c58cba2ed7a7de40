"""A detector from data: the embedded one by its recipe, or one on a user's own texts."""

import shutil
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from neural_lab.backends.bundle import LEXICON, MANIFEST, MODEL, TOKENIZER
from neural_lab.errors import InvalidRequest
from neural_lab.training.artefact import save as save_ensemble
from neural_lab.training.build_detector import SHORTEST_WORDS as SHORTEST_WORDS
from neural_lab.training.build_detector import Fitted, fit_detector, place_second
from neural_lab.training.card import write_card
from neural_lab.training.card_pictures import draw_pictures
from neural_lab.training.dataset import Record, validate
from neural_lab.training.detection import Example
from neural_lab.training.encoder_texts import encoder_texts
from neural_lab.training.genre_vectors import genres_of
from neural_lab.training.leaks import Split
from neural_lab.training.material import Material, digest_of, measure_material
from neural_lab.training.measured import Measured
from neural_lab.training.mixing import mixed_examples
from neural_lab.training.placing import draft_of, put_in_place
from neural_lab.training.second_readers import folder_of
from neural_lab.training.sources import Sources
from neural_lab.training.user_data import require, user_examples

MIXED_A_SOURCE = 160
MODEL_CARD = "language_model.md"
Named = tuple[str, str]
"""Name and version of a detector."""


def rebuild_embedded(
    data: Path, human: Path, readers: Path, base: Path, out: Path, named: Named, recipe: Sources, cache: Path
) -> None:
    """The embedded detector: the readers of all folds to measure with, one of them to serve."""
    measured = measured_by_recipe(data, human, readers, base, recipe, cache)
    with draft_of(out) as draft:
        _place(base, folder_of(readers, recipe.served), draft)
        genres = genres_of(draft, Material(data, human, recipe))
        fitted = fit_detector(draft, measured, named[1], named[0], genres, recipe.seed)
        _finish(draft, fitted, measured, cache)
        put_in_place(draft, out)


def measured_by_recipe(
    data: Path, human: Path, readers: Path, base: Path, recipe: Sources, cache: Path
) -> Measured:
    """Each text measured with a second reader that its fold had no part in."""
    material = Material(data, human, recipe)
    second = {fold: folder_of(readers, fold) for fold in recipe.folds}

    def found() -> list[Example]:
        kept = split_by_recipe(data, human, recipe).measurable()
        return [*kept, *mixed_examples(kept, MIXED_A_SOURCE, recipe.seed)]

    return measure_material(base, second, material.digest(), found, cache)


def split_by_recipe(data: Path, human: Path, recipe: Sources) -> Split:
    """What is measured and what is learnt from, kept apart."""
    examples = list(Material(data, human, recipe).examples())
    return Split(examples, encoder_texts(data, human, recipe), recipe)


def train_on(
    records: Sequence[Record], base: Path, out: Path, named: Named, recipe: Sources, cache: Path
) -> None:
    """A detector on a user's texts: the models of `base` as they are, all that is fitted anew."""
    if base.resolve() == out.resolve():
        raise InvalidRequest("same_folder", "--out has to be another folder than the bundle it starts from.")
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).exists():
        raise InvalidRequest("not_a_bundle", f"{out} holds other files; give a new folder.")
    validate(records)
    texts = digest_of([str(recipe), *(str(astuple(record)) for record in records)])
    found = list(user_examples(records, recipe))
    require(found)
    found += mixed_examples(found, MIXED_A_SOURCE, recipe.seed)
    folds = sorted({example.fold for example in found})
    measured = measure_material(base, dict.fromkeys(folds, base), texts, lambda: found, cache)
    with draft_of(out) as draft:
        _place(base, base, draft)
        fitted = fit_detector(draft, measured, named[1], named[0], None, recipe.seed)
        _finish(draft, fitted, measured, cache, own=True)
        put_in_place(draft, out)


def _finish(out: Path, fitted: Fitted, measured: Measured, cache: Path, *, own: bool = False) -> None:
    """Card and pictures into the bundle; the ensemble, as it was fitted, into `cache`."""
    detector, unseen, ensemble = fitted
    write_card(out, detector, measured, unseen, own=own)
    draw_pictures(out, measured, unseen, ensemble, detector.shortest_words)
    save_ensemble(ensemble, cache / f"{detector.name}-{detector.version}.skops")


def _place(base: Path, reader: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name in (MODEL, TOKENIZER, LEXICON):
        shutil.copyfile(base / name, out / name)
    if (base / MODEL_CARD).is_file():
        shutil.copyfile(base / MODEL_CARD, out / MODEL_CARD)
    place_second(reader, out)
