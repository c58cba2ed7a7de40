"""Whether the detector computes here what it computed where it was made, and its numbers fit together."""

import json
import math
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from neural_lab.compose import open_lab
from neural_lab.doctor.checked import Checked, failed, not_here, ok
from neural_lab.doctor.machine import Machine
from neural_lab.evidence.recomputed import ALIKE, APART_NATS
from neural_lab.outcome import Report
from neural_lab.service import PROBE, Lab
from neural_lab.types import Document

RECORDED = Path(__file__).with_name("recorded.json")
MEAN = 1e-9
THREADS = (1, 2)
REINSTALL = "Reinstall neural-lab and onnxruntime; if that does not help, this processor is not supported."


def consistency(_: Machine) -> Iterator[Checked]:
    """Reads one built-in text. Raises `ModelUnavailable` and `ScoringFailed`."""
    # One after the other: of a large detector there may be no room for two.
    (key, most, one), (_key, _most, two) = map(_read, THREADS)
    yield _threads(_logits(one), _logits(two), most)
    yield _sums(one)
    yield _recorded(key, _logits(one))


def bundle_key(lab: Lab) -> str:
    """Names a bundle by the checksums of its files."""
    return sha256(json.dumps(sorted(lab.files.items())).encode()).hexdigest()[:32]


def _read(threads: int) -> tuple[str, float, Report]:
    """What names the bundle, how far threads may be apart, and the reading."""
    lab = open_lab(threads=threads)
    # With more threads PyTorch adds in another order, in half precision to hundredths of a nat.
    torch = any(name.startswith("torch-") for name in (lab.detector.scorer, lab.detector.encoder))
    most = APART_NATS if torch else ALIKE
    return bundle_key(lab), most, lab.analyze(Document(PROBE), lab.detector.targets[0])


def _logits(report: Report) -> list[float]:
    return [score.logit for score in report.sentences]


def _threads(one: Sequence[float], two: Sequence[float], most: float) -> Checked:
    apart = _apart(one, two)
    said = f"One thread and two read the built-in text alike: largest difference {apart:.1g} nats."
    if apart > most:
        found = f"One thread and two differ by {apart:.2g} nats."
        return failed("scoring.threads", found, REINSTALL, apart=apart)
    return ok("scoring.threads", said, apart=apart)


def _sums(report: Report) -> Checked:
    """The document's probability against its sentences, and each sentence's against its terms."""
    lengths = [score.sentence.span.length for score in report.sentences]
    shares = [1 / (1 + math.exp(-math.fsum(s.contributions.values()))) for s in report.sentences]
    mean = math.fsum(n * p for n, p in zip(lengths, shares, strict=True)) / sum(lengths)
    apart = abs(mean - report.probability)
    if not apart <= MEAN:
        found = f"The document's probability and the mean of its sentences differ by {apart:.2g}."
        return failed("scoring.sums", found, REINSTALL, apart=apart)
    said = f"The document is the mean of its {len(lengths)} sentences, weighted by length, to {apart:.1g}."
    return ok("scoring.sums", said, apart=apart)


def _recorded(key: str, answer: Sequence[float]) -> Checked:
    known = json.loads(RECORDED.read_text("utf-8")).get(key)
    if known is None:
        return not_here("scoring.recorded", "Nothing is recorded for this detector, so nothing is compared.")
    apart = _apart(answer, known)
    if not apart <= APART_NATS:
        found = f"The built-in text reads {apart:.2g} nats away from what was recorded."
        return failed("scoring.recorded", found, REINSTALL, apart=apart)
    how = "to the last digit" if apart <= ALIKE else f"to {apart:.1g} nats: this processor rounds otherwise"
    return ok("scoring.recorded", f"The built-in text reads as recorded, {how}.", apart=apart)


def _apart(one: Sequence[float], two: Sequence[float]) -> float:
    """The largest difference; infinite where there are not as many, or one is no number."""
    if len(one) != len(two) or not all(map(math.isfinite, [*one, *two])):
        return math.inf
    return max((abs(a - b) for a, b in zip(one, two, strict=True)), default=math.inf)
