"""Hands for the view that shows the pages of a PDF, and a file for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from browser import opened_at
from desk import SAMPLE, answered
from drawn_pdf import Leaf, drawn, line, lines

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

DROP = """([name, bytes]) => {
  const given = new DataTransfer();
  given.items.add(new File([new Uint8Array(bytes)], name));
  const how = { dataTransfer: given, bubbles: true, cancelable: true };
  for (const kind of ["dragenter", "dragover", "drop"]) document.body.dispatchEvent(new DragEvent(kind, how));
}"""
TITLE = "<img src=x onerror=alert(1)> Notes"


def essay(leaves: int = 2, **more: Any) -> bytes:
    """The sample on two pages; others behind them say something else."""
    first, second = (rows(each) for each in SAMPLE.split("\n\n"))
    rest = [Leaf(line(72, 700, f"Leaf {n} has a line of its own.")) for n in range(3, leaves + 1)]
    return drawn(
        [Leaf(lines(72, 700, first)), Leaf(lines(72, 700, second)), *rest],
        title=TITLE.replace("(", r"\(").replace(")", r"\)"),
        **more,
    )


def rows(text: str) -> list[str]:
    """Lines of about 80 letters, escaped as a PDF wants it."""
    found = [""]
    for word in text.split():
        found = [*found[:-1], f"{found[-1]} {word}".strip()] if len(found[-1]) < 75 else [*found, word]
    return [each.replace("(", r"\(").replace(")", r"\)") for each in found]


def dropped(page: Page, data: bytes, name: str = "essay.pdf") -> list[dict[str, Any]]:
    """Drop a file on the view and wait until it is drawn and read: its sentences."""
    opened_at(page, "pages")
    page.evaluate(DROP, [name, list(data)])
    page.wait_for_selector(".reader")
    found = answered(page)
    page.wait_for_selector(".marks")
    return found


def mark(page: Page, index: int) -> Locator:
    return page.locator(f".marks .mark.s[data-key='{index}']")
