"""Where the page says that sentences of a PDF stand, set against PDFium's boxes of the same letters."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from printed import Letter, letters, passage, texts

if TYPE_CHECKING:
    from playwright.sync_api import Page

Shape = list[list[float]]
NEAR = 2.0
"""Points; the boxes of letters end where their ink does, shapes where their width does."""

PLACES = """async ([data, asked]) => {
  const { Pdf } = await import("/static/js/core/pdf-document.js");
  const { Places } = await import("/static/js/core/pdf-places.js");
  const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
  const pdf = await Pdf.open(new File([bytes], "file.pdf"));
  const found = [];
  for (const { number, text, spans } of asked) {
    const places = new Places(await (await pdf.page(number)).glyphs(), text);
    found.push(spans.map(([from, to]) => places.of({ from, to })));
  }
  pdf.close();
  return found;
}"""


def places(
    page: Page, data: bytes, asked: list[tuple[int, str, list[str]]]
) -> list[list[list[Shape] | None]]:
    """The shapes around sentences of pages, from 0, with these texts."""
    given = []
    for number, text, sentences in asked:
        ends, spans = 0, []
        for each in sentences:
            start = text.index(each, ends)
            ends = start + len(each)
            spans.append([start, ends])
        given.append({"number": number + 1, "text": text, "spans": spans})
    found: list[list[list[Shape] | None]] = page.evaluate(PLACES, [base64.b64encode(data).decode(), given])
    return found


def box(shape: Shape) -> tuple[float, float, float, float]:
    across, down = zip(*shape, strict=True)
    return min(across), min(down), max(across), max(down)


def fits(shapes: list[Shape] | None, around: list[Letter]) -> None:
    """Every letter lies in a shape, and no shape reaches beyond them."""
    assert shapes
    boxes = [box(each) for each in shapes]
    for each in around:
        x, y = (each.left + each.right) / 2, (each.top + each.bottom) / 2
        assert any(a <= x <= c and b <= y <= d for a, b, c, d in boxes), each
    for a, b, c, d in boxes:
        inside = [
            each for each in around if each.right > a and each.left < c and each.bottom > b and each.top < d
        ]
        assert inside
        assert min(each.left for each in inside) - a < 4 * NEAR
        assert c - max(each.right for each in inside) < 4 * NEAR
        assert min(each.top for each in inside) - b < 4 * NEAR
        assert d - max(each.bottom for each in inside) < 4 * NEAR


def everywhere(page: Page, data: bytes, sentences: list[str], text: str = "", number: int = 0) -> None:
    (found,) = places(page, data, [(number, text or texts(data)[number], sentences)])
    there = letters(data, number)
    for each, shapes in zip(sentences, found, strict=True):
        fits(shapes, passage(there, each))
