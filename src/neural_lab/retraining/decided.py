"""What people have decided about detectors: no timer undoes it."""

from __future__ import annotations

from collections.abc import Iterable

from neural_lab.detectors.happened import Happened, What
from neural_lab.detectors.registry import ChampionChanged, Registry
from neural_lab.retraining.gate import Gate

WHO = "retrain"
OVERRULED, MEANWHILE = "overruled", "meanwhile"


def overruled_gate(registry: Registry, named: tuple[str, str]) -> Gate:
    """Whether a challenger of that name and version answered before, and a person went back from it."""
    mine = [each for each in overruled(registry.history()) if each.rpartition("-")[0] == "-".join(named)]
    if not mine:
        return Gate(OVERRULED, True, "nobody has put another detector in the place of this challenger")
    said = f"these texts make {mine[0]} once more, which somebody has put another detector in the place of"
    return Gate(OVERRULED, False, f"{said}; {_way(registry, mine[0])}")


def overruled(history: Iterable[Happened]) -> list[str]:
    """Versions that a person rolled back, or put another in the place of, and that none has chosen since."""
    found, now = dict[str, None](), ""
    for each in history:
        if each.what not in (What.PROMOTED, What.ROLLED_BACK):
            continue
        if each.what == What.ROLLED_BACK or each.who != WHO:
            if each.before and each.version != now:
                found[each.before] = None
            found.pop(each.version, None)
        now = each.version
    return list(found)


def _way(registry: Registry, version: str) -> str:
    if version in [each.version for each in registry.versions()]:
        return f"to overrule that: `neural-lab detectors promote {version}`"
    return "it was deleted since, and other texts make another challenger"


def changed_gate(error: ChampionChanged) -> Gate:
    """Another champion than the one that the challenger was held against."""
    said = f"{error.message} The challenger was held against the other one; the next run begins with this one"
    return Gate(MEANWHILE, False, said)
