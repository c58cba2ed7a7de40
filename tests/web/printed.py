"""What PDFium, with which the service reads, says about where letters stand; in points from the top left."""

from __future__ import annotations

import unicodedata
from contextlib import closing
from ctypes import c_int
from dataclasses import dataclass
from typing import Any

from neural_lab.reading.pdf_lines import page_text

FINE = 100
"""Steps to a point."""


@dataclass(frozen=True)
class Letter:
    text: str
    left: float
    top: float
    right: float
    bottom: float


def folded(text: str) -> list[str]:
    """Letters and digits without case, accents and ligatures."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return [
        each for each in bare if unicodedata.category(each)[0] in "LN" and unicodedata.category(each) != "Lm"
    ]


def texts(data: bytes) -> list[str]:
    """What is read from each page."""
    from pypdfium2 import PdfDocument

    with closing(PdfDocument(data)) as pdf:
        return [page_text(pdf[number].get_textpage()) for number in range(len(pdf))]


def letters(data: bytes, number: int) -> list[Letter]:
    """The letters of page `number`, from 0, in PDFium's order."""
    from pypdfium2 import PdfDocument
    from pypdfium2.raw import FPDFText_GetUnicode

    with closing(PdfDocument(data)) as pdf:
        page = pdf[number]
        layer = page.get_textpage()
        found = []
        for at in range(layer.count_chars()):
            box = _turned(page, layer.get_charbox(at))
            found += [Letter(each, *box) for each in folded(chr(FPDFText_GetUnicode(layer.raw, at)))]
        return found


def passage(there: list[Letter], text: str, turn: int = 0) -> list[Letter]:
    """The letters of one passage, the `turn`th of those that say the same."""
    wanted, said = "".join(folded(text)), "".join(each.text for each in there)
    at = -1
    for _ in range(turn + 1):
        at = said.index(wanted, at + 1)
    return there[at : at + len(wanted)]


def _turned(page: Any, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    from pypdfium2.raw import FPDF_PageToDevice

    width, height = (int(FINE * side) for side in page.get_size())
    corners = []
    for x, y in (box[:2], box[2:]):
        right, down = c_int(), c_int()
        FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, x, y, right, down)
        corners.append((right.value / FINE, down.value / FINE))
    (a, b), (c, d) = corners
    return min(a, c), min(b, d), max(a, c), max(b, d)
