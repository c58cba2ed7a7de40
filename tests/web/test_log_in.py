"""The page where users log in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import opened_at, page_of
from serving import WITHOUT_LIMITS, Service, service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

NAME, PASSWORD = "ada", "a long enough password"
REFUSED = ("status of 401", "status of 422")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {**WITHOUT_LIMITS, "ACCOUNTS": "1", "SIGN_UP": "1", "LOGIN_RATE": "1000/60"}
    with service(tmp_path_factory.mktemp("shared"), **settings) as served:
        yield served


@pytest.fixture
def guest(chrome: Browser, shared: Service) -> Iterator[Page]:
    with page_of(chrome, f"http://127.0.0.1:{shared.port}", allowed=REFUSED) as opened:
        yield opened


def test_an_account_is_made_used_and_deleted(guest: Page) -> None:
    opened_at(guest)
    guest.wait_for_selector("h1:has-text('Neural Lab')")
    guest.get_by_text("New here?").click()
    guest.locator("#new-name").fill(NAME)
    guest.locator("#new-password").fill(PASSWORD)
    guest.get_by_role("button", name="Make an account").click()
    guest.wait_for_selector("nav.main a[data-view=account]:visible")
    guest.get_by_role("link", name="Account").click()
    guest.get_by_label("What it is for").fill("editor")
    guest.get_by_role("button", name="Make a key").click()
    assert guest.inner_text("output.key").startswith("nlk_")
    guest.get_by_role("button", name="Log out").click()
    logged_in(guest, "wrong password")
    guest.wait_for_selector(".failed:not(:empty)")
    logged_in(guest, PASSWORD)
    guest.wait_for_selector("nav.main a[data-view=account]:visible")
    guest.get_by_role("link", name="Account").click()
    left(guest)


def logged_in(page: Page, password: str, name: str = NAME) -> None:
    page.locator("#old-name").fill(name)
    page.locator("#old-password").fill(password)
    page.get_by_role("button", name="Log in").click()


def left(page: Page) -> None:
    form = page.locator("form", has=page.get_by_role("button", name="Delete my account"))
    form.locator("input").fill(PASSWORD)
    form.get_by_role("button").click()
    page.wait_for_selector("#old-name")
    logged_in(page, PASSWORD)
    page.wait_for_selector(".failed:not(:empty)")


def typed_when_the_session_ended(page: Page, *names: str) -> None:
    """Accounts of these names, the last one logged in, typing when its session ends."""
    for name in names:
        assert page.request.post("/v1/account", data={"name": name, "password": PASSWORD}).ok
    opened_at(page)
    page.evaluate("() => { window.loaded = 'once'; }")
    page.locator("lab-editor .cm-content").click()
    page.keyboard.insert_text("Nobody else may read this.")
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#old-name")


def test_a_text_outlives_its_session_for_whoever_wrote_it(guest: Page) -> None:
    typed_when_the_session_ended(guest, "grace")
    logged_in(guest, PASSWORD, "grace")
    guest.wait_for_selector("lab-editor")
    there = "[window.loaded, document.querySelector('lab-editor').text]"
    assert guest.evaluate(there) == ["once", "Nobody else may read this."]
    assert guest.evaluate("location.hash") == "#/check"


def test_a_text_is_gone_for_whoever_else_logs_in(guest: Page) -> None:
    typed_when_the_session_ended(guest, "mary", "edith")
    logged_in(guest, PASSWORD, "mary")
    guest.wait_for_selector("lab-editor")
    guest.wait_for_selector("html[data-ready='1']", state="attached")
    there = "[window.loaded ?? 'anew', document.querySelector('lab-editor').text]"
    assert guest.evaluate(there) == ["anew", ""]
