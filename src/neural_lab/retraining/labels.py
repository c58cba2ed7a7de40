"""Whether the labels of a batch can be believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import binom

from neural_lab.retraining.gate import Gate
from neural_lab.retraining.limits import Limits
from neural_lab.retraining.opinions import Opinions
from neural_lab.retraining.phrases import Phrase
from neural_lab.training.dataset import Record
from neural_lab.training.figures import auroc, wilson

FEWEST_OF_BOTH = 20


def label_gates(opinions: Opinions, limits: Limits) -> list[Gate]:
    """Labels that stand the wrong way round, and labels that nobody can explain."""
    return [_reversed(opinions, limits), _contradicted(opinions, limits)]


def _reversed(opinions: Opinions, limits: Limits) -> Gate:
    name, limit = "labels_reversed", limits.most_reversed_auroc
    label, said_of = opinions.label[opinions.drawn], opinions.champion[opinions.drawn]
    if min(np.bincount(label, minlength=2)) < FEWEST_OF_BOTH:
        said = f"fewer than {FEWEST_OF_BOTH} new texts of either kind: nothing to compare"
        return Gate(name, True, said, limit=limit)
    area, low, high = auroc(label, said_of)
    said = f"the champion's AUROC on {len(label):,} new texts is {area:.3f}"
    return Gate(name, high >= limit, said, area, (low, high), limit)


def _contradicted(opinions: Opinions, limits: Limits) -> Gate:
    against = opinions.against(limits.sure)
    hits, texts = int(against.sum()), len(against)
    low, high = wilson(hits, texts)
    said = (
        f"{hits:,} of {texts:,} new texts have a label that is surely contradicted{_where(opinions, against)}"
    )
    share = hits / texts if texts else 0.0
    return Gate(
        "labels_contradicted",
        texts == 0 or low <= limits.most_contradicted,
        said,
        share,
        (low, high),
        limits.most_contradicted,
    )


def _where(opinions: Opinions, against: np.ndarray) -> str:
    """The files they stand in, most first; rows are in the report."""
    rows = [record.row for record, marked in zip(opinions.records, against, strict=True) if marked]
    files = Counter(row.rpartition(":")[0] for row in rows).most_common(3)
    return f" ({', '.join(f'{count} in {name}' for name, count in files)})" if files else ""


def phrase_label_gate(
    opinions: Opinions, fresh: Sequence[Record], phrases: Sequence[Phrase], limits: Limits
) -> Gate:
    """Whether labels that are doubted go with a phrase far beyond chance.

    For each phrase the binomial chance of as many doubted texts among its own as there are, at
    the rate of all other texts, counted up by one for rates that chance has made zero.
    """
    marked = opinions.doubted()
    against = {id(record): bool(each) for record, each in zip(opinions.records, marked, strict=True)}
    found = [(phrase, *_chance(phrase, fresh, against)) for phrase in phrases]
    least = min((chance for *_, chance in found), default=1.0)
    limit = limits.phrase_chance / max(len(phrases), 1)
    odd = [(phrase, hits) for phrase, hits, chance in found if chance < limit]
    said = f"{len(phrases):,} phrases go with one label, and none of them with labels that are doubted"
    if odd:
        phrase, hits = max(odd, key=lambda each: each[1])
        first = fresh[phrase.bearers[0]].row
        said = (
            f"{len(odd):,} phrases go with labels that are doubted; one of them in {hits} of "
            f"the {len(phrase.bearers)} texts that have it, the first of them {first}"
        )
    return Gate("labels_on_a_phrase", not odd, said, least, None, limit)


def _chance(phrase: Phrase, fresh: Sequence[Record], against: Mapping[int, bool]) -> tuple[int, float]:
    """How many of its texts are doubted, and how likely as many are by chance."""
    mine = [against[id(fresh[at])] for at in phrase.bearers if id(fresh[at]) in against]
    others = len(against) - len(mine)
    rate = (sum(against.values()) - sum(mine) + 1) / (others + 2)
    return sum(mine), float(binom.sf(sum(mine) - 1, len(mine), min(rate, 1.0))) if mine else 1.0
