"""History, versions, trails, disputes and settings, as people use them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import opened_at, page_of
from serving import WITHOUT_LIMITS, Service, ask, service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

TEXT = Path("docs/samples/notes.txt").read_text("utf-8")
EVIL = "Notes <script>alert(1)</script>"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of this module: others would find its preferences."""
    with service(tmp_path_factory.mktemp("records"), **WITHOUT_LIMITS) as served:
        yield served


@pytest.fixture
def mine(chrome: Browser, own: Service) -> Iterator[Page]:
    ask(own.port, "DELETE", "/v1/history")
    ask(own.port, "PUT", "/v1/preferences", {})
    with page_of(chrome, f"http://127.0.0.1:{own.port}", allowed=("status of 403",)) as opened:
        yield opened


def kept(own: Service, text: str = TEXT, title: str = EVIL) -> int:
    return int(ask(own.port, "POST", "/v1/documents", {"text": text, "title": title}).json["entry"])


def test_a_kept_report_is_found_opened_and_deleted(mine: Page, own: Service) -> None:
    number = kept(own)
    kept(own, "A text about something else altogether, and a short one.", "Other")
    opened_at(mine, "history")
    mine.get_by_label("Search titles and texts").fill("lighthouse keepers")
    mine.wait_for_function("() => document.querySelectorAll('tbody tr').length === 1")
    mine.get_by_role("link", name=EVIL).click()
    mine.wait_for_selector("lab-result .verdict")
    report = ask(own.port, "GET", f"/v1/history/{number}").json["report"]
    assert mine.inner_text(".verdict .figure") == report["shown"]["number"]
    mine.go_back()
    mine.get_by_role("button", name=f"Delete the report on {EVIL}").click()
    mine.locator("dialog").get_by_role("button", name="Delete").click()
    mine.wait_for_function("name => !document.body.innerText.includes(name)", arg=EVIL)
    assert ask(own.port, "GET", f"/v1/history/{number}").status == 404


def test_two_versions_are_set_beside_each_other(mine: Page, own: Service) -> None:
    first, second = kept(own), kept(own, TEXT.replace("Nothing to do.", "There was nothing to do."))
    opened_at(mine, "history")
    for box in mine.get_by_role("checkbox", name=f"Choose {EVIL}").all():
        box.check()
    mine.get_by_role("button", name="Compare the two chosen").click()
    mine.wait_for_selector("table.versions")
    assert mine.evaluate("() => location.hash") == f"#/versions/{first}/{second}"
    changed = mine.locator("table.versions tr.changed").all_inner_texts()
    assert len(changed) == 1
    assert "Nothing to do." in changed[0]
    assert "There was nothing to do." in changed[0]


def test_a_dispute_needs_consent_and_can_be_taken_back(mine: Page, own: Service) -> None:
    number = kept(own)
    opened_at(mine, f"check/entry/{number}")
    mine.wait_for_selector("lab-result .verdict")
    mine.evaluate("() => document.querySelector('lab-result').pick(9)")
    mine.get_by_role("button", name="This flag is wrong").click()
    mine.get_by_role("button", name="Put it into my queue").click()
    assert mine.locator("dialog[open]").count() == 1, "without consent nothing is sent"
    mine.get_by_label("I agree").check()
    mine.get_by_role("button", name="Put it into my queue").click()
    mine.wait_for_selector("dialog", state="detached")
    (dispute,) = ask(own.port, "GET", "/v1/disputes").json["disputes"]
    assert dispute["passage"] == TEXT[dispute["start"] : dispute["end"]]
    mine.evaluate("() => { location.hash = '#/settings'; }")
    mine.get_by_role("button", name="Take back").click()
    mine.wait_for_selector(".dispute-row", state="detached")
    assert ask(own.port, "GET", "/v1/disputes").json["disputes"] == []


def test_consent_to_training_is_a_second_one_and_is_switched_in_the_settings(
    mine: Page, own: Service
) -> None:
    number = kept(own)
    opened_at(mine, f"check/entry/{number}")
    mine.wait_for_selector("lab-result .verdict")
    mine.evaluate("() => document.querySelector('lab-result').pick(9)")
    mine.get_by_role("button", name="This flag is wrong").click()
    training = mine.get_by_label("train detectors")
    assert not training.is_checked()
    mine.get_by_label("I agree").check()
    training.focus()
    mine.keyboard.press("Space")
    mine.get_by_role("button", name="Put it into my queue").click()
    mine.wait_for_selector("dialog", state="detached")
    (dispute,) = ask(own.port, "GET", "/v1/disputes").json["disputes"]
    assert dispute["training_consented"]
    decision = {"decision": "accepted", "note": "It reads like a diary."}
    assert ask(own.port, "POST", f"/v1/review/disputes/{dispute['id']}", decision).status == 200
    mine.evaluate("() => { location.hash = '#/settings'; }")
    row = mine.locator(".dispute-row")
    row.get_by_text("Accepted", exact=True).wait_for()
    assert "It reads like a diary." in row.inner_text()
    switch = row.get_by_role("checkbox", name="May be used for training")
    assert switch.is_checked()
    switch.focus()
    with mine.expect_response("**/v1/disputes/*"):
        mine.keyboard.press("Space")
    row.get_by_text("No: nobody else reads it").wait_for()
    assert "No: nobody else reads it" in mine.inner_text("#spoken")
    assert ask(own.port, "GET", "/v1/disputes").json["disputes"][0]["training_consented"] == ""
    with mine.expect_response("**/v1/preferences"):
        mine.get_by_label("Keep nothing").check()
    with mine.expect_response("**/v1/disputes/*") as refused:
        switch.click()
    assert refused.value.status == 403
    mine.locator(".note.error").wait_for()
    assert not switch.is_checked(), "it shows what is kept"
    row.get_by_role("button", name="Take back").click()
    mine.wait_for_selector(".dispute-row", state="detached")


def test_settings_are_kept_and_obeyed(mine: Page, own: Service) -> None:
    opened_at(mine, "settings")
    for label in ("Dark", "Keep nothing"):
        with mine.expect_response("**/v1/preferences"):
            mine.get_by_label(label).check()
    mine.locator("text=Saved.").first.wait_for()
    mine.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    told = ask(own.port, "GET", "/v1/preferences").json["preferences"]
    assert told["theme"] == "dark"
    assert told["zero_retention"] is True
    assert ask(own.port, "POST", "/v1/documents", {"text": TEXT}).json["entry"] is None
    mine.reload()
    mine.wait_for_selector("html[data-ready='1'][data-theme='dark']", state="attached")


def test_a_trail_is_written_shown_exported_and_purged(mine: Page, own: Service) -> None:
    opened_at(mine)
    put = (
        "async (text) => (await import('/static/js/core/state.js')).state.setDocument({text, title: 'Essay'})"
    )
    mine.evaluate(put, TEXT)
    mine.evaluate("() => { location.hash = '#/trail'; }")
    mine.get_by_role("button", name="Write a trail of this text").click()
    mine.wait_for_selector("text=is being written")
    edit = "async (text) => (await import('/static/js/core/state.js')).state.edit(text)"
    mine.evaluate(edit, TEXT + " One more thing.")
    mine.get_by_role("button", name="Stop").click()
    mine.wait_for_selector("text=No trail is being written")
    mine.get_by_role("button", name="Essay", exact=True).click()
    mine.wait_for_selector("text=2 snapshots, and every link holds.")
    with mine.expect_download() as handed:
        mine.get_by_role("button", name="Export").click()
    chain = json.loads(Path(handed.value.path()).read_text())
    assert [each["text"] for each in chain["snapshots"]] == [TEXT, TEXT + " One more thing."]
    assert chain["flaws"] == []
    mine.get_by_role("button", name="Delete all trails").click()
    mine.locator("dialog").get_by_role("button", name="Delete").click()
    mine.wait_for_selector("text=There are no trails.")
    assert ask(own.port, "GET", "/v1/trails").json["drafts"] == []
