"""What hands and browsers do that nobody plans for: the frame of the page holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import opened_at
from desk import EDITOR, SAMPLE, answered, at_desk, give, held

if TYPE_CHECKING:
    from playwright.sync_api import Page

KEY = """([on, given]) => {
  const inside = document.querySelector("lab-editor").shadowRoot.querySelector(on);
  const how = { bubbles: true, composed: true, cancelable: true };
  const pressed = new KeyboardEvent("keydown", { ...how, ...given });
  return (inside ?? document.querySelector(on)).dispatchEvent(pressed);
}"""
REPLACED = """async () => {
  const { shortcut } = await import("/static/js/core/keys.js");
  window.heard = [];
  const back = shortcut("alt+9", "views.check", () => window.heard.push("first"));
  shortcut("alt+9", "views.check", () => window.heard.push("second"));
  back();
}"""
FORBIDDEN = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("no", "SecurityError"); },
})"""
THEME = "() => document.documentElement.dataset.theme"


def heading(page: Page, said: str) -> None:
    page.locator("h1", has_text=said).wait_for()


def typed(page: Page, said: str) -> None:
    page.locator(f"{EDITOR} .cm-content").click()
    page.keyboard.insert_text(said)


def test_a_view_that_is_left_while_it_is_made_is_ended_and_the_next_one_too(page: Page) -> None:
    at_desk(page, as_you_type=False)
    give(page, SAMPLE)
    waiting = held(page, "**/v1/audit")
    with page.expect_request("**/v1/audit"):
        page.keyboard.press("Alt+2")
    page.keyboard.press("Alt+1")
    page.locator(EDITOR).wait_for()
    with page.expect_response("**/v1/library/stats"):
        waiting[0].continue_()
    page.keyboard.press("Alt+6")
    heading(page, "Library")
    page.keyboard.press("Alt+k")
    listed = page.locator("dialog.keys").inner_text()
    assert "This list" in listed
    assert "Next flagged" not in listed


def test_a_key_that_was_taken_over_is_not_taken_back(page: Page) -> None:
    opened_at(page)
    page.evaluate(REPLACED)
    page.keyboard.press("Alt+9")
    assert page.evaluate("window.heard") == ["second"]


def test_no_shortcut_acts_behind_a_dialog(page: Page) -> None:
    opened_at(page)
    for keys in ("Alt+k", "Alt+k", "Alt+6"):
        page.keyboard.press(keys)
    assert page.locator("dialog").count() == 1
    assert page.evaluate("location.hash") == "#/check"
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+6")
    heading(page, "Library")


def test_a_key_writes_the_sign_it_has_with_option_where_one_writes(page: Page) -> None:
    opened_at(page)
    option = {"code": "Digit5", "key": "[", "altKey": True}
    assert page.evaluate(KEY, [".cm-content", option]), "left to the browser, which writes the sign"
    assert not page.evaluate(KEY, [".cm-content", {"code": "KeyT", "key": "t", "altKey": True}])
    assert not page.evaluate(KEY, ["main", option])
    heading(page, "History")


def test_keys_that_a_browser_fills_in_are_no_errors(page: Page) -> None:
    opened_at(page)
    page.evaluate("() => document.body.dispatchEvent(new Event('keydown', { bubbles: true }))")
    page.keyboard.press("Alt+6")
    heading(page, "Library")


@pytest.mark.parametrize("address", ["%", "constructor", "check/%E0%A4"])
def test_an_address_that_means_nothing_shows_the_first_view(page: Page, address: str) -> None:
    opened_at(page, address)
    heading(page, "Check a text")


def test_without_storage_the_theme_can_be_changed(page: Page) -> None:
    page.add_init_script(FORBIDDEN)
    opened_at(page)
    found = []
    for _ in range(2):
        page.keyboard.press("Alt+t")
        found.append(page.evaluate(THEME))
    assert found == ["dark", "light"]


def test_the_content_is_reached_without_leaving_the_view_and_without_a_frame(page: Page) -> None:
    opened_at(page, "library")
    heading(page, "Library")
    skip = page.get_by_role("link", name="Skip to the content")
    skip.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("[document.activeElement.id, location.hash]") == ["view", "#/library"]
    style = "(main) => [main.matches(':focus-visible'), getComputedStyle(main).outlineStyle]"
    assert page.locator("main").evaluate(style) == [True, "none"]


def test_a_newer_file_ends_an_older_one_that_is_still_read(page: Page) -> None:
    at_desk(page, as_you_type=False)
    waiting = held(page, "**/v1/texts")
    drop = """([name, text]) => {
      import("/static/js/elements/drop.js").then(({ openFile }) => openFile(new File([text], name)));
    }"""
    with page.expect_request("**/v1/texts"):
        page.evaluate(drop, ["old.txt", "The old one, and slow."])
    with page.expect_event("requestfailed"), page.expect_request("**/v1/texts"):
        page.evaluate(drop, ["new.txt", "The new one, and fast."])
    while len(waiting) < 2:  # That it was asked is told before the question is caught.
        page.wait_for_timeout(20)
    waiting[1].continue_()
    page.wait_for_function("() => document.querySelector('lab-editor').text === 'The new one, and fast.'")
    page.locator(".opening").wait_for(state="detached")
    assert page.locator("#notes .error").count() == 0


def test_what_was_typed_is_not_closed_without_a_question(page: Page) -> None:
    at_desk(page, as_you_type=False)
    typed(page, SAMPLE)
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    page.keyboard.press("Control+Enter")
    answered(page)
    with page.expect_event("close"):
        page.close(run_before_unload=True)
