"""The frame of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browser import opened_at

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_page_opens_with_its_views_in_words(page: Page) -> None:
    opened_at(page)
    assert page.title() == "Check · Neural Lab"
    assert page.locator("nav.main a[aria-current=page]").inner_text() == "Check"
