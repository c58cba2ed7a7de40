"""A detector: fitted fusion, cut points and typical values, named and versioned together."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from neural_lab.detect.fusion import Fusion
from neural_lab.outcome import OperatingPoint

Reference = Mapping[str, Mapping[str, Sequence[float]]]


@dataclass(frozen=True)
class Detector:
    """What a bundle says beside its models.

    `operating_points` hold one entry a target and length band, bands ascending.
    `reference` gives, per signal, the 10th, 50th and 90th percentile of human and
    of machine documents. Texts of fewer than `shortest_words`, or with a smaller
    share of known words than `fewest_known`, get no verdict.
    """

    name: str
    version: str
    scorer: str
    fusion: Fusion
    operating_points: tuple[OperatingPoint, ...]
    reference: Reference
    shortest_words: int
    fewest_known: float

    @property
    def targets(self) -> tuple[float, ...]:
        """Target false-positive rates that have cut points, largest first."""
        return tuple(sorted({point.target for point in self.operating_points}, reverse=True))

    def operating_point(self, words: int, target: float) -> OperatingPoint:
        """The cut points for a document of that many words."""
        mine = [point for point in self.operating_points if point.target == target]
        return [point for point in mine if point.minimum_words <= words][-1]

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "version": self.version,
            "scorer": self.scorer,
            "fusion": self.fusion.as_dict(),
            "operating_points": [asdict(point) for point in self.operating_points],
            "reference": self.reference,
            "shortest_words": self.shortest_words,
            "fewest_known": self.fewest_known,
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "Detector":
        points = [OperatingPoint(**p | {"interval": tuple(p["interval"])}) for p in table["operating_points"]]
        fusion = Fusion.from_dict(table["fusion"])
        fields = {name: table[name] for name in ("name", "version", "scorer", "reference")}
        fields |= {name: table[name] for name in ("shortest_words", "fewest_known")}
        return cls(fusion=fusion, operating_points=tuple(points), **fields)
