"""Who gets in: this computer alone, or users with passwords, sessions and keys, and nobody by a trick."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import Answer, Browser, Site, quick_passwords, site, without_detector
from helpers import needed
from typer.testing import CliRunner

needed("fastapi")
needed("argon2")

from neural_lab.api import callers
from neural_lab.api.config import read_config
from neural_lab.api.passwords import digest_of, hashed
from neural_lab.api.routes.keys import MOST_KEYS
from neural_lab.cli import app as cli
from neural_lab.commands.users import user_app
from neural_lab.errors import InvalidRequest

PASSWORD, OTHER = "correct horse battery", "another fine password"
COOKIE = "neural_lab_session"
AWAY = "203.0.113.9"
EVERYTHING = ["audit", "detect", "documents", "history", "jobs", "library"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_passwords(monkeypatch)
    without_detector(monkeypatch)


@pytest.fixture
def local() -> Iterator[Site]:
    with site() as opened:
        yield opened


@pytest.fixture
def lab() -> Iterator[Site]:
    """A service with accounts where anybody may make one."""
    with site(accounts=True, sign_up=True) as opened:
        yield opened


def user(lab: Site, name: str = "ada", admin: bool = False) -> Browser:
    """Logged in."""
    browser = Browser(lab)
    if admin:
        lab.worker.store.accounts().add_user(name, hashed(PASSWORD), admin=True)
        assert browser.log_in(name, PASSWORD).status == 200
    else:
        answer = browser.ask("POST", "/v1/account", {"name": name, "password": PASSWORD})
        assert answer.status == 201, answer.text
    return browser


def key(browser: Browser, *scopes: str) -> dict[str, Any]:
    answer = browser.ask("POST", "/v1/account/keys", {"label": "mine", "scopes": [*scopes]})
    assert answer.status == 201, answer.text
    return dict(answer.json)


def by_key(
    lab: Site, secret: str, path: str = "/v1/history", method: str = "GET", body: Any = None
) -> Answer:
    return lab.ask(method, path, body, {"authorization": f"Bearer {secret}"})


def codes(*answers: Answer) -> list[str]:
    return [answer.json["code"] for answer in answers]


# --- without accounts ---------------------------------------------------------------------------------------


def test_on_this_computer_nobody_has_to_log_in(local: Site) -> None:
    for client in ("127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1", None):
        assert local.ask("GET", "/v1/history", client=client).status == 200
    logging_in = local.ask("POST", "/v1/session", {"name": "ada", "password": "x"})
    assert codes(local.ask("GET", "/v1/account"), logging_in) == ["no_accounts"] * 2


@pytest.mark.parametrize("client", ["203.0.113.9", "192.168.1.2", "2001:db8::1", "::ffff:203.0.113.9"])
def test_without_accounts_no_other_computer_is_answered_wherever_it_listens(local: Site, client: str) -> None:
    answer = local.ask("GET", "/v1/history", client=client, headers={"x-forwarded-for": "127.0.0.1"})
    assert (answer.status, codes(answer)) == (403, ["not_local"])


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "localhost@evil"]
)
def test_a_name_that_was_bound_to_this_computer_is_refused(local: Site, host: str) -> None:
    assert codes(local.ask("GET", "/v1/history", headers={"host": host})) == ["wrong_origin"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "[::1]:8000", "[::1]"])
def test_this_computer_has_several_names(local: Site, host: str) -> None:
    assert local.ask("GET", "/v1/history", headers={"host": host}).status == 200


CROSS = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": ""},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:8000"},
        {"origin": "https://evil.example", "authorization": "Bearer x"},
        {"origin": "https://evil.example", "authorization": "Basic eDp5"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
        CROSS,
    ],
)
def test_another_page_changes_nothing(local: Site, headers: dict[str, str]) -> None:
    for method, path in (("DELETE", "/v1/history"), ("POST", "/v1/library"), ("POST", "/detect")):
        answer = local.ask(method, path, b"{}", {"content-type": "text/plain", **headers})
        assert (answer.status, codes(answer)) == (403, ["wrong_origin"])


def test_another_page_may_lead_here_and_no_more(local: Site) -> None:
    led = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert local.ask("GET", "/v1/history", headers=led).status == 200
    for headers in (CROSS, {**CROSS, "sec-fetch-mode": "cors", "origin": "https://evil.example"}):
        assert codes(local.ask("GET", "/v1/history", headers=headers)) == ["wrong_origin"]


def test_the_page_of_the_service_itself_may(local: Site) -> None:
    assert Browser(local).ask("DELETE", "/v1/history").status == 200
    assert local.ask("DELETE", "/v1/history").status == 200


def test_by_default_no_page_elsewhere_reads_anything(local: Site) -> None:
    asked = {"origin": "https://evil.example", "access-control-request-method": "GET"}
    for answer in (
        local.ask("OPTIONS", "/v1/history", headers=asked),
        local.ask("GET", "/v1/history", headers=asked),
    ):
        assert not [name for name, _ in answer.headers if name.startswith("access-control")]


# --- pages elsewhere ----------------------------------------------------------------------------------------


def test_a_page_that_is_named_may_call_and_send_cookies() -> None:
    page = "https://app.example"
    with site(accounts=True, sign_up=True, cors_origins=[page]) as lab:
        ada = user(lab)
        for method in ("GET", "DELETE"):
            answer = ada.ask(method, "/v1/history", origin=page, sec_fetch_site="cross-site")
            assert answer.status == 200
            assert answer.header("access-control-allow-origin") == page
            assert answer.header("access-control-allow-credentials") == "true"


@pytest.mark.parametrize(
    "page", ["https://evil.example", "https://app.example.evil.example", "http://app.example", "null"]
)
def test_a_page_that_is_not_named_may_not_even_with_the_cookie(page: str) -> None:
    with site(accounts=True, sign_up=True, cors_origins=["https://app.example"]) as lab:
        answer = user(lab).ask("DELETE", "/v1/history", origin=page, sec_fetch_site="cross-site")
        assert codes(answer) == ["wrong_origin"]
        assert answer.header("access-control-allow-origin") is None


def test_any_page_may_call_with_a_key_and_never_with_a_cookie() -> None:
    with site(accounts=True, sign_up=True, cors_origins=["*"]) as lab:
        ada = user(lab)
        made = key(ada, "history")
        page = {"origin": "https://any.example", "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}
        answer = lab.ask("DELETE", "/v1/history", headers={**page, "authorization": f"Bearer {made['key']}"})
        assert answer.status == 200
        assert answer.header("access-control-allow-origin") == "*"
        assert answer.header("access-control-allow-credentials") is None
        cookie = {"cookie": f"{COOKIE}={ada.cookies[COOKIE]}"}
        assert codes(lab.ask("DELETE", "/v1/history", headers={**page, **cookie})) == ["wrong_origin"]
        both = {**page, **cookie, "authorization": "Bearer wrong"}
        assert lab.ask("DELETE", "/v1/history", headers=both).status == 401


# --- accounts and sessions ----------------------------------------------------------------------------------


def test_nobody_makes_an_account_unless_anybody_may() -> None:
    with site(accounts=True) as lab:
        answer = Browser(lab).ask("POST", "/v1/account", {"name": "ada", "password": PASSWORD})
        assert (answer.status, codes(answer)) == (403, ["no_sign_up"])
        assert lab.worker.store.accounts().users() == []


def test_a_session_is_a_cookie_that_scripts_and_other_sites_do_not_get(lab: Site) -> None:
    ada = user(lab)
    answer = ada.log_in("ada", PASSWORD)
    assert answer.json == {"name": "ada", "admin": False, "created": answer.json["created"]}
    for cookie in answer.cookies():
        (morsel,) = cookie.values()
        assert morsel["httponly"]
        assert (morsel["samesite"].lower(), morsel["path"], morsel["domain"]) == ("strict", "/", "")
        assert not morsel["secure"]
    assert ada.ask("GET", "/v1/account").json["name"] == "ada"
    assert answer.header("cache-control") == "no-store"


def test_where_others_can_reach_the_service_cookies_are_secure_and_bound_to_its_name() -> None:
    with site(accounts=True, sign_up=True, host="0.0.0.0") as lab:
        ada = Browser(lab, AWAY, "lab.example")
        answer = ada.ask("POST", "/v1/account", {"name": "ada", "password": PASSWORD})
        morsels = [morsel for cookie in answer.cookies() for morsel in cookie.values()]
        assert all(morsel["secure"] and morsel.key.startswith("__Host-") for morsel in morsels)
        assert ada.ask("GET", "/v1/account").status == 200
        tossed = Browser(lab, AWAY, "lab.example")
        tossed.cookies = {COOKIE: ada.cookies[f"__Host-{COOKIE}"]}
        assert tossed.ask("GET", "/v1/account").status == 401


def test_a_cookie_that_was_there_before_becomes_no_session(lab: Site) -> None:
    user(lab)
    victim, planted = Browser(lab), "planted-by-somebody-else"
    victim.cookies = {COOKIE: planted}
    assert victim.log_in("ada", PASSWORD).status == 200
    assert victim.cookies[COOKIE] != planted
    thief = Browser(lab)
    thief.cookies = {COOKIE: planted}
    assert thief.ask("GET", "/v1/account").status == 401


def test_logging_in_again_ends_the_session_that_the_browser_had(lab: Site) -> None:
    ada = user(lab)
    old = Browser(lab)
    old.cookies = dict(ada.cookies)
    assert ada.log_in("ada", PASSWORD).status == 200
    assert old.ask("GET", "/v1/account").status == 401
    assert ada.ask("GET", "/v1/account").status == 200


def test_logging_out_ends_the_session_on_the_server(lab: Site) -> None:
    ada = user(lab)
    kept = dict(ada.cookies)
    answer = ada.ask("DELETE", "/v1/session")
    assert answer.status == 204
    assert COOKIE not in ada.cookies
    ada.cookies = kept
    assert (ada.ask("GET", "/v1/account").status, ada.ask("DELETE", "/v1/session").status) == (401, 401)


def test_a_session_expires(lab: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = user(lab)
    now = callers.utc
    monkeypatch.setattr(callers, "utc", lambda: now(-13))
    assert ada.ask("GET", "/v1/account").status == 200
    monkeypatch.setattr(callers, "utc", lambda: now(-14))
    assert ada.ask("GET", "/v1/account").status == 401


def test_what_is_stored_of_a_session_or_key_opens_nothing(lab: Site, home: Path) -> None:
    ada = user(lab)
    made = key(ada, "history")
    stored = b"".join(path.read_bytes() for path in home.iterdir() if path.name.startswith("lab.db"))
    for secret in (ada.cookies[COOKIE], made["key"], PASSWORD):
        assert secret.encode() not in stored
    digest = digest_of(made["key"], lab.worker.secret)
    assert digest in stored
    assert by_key(lab, digest.hex()).status == 401


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(lab: Site) -> None:
    user(lab)
    answers = [Browser(lab).log_in(name, OTHER) for name in ("ada", "nobody")]
    told = [{**answer.json, "request_id": ""} for answer in answers]
    assert told[0] == told[1]
    assert {answer.status for answer in answers} == {401}
    one, other = ([name for name, _ in answer.headers] for answer in answers)
    assert one == other


@pytest.mark.parametrize("typed", ["ada", "ADA", "Ada", "ａｄａ", "ＡＤＡ"])
def test_a_name_is_the_same_in_any_case_and_width(lab: Site, typed: str) -> None:
    user(lab, "Ada")
    assert Browser(lab).log_in(typed, PASSWORD).json["name"] == "Ada"
    again = Browser(lab).ask("POST", "/v1/account", {"name": typed, "password": OTHER})
    assert (again.status, codes(again)) == (422, ["name_taken"])


@pytest.mark.parametrize("password", ["\ud800" * 12, "short", "x" * 300, "", "x" * 1_001])
def test_a_password_that_cannot_be_is_refused_and_not_repeated(lab: Site, password: str) -> None:
    answer = Browser(lab).log_in("ada", password)
    assert answer.status in (401, 422)
    answer = Browser(lab).ask("POST", "/v1/account", {"name": "ada", "password": password})
    assert answer.status in (201, 422)
    assert not password or password not in answer.text


def test_a_new_password_ends_all_other_sessions_and_leaves_keys(lab: Site) -> None:
    here, there = user(lab), Browser(lab)
    there.log_in("ada", PASSWORD)
    made = key(here, "history")
    assert (
        here.ask("PUT", "/v1/account/password", {"password": PASSWORD, "new_password": OTHER}).status == 204
    )
    assert (here.ask("GET", "/v1/account").status, there.ask("GET", "/v1/account").status) == (200, 401)
    assert by_key(lab, made["key"]).status == 200
    assert [Browser(lab).log_in("ada", each).status for each in (PASSWORD, OTHER)] == [401, 200]


def test_the_password_is_changed_by_whoever_knows_it(lab: Site) -> None:
    ada = user(lab)
    wrong = ada.ask("PUT", "/v1/account/password", {"password": OTHER, "new_password": OTHER})
    short = ada.ask("PUT", "/v1/account/password", {"password": PASSWORD, "new_password": "short"})
    assert codes(wrong, short) == ["wrong_password", "password"]
    assert Browser(lab).log_in("ada", PASSWORD).status == 200


def test_a_password_that_changes_while_somebody_logs_in_with_the_old_one_opens_nothing(
    lab: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neural_lab.api import sessions

    user(lab)
    accounts, matches = lab.worker.store.accounts(), sessions.matches

    def changed_meanwhile(password: str, kept: str | None) -> bool:
        found = matches(password, kept)
        accounts.set_password(accounts.named("ada").id, "another hash")
        return found

    monkeypatch.setattr(sessions, "matches", changed_meanwhile)
    browser = Browser(lab)
    assert browser.log_in("ada", PASSWORD).status == 401
    assert browser.cookies == {}


def test_an_account_goes_with_all_that_was_its(lab: Site, home: Path) -> None:
    ada, bob = user(lab), user(lab, "bob")
    made, marker = key(ada, "history"), "Zweiundvierzig Seeadler über Rügen"
    for browser in (ada, bob):
        browser.ask("POST", "/v1/library", {"sources": [{"text": f"{marker} " * 9, "title": marker}]})
        browser.ask("POST", "/v1/audit", {"text": f"{marker} " * 9})
    assert codes(ada.ask("DELETE", "/v1/account", {"password": OTHER})) == ["wrong_password"]
    assert ada.ask("DELETE", "/v1/account", {"password": PASSWORD}).status == 204
    assert ada.cookies == {}
    assert by_key(lab, made["key"]).status == 401
    assert Browser(lab).log_in("ada", PASSWORD).status == 401
    assert bob.ask("GET", "/v1/library/stats").json["sources"] == 1
    again = user(lab, "ada")
    assert again.ask("GET", "/v1/library/stats").json["sources"] == 0
    assert again.ask("GET", "/v1/history").json["entries"] == []
    assert bob.ask("DELETE", "/v1/account", {"password": PASSWORD}).status == 204
    assert again.ask("DELETE", "/v1/account", {"password": PASSWORD}).status == 204
    kept = b"".join(path.read_bytes() for path in home.iterdir() if path.name.startswith("lab.db"))
    assert b"Seeadler" not in kept


# --- attempts -----------------------------------------------------------------------------------------------


def attempts(lab: Site, name: str, client: str, number: int, browser: Browser | None = None) -> list[int]:
    return [(browser or Browser(lab, client)).log_in(name, OTHER).status for _ in range(number)]


@pytest.fixture
def strict() -> Iterator[Site]:
    with site(accounts=True, sign_up=True, login_rate="3/300") as opened:
        yield opened


def test_guessing_ends_and_is_told_for_how_long(strict: Site) -> None:
    Browser(strict, "192.0.2.1").ask("POST", "/v1/account", {"name": "ada", "password": PASSWORD})
    assert attempts(strict, "ada", AWAY, 4) == [401, 401, 401, 429]
    answer = Browser(strict, AWAY).log_in("ada", PASSWORD)
    assert answer.status == 429
    assert 1 <= int(answer.header("retry-after") or 0) <= 300


@pytest.mark.parametrize("known", [True, False])
def test_guessing_goes_on_under_no_other_spelling_and_for_unknown_names_alike(
    strict: Site, known: bool
) -> None:
    if known:
        Browser(strict, "192.0.2.1").ask("POST", "/v1/account", {"name": "straße", "password": PASSWORD})
    spellings = ["straße", "STRASSE", "ＳＴＲＡＳＳＥ", "strasse", "Straße"]
    assert [Browser(strict, AWAY).log_in(each, OTHER).status for each in spellings] == [
        401,
        401,
        401,
        429,
        429,
    ]


def test_whoever_guesses_elsewhere_locks_nobody_out(strict: Site) -> None:
    user(strict)
    attempts(strict, "ada", AWAY, 5)
    assert Browser(strict, "192.0.2.1").log_in("ada", PASSWORD).status == 200


def test_one_address_tries_many_names_only_so_often(strict: Site) -> None:
    statuses = [attempts(strict, f"user{number}", AWAY, 1)[0] for number in range(32)]
    assert statuses == [401] * 30 + [429] * 2
    same_customer = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::2", "2001:db8:1:2:3:4:5:6"]
    assert [attempts(strict, "ada", client, 2) for client in same_customer] == [
        [401, 401],
        [401, 429],
        [429, 429],
    ]


def test_a_crowd_that_guesses_does_not_lock_out_who_has_logged_in_here_before(strict: Site) -> None:
    ada, stranger = user(strict), Browser(strict, "192.0.2.1")
    ada.ask("DELETE", "/v1/session")
    crowd = [status for number in range(12) for status in attempts(strict, "ada", f"203.0.113.{number}", 3)]
    assert crowd == [401] * 30 + [429] * 6
    assert stranger.log_in("ada", PASSWORD).status == 429
    assert ada.log_in("ada", PASSWORD).status == 200


def test_who_has_logged_in_here_before_guesses_no_more_than_others_and_at_no_other_name(strict: Site) -> None:
    ada, cyd = user(strict), user(strict, "cyd")
    user(strict, "bob")
    assert attempts(strict, "ada", AWAY, 4, ada) == [401, 401, 401, 429]
    attempts(strict, "bob", "127.0.0.1", 3)
    assert attempts(strict, "bob", AWAY, 1, cyd) == [429]
    forged = Browser(strict)
    forged.cookies = {"neural_lab_known": "00." + "0" * 32}
    assert attempts(strict, "bob", AWAY, 1, forged) == [429]


def test_making_accounts_uses_up_nobodys_attempts_and_has_an_end(strict: Site) -> None:
    user(strict)
    body = {"name": "ada", "password": OTHER}
    statuses = [strict.ask("POST", "/v1/account", body, client=AWAY).status for _ in range(31)]
    assert statuses == [422] * 30 + [429]
    assert Browser(strict, AWAY).log_in("ada", PASSWORD).status == 200


def test_a_password_is_not_guessed_with_a_stolen_session_either(strict: Site) -> None:
    ada, body = user(strict), {"password": OTHER, "new_password": OTHER}
    assert [ada.ask("PUT", "/v1/account/password", body).status for _ in range(4)] == [403, 403, 403, 429]
    assert ada.ask("DELETE", "/v1/account", {"password": PASSWORD}).status == 429


# --- keys ---------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once(lab: Site) -> None:
    ada = user(lab)
    made = key(ada, "detect", "history")
    listed = ada.ask("GET", "/v1/account/keys")
    assert listed.json["keys"] == [{name: value for name, value in made.items() if name != "key"}]
    assert made["key"] not in listed.text
    assert made["scopes"] == ["detect", "history"]


@pytest.mark.parametrize(
    "scopes", [[], ["everything"], ["detect", "metrics"], ["account"], "detect", ["detect"] * 21]
)
def test_a_key_has_scopes_that_there_are(lab: Site, scopes: Any) -> None:
    assert user(lab).ask("POST", "/v1/account/keys", {"scopes": scopes}).status == 422


def test_a_key_manages_no_accounts(lab: Site) -> None:
    ada = user(lab)
    made = key(ada, *EVERYTHING)
    for method, path, body in (
        ("GET", "/v1/account", None),
        ("DELETE", "/v1/account", {"password": PASSWORD}),
        ("PUT", "/v1/account/password", {"password": PASSWORD, "new_password": OTHER}),
        ("GET", "/v1/account/keys", None),
        ("POST", "/v1/account/keys", {"scopes": ["detect"]}),
        ("DELETE", f"/v1/account/keys/{made['id']}", None),
        ("DELETE", "/v1/session", None),
    ):
        assert codes(by_key(lab, made["key"], path, method, body)) == ["no_session"]
    assert by_key(lab, made["key"]).status == 200


@pytest.mark.parametrize("authorization", ["Basic eDp5", "Bearer", "Bearer ", "bearer wrong", "x", ""])
def test_a_cookie_does_not_count_beside_another_authorization(lab: Site, authorization: str) -> None:
    ada = user(lab)
    assert ada.ask("GET", "/v1/history", authorization=authorization).status == 401
    assert ada.ask("GET", "/v1/history").status == 200


def test_a_key_in_a_cookie_and_a_session_in_a_header_open_nothing(lab: Site) -> None:
    ada = user(lab)
    made, other = key(ada, "history"), Browser(lab)
    assert by_key(lab, ada.cookies[COOKIE]).status == 401
    other.cookies = {COOKIE: made["key"]}
    assert other.ask("GET", "/v1/history").status == 401


def test_a_key_that_was_removed_is_dead(lab: Site) -> None:
    ada = user(lab)
    one, two = key(ada, "history"), key(ada, "history")
    assert ada.ask("DELETE", f"/v1/account/keys/{one['id']}").status == 204
    assert [by_key(lab, each["key"]).status for each in (one, two)] == [401, 200]


def test_nobody_has_keys_without_end(lab: Site) -> None:
    ada = user(lab)
    for _ in range(MOST_KEYS):
        key(ada, "detect")
    assert codes(ada.ask("POST", "/v1/account/keys", {"scopes": ["detect"]})) == ["too_many_keys"]


def test_figures_are_for_admins_and_their_keys(lab: Site) -> None:
    ada, boss = user(lab), user(lab, "boss", admin=True)
    made = key(boss, "metrics")
    assert codes(ada.ask("GET", "/metrics")) == ["no_scope"]
    assert (boss.ask("GET", "/metrics").status, by_key(lab, made["key"], "/metrics").status) == (200, 200)
    assert lab.ask("GET", "/metrics").status == 401


# --- what is told -------------------------------------------------------------------------------------------


def test_nothing_secret_is_logged_or_documented(capfd: pytest.CaptureFixture[str]) -> None:
    with site(accounts=True, sign_up=True) as lab:
        ada = user(lab, "countess")
        made = key(ada, "history")
        by_key(lab, made["key"] + "x")
        Browser(lab).log_in("countess", OTHER)
        ada.ask("PUT", "/v1/account/password", {"password": PASSWORD, "new_password": "\ud800" * 12})
        lab.ask("POST", "/v1/session", b'{"name": "countess", "password": "' + OTHER.encode())
        document, secret = lab.ask("GET", "/openapi.json").text, lab.worker.secret.hex()
        shown = document + repr(lab.worker) + lab.ask("GET", "/health").text
    logged = "".join(capfd.readouterr())
    assert '"route": "/v1/session"' in logged
    for word in (made["key"], ada.cookies[COOKIE], "countess", OTHER, secret, "$argon2"):
        assert word not in logged
        assert word not in shown
    assert PASSWORD not in logged


def test_no_error_repeats_what_was_sent(lab: Site) -> None:
    body = {"name": "<b>ada</b>", "password": OTHER, "pässwörd": OTHER}
    for path in ("/v1/session", "/v1/account"):
        answer = Browser(lab).ask("POST", path, body)
        assert answer.status == 422
        assert OTHER not in answer.text
        assert "<b>" not in answer.text


# --- the command line ---------------------------------------------------------------------------------------


def run(*words: str, typed: str = f"{PASSWORD}\n") -> Any:
    return CliRunner().invoke(user_app, [*words], input=typed)


def test_who_is_added_on_the_command_line_can_log_in_and_is_listed() -> None:
    for name, more in (("Ａda", ()), ("boss", ("--admin",))):
        assert run("add", name, *more).exit_code == 0
    assert [line.split("\t")[:2] for line in run("list").output.splitlines()] == [
        ["Ada", "user"],
        ["boss", "admin"],
    ]
    with site(accounts=True) as lab:
        assert Browser(lab).log_in("ada", PASSWORD).status == 200
        ada = Browser(lab)
        ada.log_in("ADA", PASSWORD)
        assert run("password", "ADA", typed=f"{OTHER}\r\n").exit_code == 0
        assert ada.ask("GET", "/v1/account").status == 401
        assert ada.log_in("ada", OTHER).status == 200
        ada.ask("POST", "/v1/library", {"sources": [{"text": "Some words of mine."}]})
        made = key(ada, "library")
        owner = lab.worker.store.accounts().named("ada").owner
        assert lab.worker.store.library(owner).stats().sources == 1
        assert run("remove", "ada").exit_code == 2
        assert run("remove", "ada", "--yes").exit_code == 0
        assert lab.worker.store.library(owner).stats().sources == 0
        assert (ada.ask("GET", "/v1/account").status, by_key(lab, made["key"], "/v1/library").status) == (
            401,
            401,
        )
    assert "Ada" not in run("list").output


@pytest.mark.parametrize("name", ["", "a", "Ada Lovelace", "ada\n", "<ada>"])
def test_a_name_that_could_not_log_in_is_not_added(name: str) -> None:
    assert run("add", "--", name).exit_code == 2
    assert run("list").output == ""


def test_a_short_password_adds_nobody_and_an_unknown_name_is_said() -> None:
    assert run("add", "ada", typed="short\n").exit_code == 2
    assert run("password", "ada").exit_code == 2
    assert run("remove", "ada", "--yes").exit_code == 2
    assert run("list").output == ""


@pytest.mark.parametrize(
    "words", [("--host", "0.0.0.0"), ("--host", "::"), ("--port", "70000"), ("--workers", "0")]
)
def test_a_service_that_would_put_somebody_at_risk_does_not_start(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(cli, ["serve", *words]).exit_code == 2


def test_no_store_and_no_redis_is_said_without_their_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    needed("asyncpg")
    needed("redis")
    for name, url in (
        ("NEURAL_LAB_STORE", "postgresql://lab:hunter2@127.0.0.1:1/lab"),
        ("NEURAL_LAB_REDIS", "http://:hunter2@127.0.0.1:1"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, url)
            found = CliRunner().invoke(cli, ["serve", "--port", "0"])
        assert found.exit_code in (2, 4)
        assert found.output.count("\n") == 1
        assert "hunter2" not in found.output


def test_settings_are_read_when_the_service_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEURAL_LAB_HOST", "0.0.0.0")
    with pytest.raises(InvalidRequest):
        read_config()


def test_the_document_names_the_ways_to_log_in(lab: Site) -> None:
    schemes = json.loads(lab.ask("GET", "/openapi.json").text)["components"]["securitySchemes"]
    assert {scheme["type"] for scheme in schemes.values()} == {"http", "apiKey"}
    assert re.search(COOKIE, json.dumps(schemes))
