"""What a training on a user's own texts came to, in the words that it ends with."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from neural_lab.detect.detector import Detector
from neural_lab.rates import OperatingPoint
from neural_lab.training.card import CARD
from neural_lab.training.cut_points import fewest_texts
from neural_lab.training.detection import Example
from neural_lab.training.evaluate import TARGET
from neural_lab.training.user_data import SHORTEST


@dataclass(frozen=True, slots=True)
class Trained:
    """How many texts of each kind were fitted, and how many were left out for being too short."""

    human: int
    machine: int
    short: int

    @classmethod
    def of(cls, found: Sequence[Example], given: int) -> "Trained":
        human, machine = (sum(example.label == label for example in found) for label in (0, 1))
        return cls(human, machine, given - human - machine)

    def told(self, out: Path, detector: Detector) -> Iterator[str]:
        """Lines for the user: the folder, the texts, what can be asked of it, what to do next."""
        yield f"{out} is finished: fitted on {self.human:,} human and {self.machine:,} machine texts."
        if self.short:
            few = f"fewer than {SHORTEST} words in whole English sentences"
            yield f"Left out: {self.short:,} of {few}."
        yield from _without_cuts(detector)
        yield f"How well it does: {out / CARD}"
        yield f"Try it: NEURAL_LAB_BUNDLE={shlex.quote(str(out))} neural-lab check FILE"


def _without_cuts(detector: Detector) -> Iterator[str]:
    """What to know where no length has a cut point at the target that a check takes by default."""
    if _has_cut(detector, TARGET):
        return
    yield (
        f"There were too few human texts for a cut point at {100 * TARGET:g} %, the rate that a check holds "
        "unless told otherwise: every check at it will be inconclusive."
    )
    most = max(_points(detector, TARGET), key=lambda point: point.texts)
    yield (
        f"That takes {fewest_texts(TARGET):,} human texts or more in one band of lengths; the most "
        f"in one are {most.texts:,}, of {most.band}."
    )
    if other := next((t for t in detector.targets if _has_cut(detector, t)), None):
        yield f"At {100 * other:g} % there is one for some lengths: --max-false-positives {other:g}"


def _has_cut(detector: Detector, target: float) -> bool:
    return any(point.reachable for point in _points(detector, target))


def _points(detector: Detector, target: float) -> list[OperatingPoint]:
    return [point for point in detector.operating_points if point.target == target]
