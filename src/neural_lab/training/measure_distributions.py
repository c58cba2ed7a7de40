"""The distributions of a finished detector, measured with its models; nothing of it is fitted anew."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from neural_lab.backends.bundle import Bundle, seal
from neural_lab.detect.distributions import Distributions
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.signals import SIGNALS, measure
from neural_lab.detectors.bundles import require_loose
from neural_lab.ports import TokenScorer
from neural_lab.training.detection import Example, seeded_hash
from neural_lab.training.distributions import distributions, write_distributions
from neural_lab.training.material import Material
from neural_lab.training.measured import UNRELIABLE
from neural_lab.training.pool import spread, threads_each
from neural_lab.training.sources import Sources
from neural_lab.types import Floats

Models = tuple[TokenScorer, Lexicon]


def renew_distributions(
    bundle: Path,
    data: Path,
    human: Path,
    recipe: Sources,
    texts: int | None = None,
    workers: int | None = None,
) -> Distributions:
    """Put the distributions over all texts of the recipe into `bundle`, or over some of each kind.

    What its second reading adds is left out: that has learnt from these texts, and
    would look surer of them than it is of others. Raises `ModelUnavailable`.
    """
    require_loose(bundle)
    Bundle(bundle)
    chosen = sample(list(Material(data, human, recipe).examples()), texts, recipe.seed)
    found = measure_texts(bundle, chosen, workers)
    write_distributions(bundle, found)
    seal(bundle)
    return found


def sample(examples: Sequence[Example], texts: int | None, seed: int) -> list[Example]:
    """So many of each kind, or all, in the order of a hash; none whose label cannot be believed."""
    known = [each for each in examples if (each.source, each.domain) not in UNRELIABLE]
    known.sort(key=lambda each: seeded_hash(each.text, seed))
    return [each for label in (0, 1) for each in [e for e in known if e.label == label][:texts]]


def measure_texts(bundle: Path, examples: Sequence[Example], workers: int | None = None) -> Distributions:
    rows = list(spread(open_models, means, examples, bundle, "Measuring", workers))
    columns = np.array(rows).reshape(-1, len(SIGNALS)).T
    labels = np.array([example.label for example in examples])
    return distributions(dict(zip(SIGNALS, columns, strict=True)), labels)


def open_models(bundle: Path) -> Models:
    opened = Bundle(bundle)
    return opened.scorer(threads_each(bundle)), opened.lexicon()


def means(models: Models, example: Example) -> Floats:
    """Of each signal, weighted by characters over the sentences in which it is defined, else NaN."""
    scorer, lexicon = models
    spans = list(example.sentences)
    matrix = measure(example.text, spans, scorer.score([example.text])[0], lexicon)
    known, lengths = np.isfinite(matrix), np.array([float(span.length) for span in spans])
    with np.errstate(invalid="ignore"):
        return np.asarray(lengths @ np.where(known, matrix, 0.0) / (lengths @ known))
