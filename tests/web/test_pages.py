"""The pages of a PDF with what was found in it, as somebody uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser import opened_at, page_of
from desk import SAMPLE
from helpers import needed
from printed import letters, passage
from serving import ask
from sheets import dropped, essay, mark

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from serving import Service

INK = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, at) => at % 4 === 0 && value < 128).length;
}"""
BOXES = """(mark) => {
  const paper = mark.closest(".paper").getBoundingClientRect();
  return [...mark.querySelectorAll("polygon")].map((each) => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    return [left - paper.left, top - paper.top, right - paper.left, bottom - paper.top];
  });
}"""


def test_a_dropped_pdf_is_drawn_with_its_sentences_marked_where_they_stand(page: Page) -> None:
    data = essay()
    sentences = dropped(page, data)
    page.wait_for_function("n => document.querySelectorAll('.marks .mark.s').length >= n", arg=len(sentences))
    for number in (1, 2):
        assert page.locator(f"[data-page='{number}'] canvas").evaluate(INK) > 2_000
    scale = page.locator(".paper").first.bounding_box()["width"] / 612
    there = [letters(data, 0), letters(data, 1)]
    for each in sentences:
        shown = mark(page, each["index"])
        sign = "flagged" if each["flagged"] else "leaning" if each["probability"] >= 0.5 else "none"
        assert {f"p{round(100 * each['probability'])}", sign} <= set(shown.get_attribute("class").split())
        boxes = shown.evaluate(BOXES)
        for letter in passage(there[each["page"] - 1], each["text"]):
            x, y = scale * (letter.left + letter.right) / 2, scale * (letter.top + letter.bottom) / 2
            assert any(a <= x <= c and b <= y <= d for a, b, c, d in boxes), (each["text"], letter)
    assert page.locator(".unplaced").count() == 0


def test_a_pressed_sentence_says_how_it_came_to_its_number(page: Page) -> None:
    sentences = dropped(page, essay())
    pick = next(each for each in sentences if each["flagged"])
    mark(page, pick["index"]).locator("polygon").first.click()
    card = page.locator("lab-result .sentence")
    card.locator("blockquote", has_text=pick["text"]).wait_for()
    assert card.locator("svg.waterfall, svg[role=img]").count() > 0
    assert "chosen" in (mark(page, pick["index"]).get_attribute("class") or "")
    card.get_by_role("button", name="Next").click()
    page.locator(f".mark.chosen[data-key='{pick['index'] + 1}']").wait_for()


def test_keys_lead_through_marks_pages_and_sizes(page: Page) -> None:
    sentences = dropped(page, essay())
    flagged = [each["index"] for each in sentences if each["flagged"]]
    page.keyboard.press("Alt+ArrowDown")
    page.locator(f".mark.chosen[data-key='{flagged[0]}']").wait_for()
    page.locator("[data-page='1'] .mark[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator("lab-result .sentence blockquote", has_text=sentences[1]["text"]).wait_for()
    page.keyboard.press("Alt+PageDown")
    page.wait_for_function("() => document.querySelector('.page-tools input').value === '2'")
    before = page.locator("[data-page='2'] .paper").bounding_box()["width"]
    page.keyboard.press("Alt+Equal")
    page.wait_for_function(
        "before => document.querySelector('[data-page=\"2\"] .paper').clientWidth > before", arg=before
    )
    page.wait_for_function(
        "() => { const paper = document.querySelector('[data-page=\"2\"] .paper');"
        " return Math.abs(paper.querySelector('canvas').width - paper.clientWidth) < 2; }"
    )


def test_passages_that_others_have_are_marked_too(page: Page, lab: Service) -> None:
    for other in ask(lab.port, "GET", "/v1/library?most=1000").json["sources"]:
        ask(lab.port, "DELETE", f"/v1/library/{other['id']}")
    shared = SAMPLE.split("\n\n")[1][:400]
    ask(
        lab.port,
        "POST",
        "/v1/library",
        {"sources": [{"text": f"Something else first. {shared}", "title": "A <b>source</b>"}]},
    )
    dropped(page, essay())
    page.get_by_role("button", name="Shared passages").click()
    page.locator(".mark.verbatim polygon").first.click()
    page.locator(".pair figcaption", has_text="A <b>source</b>").wait_for()
    assert shared[:60] in page.locator(".pair blockquote").first.inner_text()
    page.get_by_role("button", name="Writing").click()
    mark(page, 0).wait_for()


def test_what_has_no_pages_is_told_what_does(page: Page) -> None:
    opened_at(page, "pages")
    page.get_by_role("heading", name="See findings on the page itself").wait_for()
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Open a PDF").click()
    choosing.value.set_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": SAMPLE.encode()})
    page.get_by_role("heading", name="This text has no pages").wait_for()
    page.get_by_role("link", name="See the text").click()
    page.wait_for_selector("lab-editor")


def test_an_edited_text_is_not_marked_until_it_is_the_file_again(page: Page) -> None:
    dropped(page, essay())
    page.evaluate(
        "async () => { const { state } = await import('/static/js/core/state.js');"
        " state.edit(`${state.document.text} More.`); location.hash = '#/check'; }"
    )
    page.wait_for_selector("lab-editor")
    page.evaluate("location.hash = '#/pages'")
    page.get_by_role("button", name="Take the file’s own text").click()
    page.locator("dialog button.danger").click()
    mark(page, 0).wait_for()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_keep_nobody_out(chrome: Browser, lab: Service, scheme: Any, width: int) -> None:
    axe = needed("axe_playwright_python.sync_playwright").Axe()
    given = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    with page_of(chrome, f"http://127.0.0.1:{lab.port}", ("Applying inline style",), **given) as page:
        dropped(page, essay())
        bad = [
            each for each in axe.run(page).response["violations"] if each["impact"] in ("serious", "critical")
        ]
        assert [(each["id"], each["nodes"][0]["html"]) for each in bad] == []
        reader = page.locator(".reader").bounding_box()
        assert reader["x"] + reader["width"] <= width
