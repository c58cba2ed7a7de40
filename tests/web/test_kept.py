"""Reports and audits that were kept, opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser import opened_at
from command_line import OTHER, PASSAGE
from desk import EDITOR, SAMPLE, answered, at_desk, give, held, shown_text
from serving import ask

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from serving import Service

TEXT = f"I begin alone. {PASSAGE} So much for that. “{OTHER}” And I end alone, too."
CONTENT = f"{EDITOR} .cm-content"


@pytest.fixture
def entry(lab: Service) -> int:
    return int(ask(lab.port, "POST", "/v1/documents", {"text": SAMPLE, "title": "Notes"}).json["entry"])


@pytest.fixture
def audit(lab: Service) -> dict[str, Any]:
    """An audit that leaves quotations out; the source that it found has been deleted since."""
    sources = {"sources": [{"text": f"{PASSAGE} {OTHER} A kept source.", "title": "Kept"}]}
    numbers = ask(lab.port, "POST", "/v1/library", sources).json["numbers"]
    body = {"text": TEXT, "title": "Essay", "exclusions": {"quotations": True}, "keep": True}
    found: dict[str, Any] = ask(lab.port, "POST", "/v1/audit", body).json
    for number in filter(None, numbers):
        ask(lab.port, "DELETE", f"/v1/library/{number}")
    return found


def asked(page: Page) -> list[bool | None]:
    """Grows by the wishes to keep with which audits are asked for."""
    found: list[bool | None] = []
    page.on("request", lambda each: each.url.endswith("/audit") and found.append(each.post_data_json["keep"]))
    return found


def entries(page: Page) -> int:
    return len(page.request.get("/v1/history?most=1000").json()["entries"])


def opened(page: Page, number: int) -> None:
    at_desk(page, as_you_type=False)
    opened_at(page, f"check/entry/{number}")


def test_an_edit_of_a_kept_report_is_there_when_one_comes_back(page: Page, entry: int) -> None:
    opened(page, entry)
    answered(page)
    assert page.evaluate("location.hash") == "#/check"
    page.locator(CONTENT).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" And more.")
    page.get_by_role("link", name="Library").click()
    page.locator("h1", has_text="Library").wait_for()
    page.go_back()
    page.locator(CONTENT).click()
    assert shown_text(page) == f"{SAMPLE} And more."
    page.keyboard.press("Control+z")
    assert shown_text(page) == f"{SAMPLE} And more.", "there was nothing before it"


def test_what_is_typed_into_a_text_at_once_is_undone_by_itself(page: Page) -> None:
    at_desk(page, as_you_type=False)
    page.locator(CONTENT).click()
    page.keyboard.type("Mine.")
    give(page, SAMPLE)
    page.keyboard.type("Un")
    found = [shown_text(page)]
    for _ in range(2):
        page.keyboard.press("Control+z")
        found.append(shown_text(page))
    assert found == [f"Un{SAMPLE}", SAMPLE, "Mine."]


def test_an_entry_that_comes_when_its_view_is_left_changes_nothing(page: Page, entry: int) -> None:
    at_desk(page, as_you_type=False)
    give(page, "The text that is worked on.")
    held(page, f"**/v1/history/{entry}")
    with page.expect_request(f"**/v1/history/{entry}"):
        opened_at(page, f"check/entry/{entry}")
    with page.expect_event("requestfailed"):
        page.keyboard.press("Alt+6")
    page.locator("h1", has_text="Library").wait_for()
    page.keyboard.press("Alt+1")
    page.locator(EDITOR).wait_for()
    assert shown_text(page) == "The text that is worked on."


def test_a_kept_audit_is_shown_as_it_was_and_nothing_is_searched(page: Page, audit: dict[str, Any]) -> None:
    heard, before = asked(page), entries(page)
    opened(page, audit["entry"])
    page.locator("text=as it was kept").wait_for()
    assert page.evaluate("location.hash") == "#/integrity"
    assert page.get_by_label("Quotations").is_checked()
    assert page.locator(".coverage .figure").inner_text() == f"{round(100 * audit['document']['coverage'])}%"
    assert page.locator("tr", has_text="Kept").count() == 1
    assert (heard, entries(page)) == ([], before)


def test_a_kept_audit_is_searched_anew_by_a_switch_and_kept_anew_if_asked(
    page: Page, audit: dict[str, Any]
) -> None:
    before = entries(page)
    opened(page, audit["entry"])
    heard = asked(page)
    page.get_by_label("Quotations").uncheck()
    page.locator("text=as it was kept").wait_for(state="detached")
    assert page.locator("tr", has_text="Kept").count() == 0
    assert (heard, entries(page)) == ([False], before)
    page.keyboard.press("Alt+1")
    opened_at(page, f"check/entry/{audit['entry']}")
    page.get_by_role("button", name="Search again").click()
    page.locator("text=as it was kept").wait_for(state="detached")
    assert page.locator(".coverage").evaluate("node => document.activeElement === node")
    assert (heard, entries(page)) == ([False, None], before + 1)
