"""An error card as Markdown, for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from neural_lab.report.characters import one_line
from neural_lab.training.error_card import CUTS, DIMENSIONS, Card

NOTHING = "–"
PLOTS = {
    "roc.png": "True against false positives; the axis of false positives is logarithmic",
    "reliability.png": "How often texts of a given probability were machine-written",
    "scores.png": "Probabilities of human and of machine texts",
    "false_positives.png": "Human texts flagged, by group",
}


def markdown(card: Card, plots: Iterable[str] = ()) -> str:
    """Tables and plain words for a card made by `error_card`, with those `plots`; rounded for reading."""
    detector = card["detector"]
    parts = [
        f"# Error card of `{detector['name']}` {detector['version']}",
        _introduction(card),
        "## All texts",
        overview(card),
        *(f"![{PLOTS[name]}]({name})" for name in plots),
        *_writers(card),
        *_dimensions(card),
        f"## How to read this\n\n{READING}",
        f"## What this does not show\n\n{LIMITS}",
    ]
    return "\n\n".join(parts) + "\n"


def overview(card: Card) -> str:
    """The tables for all texts."""
    overall = {"all": card["overall"]}
    return f"{ranking_table(overall)}\n\n{verdict_table(overall)}"


def ranking_table(groups: Mapping[str, Card]) -> str:
    """Ranking and calibration, a row a group."""
    cuts = [f"TPR at {100 * cut:g} % FPR" for cut in CUTS]
    head = ["group", "human", "machine", "AUROC (95 %)", *cuts, "ECE, classes alike", "ECE", "Brier"]
    return table(head, ([name, *_ranking_cells(group)] for name, group in groups.items()))


def verdict_table(groups: Mapping[str, Card]) -> str:
    """What was said at each operating point, a row a group and target; texts are human + machine."""
    head = ["group", "texts", "target", "human flagged (95 %)", "machine flagged (95 %)"]
    head += ["inconclusive, human / machine", "likely human, human / machine"]
    return table(head, (row for name, group in groups.items() for row in _verdict_rows(name, group)))


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A Markdown table; names come with the data, so bars and line breaks in cells are undone."""
    plain = ([one_line(cell).replace("|", "/") for cell in row] for row in (head, *rows))
    lines = (f"| {' | '.join(row)} |" for row in plain)
    first, *rest = lines
    return "\n".join((first, "|---" * len(head) + "|", *rest))


def interval(value: float | None, low_high: Sequence[float] | None, *, percent: bool = False) -> str:
    """A figure with its interval; nothing where there is none."""
    if value is None or low_high is None:
        return NOTHING
    form = ".1%" if percent else ".3f"
    return f"{value:{form}} ({low_high[0]:{form}}-{low_high[1]:{form}})"


def _introduction(card: Card) -> str:
    overall, unread = card["overall"], sum(card["unread"].values())
    text = f"{overall['human']:,} human and {overall['machine']:,} machine texts. {INTRODUCTION}"
    return text if not unread else f"{text} {unread:,} more texts could not be scored and are left out."


def _dimensions(card: Card) -> Iterator[str]:
    for dimension, title in DIMENSIONS.items():
        groups = card["groups"][dimension]
        if groups:
            yield f"## {title}"
            if any(group["auroc"] is not None for group in groups.values()):
                yield ranking_table(groups)
            yield verdict_table(groups)


def _writers(card: Card) -> Iterator[str]:
    if gap := card["writer_gap"]:
        low, high = (100 * gap["difference"][end] for end in ("low", "high"))
        yield (
            "False positives on non-native writers less those on native writers of like length, at the 1 % "
            f"operating point: {100 * gap['difference']['value']:.1f} points ({low:.1f} to {high:.1f}; "
            f"{gap['texts'][0]:,} and {gap['texts'][1]:,} texts)."
        )


def _ranking_cells(group: Card) -> list[str]:
    return [
        f"{group['human']:,}",
        f"{group['machine']:,}",
        interval(group["auroc"], group["auroc_interval"]),
        *(_number(value, ".2f") for value in group["tpr_at_fpr"].values()),
        *(_number(group[name], ".3f") for name in ("ece_classes_alike", "ece", "brier")),
    ]


def _verdict_rows(name: str, group: Card) -> Iterator[list[str]]:
    texts = f"{group['human']:,} + {group['machine']:,}"
    for target, point in group["operating_points"].items():
        human, machine = point["human"], point["machine"]
        flagged = [
            interval(side["flagged"]["rate"], side["flagged"]["interval"], percent=True)
            for side in (human, machine)
        ]
        shares = [
            " / ".join(_number(side[answer]["rate"], ".1%") for side in (human, machine))
            for answer in ("inconclusive", "likely_human")
        ]
        yield [name, texts, f"{100 * float(target):g} %", *flagged, *shares]


def _number(value: float | None, form: str) -> str:
    return NOTHING if value is None else f"{value:{form}}"


INTRODUCTION = (
    "Each was scored exactly as a user's text is, by `neural-lab evaluate`, which wrote this card. "
    "Unrounded figures are in `error_card.json`, every probability and verdict in `scores.jsonl`."
)
READING = (
    "- *Flagged* means a verdict of `likely_ai` or `mixed`. A text without a verdict counts as not "
    "flagged, so a group of short or unusual texts has few flags because it has few verdicts: see "
    "*inconclusive*.\n"
    "- The *target* is the share of human texts that may be flagged, as the detector was set before it "
    "saw these texts. Intervals of rates are Wilson 95 %, of AUROC DeLong 95 %.\n"
    "- AUROC and *TPR at … FPR* measure the ranking only: their cut is chosen on the group itself, which "
    "no user can do. A rate of false positives that fewer than one human text makes up is left out.\n"
    "- *ECE* is the expected calibration error, with classes weighing alike and with texts weighing "
    "alike; it depends on how many texts of each class there happen to be. *Brier* is the mean squared "
    "error.\n"
    "- A dash stands where a group has too few texts of one class."
)
LIMITS = (
    "- The figures hold for these texts. Other writers, genres, languages and generators may fare better "
    "or worse.\n"
    "- Groups overlap and differ in more than their name: a difference between two groups is not yet its "
    "cause.\n"
    "- Many groups are compared at once. Of twenty intervals one misses its true value by chance.\n"
    "- Labels come with the data and are taken at their word.\n"
    "- Nothing here says who wrote any one text."
)
