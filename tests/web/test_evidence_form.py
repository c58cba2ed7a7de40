"""Evidence in a new tab: a plain form of the page asks for it, and the answer is read and verified."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from api_client import TEXTS
from helpers import needed
from packs import full

needed("fastapi")

from neural_lab.evidence.checks import Outcome, outcome
from neural_lab.evidence.opening import open_bytes
from neural_lab.evidence.verify import verify
from neural_lab.report import evidence_words

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOSTILE = "</template><script>document.title='run'</script>\u202e\u0000&lt;"
SUBMIT = """(request) => {
  const form = document.createElement("form");
  const how = {method: "post", enctype: "multipart/form-data", action: "/v1/evidence", target: "_blank"};
  Object.assign(form, how);
  const field = document.createElement("input");
  Object.assign(field, {type: "hidden", name: "request", value: JSON.stringify(request)});
  form.append(field);
  document.body.append(form);
  form.submit();
}"""

DIGEST = """async ({digest, ...rest}) => {
  const canonical = (value) => Array.isArray(value) ? `[${value.map(canonical)}]`
    : value && typeof value === "object"
      ? `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}`
      : JSON.stringify(value);
  const hashed = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(rest)));
  return [...new Uint8Array(hashed)].map((byte) => byte.toString(16).padStart(2, "0")).join("") === digest;
}"""


def asked(page: Page, **more: Any) -> Page:
    """The tab that opens."""
    page.goto("/")
    request = {"text": " ".join(TEXTS * 3), "title": HOSTILE, "format": "html", "download": False, **more}
    with page.context.expect_page() as opened:
        page.evaluate(SUBMIT, request)
    opened.value.wait_for_load_state()
    return opened.value


def test_a_form_opens_evidence_that_is_styled_and_runs_nothing(page: Page) -> None:
    said: list[str] = []
    page.context.on("console", lambda message: said.append(message.text))
    tab = asked(page)
    assert tab.locator("h1").inner_text().startswith("</template><script>")
    assert evidence_words.BRAND in tab.inner_text("header")
    assert tab.title() != "run"
    # The style sheet that the policy names by its digest applies.
    assert tab.eval_on_selector("article .verdict", "node => getComputedStyle(node).display") == "grid"
    assert tab.locator("template").evaluate("node => getComputedStyle(node).display") == "none"
    assert said == []


@pytest.mark.parametrize("without_text", [False, True])
def test_what_the_tab_carries_is_the_pack(page: Page, without_text: bool) -> None:
    tab = asked(page, without_text=without_text)
    held = json.loads(tab.locator("template#evidence").evaluate("node => node.content.textContent"))
    assert held["kind"] == "evidence"
    assert (held["text"] is None) is without_text
    opened = open_bytes(json.dumps(held).encode())
    expected = Outcome.ANOTHER_DETECTOR  # Without a detector at hand.
    assert outcome(verify(opened, None)) is expected


def test_a_program_that_is_not_ours_gets_the_same_digest(page: Page) -> None:
    page.goto("/")
    for with_text in (True, False):
        values = full(with_text)
        assert page.evaluate(DIGEST, values)
        assert not page.evaluate(DIGEST, values | {"made": "2026-02-03T04:05:06Z"})
