"""A detector: fitted fusion, cut points and typical values, named and versioned together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from neural_lab.detect.fusion import Fusion
from neural_lab.detect.genres import Genres
from neural_lab.errors import InvalidRequest
from neural_lab.rates import ErrorRow, Kind, OperatingPoint

Reference = Mapping[str, Mapping[str, Sequence[float]]]


@dataclass(frozen=True)
class Detector:
    """What a bundle says beside its models.

    `operating_points` hold one entry a target and length band, bands ascending.
    `reference` gives, per signal, the 10th, 50th and 90th percentile of human and
    of machine documents. Texts of fewer than `shortest_words`, or with a smaller
    share of known words than `fewest_known`, get no verdict. `error_rows` say how
    often it is wrong about known groups of texts; `genres` (None where it cannot
    tell) which of them a document may belong to. Documents whose two readings are
    further apart than `most_disagreement`, in nats, are not flagged.
    """

    name: str
    version: str
    scorer: str
    fusion: Fusion
    operating_points: tuple[OperatingPoint, ...]
    reference: Reference
    shortest_words: int
    fewest_known: float
    error_rows: tuple[ErrorRow, ...] = ()
    genres: Genres | None = None
    most_disagreement: float = math.inf
    encoder: str = ""

    @property
    def targets(self) -> tuple[float, ...]:
        """Target false-positive rates that have cut points, largest first."""
        return tuple(sorted({point.target for point in self.operating_points}, reverse=True))

    def operating_point(self, words: int, target: float) -> OperatingPoint:
        """The cut points for a document of that many words."""
        mine = [point for point in self.operating_points if point.target == target]
        return [point for point in mine if point.minimum_words <= words][-1]

    def groups(self, kind: Kind) -> tuple[str, ...]:
        """The groups of one kind that can be declared, sorted."""
        named = {row.group for row in self.error_rows if row.kind == kind}
        return tuple(sorted(named | set(self.genres.names if self.genres and kind == Kind.GENRE else ())))

    def known_group(self, kind: Kind, declared: str | None) -> None:
        """Raises `InvalidRequest` for a declared genre or writer that nothing is known of; None is fine."""
        known = self.groups(kind)
        if declared is not None and declared not in known:
            choices = f"The {kind.value} has to be one of: {', '.join(known)}."
            none = f"This detector has no error rates by {kind.value}; leave it out."
            raise InvalidRequest(f"unknown_{kind.value}", choices if known else none)

    def applicable(
        self, words: int, target: float, genres: Sequence[str], writer: str | None = None
    ) -> tuple[ErrorRow, ...]:
        """Error rows for a document of so many words that belongs to one of `genres`.

        Any kind of writer may have written it where `writer` is None.
        """
        known = [row for row in self.error_rows if row.covers(words, target)]
        writers = self.groups(Kind.WRITER) if writer is None else (writer,)
        groups = {Kind.GENRE: tuple(genres), Kind.WRITER: writers}
        return tuple(row for row in known if row.group in groups.get(Kind(row.kind), (row.group,)))

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "version": self.version,
            "scorer": self.scorer,
            "encoder": self.encoder,
            "fusion": self.fusion.as_dict(),
            "operating_points": [asdict(point) for point in self.operating_points],
            "reference": self.reference,
            "shortest_words": self.shortest_words,
            "fewest_known": self.fewest_known,
            "error_rows": [asdict(row) for row in self.error_rows],
            "genres": self.genres.as_dict() if self.genres else None,
            "most_disagreement": self.most_disagreement if math.isfinite(self.most_disagreement) else None,
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "Detector":
        points = [OperatingPoint(**p | {"interval": tuple(p["interval"])}) for p in table["operating_points"]]
        fusion = Fusion.from_dict(table["fusion"])
        fields = {name: table[name] for name in ("name", "version", "scorer", "reference")}
        fields |= {name: table[name] for name in ("shortest_words", "fewest_known")}
        return cls(fusion=fusion, operating_points=tuple(points), **fields, **_rates(table))


def _rates(table: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that detectors made before there were error rows lack."""
    rows = (ErrorRow(**row | {"interval": tuple(row["interval"])}) for row in table.get("error_rows", ()))
    genres, most = table.get("genres"), table.get("most_disagreement")
    return {
        "error_rows": tuple(rows),
        "genres": Genres.from_dict(genres) if genres else None,
        "most_disagreement": math.inf if most is None else most,
        "encoder": table.get("encoder", ""),
    }
