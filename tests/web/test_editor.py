"""The editor: what is marked is what was meant, whatever the text is made of and however it is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk import EDITOR, SAMPLE, answered, at_desk, checked, give, marks, shown_text

if TYPE_CHECKING:
    from playwright.sync_api import Page

STRANGE = (
    "The ferry \U0001f6a2 left at seven, an hour late, with nine people and a crate of geese on board. "
    "Nobody complained \U0001f469\u200d\U0001f680\U0001f469\u200d\U0001f680, which surprised me."
    "\r\n\r\n"
    "שלום עולם, said the sign above the door, and below it in smaller letters مرحبا بالعالم. "
    "A cafe\u0301 beside the harbour sold nai\u0308ve paintings of boats\u200b to whoever walked past it."
    "\r\n"
    "\U0001f600\U0001f600 By the time we saw the lighthouse my coffee was cold and the geese were asleep. "
    "We went home by bus \U0001d4d0\U0001d4d1, and in the evening it rained until the gutters ran over."
)
PICKS = """() => {
  window.picks = [];
  document.querySelector("lab-editor").addEventListener("pick", (event) => window.picks.push(event.detail));
}"""


def as_shown(sentences: list[dict[str, Any]]) -> dict[int, str]:
    return {each["index"]: each["text"].replace("\r\n", "\n") for each in sentences}


def go_to(page: Page, words: str, where: str = "end") -> None:
    """Put the cursor before or behind `words`, by the editor's own search and keys."""
    page.locator(f"{EDITOR} .cm-content").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+f")
    page.locator(f"{EDITOR} .cm-search input[name=search]").press_sequentially(words)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight" if where == "end" else "ArrowLeft")


def test_exactly_the_sentences_are_marked_in_emoji_hebrew_and_text_of_windows(page: Page) -> None:
    sentences = checked(page, STRANGE)
    assert marks(page) == as_shown(sentences)
    assert shown_text(page) == STRANGE


def test_each_sentence_has_its_own_tint_and_sign(page: Page) -> None:
    sentences = checked(page, SAMPLE)
    for each in sentences:
        classes = page.locator(f"{EDITOR} [data-index='{each['index']}']").first.get_attribute("class") or ""
        sign = "flagged" if each["flagged"] else "leaning" if each["probability"] >= 0.5 else "none"
        assert {f"p{round(100 * each['probability'])}", sign} <= set(classes.split())
    assert any(each["flagged"] for each in sentences)


def test_an_edit_takes_the_mark_of_its_sentence_and_moves_the_others(page: Page) -> None:
    before = as_shown(checked(page, STRANGE, as_you_type=False))
    go_to(page, "which surprised")
    page.keyboard.type(" \U0001f388")
    left = marks(page)
    assert left == {index: text for index, text in before.items() if index != 1}
    assert "which surprised \U0001f388 me" in shown_text(page)


def test_what_is_typed_beside_a_sentence_joins_no_mark(page: Page) -> None:
    before = as_shown(checked(page, SAMPLE, as_you_type=False))
    page.locator(f"{EDITOR} .cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" And more")
    assert marks(page) == before
    page.keyboard.press("Control+Home")
    page.keyboard.type("Un")
    assert marks(page) == {index: text for index, text in before.items() if index != 0}


def test_undoing_an_edit_brings_back_the_file_and_its_marks(page: Page) -> None:
    before = as_shown(checked(page, STRANGE))
    go_to(page, "Nobody")
    page.keyboard.type("!")
    assert "Nobody!" in shown_text(page)
    page.keyboard.press("Control+z")
    answered(page)
    assert shown_text(page) == STRANGE
    assert marks(page) == before


def test_markup_stays_text(page: Page) -> None:
    text = f"<script>document.title = 'no'</script> <b>{SAMPLE}</b> <img src=x onerror=alert(1)>"
    sentences = checked(page, text)
    assert marks(page) == as_shown(sentences)
    assert page.locator(f"{EDITOR} .cm-content :is(script, b, img)").count() == 0
    assert page.title() == "Check · Neural Lab"


def test_keys_lead_from_flagged_sentence_to_flagged_sentence(page: Page) -> None:
    flagged = [each["index"] for each in checked(page, SAMPLE) if each["flagged"]]
    page.evaluate(PICKS)
    page.locator(f"{EDITOR} .cm-content").focus()
    for _ in flagged:
        page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+Enter")
    assert page.evaluate("window.picks") == [*flagged, flagged[-2], flagged[-2]]
    assert page.locator("#spoken").inner_text().startswith((">", "9", "8", "7"))


def test_a_sentence_that_is_told_to_is_shown(page: Page) -> None:
    last = checked(page, "\n\n".join([SAMPLE] * 8))[-1]
    assert page.locator(f"{EDITOR} [data-index='{last['index']}']").count() == 0, "it is far below"
    page.evaluate("(index) => document.querySelector('lab-editor').reveal(index)", last["index"])
    page.locator(f"{EDITOR} .chosen").filter(has_text=last["text"][-20:]).wait_for()
    assert page.evaluate("document.querySelector('lab-editor').reveal(9999)") is False


def test_a_line_is_read_in_the_direction_of_its_letters(page: Page) -> None:
    at_desk(page)
    give(page, "שלום עולם\nHello there")
    page.wait_for_selector(f"{EDITOR} .cm-line")
    lefts = page.locator(f"{EDITOR} .cm-line").evaluate_all(
        "(lines) => lines.map((l) => { const r = document.createRange(); r.selectNodeContents(l);"
        " return r.getBoundingClientRect().left - l.getBoundingClientRect().left; })"
    )
    assert lefts[0] > 100 > lefts[1]


def test_hidden_characters_are_marked_and_named_and_emoji_stay_whole(page: Page) -> None:
    checked(page, STRANGE)
    found = page.locator(f"{EDITOR} .notice.hidden_characters")
    named = {each.get_attribute("title"): each.inner_text() for each in found.all()}
    assert named["Hidden characters: U+200B"] == "\u200b"
    assert named["Hidden characters: U+200D"] == "\U0001f469\u200d\U0001f680"
