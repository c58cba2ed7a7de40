"""Hands that type and scroll in an editor, under the clocks of `editor_pages/common.js`. In milliseconds."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = Path(__file__).parent / "editor_pages"
TYPED = "plain words typed here, and there!"
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))"


def typed(page: Page) -> list[float]:
    """From each key to the frame with its letter."""
    page.evaluate(SETTLED)
    page.evaluate("() => { keys.length = 0; }")
    page.keyboard.type(TYPED, delay=60)
    page.keyboard.press("Enter")
    page.evaluate(SETTLED)
    spent: list[float] = page.evaluate("() => keys")
    return spent


def scrolled(page: Page, steps: int = 50) -> list[float]:
    """From frame to frame, while the wheel turns where the pointer is."""
    page.evaluate("() => { frames.length = 0; }")
    for _ in range(steps):
        page.mouse.wheel(0, 400)
        page.evaluate("() => new Promise(requestAnimationFrame)")
    spent: list[float] = page.evaluate("() => frames.slice(1)")
    return spent


def high_of(spent: list[float]) -> float:
    """The 95th percentile."""
    return sorted(spent)[math.ceil(0.95 * len(spent)) - 1]
