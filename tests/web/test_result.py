"""What stays as it was when a result is shown again, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk import SAMPLE, at_desk, checked, held

if TYPE_CHECKING:
    from playwright.sync_api import Page

SPOKEN = """async () => {
  const { shown } = (await import("/static/js/core/state.js")).state.result;
  return `Result: ${shown.verdict}, ${shown.number}.`;
}"""
PICK = "index => document.querySelector('lab-result').pick(index)"
OLD = "document.querySelector('.verdict').dataset.old = ''"
FOCUSED = "document.activeElement.id || document.activeElement.textContent"


def shown_again(page: Page) -> None:
    """By another limit on false positives."""
    page.evaluate(OLD)
    harm = page.locator("#harm")
    harm.focus()
    values = harm.locator("option").evaluate_all("all => all.map((each) => each.value)")
    harm.select_option(next(value for value in values if value != harm.input_value()))
    page.locator(".verdict:not([data-old])").wait_for()


def test_the_verdict_and_its_number_are_spoken(page: Page) -> None:
    checked(page, SAMPLE)
    page.locator(".verdict").wait_for()
    said = page.evaluate(SPOKEN)
    page.wait_for_function("said => document.getElementById('spoken').textContent === said", arg=said)


def test_another_limit_takes_nothing_from_under_ones_hands(page: Page) -> None:
    checked(page, SAMPLE)
    page.locator(".limits summary").click()
    page.locator(".origin summary").click()
    page.locator(".exports summary").click()
    page.locator(".exports [type=checkbox]").first.check()
    page.evaluate(PICK, 3)
    shown_again(page)
    assert page.evaluate(FOCUSED) == "harm"
    opened = "each => document.querySelector(each).open"
    assert [page.evaluate(opened, name) for name in (".limits", ".origin")] == [False, True]
    assert page.locator(".exports [type=checkbox]").first.is_checked()
    assert page.locator(".sentence").get_attribute("aria-label") == "Sentence 4"


def test_a_sentence_opened_before_its_result_is_shown_stays_open(page: Page) -> None:
    waiting = held(page, "**/v1/detectors/*")
    checked(page, SAMPLE)
    page.evaluate(PICK, 2)
    waiting[0].continue_()
    page.locator(".verdict").wait_for()
    assert page.locator(".sentence").get_attribute("aria-label") == "Sentence 3"


def test_one_goes_from_sentence_to_sentence_by_one_key(page: Page) -> None:
    checked(page, SAMPLE)
    page.locator(".verdict").wait_for()
    page.evaluate(PICK, 2)
    page.get_by_role("button", name="Next", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.locator(".sentence").get_attribute("aria-label") == "Sentence 5"
    assert page.evaluate(FOCUSED) == "Next"


def test_cards_stand_level_and_apart(page: Page) -> None:
    at_desk(page)
    top = "node => node.getBoundingClientRect().top"
    empty, text = (page.locator(each).evaluate(top) for each in ("lab-result .empty", ".text.card"))
    assert abs(empty - text) < 1
    checked(page, SAMPLE)
    page.locator(".verdict").wait_for()
    page.evaluate(PICK, 2)
    card = page.locator(".sentence").evaluate("node => node.getBoundingClientRect().bottom")
    assert page.locator(".picked > .buttons button").first.evaluate(top) - card >= 8
