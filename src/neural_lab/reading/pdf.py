"""PDF files with a text layer, page by page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from neural_lab.reading.content import Content
from neural_lab.reading.limits import Budget
from neural_lab.reading.pdf_lines import page_text
from neural_lab.reading.pdf_pages import assembled
from neural_lab.reading.refusal import Refused

# PDFium keeps global state and must not be entered by two threads.
_PDFIUM = threading.Lock()


def read(data: bytes, budget: Budget) -> Content:
    with _PDFIUM, closing(_opened(data)) as pdf:
        budget.allow_pages(len(pdf))
        texts = list(_page_texts(pdf, budget))
        title = pdf.get_metadata_value("Title")
    if not any(texts):
        raise Refused("no_text_layer")
    text, pages = assembled(texts)
    return Content(text, title, pages)


def _opened(data: bytes) -> Any:
    from pypdfium2 import PdfDocument, PdfiumError, raw

    try:
        return PdfDocument(data)
    except PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Refused("encrypted" if locked else "damaged") from error


def _page_texts(pdf: Any, budget: Budget) -> Iterator[str]:
    characters = 0
    for number in range(len(pdf)):
        budget.tick()
        with closing(pdf[number]) as page, closing(page.get_textpage()) as layer:
            characters += layer.count_chars()
            budget.allow_characters(characters)
            yield page_text(layer)
