"""Every view, light and dark, wide and narrow, before axe-core: nothing serious."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser import opened_at, page_of
from helpers import needed
from serving import Service, ask
from test_records import TEXT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VIEWS = (
    "check",
    "integrity",
    "pages",
    "cohort",
    "history",
    "versions",
    "library",
    "trail",
    "settings",
    "account",
    "login",
    "detector",
)
GRAVE = ("serious", "critical")
ITS_OWN = ("Applying inline style",)
"""axe-core tries styles of its own, which the policy of the page refuses."""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_no_view_keeps_anybody_out(chrome: Browser, lab: Service, scheme: str, width: int) -> None:
    entry = seen(lab)
    faults: dict[str, Any] = {}
    given = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    with page_of(chrome, f"http://127.0.0.1:{lab.port}", ITS_OWN, **given) as page:
        opened_at(page, f"check/entry/{entry}")
        page.wait_for_selector("lab-result .verdict")
        page.evaluate("() => document.querySelector('lab-result').pick(3)")
        page.wait_for_selector(".sentence")
        for view in VIEWS:
            if view != "check":
                shown(page, view, f"{view}/{entry}/{entry}" if view == "versions" else view)
            faults[view] = grave(page)
    assert not any(faults.values()), faults


def seen(lab: Service) -> int:
    """A service with a source and a kept report, so that no view is empty; the report's number."""
    ask(lab.port, "POST", "/v1/library", {"sources": [{"text": TEXT[200:900], "title": "A source"}]})
    body = {"text": TEXT, "title": "Notes", "keep": True}
    return int(ask(lab.port, "POST", "/v1/documents", body).json["entry"])


def shown(page: Page, view: str, address: str) -> None:
    page.evaluate("address => { location.hash = `#/${address}`; }", address)
    page.wait_for_selector(f".view.{view} h1")
    page.wait_for_load_state("networkidle")


def grave(page: Page) -> list[dict[str, Any]]:
    """What axe-core calls serious or worse, with where it is."""
    axe = needed("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    return [
        {"rule": each["id"], "at": [node["target"] for node in each["nodes"]][:3]}
        for each in found
        if each["impact"] in GRAVE
    ]
