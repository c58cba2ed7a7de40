"""One browser and one service for all tests of the page; each test gets a page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browser import browser, chromium, page_of
from helpers import needed
from serving import WITHOUT_LIMITS, Service, ask, service

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    needed("playwright")
    chromium()
    with browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service for whoever sits at this computer."""
    with service(tmp_path_factory.mktemp("lab"), **WITHOUT_LIMITS) as served:
        yield served


@pytest.fixture
def page(chrome: Browser, lab: Service) -> Iterator[Page]:
    """With the preferences that everybody begins with, whatever the test before chose."""
    ask(lab.port, "PUT", "/v1/preferences", {})
    with page_of(chrome, f"http://127.0.0.1:{lab.port}") as opened:
        yield opened
