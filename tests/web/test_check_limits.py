"""The view that checks texts, at a service that has had enough for now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser import page_of
from desk import SAMPLE, answered, checked, give
from serving import service

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser
    from serving import Service


@pytest.fixture
def strict(tmp_path: Path) -> Any:
    """A service that reads 2,500 characters in five seconds, of one client."""
    with service(tmp_path, CHARACTER_RATE="2500/5") as served:
        yield served


def test_whoever_asks_too_often_waits_and_is_told(chrome: Browser, strict: Service) -> None:
    with page_of(chrome, f"http://127.0.0.1:{strict.port}", allowed=("429",)) as page:
        checked(page, SAMPLE)
        give(page, SAMPLE[:-1])
        page.locator(".said", has_text="It goes on by itself").wait_for()
        assert answered(page)[-1]["end"] == len(SAMPLE) - 1
