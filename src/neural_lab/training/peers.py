"""Other ways to tell machine text, on the same texts in the same run; higher means more like a machine.

perplexity     mean log-probability of the tokens under our own language model, nats (Gehrmann et al. 2019)
fast_detectgpt conditional probability curvature, analytic (Bao et al. 2024), with our own language model
               both as the sampling and as the scoring model
compression    how little LZMA needs for the text behind a preset of typical phrases (after Thinkst's ZipPy)
phrases        phrases typical of assistants per 100 words
neural_lab     the probability of the detector
"""

import lzma
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from neural_lab.backends.bundle import Bundle
from neural_lab.errors import InvalidDocument, InvalidRequest, LabError, ScoringFailed
from neural_lab.ports import TokenScorer
from neural_lab.service import Lab
from neural_lab.text.canonical import canonicalize
from neural_lab.text.words import count_words
from neural_lab.training.dataset import Record
from neural_lab.training.phrases import PATTERN, PHRASES
from neural_lab.training.pool import open_one, spread, threads_each
from neural_lab.types import Document, Floats, TokenScores

OURS = "neural_lab"
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 1 << 22}]


@dataclass(frozen=True)
class Tools:
    """What peers may use: the lab, and its language model by itself."""

    lab: Lab
    scorer: TokenScorer


def open_tools(folder: Path) -> Tools:
    return Tools(open_one(folder), Bundle(folder).scorer(threads_each(folder)))


def perplexity(tokens: TokenScores) -> float:
    """Mean log-probability a token, nats; the negative of the log-perplexity."""
    return float(tokens.logprob.mean())


def fast_detectgpt(tokens: TokenScores) -> float:
    """(Σ log p + Σ H) / √ Σ Var[log p]: how far the tokens lie above what the model expects of its own."""
    return float((tokens.logprob.sum() + tokens.entropy.sum()) / np.sqrt(tokens.variance.sum()))


def compression(text: str) -> float:
    """Less the compressed bytes that `text` adds behind the preset, per byte of text.

    ZipPy's preset is machine-written text; ours is the list of phrases, one a
    line, so that no data set is used. A text scores high when it repeats itself
    or the preset.
    """
    plain = text.encode()
    return -(_packed(_preset() + plain) - _packed(_preset())) / len(plain)


def phrases(text: str) -> float:
    """Typical phrases per 100 words."""
    return 100 * len(PATTERN.findall(text)) / max(count_words(text), 1)


_OF_TOKENS: Mapping[str, Callable[[TokenScores], float]] = {
    "perplexity": perplexity,
    "fast_detectgpt": fast_detectgpt,
}
_OF_TEXT: Mapping[str, Callable[[str], float]] = {"compression": compression, "phrases": phrases}
PEERS = (*_OF_TOKENS, *_OF_TEXT, OURS)


def known_peers(names: Sequence[str]) -> tuple[str, ...]:
    """The peers asked for, each once, or all; raises `InvalidRequest` for others."""
    if unknown := [name for name in names if name not in PEERS]:
        raise InvalidRequest("unknown_peer", f"--peer has to be one of {', '.join(PEERS)}, not {unknown[0]}.")
    return tuple(dict.fromkeys(names)) or PEERS


def compare(
    bundle: Path, records: Sequence[Record], names: Sequence[str], workers: int | None = None
) -> tuple[list[int], dict[str, Floats], Counter[str]]:
    """Which `records` every peer could score, each peer's scores of those, and failures by code of error."""
    Bundle(bundle).detector()  # Raises here rather than in every worker.
    work = [(record.text, tuple(names)) for record in records]
    answers = list(spread(open_tools, score, work, bundle, "Scoring", workers))
    failed = Counter(answer for answer in answers if isinstance(answer, str))
    rows = [(at, answer) for at, answer in enumerate(answers) if not isinstance(answer, str)]
    if not rows:
        raise InvalidDocument("nothing_scored", "There is no text that could be scored.")
    columns = {name: np.array([answer[i] for _, answer in rows]) for i, name in enumerate(names)}
    return [at for at, _ in rows], columns, failed


def score(tools: Tools, work: tuple[str, Sequence[str]]) -> list[float] | str:
    """A text's score by each of the peers named, or the code of the error that kept it from one."""
    text, names = work
    try:
        return _scores(tools, text, names)
    except LabError as error:
        return error.code


def _scores(tools: Tools, text: str, names: Sequence[str]) -> list[float]:
    plain = canonicalize(text).text
    if not plain.strip():
        raise InvalidDocument("blank_text", "There is nothing to read in this text.")
    found = {name: of(plain) for name, of in _OF_TEXT.items() if name in names}
    if set(_OF_TOKENS).intersection(names):
        tokens = tools.scorer.score([plain])[0]
        found |= {name: of(tokens) for name, of in _OF_TOKENS.items()}
    if OURS in names:
        found[OURS] = tools.lab.analyze(Document(text), tools.lab.detector.targets[0]).probability
    if not np.isfinite(list(found.values())).all():
        raise ScoringFailed("not_finite", "A peer's score is not a number.")
    return [found[name] for name in names]


@cache
def _preset() -> bytes:
    return "\n".join(PHRASES).encode()


def _packed(data: bytes) -> int:
    return len(lzma.compress(data, lzma.FORMAT_RAW, filters=_FILTERS))
