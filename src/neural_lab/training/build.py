"""A detector from data: the embedded one by its recipe, or one on a user's own texts."""

import json
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from neural_lab.backends.bundle import MANIFEST, Bundle, models_in
from neural_lab.backends.described import ENCODER
from neural_lab.backends.second_files import HEAD
from neural_lab.errors import InvalidRequest
from neural_lab.guard import tell
from neural_lab.training.artefact import save as save_ensemble
from neural_lab.training.build_detector import SHORTEST_WORDS as SHORTEST_WORDS
from neural_lab.training.build_detector import Fitted, fit_detector, place_second
from neural_lab.training.card import write_card
from neural_lab.training.card_pictures import draw_pictures
from neural_lab.training.dataset import Record, validate
from neural_lab.training.detection import Example
from neural_lab.training.encoder_texts import encoder_texts
from neural_lab.training.fit_heads import fit_heads
from neural_lab.training.genre_vectors import genres_of
from neural_lab.training.leaks import Split
from neural_lab.training.material import Material, digest_of, measure_material, measure_states
from neural_lab.training.measured import Measured
from neural_lab.training.mixing import mixed_examples
from neural_lab.training.pair import Pair, place_models
from neural_lab.training.placing import draft_of, put_in_place
from neural_lab.training.second_readers import folder_of
from neural_lab.training.sources import Sources
from neural_lab.training.states import read_by
from neural_lab.training.trained import Trained
from neural_lab.training.user_data import require, user_examples

MIXED_A_SOURCE = 160
Named = tuple[str, str]
"""Name and version of a detector."""


def fresh_bundle(out: Path, *, force: bool) -> None:
    """Raises `InvalidRequest` when a finished bundle would be replaced without `force`."""
    if (out / MANIFEST).exists() and not force:
        message = f"{out} holds a finished detector: name another folder, or replace it with --force."
        raise InvalidRequest("exists", message)


def rebuild_embedded(
    data: Path, human: Path, readers: Path, base: Path, out: Path, named: Named, recipe: Sources, cache: Path
) -> None:
    """The embedded detector: the readers of all folds to measure with, one of them to serve."""
    if models_in(base).described:
        message = f"{base} has large models; the embedded detector is rebuilt from one without them."
        raise InvalidRequest("large_models", message)
    measured = measured_by_recipe(data, human, readers, base, recipe, cache)
    with draft_of(out) as draft:
        place_models(base, draft, Pair())
        place_second(folder_of(readers, recipe.served), draft)
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
    records: Sequence[Record],
    base: Path,
    out: Path,
    named: Named,
    recipe: Sources,
    cache: Path,
    pair: Pair | None = None,
) -> Trained:
    """A detector on a user's texts: the models of `base` or those of `pair`, all that is fitted anew."""
    if base.resolve() == out.resolve():
        raise InvalidRequest("same_folder", "--out has to be another folder than the bundle it starts from.")
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).exists():
        raise InvalidRequest("not_a_bundle", f"{out} holds other files; give a new folder.")
    validate(records)
    Bundle(base)
    texts = digest_of([str(recipe), *(str(astuple(record)) for record in records)])
    found = list(user_examples(records, recipe))
    require(found)
    trained = Trained.of(found, len(records))
    found += mixed_examples(found, MIXED_A_SOURCE, recipe.seed)
    pair = pair or Pair.of()
    with draft_of(out) as draft:
        place_models(base, draft, pair)
        measured = measured_by(draft, pair, texts, found, cache)
        fitted = fit_detector(draft, measured, named[1], named[0], None, recipe.seed)
        _finish(draft, fitted, measured, cache, own=True)
        put_in_place(draft, out)
    return trained


def measured_by(draft: Path, pair: Pair, texts: str, found: list[Example], cache: Path) -> Measured:
    """With the models of an unfinished bundle, which gets its head here where it has none.

    A document is read by a head that its fold had no part in.
    """
    second = dict.fromkeys(sorted({example.fold for example in found}), draft)
    given = (draft, second, texts, lambda: found, cache, pair.measuring)
    measured, states = measure_states(*given, states=ENCODER in models_in(draft).described)
    if states is None:
        return measured
    tell("Fitting the encoder's head, once without each fold.")
    heads = fit_heads(measured, states.means(measured))
    (draft / HEAD).write_text(json.dumps(heads.served.as_dict()) + "\n", "utf-8")
    return read_by(measured, states, heads.folds)


def _finish(out: Path, fitted: Fitted, measured: Measured, cache: Path, *, own: bool = False) -> None:
    """Card and pictures into the bundle; the ensemble, as it was fitted, into `cache`."""
    detector, unseen, ensemble = fitted
    write_card(out, detector, measured, unseen, models_in(out).described, own=own)
    draw_pictures(out, measured, unseen, ensemble, detector.shortest_words)
    save_ensemble(ensemble, cache / f"{detector.name}-{detector.version}.skops")
