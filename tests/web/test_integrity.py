"""What a text shares with the library, as people see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser import opened_at
from command_line import OTHER, PASSAGE
from serving import ask

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page
    from serving import Service

EVIL = "<img src=x onerror=alert(1)>"
TEXT = f"I begin alone. {PASSAGE.upper()} So much for that. “{OTHER}” And I end alone, too."


@pytest.fixture
def sources(lab: Service) -> list[int]:
    given = [{"text": f"{PASSAGE} It went on.", "title": EVIL}, {"text": f"{OTHER} And on.", "title": "Rain"}]
    return [number for number in _added(lab, given) if number]


def _added(lab: Service, given: list[dict[str, Any]]) -> list[int]:
    ask(lab.port, "POST", "/v1/library", {"sources": given})
    listed = ask(lab.port, "GET", "/v1/library?most=1000").json["sources"]
    return [source["id"] for source in listed]


def audited(page: Page, text: str = TEXT) -> None:
    opened_at(page)
    page.evaluate(
        "async (given) => (await import('/static/js/core/state.js')).state.setDocument(given)",
        {"text": text, "title": "Essay"},
    )
    page.evaluate("() => { location.hash = '#/integrity'; }")
    page.wait_for_selector(".coverage .figure")


def test_an_exclusion_changes_the_number_at_once(page: Page, sources: list[int]) -> None:
    audited(page)
    before = page.inner_text(".coverage .figure")
    page.get_by_label("Quotations").check()
    page.wait_for_function(
        "before => document.querySelector('.coverage .figure').textContent !== before", arg=before
    )
    assert page.locator(".m.excluded[role=button]").count() >= 1
    page.get_by_label("Quotations").uncheck()
    page.wait_for_function(
        "before => document.querySelector('.coverage .figure').textContent === before", arg=before
    )


def test_both_passages_stand_side_by_side(page: Page, sources: list[int]) -> None:
    audited(page)
    page.locator(".m[role=button]").first.press("Enter")
    page.wait_for_selector(".pair blockquote")
    mine, theirs = page.locator(".pair blockquote").all_inner_texts()
    assert mine.upper() == theirs.upper() == PASSAGE.upper()
    assert page.locator(".pair mark").count() == 0
    assert page.locator(".pair").evaluate("node => document.activeElement === node")


def test_titles_stay_text_and_a_source_can_be_left_out(page: Page, sources: list[int]) -> None:
    audited(page)
    row = page.locator("tr", has_text=EVIL)
    assert row.locator("img").count() == 0
    before = page.inner_text(".coverage .figure")
    row.get_by_role("checkbox").uncheck()
    page.wait_for_function(
        "before => document.querySelector('.coverage .figure').textContent !== before", arg=before
    )


def test_a_folder_is_set_against_itself(page: Page, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.txt" for name in "abc"]
    for file, text in zip(
        files, (f"{PASSAGE} One.", f"Two. {PASSAGE}", "Nothing at all is shared by this text."), strict=True
    ):
        file.write_text(text)
    opened_at(page, "cohort")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(files)
    page.wait_for_selector("table.matrix")
    assert page.locator("table.matrix td button").count() == 2
    page.locator("table.matrix td button").first.click()
    left, right = page.locator(".pairs .pair blockquote").all_inner_texts()
    assert left == right == PASSAGE


def test_the_library_is_filled_searched_and_emptied(page: Page, tmp_path: Path, lab: Service) -> None:
    file = tmp_path / "lighthouse.txt"
    file.write_text("The keeper of the lighthouse wrote a letter every winter, and burned it in spring.")
    opened_at(page, "library")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add files").click()
    chooser.value.set_files(file)
    page.wait_for_selector("text=1 text added")
    page.get_by_label("Search titles and texts").fill("burned it in spring")
    page.wait_for_function("() => document.querySelectorAll('tbody tr').length === 1")
    page.get_by_role("button", name="Delete lighthouse").click()
    page.locator("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_function("() => !document.querySelector('tbody tr th')")
    assert not ask(lab.port, "GET", "/v1/library?search=burned%20it%20in%20spring").json["sources"]
