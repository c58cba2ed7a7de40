"""Measure labelled examples with the served models."""

from collections.abc import Sequence

import numpy as np

from neural_lab.detect.human_evidence import find_evidence, rate
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.neighbourhood import Neighbourhood
from neural_lab.detect.signals import measure
from neural_lab.detect.wording import Wording
from neural_lab.ports import TokenScorer
from neural_lab.second_reader import SecondReader
from neural_lab.training.detection import Example
from neural_lab.training.measured import DOCUMENT, Measured
from neural_lab.training.states import States
from neural_lab.types import TokenScores

HALF = float(np.finfo(np.float16).max)


Both = tuple[Measured, States]


def measure_one(example: Example, tokens: TokenScores, lexicon: Lexicon, second: SecondReader) -> Both:
    """One example as tables of one document, and the states that the encoder's part of them was read from."""
    text, spans = example.text, list(example.sentences)
    wording = Wording(text, lexicon)
    signals = measure(text, spans, tokens, lexicon, wording)
    read = second.read(text, spans, signals, tokens)
    evidence = find_evidence(text, lexicon)
    ensemble = np.full(len(spans), np.nan)
    named = {name: getattr(example, name) for name in DOCUMENT if name != "known"}
    measured = Measured(
        signals=np.column_stack((signals, read.encoded.log_odds, ensemble)),
        evidence=rate(evidence, spans, wording.counts(spans), Neighbourhood(len(spans))),
        characters=np.array([float(span.length) for span in spans]),
        marked=np.array(example.marked, dtype=np.int64),
        document=np.zeros(len(spans), dtype=np.int64),
        features=read.features.astype(np.float32),
        vectors=read.encoded.vectors.clip(-HALF, HALF).astype(np.float16),
        borders=np.array([(passage.start, passage.end) for passage in read.passages], dtype=np.int64),
        passage_document=np.zeros(len(read.passages), dtype=np.int64),
        known=np.array([wording.known]),
        **{name: np.array([value]) for name, value in named.items()},
    )
    return measured, States.of(read.encodings)


def measure_all(
    examples: Sequence[Example], scorer: TokenScorer, lexicon: Lexicon, second: SecondReader
) -> list[Both]:
    """Score and measure each example, in order."""
    scored = zip(examples, scorer.score([example.text for example in examples]), strict=True)
    return [measure_one(example, tokens, lexicon, second) for example, tokens in scored]
