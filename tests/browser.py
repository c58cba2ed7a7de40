"""Debian's Chromium on a page of the service; what a page must never do fails the test that made it do so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

PLACES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """Where a browser is; without one the test is skipped, and in CI it fails."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PLACES)), None)
    if found:
        return found
    said = "Chromium is not installed: the page is not tested (Debian: apt-get install chromium)."
    if os.environ.get("CI"):
        pytest.fail(said)
    pytest.skip(said)


@contextmanager
def browser() -> Iterator[Browser]:
    """As root without its sandbox, which Chromium then refuses."""
    from playwright.sync_api import sync_playwright

    root = os.geteuid() == 0
    flags = [*FLAGS, "--no-sandbox"] if root else [*FLAGS]
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium(), args=flags, chromium_sandbox=not root)
        yield opened
        opened.close()


@contextmanager
def page_of(opened: Browser, base: str, allowed: tuple[str, ...] = (), **options: Any) -> Iterator[Page]:
    """A fresh page at the service `base`.

    Fails for whatever it asks of another origin, for what its policy refuses, and for
    errors of its scripts; `allowed` are pieces of messages that a test provokes.
    """
    context = opened.new_context(base_url=base, **{"viewport": {"width": 1280, "height": 900}, **options})
    faults: list[str] = []
    page = context.new_page()
    page.set_default_timeout(20_000)
    _watch(page, base, faults)
    try:
        yield page
    finally:
        context.close()
    left = [fault for fault in faults if not any(piece in fault for piece in allowed)]
    assert not left, left


def _watch(page: Page, base: str, faults: list[str]) -> None:
    def asked(request: Request) -> None:
        if not request.url.startswith((base, "blob:", "data:")):
            faults.append(f"asked {request.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text}")

    page.on("request", asked)
    page.on("console", said)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))


def opened_at(page: Page, address: str = "check") -> None:
    """Go to a view and wait until the page is ready for hands."""
    page.goto(f"/#/{address}")
    page.wait_for_selector("html[data-ready='1']", state="attached")
