"""The page itself at a service: how soon a long text has its marks, and how it types and scrolls."""

from __future__ import annotations

import pydoc_data.topics
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

from browser import opened_at, page_of
from editor_hands import PAGES, high_of, scrolled, typed
from rich.console import Console
from rich.table import Table
from serving import WITHOUT_LIMITS, service

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TOPICS = pydoc_data.topics.topics
TEXT = "\n\n".join(TOPICS[name] for name in sorted(TOPICS))[:100_000]
CLOCKS = "/static/js/clocks.js"
BEGIN = f"""async () => (await import("{CLOCKS}")).clocks()"""
GIVE = """async (text) => (await import("/static/js/core/state.js")).state.setDocument({ text })"""
REPORT = """async () => {
  const { state } = await import("/static/js/core/state.js");
  while (!state.fresh) await new Promise((there) => state.addEventListener("result", there, { once: true }));
}"""
MIDDLE = """() => document.querySelector("lab-editor").reveal(500)"""


def at_the_service(opened: Browser, home: Path) -> None:
    with (
        service(home, **WITHOUT_LIMITS) as served,
        page_of(opened, f"http://127.0.0.1:{served.port}") as page,
    ):
        page.set_default_timeout(300_000)
        page.route(f"**{CLOCKS}", lambda route: route.fulfill(path=PAGES / "common.js"))
        opened_at(page)
        # The first text of a process also loads what it is read with.
        page.evaluate(GIVE, TEXT[:1_000])
        page.evaluate(REPORT)
        page.evaluate(BEGIN)
        _print(_marked(page) | _by_hand(page))


def _marked(page: Page) -> dict[str, list[float]]:
    begun = time.perf_counter()
    page.evaluate(GIVE, TEXT)
    page.locator("lab-editor .s.provisional").first.wait_for()
    first = time.perf_counter() - begun
    page.evaluate("() => { frames.length = 0; }")
    page.evaluate(REPORT)
    whole = time.perf_counter() - begun
    page.locator("lab-result .verdict").wait_for()
    frames = page.evaluate("() => frames.slice(1)")
    return {
        "first marks": [1e3 * first],
        "the whole report": [1e3 * whole],
        "longest frame while it comes": [max(frames)],
    }


def _by_hand(page: Page) -> dict[str, list[float]]:
    page.locator("lab-editor .cm-content").focus()
    page.keyboard.press("Control+Home")
    found = {"type, start": typed(page)}
    page.evaluate(MIDDLE)
    page.locator("lab-editor .cm-content").focus()
    found["type, middle"] = typed(page)
    page.keyboard.press("Control+End")
    found["type, end"] = typed(page)
    page.keyboard.press("Control+Home")
    page.locator("lab-editor").hover()
    return {**found, "frame while scrolling": scrolled(page)}


def _print(found: dict[str, list[float]]) -> None:
    table = Table(title=f"The page with {len(TEXT):,} characters, milliseconds")
    for head in ("", "median", "95 %"):
        table.add_column(head, justify="right" if head else "left")
    for task, spent in found.items():
        high = high_of(spent)
        table.add_row(task, f"{statistics.median(spent):,.1f}", f"{high:,.1f}")
    Console(width=120).print(table)
