"""The fairness gate: what a detector has to hold before it may take another's place."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from neural_lab.errors import InvalidRequest
from neural_lab.training.comparisons import Difference, Matched, Paired, matched, mcnemar, paired_auroc
from neural_lab.training.dataset import Record
from neural_lab.training.judged import Judged

TARGET = 0.01
MARGIN = 0.03
"""Most points that the false-positive rate on non-native writers may lie above that on native ones."""
FEWEST = 300
NOISE = 0.05
GROUPS = ("non_native", "native")
_SPELLINGS = {"nonnative": "non_native", "native": "native"}
Half = Literal["gate", "report"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate against the detector whose place it would take, on the same texts.

    `auroc` is the candidate's less the current one's; in `machine` and `human`
    the first detector is the candidate, at the 1 % point.
    """

    auroc: Difference
    machine: Paired
    human: Paired


@dataclass(frozen=True, slots=True)
class Fairness:
    """What was measured at the gate, and in plain words what speaks against the candidate."""

    gap: Matched | None
    comparison: Comparison | None
    objections: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.objections

    def as_dict(self) -> dict[str, Any]:
        limits = {"target": TARGET, "margin": MARGIN, "fewest_texts": FEWEST, "noise": NOISE}
        return {"passed": self.passed, "limits": limits, **asdict(self)}


def half(text: str) -> Half:
    """Which half of a set a text belongs to, for good: one refuses promotions, the other is reported on."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, person=b"half").digest()
    return "gate" if digest[0] & 1 else "report"


def in_half(records: Sequence[Record], sources: Sequence[str], wanted: Half) -> Iterator[Record]:
    """`records`, of the halved `sources` only those in the half that is `wanted`."""
    return (r for r in records if r.source not in sources or half(r.text) == wanted)


def writer_groups(judged: Judged, named: Mapping[str, str]) -> NDArray[np.str_]:
    """`non_native`, `native` or nothing for each text.

    `named` says the group of a source, or of a value of the column `writer`; a
    writer's goes before a source's. Without either, the column speaks for itself.
    """
    given = zip(judged.writer.tolist(), judged.source.tolist(), strict=True)
    return np.array([group_of(writer, source, named) for writer, source in given])


def group_of(writer: str, source: str, named: Mapping[str, str]) -> str:
    """One text's group, as in `writer_groups`."""
    return named.get(writer) or named.get(source) or _group(writer)


def require_enough(records: Sequence[Record], named: Mapping[str, str]) -> None:
    """Raises `InvalidRequest` when the gate could not be passed whatever is measured."""
    kinds = Counter("human" if record.label == 0 else "machine" for record in records)
    human = (record for record in records if record.label == 0)
    kinds.update(group_of(record.writer, record.source, named) for record in human)
    wanted = {"human": "human", "machine": "machine"} | {name: f"human {name}" for name in GROUPS}
    short = [f"{kinds[kind]:,} {words}" for kind, words in wanted.items() if kinds[kind] < FEWEST]
    if short:
        found = ", ".join(short).replace("_", "-")
        message = f"The gate needs {FEWEST} texts of each kind; there are {found} ones. Name writers by "
        raise InvalidRequest("too_few_texts", message + "--writer-of SOURCE=native or =non_native.")


def parse_groups(pairs: Sequence[str]) -> dict[str, str]:
    """`SOURCE=GROUP` options as a table; raises `InvalidRequest` for anything else."""
    parts = [pair.rpartition("=") for pair in pairs]
    found = {name: group for name, _, group in parts}
    if "" in found or len(found) < len(parts) or not set(found.values()) <= set(GROUPS):
        choices = " or ".join(GROUPS)
        raise InvalidRequest("writer_of", f"--writer-of takes SOURCE=GROUP, once a source, GROUP {choices}.")
    return found


def gate(candidate: Judged, current: Judged, groups: NDArray[np.str_], shortest: int) -> Fairness:
    """Hold a candidate against the margin, and against the `current` detector on the same texts in order.

    `groups` are those of `writer_groups`. Texts of fewer than `shortest` words
    get no verdict and would only hide a gap: they are left out of it.
    """
    gap = writer_gap(candidate, groups, shortest)
    comparison = compare(candidate, current)
    return Fairness(gap, comparison, (*_unfair(gap), *_worse(comparison)))


def writer_gap(judged: Judged, groups: NDArray[np.str_], shortest: int) -> Matched | None:
    """False positives of non-native and of native writers at the 1 % point, at matched length."""
    measured = (judged.label == 0) & (judged.words >= shortest)
    nonnative, native = (measured & (groups == name) for name in GROUPS)
    return matched(judged.flagged(TARGET), nonnative, native, judged.band)


def compare(candidate: Judged, current: Judged) -> Comparison | None:
    """Both on the same texts in the same order; None with too few texts of either class to tell."""
    human, machine = candidate.label == 0, candidate.label == 1
    if min(human.sum(), machine.sum()) < FEWEST:
        return None
    one, other = candidate.flagged(TARGET), current.flagged(TARGET)
    return Comparison(
        paired_auroc(candidate.label, candidate.probability, current.probability),
        mcnemar(one[machine], other[machine]),
        mcnemar(one[human], other[human]),
    )


def _unfair(gap: Matched | None) -> Iterator[str]:
    if gap is None:
        yield "there are no human texts of non-native and of native writers of like length"
        return
    nonnative, native = gap.texts
    if min(gap.texts) < FEWEST:
        yield (
            f"{FEWEST} human texts of non-native and {FEWEST} of native writers of like length are needed, "
            f"and there are {nonnative} and {native}"
        )
    if gap.difference.high > MARGIN:
        yield (
            f"false positives on non-native writers may lie {100 * gap.difference.high:.1f} points above "
            f"those on native ones of like length, and {100 * MARGIN:g} are allowed"
        )


def _worse(comparison: Comparison | None) -> Iterator[str]:
    if comparison is None:
        yield f"{FEWEST} texts of each class are needed to compare it with the current detector"
        return
    area, machine, human = comparison.auroc, comparison.machine, comparison.human
    if area.high < 0:
        yield f"its AUROC is lower than the current one's by {-area.high:.3f} to {-area.low:.3f}"
    if machine.only_second > machine.only_first and machine.p_value < NOISE:
        yield (
            f"it misses {machine.only_second} machine texts that the current one finds and finds only "
            f"{machine.only_first} that it misses"
        )
    # A detector that flags everybody is fair, too.
    if human.only_first > human.only_second and human.p_value < NOISE and human.first.interval[0] > TARGET:
        yield (
            f"it flags {100 * human.first.rate:.1f} % of the human texts, which is more than the current one "
            f"and more than the {100 * TARGET:g} % it promises"
        )


def _group(writer: str) -> str:
    """The group that a value of the column `writer` spells out; nothing where it is another word."""
    return _SPELLINGS.get("".join(filter(str.isalpha, writer.casefold())), "")
