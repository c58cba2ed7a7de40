"""Hands and eyes for the view that checks texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from browser import opened_at

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

SAMPLE = (Path(__file__).parents[2] / "docs" / "samples" / "notes.txt").read_text("utf-8").strip()
EDITOR = "lab-editor"
MARK = f"{EDITOR} [data-index]"

GIVE = """async (given) => {
  const { state } = await import("/static/js/core/state.js");
  state.setDocument(given);
}"""
ANSWERED = """async () => {
  const { state } = await import("/static/js/core/state.js");
  await new Promise((there, late) => {
    setTimeout(() => late(new Error("no report on the text as it is")), 20_000);
    const look = () => state.fresh && there();
    for (const event of ["result", "edit", "document"]) state.addEventListener(event, look);
    look();
  });
  return state.result.document.sentences;
}"""
MARKS = """() => {
  const found = {};
  const lines = document.querySelector("lab-editor").shadowRoot.querySelectorAll(".cm-line");
  lines.forEach((line, at) => line.querySelectorAll("[data-index]").forEach((mark) => {
    const { said, last } = found[mark.dataset.index] ?? { said: "", last: at };
    found[mark.dataset.index] = { said: said + "\\n".repeat(at - last) + mark.textContent, last: at };
  }));
  return Object.fromEntries(Object.entries(found).map(([index, { said }]) => [index, said]));
}"""


def give(page: Page, text: str, **more: Any) -> None:
    """Put a text into the editor as a file does that was opened."""
    page.evaluate(GIVE, {"text": text, **more})


def at_desk(page: Page, **preferred: Any) -> None:
    """Open the view with such preferences, all others as usual."""
    answer = page.request.put("/v1/preferences", data=preferred)
    assert answer.ok, answer.text()
    opened_at(page)


def checked(page: Page, text: str, **preferred: Any) -> list[dict[str, Any]]:
    """Open the view, give it a text, ask for the report and wait for it: its sentences."""
    at_desk(page, **preferred)
    give(page, text)
    page.keyboard.press("Control+Enter")
    return answered(page)


def answered(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(ANSWERED)
    return found


def marks(page: Page) -> dict[int, str]:
    """The words inside the marks, by the index of their sentence."""
    return {int(index): text for index, text in page.evaluate(MARKS).items()}


def shown_text(page: Page) -> str:
    said: str = page.evaluate("() => document.querySelector('lab-editor').text")
    return said


def held(page: Page, address: str) -> list[Route]:
    """Grows by the questions to `address`, which are not answered until a test lets them go."""
    found: list[Route] = []

    def caught(route: Route) -> None:
        found.append(route)

    page.route(address, caught)
    return found
