"""Where documents of each genre lie in the space of the served encoder."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from neural_lab.backends.bundle import models_in
from neural_lab.detect.encoded import averaged
from neural_lab.detect.genres import Genres
from neural_lab.text.passages import passages
from neural_lab.training.detection import Example
from neural_lab.training.fit_genres import fit_genres
from neural_lab.training.material import Material
from neural_lab.types import Floats

TEXTS_A_GENRE = 100
LONGEST_WORDS = 600


def genres_of(bundle: Path, material: Material) -> Genres:
    """Centres of the genres, from up to 100 texts a class of each, read by the encoder of `bundle`.

    Of both classes: an encoder that tells them apart puts a machine's essay far from
    a person's, and it is an essay all the same.
    """
    encoder = models_in(bundle).encoder()
    vectors, names = [], []
    for example in _few(material):
        sentences = [" ".join(span.of(example.text).split()) for span in example.sentences]
        ids = encoder.tokens(sentences)
        cut = list(passages(sentences, [len(each) for each in ids]))
        encodings = encoder.encode([ids[p.start : p.end] for p in cut])
        state = averaged(cut, [encoding.vectors.astype(np.float64) for encoding in encodings])
        vectors.append(_mean(state, example))
        names.append(example.genre)
    return fit_genres(np.array(vectors), np.array(names))


def _few(material: Material) -> Iterator[Example]:
    seen: Counter[tuple[str, int]] = Counter()
    for example in material.examples():
        kind = example.genre, example.label
        if example.words <= LONGEST_WORDS and seen[kind] < TEXTS_A_GENRE:
            seen[kind] += 1
            yield example


def _mean(state: Floats, example: Example) -> Floats:
    lengths = [span.length for span in example.sentences]
    return np.asarray(np.average(state, axis=0, weights=lengths))
