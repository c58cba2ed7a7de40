"""The page's plain functions, run in the browser and set against Python's."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from browser import opened_at

from neural_lab.report import words
from neural_lab.text.words import count_words

if TYPE_CHECKING:
    from playwright.sync_api import Page

CORE = "/static/js/core"


@pytest.fixture
def core(page: Page) -> Page:
    opened_at(page)
    return page


def numbers() -> list[float]:
    """A thousand, among them those that lie between two whole percents."""
    chance = random.Random(5)
    halves = [n / 200 for n in range(201)]
    return [
        *halves,
        *(chance.random() for _ in range(699)),
        *(10**-n for n in range(1, 51)),
        *[1 - 1e-9] * 50,
    ]


def strings() -> list[str]:
    chance = random.Random(7)
    letters = [
        "a",
        " ",
        "\n",
        "\r",
        "\r\n",
        "é",
        "e\u0301",
        "\U0001f600",
        "\U0001f469\u200d\U0001f680",
        "ש",
        "\u200b",
        "語",
    ]
    return ["".join(chance.choices(letters, k=chance.randrange(40))) for _ in range(200)]


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_percentages_are_those_of_the_program(core: Page) -> None:
    given = numbers()
    said = core.evaluate(
        f"""async (given) => {{
          const {{ percent, share }} = await import("{CORE}/numbers.js");
          return given.map((each) => [percent(each), share(each)]);
        }}""",
        given,
    )
    assert said == [[words.percent(each), words.share(each)] for each in given]


def test_offsets_are_those_of_python_in_every_place(core: Page) -> None:
    given = strings()
    found = core.evaluate(
        f"""async (given) => {{
          const {{ Offsets }} = await import("{CORE}/offsets.js");
          return given.map((text) => {{
            const offsets = new Offsets(text);
            const units = Array.from({{ length: offsets.points + 1 }}, (_, point) => offsets.toUtf16(point));
            return [units, units.map((unit) => offsets.toPoint(unit)), offsets.points];
          }});
        }}""",
        given,
    )
    for text, (units, points, length) in zip(given, found, strict=True):
        assert units == [utf16(text[:at]) for at in range(len(text) + 1)]
        assert points == list(range(len(text) + 1))
        assert length == len(text)


def test_an_offset_inside_a_pair_is_that_of_the_pair(core: Page) -> None:
    script = f"async () => new (await import('{CORE}/offsets.js')).Offsets('a\U0001f600b').toPoint(2)"
    assert core.evaluate(script) == 1


def test_places_in_a_text_whose_lines_end_with_cr_are_those_of_its_letters(core: Page) -> None:
    given = strings()
    found = core.evaluate(
        f"""async (given) => {{
          const {{ placing }} = await import("{CORE}/placing.js");
          const {{ unified }} = await import("{CORE}/lines.js");
          return given.map((text) => {{
            const place = placing(text);
            return [...text].map((_, at) => {{
              const {{ from, to }} = place({{ start: at, end: at + 1 }});
              return unified(text).slice(from, to);
            }});
          }});
        }}""",
        given,
    )
    for text, letters in zip(given, found, strict=True):
        assert "".join(letters) == text.replace("\r\n", "\n").replace("\r", "\n")
        for letter, shown in zip(text, letters, strict=True):
            assert shown in (letter, "\n" if letter == "\r" else letter, "")


def test_words_and_characters_are_counted_as_reports_do(core: Page) -> None:
    given = [*strings(), "don't and/or well-known 3,5 naïve \u2019tis x\u00b2 snake_case \u4e00\u4e8c"]
    script = f"async (given) => given.map((await import('{CORE}/counting.js')).counts)"
    counted = core.evaluate(script, given)
    assert counted == [{"characters": len(text), "words": count_words(text)} for text in given]


def test_prefixes_end_with_sentences_and_split_no_character(core: Page) -> None:
    sentence = "It rained, and the \U0001f600 went home. "
    prose, letters = sentence * 4_000, "\U0001f600" * 30_000
    script = f"async (given) => given.map((await import('{CORE}/prefixes.js')).prefixes)"
    short, long, unbroken = core.evaluate(script, ["short", prose, letters])
    assert short == []
    assert long == sorted(long)
    assert all(end % utf16(sentence) == 0 for end in long)
    assert 4_000 <= long[0] <= 6_000
    assert long[-1] < 0.6 * utf16(prose)
    assert unbroken
    assert all(end % 2 == 0 for end in unbroken)
