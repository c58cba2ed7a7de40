"""Labelled texts to retrain on: pages of Python's documentation, and sentences as machines write them."""

from __future__ import annotations

import csv
import pydoc_data.topics
import random
import re
from collections.abc import Iterable
from pathlib import Path

TOPICS = pydoc_data.topics.topics
PROSE = re.sub(r"\s+", " ", " ".join(TOPICS[name] for name in sorted(TOPICS)))
THINGS = [
    "innovation",
    "sustainability",
    "education",
    "technology",
    "community",
    "healthcare",
    "leadership",
    "communication",
    "creativity",
    "collaboration",
    "diversity",
    "resilience",
    "transparency",
    "agriculture",
    "literacy",
    "governance",
    "mobility",
    "nutrition",
    "heritage",
    "tourism",
    "finance",
    "automation",
    "conservation",
    "wellness",
    "biodiversity",
    "infrastructure",
]
KINDS = [
    "crucial",
    "vital",
    "pivotal",
    "significant",
    "essential",
    "transformative",
    "remarkable",
    "meaningful",
    "dynamic",
    "robust",
    "holistic",
    "comprehensive",
    "lasting",
    "profound",
    "vibrant",
]
DOINGS = [
    "fostering",
    "shaping",
    "enhancing",
    "empowering",
    "transforming",
    "promoting",
    "strengthening",
    "navigating",
    "unlocking",
    "driving",
    "cultivating",
    "supporting",
]
PATTERNS = (
    "It is important to note that {a} plays a {k} role in {d} {b} across societies.",
    "Furthermore, {a} serves as a {k} catalyst for {d} {b} and {c}.",
    "By embracing {a}, individuals can unlock the {k} potential of {b}.",
    "In today's rapidly evolving world, {a} and {b} are more {k} than ever before.",
    "Moreover, the interplay between {a} and {b} offers {k} opportunities for {d} {c}.",
    "Ultimately, {d} {a} requires a {k} commitment to {b} and {c}.",
    "This highlights the {k} importance of {d} {a} through {b}.",
    "Additionally, {a} provides a {k} framework for {d} {b} in diverse contexts.",
    "As we look ahead, {d} {a} remains a {k} priority alongside {b}.",
    "In conclusion, {a} stands as a testament to the {k} power of {b}.",
)

Row = tuple[str, int]


def human(at: int) -> str:
    return f"{PROSE[at * 500 : at * 500 + 440]}."


def machine(at: int) -> str:
    draw = random.Random(at)
    return " ".join(_sentence(draw) for _ in range(6))


def _sentence(draw: random.Random) -> str:
    a, b, c = draw.sample(THINGS, 3)
    return draw.choice(PATTERNS).format(a=a, b=b, c=c, k=draw.choice(KINDS), d=draw.choice(DOINGS))


def rows(start: int, each: int) -> list[Row]:
    """So many texts of either kind, the same for the same `start`."""
    places = range(start, start + each)
    return [*((human(at), 0) for at in places), *((machine(at), 1) for at in places)]


def table(path: Path, rows: Iterable[Row]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["text", "label"])
        out.writerows(rows)
    return path
