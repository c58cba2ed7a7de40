"""Figures that pages of prose stand on: worked examples from published rates, and the order of the layers."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from math import sqrt
from typing import NamedTuple

from reference_pages import network
from reference_pages.detector import EMBEDDED, embedded
from reference_pages.tables import ROOT, code, table

Z = 1.959964
TEXTS = 200
SHARES = (0.05, 0.2, 0.5)
ESSAYS = "outfox"
_RATE = re.compile(r"([\d.]+)% \(([\d.]+)%-([\d.]+)%\)")
_CAREFUL = re.compile(r"of (\d+) by upper-secondary pupils abroad (\d+)\s+were flagged")
_LEARNERS = re.compile(r"none of (\d+) by\s+learners of English")
_FOUND = re.compile(r"(\d+) and (\d+) % of ChatGPT essays")


class Rate(NamedTuple):
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


def blocks() -> Mapping[str, str]:
    return {
        "base-rates": _base_rates(),
        "careful-essays": _careful(),
        "learners": _learners(),
        "families": _families(),
        "layers": _layers(),
        "network": network.block(),
        "detector-json": _detector_json(),
    }


def essays() -> tuple[int, int, Rate, Rate]:
    """How many human and machine essays of 150 words and more, and how many of each were flagged."""
    row = next(line for line in _card() if line.startswith(f"| {ESSAYS} | 150+"))
    human, machine = (int(each.replace(",", "")) for each in row.split("|")[3].split("+"))
    flagged = [Rate(*(float(each) / 100 for each in found)) for found in _RATE.findall(row)]
    return human, machine, flagged[0], flagged[1]


def wilson(hits: int, texts: int) -> Rate:
    """Wilson's 95 % interval (1927)."""
    rate, spread = hits / texts, Z * Z / texts
    centre = (rate + spread / 2) / (1 + spread)
    half = Z * sqrt(rate * (1 - rate) / texts + spread / (4 * texts)) / (1 + spread)
    return Rate(rate, max(0.0, centre - half), min(1.0, centre + half))


def _base_rates() -> str:
    human, machine, wrong, right = essays()
    about = (
        f"The card's row `{ESSAYS}`, essays of 150 words and more: of {human:,} by people {wrong.value:.1%} "
        f"were flagged, and up to {wrong.high:.1%} cannot be excluded; of {machine:,} by machines "
        f"{right.value:.1%} were found. A course hands in {TEXTS} such essays:"
    )
    heads = (
        "machine-written",
        "of these flagged",
        "human, flagged at worst",
        "flagged in all",
        "of the flagged, human at worst",
    )
    return f"{about}\n\n{table(heads, (_row(share, wrong.high, right.value) for share in SHARES))}"


def _row(share: float, wrong: float, right: float) -> tuple[str, ...]:
    machine = TEXTS * share
    found, hurt = machine * right, (TEXTS - machine) * wrong
    return (
        f"{machine:.0f} ({share:.0%})",
        f"{found:.1f}",
        f"{hurt:.1f}",
        f"{found + hurt:.1f}",
        f"{hurt / (found + hurt):.0%}",
    )


def _careful() -> str:
    texts, hits = map(int, _said(_CAREFUL))
    rate = wilson(hits, texts)
    least, most = map(int, _said(_FOUND))
    human, machine = 90, 10
    expected, found = human * rate.value, machine * (least + most) / 200
    return (
        f"Of {texts} careful essays by upper-secondary pupils {hits} were flagged: {rate.value:.1%} "
        f"({rate.low:.1%} to {rate.high:.1%}), while {least} to {most} % of essays by ChatGPT were found. "
        f"Let {machine} of 100 such essays be machine-written. About {found:.0f} of those are flagged, and "
        f"{expected:.0f} of the other {human} ({human * rate.low:.0f} to {human * rate.high:.0f}). So **of "
        f"about {expected + found:.1f} flagged essays {expected:.1f} were written by pupils: "
        f"{expected / (expected + found):.0%}**."
    )


def _learners() -> str:
    (texts,) = map(int, _said(_LEARNERS))
    return (
        f"None of {texts} texts by learners of English was flagged. That does not show that none ever is: "
        f"the 95 % interval reaches {wilson(0, texts).high:.1%}, or {texts * wilson(0, texts).high:.0f} in "
        f"{texts}."
    )


def _families() -> str:
    """The card's own table of human texts, in words that need no look at the sources."""
    lines = _card()
    at = next(i for i, line in enumerate(lines) if line.startswith("| human texts |"))
    end = next(i for i in range(at, len(lines)) if not lines[i].startswith("|"))
    return "\n".join([*lines[at : at + 2], *map(_in_words, lines[at + 2 : end])])


def _in_words(row: str) -> str:
    """Raises `KeyError` for a family that nobody has described yet."""
    _, name, rest = row.split("|", 2)
    return f"| {_FAMILIES[name.strip()]} |{rest}"


_FAMILIES = {
    "abstracts": "abstracts of research papers",
    "detectrl": "news, stories and reviews",
    "government": "pages of public offices",
    "l2r_train_domains": "short texts of 13 kinds",
    "m4_subset": "arXiv and Wikipedia",
    "old fiction": "fiction, 1840 to 1930",
    "outfox": "essays of pupils in the US",
    "papers": "research papers",
    "raidar": "reviews, stories, notes on code",
    "reserved/changelog": "transcripts of podcasts",
    "reserved/medquad": "medical advice",
    "reserved/onestop": "news, simplified for learners",
    "reserved/wikipedia2018": "Wikipedia",
    "textbooks": "textbooks",
    "zippy_human": "letters, essays and blogs",
}


def _card() -> list[str]:
    return (EMBEDDED / "card.md").read_text("utf-8").splitlines()


def _said(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """What the README publishes. Raises `ValueError` where it says it in other words by now."""
    found = pattern.search((ROOT / "README.md").read_text("utf-8"))
    if found is None:
        raise ValueError(f"README.md has no figure of the form: {pattern.pattern}")
    return found.groups()


def _layers() -> str:
    """Layers that the import linter enforces, outermost first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")
    named = [[part.strip().removeprefix("neural_lab.") for part in layer.split("|")] for layer in layers]
    return table(
        ("", "Modules that may not import one another"),
        ((at, ", ".join(map(code, each))) for at, each in enumerate(named, 1)),
    )


def _detector_json() -> str:
    """The embedded values, shortened to one entry of a kind."""
    found = embedded()
    fusion, point = found["fusion"], found["operating_points"][7]
    shapes = {
        "log_perplexity": {key: _short(each) for key, each in fusion["shapes"]["log_perplexity"].items()}
    }
    rest = {key: round(fusion[key], 4) for key in ("bias", "evidence_weight", "evidence_cap")}
    bands = [_short(each) for each in fusion["bands"]]
    shown = {
        "name": found["name"],
        "version": found["version"],
        "fusion": {"shapes": shapes, **rest, "bands": bands},
        "operating_points": [
            point
            | {key: round(point[key], 4) for key in ("document", "run")}
            | {"interval": _short(point["interval"])}
        ],
    }
    return f"```json\n{_json(shown)}\n```"


def _short(numbers: list[float]) -> list[float]:
    return [round(each, 4) for each in numbers]


def _json(value: object) -> str:
    """Indented, with lists of numbers on one line."""
    return re.sub(r"\[[^\[\]{}]*\]", lambda found: " ".join(found[0].split()), json.dumps(value, indent=2))
