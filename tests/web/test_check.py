"""The view that checks texts, as somebody uses it."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING, Any

import pytest
from browser import opened_at, page_of
from desk import EDITOR, SAMPLE, answered, at_desk, checked, give, marks, shown_text
from docx import Document as Docx
from helpers import needed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request
    from serving import Service

LONG = "\n\n".join([SAMPLE] * 11)
DROP = """([name, bytes]) => {
  const given = new DataTransfer();
  given.items.add(new File([new Uint8Array(bytes)], name));
  const on = document.querySelector("lab-editor");
  for (const kind of ["dragenter", "dragover", "drop"]) {
    const how = { dataTransfer: given, bubbles: true, composed: true, cancelable: true };
    on.dispatchEvent(new DragEvent(kind, how));
  }
}"""


def asked(page: Page) -> list[dict[str, Any]]:
    """Grows by what the page asks about texts, in order."""
    found: list[dict[str, Any]] = []

    def heard(request: Request) -> None:
        if request.url.endswith("/v1/documents"):
            found.append(request.post_data_json)

    page.on("request", heard)
    return found


def word_file() -> bytes:
    made, file = Docx(), io.BytesIO()
    for paragraph in SAMPLE.split("\n\n"):
        made.add_paragraph(paragraph)
    made.save(file)
    return file.getvalue()


def test_pasting_marks_and_a_click_opens_a_sentence(page: Page) -> None:
    at_desk(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("(text) => navigator.clipboard.writeText(text)", SAMPLE)
    page.locator(f"{EDITOR} .cm-content").click()
    page.keyboard.press("Control+v")
    sentences = answered(page)
    assert marks(page) == {each["index"]: each["text"] for each in sentences}
    page.locator("lab-result .verdict").wait_for()
    page.locator(f"{EDITOR} [data-index='12']").first.click()
    card = page.locator("lab-result .sentence")
    assert card.locator("blockquote").inner_text() == sentences[12]["text"]
    card.get_by_role("button", name="Next").click()
    assert page.locator(f"{EDITOR} .chosen").first.inner_text() in sentences[13]["text"]


def test_a_first_visitor_tries_the_sample(page: Page) -> None:
    at_desk(page)
    page.get_by_role("button", name="Try a sample").click()
    sentences = answered(page)
    assert page.locator(".welcome").is_hidden()
    page.locator(
        ".counters", has_text=f"{len(SAMPLE):,} characters · 316 words · {len(sentences)} sentences"
    ).wait_for()
    assert "of the characters stand in flagged sentences" in page.locator(".legend").inner_text()


def test_keys_are_enough(page: Page) -> None:
    at_desk(page, as_you_type=False)
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.localName") == "lab-editor":
            break
    page.keyboard.insert_text(SAMPLE)
    page.keyboard.press("Control+Enter")
    first = next(each for each in answered(page) if each["flagged"])
    page.locator("lab-result .verdict").wait_for()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Alt+ArrowDown")
    assert page.locator("lab-result .sentence blockquote").inner_text() == first["text"]
    assert first["text"] in page.locator("#spoken").inner_text()


def test_what_is_typed_is_checked_and_not_kept_and_what_is_asked_for_is_kept(page: Page) -> None:
    at_desk(page, target=0.05)
    heard = asked(page)
    page.locator(f"{EDITOR} .cm-content").click()
    page.keyboard.insert_text(SAMPLE)
    answered(page)
    with page.expect_response("**/v1/documents"):
        page.keyboard.press("Control+Enter")
    assert [(each["keep"], each["audit"], each["max_false_positives"]) for each in heard] == [
        (False, False, 0.05),
        (True, True, 0.05),
    ]


def test_only_the_last_text_is_answered(page: Page) -> None:
    at_desk(page)
    dropped: list[str] = []
    page.on("requestfailed", lambda request: dropped.append(request.url))
    give(page, LONG[:19_000])
    with page.expect_request("**/v1/documents"):
        page.keyboard.press("Control+Enter")
    give(page, SAMPLE)
    assert answered(page)[-1]["end"] == len(SAMPLE)
    assert any(address.endswith("/v1/documents") for address in dropped)


def test_a_long_text_is_shown_as_far_as_it_is_read_and_can_be_stopped(page: Page) -> None:
    text = slow()
    at_desk(page, as_you_type=False)
    give(page, text)
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator(f"{EDITOR} .s.provisional").first.wait_for()
    said = page.locator(".said")
    assert f"of {len(text):,} characters read" in said.inner_text()
    page.get_by_role("button", name="Stop").click()
    assert said.inner_text().startswith("Stopped after ")
    assert page.get_by_role("button", name="Check", exact=True).is_visible()
    page.keyboard.press("Control+Enter")
    answered(page)
    assert page.locator(f"{EDITOR} .s.provisional").count() == 0


def slow() -> str:
    """A text that takes seconds to read: no two of its passages are alike, so that no cache helps."""
    draw, words = random.Random(7), SAMPLE.split()
    return " ".join(f"{' '.join(draw.choices(words, k=14))}." for _ in range(700))


def test_a_dropped_file_is_opened_with_its_title_and_pages(page: Page) -> None:
    at_desk(page)
    heard = asked(page)
    page.evaluate(DROP, ["notes.docx", list(word_file())])
    answered(page)
    assert shown_text(page).split() == SAMPLE.split()
    assert page.locator("input.title").input_value() == "notes"
    assert heard[-1]["path"] == "notes.docx"
    assert page.get_by_role("link", name="See it on its pages").is_hidden()


def test_what_cannot_be_opened_is_said_and_the_text_stays(chrome: Browser, lab: Service) -> None:
    with page_of(chrome, f"http://127.0.0.1:{lab.port}", allowed=("422",)) as page:
        at_desk(page)
        give(page, SAMPLE)
        page.evaluate(DROP, ["scan.pdf", list(b"%PDF-1.4 nothing")])
        assert "file" in page.locator("#notes .error").inner_text()
        assert shown_text(page) == SAMPLE


def test_a_kept_report_opens_without_being_scored_again(page: Page) -> None:
    sentences = checked(page, SAMPLE)
    entry = page.request.get("/v1/history?most=1").json()["entries"][0]["id"]
    page.goto("about:blank")
    heard = asked(page)
    opened_at(page, f"check/entry/{entry}")
    assert answered(page) == sentences
    assert marks(page) == {each["index"]: each["text"] for each in sentences}
    assert heard == []


def test_a_service_that_is_away_is_said_in_words(chrome: Browser, lab: Service) -> None:
    with page_of(chrome, f"http://127.0.0.1:{lab.port}", allowed=("ERR_FAILED",)) as page:
        at_desk(page)
        page.route("**/v1/documents", lambda route: route.abort())
        give(page, SAMPLE)
        page.locator(".said.failed", has_text="The service does not answer.").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_a_screen_reader(chrome: Browser, lab: Service, theme: Any) -> None:
    axe = needed("axe_playwright_python.sync_playwright").Axe()
    # It is axe that writes styles into the page.
    allowed = ("Applying inline style",)
    with page_of(chrome, f"http://127.0.0.1:{lab.port}", allowed, color_scheme=theme) as page:
        at_desk(page)
        assert serious(axe.run(page, context=".view")) == []
        give(page, SAMPLE)
        answered(page)
        assert serious(axe.run(page, context=".text")) == []


def serious(found: Any) -> list[tuple[str, str]]:
    bad = [each for each in found.response["violations"] if each["impact"] in ("serious", "critical")]
    return [(each["id"], each["nodes"][0]["html"]) for each in bad]
