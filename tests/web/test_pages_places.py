"""Where on a page sentences stand, in PDFs of many kinds, set against PDFium's boxes of the same letters."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from browser import opened_at
from drawn_pdf import Leaf, drawn, hebrew, line, lines, stream
from placed import box, everywhere, fits, places
from printed import letters, passage, texts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROSE = [
    "The ferry left at seven, an hour late, with nine people on board.",
    "Nobody complained, which surprised me a little.",
    "A bus took us home, and in the evening it rained (as ever).",
]


@pytest.fixture
def core(page: Page) -> Page:
    opened_at(page)
    return page


def wrapped(words: str, width: int) -> list[str]:
    rows = [""]
    for word in words.split():
        rows = (
            [*rows[:-1], f"{rows[-1]} {word}".strip()] if len(rows[-1]) + len(word) < width else [*rows, word]
        )
    return rows


ESSAY = " ".join(PROSE).replace("(", r"\(").replace(")", r"\)")
LEFT = [each.replace("ferry", "kite").replace("Nobody", "Somebody").replace("bus", "tram") for each in PROSE]
COLUMN = " ".join(LEFT).replace("(", r"\(").replace(")", r"\)")
HEADER = line(72, 760, "A header that is written last")
TURNED = f"q 0 1 -1 0 500 100 cm {lines(0, 0, wrapped(ESSAY, 60))} Q"
SPACED = "\n".join(
    (
        "BT /F1 11 Tf 0.4 Tc 2.5 Tw 90 Tz 3 Ts 14 TL 72 700 Td",
        *(f"({each}) '" for each in wrapped(ESSAY, 50)),
        "ET",
    )
)
FORM = stream(
    lines(0, 0, wrapped(ESSAY, 50)).encode(),
    "/Type /XObject /Subtype /Form /BBox [-9 -400 600 99] /Matrix [.8 0 0 .8 40 600] "
    "/Resources << /Font << /F1 3 0 R >> >>",
)

LEAVES = {
    "plain": Leaf(lines(72, 700, wrapped(ESSAY, 60))),
    "landscape": Leaf(f"q 0 1 -1 0 612 0 cm {lines(72, 500, wrapped(ESSAY, 80))} Q", turn=90),
    "upside_down": Leaf(lines(72, 700, wrapped(ESSAY, 60)), turn=180, more="/CropBox [20 30 600 780]"),
    "turned_text": Leaf(TURNED),
    "spaced": Leaf(SPACED),
    "header_last": Leaf(f"{lines(72, 700, wrapped(ESSAY, 60))}\n{HEADER}"),
    "columns": Leaf(f"{lines(330, 700, wrapped(ESSAY, 40))}\n{lines(72, 700, wrapped(COLUMN, 40))}"),
}


@pytest.mark.parametrize("name", LEAVES)
def test_shapes_lie_around_the_letters(core: Page, name: str) -> None:
    everywhere(core, drawn([LEAVES[name]]), PROSE, " ".join(PROSE))


def test_columns_are_told_apart_in_any_order(core: Page) -> None:
    data = drawn([LEAVES["columns"]])
    text = "\n\n".join((" ".join(LEFT), " ".join(PROSE)))
    (found,) = places(core, data, [(0, text, [*LEFT, *PROSE])])
    there = letters(data, 0)
    for each, shapes in zip([*LEFT, *PROSE], found, strict=True):
        fits(shapes, passage(there, each))


def test_a_page_that_lies_on_its_side_is_turned_with_its_shapes(core: Page) -> None:
    text, content = " ".join(PROSE), lines(72, 700, wrapped(ESSAY, 60))
    (upright,) = places(core, drawn([Leaf(content)]), [(0, text, PROSE)])
    (lying,) = places(core, drawn([Leaf(content, turn=90)]), [(0, text, PROSE)])
    turned = [
        [[pytest.approx([792 - y, x]) for x, y in shape] for shape in shapes or []] for shapes in upright
    ]
    assert lying == turned


def test_text_of_a_form_stands_where_the_form_is_put(core: Page) -> None:
    leaf = Leaf("q 1 0 0 1 30 20 cm /X Do Q", resources="/XObject << /X 9 0 R >>")
    everywhere(core, drawn([leaf], extra=[FORM]), PROSE)


def test_ligatures_hyphens_and_accents_are_no_hindrance(core: Page) -> None:
    rows = [
        line(72, 700, "A \\001ne \\002ight of stairs led up to the of\\001ce, and a ca-", font="F2"),
        line(72, 685, "fé stood beside it. We had two coffees there."),
        line(72, 670, "Then the rain stopped."),
    ]
    data = drawn([Leaf("\n".join(rows))])
    (text,) = texts(data)
    (found,) = places(core, data, [(0, text, text.replace(". ", ".|").replace("\n\n", "|").split("|"))])
    assert [len(shapes or []) for shapes in found] == [2, 1, 1]
    there = letters(data, 0)
    fits(found[0], there[: text.replace(" ", "").index("it.")])


def test_hebrew_that_is_written_from_the_left_is_found(core: Page) -> None:
    logical = "שלום עולם זה משפט ראשון"
    english = "And a line of English below it."
    data = drawn([Leaf(f"{line(72, 700, hebrew(logical[::-1]), font='F3')}\n{line(72, 660, english)}")])
    (found,) = places(core, data, [(0, f"{logical}\n\n{english}", [logical[:9], logical[10:], english])])
    assert all(found)
    first, rest, below = (box((shapes or [])[0]) for shapes in found)
    assert rest[0] == pytest.approx(72, abs=1)
    assert rest[2] <= first[0]
    assert below[1] > first[3]


def test_sentences_that_say_the_same_stand_each_at_its_own_place(core: Page) -> None:
    rows = ["Is it late? Yes.", "Is it dark? Yes.", "Did the ferry leave without us? Yes."]
    data = drawn([Leaf(lines(72, 700, rows))])
    (found,) = places(core, data, [(0, texts(data)[0], ["Yes."] * 3)])
    there = letters(data, 0)
    for turn, shapes in enumerate(found):
        fits(shapes, passage(there, "Yes.", turn))


def test_what_is_not_on_the_page_is_not_placed(core: Page) -> None:
    data = drawn([LEAVES["plain"]])
    strange = ["A sentence that nobody has written on this page at all.", "Eve.", "ferry left at noon"]
    text = f"{PROSE[0]} {' '.join(strange)} {PROSE[1]} {PROSE[2]}"
    (found,) = places(core, data, [(0, text, [PROSE[0], *strange, PROSE[1], PROSE[2]])])
    assert [shapes is None for shapes in found] == [False, True, True, True, False, False]


def test_pages_as_a_browser_prints_them(core: Page, chrome: Browser) -> None:
    """Fonts that the file brings along, kerning, and justified lines."""
    body = "".join(
        f"<p>{' '.join(PROSE)} Of {n} people, {n + 1} stayed behind on the quay.</p>" for n in range(40)
    )
    printer = chrome.new_page()
    printer.set_content(f"<body lang=en style='text-align:justify;hyphens:auto;font:11pt serif'>{body}")
    data = printer.pdf(format="A5")
    printer.close()
    for number, text in enumerate(texts(data)):
        asked = [
            each for n in range(40) if (each := f"Of {n} people, {n + 1} stayed behind on the quay.") in text
        ]
        everywhere(core, data, asked, number=number)
    assert number > 0


def test_letters_are_found_in_every_order(core: Page) -> None:
    chance = random.Random(3)
    words = ["".join(chance.choices("abcdefgh", k=chance.randrange(2, 9))) for _ in range(400)]
    rows = [" ".join(words[at : at + 20]) + "." for at in range(0, 400, 20)]
    moved = chance.sample(rows, len(rows))
    script = """async ([wanted, there]) => {
      const { lettersOf } = await import("/static/js/core/pdf-letters.js");
      const { aligned } = await import("/static/js/core/pdf-align.js");
      const [mine, page] = [lettersOf(wanted), lettersOf(there)];
      return [mine.said, page.said, [...aligned(mine.said, page.said, mine.begins)]];
    }"""
    wanted, there, found = core.evaluate(script, [" ".join(rows), " ".join(moved)])
    assert all(there[place] == letter for letter, place in zip(wanted, found, strict=True))
    assert len(set(found)) == len(found)
    assert sum(after - before != 1 for before, after in pairwise(found)) <= len(rows)


def test_a_page_made_to_be_slow_is_not(core: Page) -> None:
    script = """async ([wanted, there]) => {
      const { aligned } = await import("/static/js/core/pdf-align.js");
      const begun = performance.now();
      aligned(wanted, there, new Array(wanted.length).fill(0));
      return performance.now() - begun;
    }"""
    pairs: list[Any] = [
        ["ab" * 50_000 + "c", "ba" * 50_000],
        ["a" * 99_999 + "b", "a" * 100_000],
        ["x" * 99_999, "a" * 99_999],
    ]
    assert all(core.evaluate(script, pair) < 5_000 for pair in pairs)
