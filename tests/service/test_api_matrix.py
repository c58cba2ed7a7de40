"""Every route, asked by its owner, by somebody else and by nobody: nothing of anybody's is told or changed.

A route that is not in `ROWS` fails here: whoever adds one says who may call it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from asking import Answer, Browser, Form, Site, quick_passwords, site
from helpers import needed

needed("fastapi")

from neural_lab import exported
from neural_lab.api.callers import FOR_ADMINS, METRICS, REVIEW, SCOPES

PASSWORD, OTHER = "correct horse battery", "another fine password"
PUBLIC, PERSON = "public", "person"
MARK = "Seeadler-4711"
"""Stands in all that is Ada's, and in nothing that others send."""
SHARED = (
    "On the ninth of May the ferryman counted forty-one grey herons between the two old piers, "
    "and wrote every one of them into the ledger that his aunt had left him with the boat. "
)
NUMBERS = count(1)


@dataclass
class Owned:
    """A user, and the numbers of what is the user's."""

    name: str
    browser: Browser
    source: int = 0
    entry: int = 0
    job: int = 0
    key: int = 0
    dispute: int = 0

    def number(self, path: str) -> int:
        family = path.removeprefix("/v1/").partition("/")[0]
        named = {"library": "source", "history": "entry", "jobs": "job", "account": "key"}
        return int(getattr(self, {**named, "disputes": "dispute", "review": "dispute"}[family]))


@dataclass(frozen=True)
class Row:
    """`scope` is what a key needs, `body` made for the owner of what it names."""

    scope: str
    body: Callable[[Owned], Any] = field(default=lambda _: None)
    query: str = ""


def body(**fields: Any) -> Callable[[Owned], Any]:
    return lambda _: fields


TEXT = SHARED * 3
DRAFT = "3f0f9a52-7d0c-4a43-9a8e-0b5c7a1d2e3f"
"""What everybody calls a draft: a name of one's own says nothing about anybody else's."""
DISPUTE = {
    "text_sha256": "ab" * 32,
    "start": 7,
    "end": 7 + len(TEXT),
    "passage": TEXT,
    "probability": 0.9,
    "detector": {"name": "embedded", "version": "1"},
    "claim": "human",
    "consent": True,
    "training_consent": True,
}
ROWS: dict[tuple[str, str], Row] = {
    ("GET", "/livez"): Row(PUBLIC),
    ("GET", "/readyz"): Row(PUBLIC),
    ("GET", "/health"): Row(PUBLIC),
    ("GET", "/openapi.json"): Row(PUBLIC),
    ("GET", "/metrics"): Row(METRICS),
    ("POST", "/detect"): Row("detect", body(texts=[TEXT])),
    ("GET", "/v1/detectors"): Row("detect"),
    ("GET", "/v1/detectors/{name}"): Row("detect"),
    ("POST", "/v1/documents"): Row("documents", body(text=TEXT, title="Essay")),
    ("POST", "/v1/evidence"): Row("documents", body(text=TEXT, title="Essay")),
    ("POST", "/v1/detect"): Row("documents", body(documents=[{"text": TEXT}])),
    ("POST", "/v1/texts"): Row("documents", lambda _: Form.of("mine.txt", TEXT.encode())),
    ("POST", "/v1/audit"): Row(
        "audit",
        lambda owned: {"text": TEXT, "exclusions": {"sources": [owned.source]}, "collections": ["essays"]},
    ),
    ("POST", "/v1/fingerprints"): Row("audit", body(fingerprints=[SHARED])),
    ("POST", "/v1/compare"): Row("audit", body(documents=[{"text": TEXT}, {"text": SHARED}])),
    ("GET", "/v1/library"): Row("library", query="?search=herons"),
    ("POST", "/v1/library"): Row("library", body(sources=[{"text": TEXT, "title": "mine"}])),
    ("GET", "/v1/library/stats"): Row("library"),
    ("GET", "/v1/library/{number}"): Row("library"),
    ("DELETE", "/v1/library/{number}"): Row("library"),
    ("GET", "/v1/history"): Row("history", query="?search=herons"),
    ("DELETE", "/v1/history"): Row("history"),
    ("GET", "/v1/history/export"): Row("history"),
    ("GET", "/v1/history/{number}"): Row("history"),
    ("DELETE", "/v1/history/{number}"): Row("history"),
    ("GET", "/v1/disputes"): Row("history"),
    ("POST", "/v1/disputes"): Row("history", body(**DISPUTE)),
    ("PATCH", "/v1/disputes/{number}"): Row("history", body(training_consent=False)),
    ("DELETE", "/v1/disputes/{number}"): Row("history"),
    ("GET", "/v1/review/disputes"): Row(REVIEW),
    ("POST", "/v1/review/disputes/{number}"): Row(REVIEW, body(decision="accepted")),
    ("GET", "/v1/trails"): Row("history"),
    ("DELETE", "/v1/trails"): Row("history"),
    ("POST", "/v1/trails/{draft}"): Row("history", body(text=TEXT + SHARED)),
    ("GET", "/v1/trails/{draft}"): Row("history"),
    ("DELETE", "/v1/trails/{draft}"): Row("history"),
    ("GET", "/v1/preferences"): Row("history"),
    ("PUT", "/v1/preferences"): Row("history", body(theme="dark", keep_days=30)),
    ("PATCH", "/v1/preferences"): Row("history", body(zero_retention=True)),
    ("GET", "/v1/export"): Row("history"),
    ("GET", "/v1/jobs"): Row("jobs"),
    # As `populated` adds it, under the same key.
    ("POST", "/v1/jobs"): Row("jobs", body(documents=[{"text": TEXT, "title": " job"}], keep=False)),
    ("GET", "/v1/jobs/{number}"): Row("jobs"),
    ("GET", "/v1/jobs/{number}/events"): Row("jobs"),
    ("POST", "/v1/jobs/{number}/cancel"): Row("jobs"),
    ("DELETE", "/v1/jobs/{number}"): Row("jobs"),
    ("POST", "/v1/session"): Row(PUBLIC, lambda owned: {"name": owned.name, "password": PASSWORD}),
    ("DELETE", "/v1/session"): Row(PERSON),
    ("POST", "/v1/account"): Row(PUBLIC, lambda _: {"name": f"new{next(NUMBERS)}", "password": PASSWORD}),
    ("GET", "/v1/account"): Row(PERSON),
    ("DELETE", "/v1/account"): Row(PERSON, body(password=PASSWORD)),
    ("PUT", "/v1/account/password"): Row(PERSON, body(password=PASSWORD, new_password=OTHER)),
    ("GET", "/v1/account/keys"): Row(PERSON),
    ("POST", "/v1/account/keys"): Row(PERSON, body(scopes=["detect"])),
    ("DELETE", "/v1/account/keys/{number}"): Row(PERSON),
}
EVERY = pytest.mark.parametrize(("method", "path"), [*ROWS])
OWN = [pair for pair, row in ROWS.items() if "{number}" in pair[1] and row.scope not in FOR_ADMINS]
CLOSED = [pair for pair, row in ROWS.items() if row.scope != PUBLIC]
BY_KEY = [pair for pair, row in ROWS.items() if row.scope in SCOPES]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEURAL_LAB_HOME", str(tmp_path_factory.mktemp("matrix")))
        quick_passwords(patch)
        limits = {"rate": "900000/60", "detect_rate": "900000/60", "login_rate": "900000/60"}
        with site(accounts=True, sign_up=True, character_rate="900000000/60", **limits) as opened:
            yield opened


def populated(lab: Site, name: str, mark: str = "") -> Owned:
    """A user who has one of everything, with `mark` in it; the job is cancelled."""
    owned = Owned(name, Browser(lab))
    ask = owned.browser.ask
    assert ask("POST", "/v1/account", {"name": name, "password": PASSWORD}).status == 201
    source = {"text": TEXT, "title": f"{mark} source", "path": f"/{mark}", "collection": f"{mark}c"}
    owned.source = ask("POST", "/v1/library", {"sources": [source]}).json["numbers"][0]
    owned.entry = ask("POST", "/v1/audit", {"text": TEXT, "title": f"{mark} entry"}).json["entry"]
    job = {"documents": [{"text": TEXT, "title": f"{mark} job"}], "keep": False}
    owned.job = ask("POST", "/v1/jobs", job, Idempotency_Key="the-same-for-all").json["id"]
    owned.key = ask("POST", "/v1/account/keys", {"scopes": ["detect"], "label": f"{mark} key"}).json["id"]
    owned.dispute = ask("POST", "/v1/disputes", {**DISPUTE, "note": f"{mark} note"}).json["id"]
    assert ask("POST", f"/v1/trails/{DRAFT}", {"text": TEXT, "title": f"{mark} draft"}).status == 200
    assert ask("PUT", "/v1/preferences", {"keep_days": 999}).status == 200
    if not mark:
        ask("POST", f"/v1/jobs/{owned.job}/cancel")
    return owned


@pytest.fixture(scope="module")
def ada(lab: Site) -> Owned:
    """Her job is done, so that it has a result."""
    owned = populated(lab, "ada", MARK)
    end = time.monotonic() + 60
    while owned.browser.ask("GET", f"/v1/jobs/{owned.job}").json["state"] != "done":
        assert time.monotonic() < end
        time.sleep(0.1)
    return owned


def stored(lab: Site, owned: Owned) -> list[Any]:
    """All that is a user's, as the store has it."""
    store = lab.worker.store
    user = store.accounts().named(owned.name)
    library, history, jobs = store.library(user.owner), store.history(user.owner), store.jobs(user.owner)
    return [
        user,
        library.sources(),
        library.texts([source.id for source in library.sources()]),
        [history.entry(each.id) for each in history.entries(1_000)],
        [(each, jobs.result(each.id)) for each in jobs.jobs(1_000)],
        store.accounts().keys(user.id),
        store.preferences(user.owner).get(),
        store.disputes(user.owner).disputes(),
        [*exported.snapshots(store.trail(user.owner))],
    ]


def filled(path: str, owned: Owned) -> str:
    """With the numbers of what is the owner's."""
    if "{number}" in path:
        path = path.replace("{number}", str(owned.number(path)))
    return path.replace("{name}", "embedded").replace("{draft}", DRAFT)


def asked(ask: Callable[..., Answer], method: str, path: str, owned: Owned, **headers: str) -> Answer:
    row = ROWS[method, path]
    once = {"Idempotency_Key": "the-same-for-all"} if (method, path) == ("POST", "/v1/jobs") else {}
    return ask(method, filled(path, owned) + row.query, row.body(owned), **once, **headers)


def key_of(lab: Site, browser: Browser, scopes: frozenset[str]) -> dict[str, str]:
    """What a program with these scopes sends; figures are for admins, so that key is put there."""
    from neural_lab.api.passwords import digest_of, new_key

    accounts, secret = lab.worker.store.accounts(), new_key()
    user = accounts.named(browser.ask("GET", "/v1/account").json["name"])
    accounts.add_key(user.id, digest_of(secret, lab.worker.secret), "", scopes)
    return {"authorization": f"Bearer {secret}"}


def test_every_route_there_is_stands_in_the_matrix(lab: Site) -> None:
    from neural_lab.api.routes import ROUTERS

    document = lab.app.openapi()["paths"]
    described = {(method.upper(), path) for path, operations in document.items() for method in operations}
    hidden = {(m, r.path) for router in ROUTERS for r in router.routes for m in r.methods}
    mine = {(m, r.path) for r in lab.app.routes if getattr(r, "methods", None) for m in r.methods}
    found = {(method, re.sub(r":\w+}", "}", path)) for method, path in described | hidden | mine}
    assert {(method, path) for method, path in found if method != "HEAD"} == {*ROWS}


def test_every_scope_opens_something(lab: Site) -> None:
    assert {row.scope for row in ROWS.values()} == SCOPES | {PUBLIC, PERSON}


def test_what_is_public_tells_nothing_of_anybody(lab: Site, ada: Owned) -> None:
    for (method, path), row in ROWS.items():
        if row.scope == PUBLIC:
            assert MARK not in lab.ask(method, filled(path, ada), row.body(ada)).text


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_nobody_has_to_log_in_first(lab: Site, ada: Owned, method: str, path: str) -> None:
    before, row = stored(lab, ada), ROWS[method, path]
    for headers in ({}, {"authorization": "Bearer wrong"}, {"cookie": "neural_lab_session=wrong"}):
        answer = lab.ask(method, filled(path, ada) + row.query, row.body(ada), headers)
        assert (answer.status, answer.json["code"]) == (401, "not_logged_in")
        assert answer.header("www-authenticate") == "Bearer"
        assert MARK not in answer.text
    assert stored(lab, ada) == before


@EVERY
def test_another_user_is_told_nothing_and_changes_nothing(
    lab: Site, ada: Owned, method: str, path: str
) -> None:
    before, row = stored(lab, ada), ROWS[method, path]
    name = f"bob{next(NUMBERS)}"
    bob = Browser(lab)
    assert bob.ask("POST", "/v1/account", {"name": name, "password": PASSWORD}).status == 201
    mine = Owned(name, bob, ada.source, ada.entry, ada.job, ada.key, ada.dispute)
    ways: list[dict[str, str]] = [{}]
    if row.scope in SCOPES - FOR_ADMINS:
        ways.append(key_of(lab, bob, SCOPES))
    for headers in ways:
        answer = asked(bob.ask, method, path, mine, **headers)
        foreign = "{number}" in path or ("{draft}" in path and method != "POST")
        refused = (403,) if row.scope in FOR_ADMINS else (404,) if foreign else ()
        expected = refused or (200, 201, 202, 204)
        assert answer.status in expected, answer.text
        assert MARK not in answer.text
        assert f'"source": {ada.source}' not in answer.text
    assert stored(lab, ada) == before
    assert ada.browser.ask("GET", "/v1/account").json["name"] == "ada"


@pytest.mark.parametrize(("method", "path"), [pair for pair in CLOSED if ROWS[pair].scope not in FOR_ADMINS])
def test_the_same_request_works_for_the_owner(lab: Site, method: str, path: str) -> None:
    owned = populated(lab, f"eve{next(NUMBERS)}")
    answer = asked(owned.browser.ask, method, path, owned)
    assert answer.status in (200, 201, 202, 204), answer.text


@pytest.mark.parametrize(("method", "path"), OWN)
def test_a_number_of_somebody_elses_and_one_of_nothing_get_the_same_answer(
    lab: Site, ada: Owned, method: str, path: str
) -> None:
    bob = Browser(lab)
    bob.ask("POST", "/v1/account", {"name": f"bob{next(NUMBERS)}", "password": PASSWORD})
    told = []
    for number in (ada.number(path), 987_654_321):
        answer = bob.ask(method, path.replace("{number}", str(number)), ROWS[method, path].body(ada))
        told.append(
            (answer.status, answer.text.replace(answer.json["request_id"], "").replace(str(number), ""))
        )
    assert told[0] == told[1]
    assert told[0][0] == 404


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_a_key_does_what_its_scopes_name_and_nothing_else(lab: Site, method: str, path: str) -> None:
    row = ROWS[method, path]
    owned = populated(lab, f"eve{next(NUMBERS)}")
    rest = key_of(lab, owned.browser, SCOPES - {row.scope})
    before = stored(lab, owned)
    answer = asked(lab_ask(lab), method, path, owned, **rest)
    assert (answer.status, answer.json["code"]) == (403, "no_session" if row.scope == PERSON else "no_scope")
    assert stored(lab, owned) == before
    if row.scope in SCOPES:
        alone = key_of(lab, owned.browser, frozenset({row.scope}))
        status = asked(lab_ask(lab), method, path, owned, **alone).status
        # Figures and decisions are for admins: not even a key that names them helps.
        assert status == 403 if row.scope in FOR_ADMINS else status in (200, 201, 202, 204)


def lab_ask(lab: Site) -> Callable[..., Answer]:
    """As a program asks: without cookies."""

    def ask(method: str, path: str, given: Any = None, **headers: str) -> Answer:
        return lab.ask(
            method, path, given, {name.replace("_", "-"): value for name, value in headers.items()}
        )

    return ask


def test_what_is_written_while_an_account_is_deleted_goes_with_it(
    lab: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neural_lab.api.leaving import remove_user
    from neural_lab.api.routes import library as routes

    name = f"eve{next(NUMBERS)}"
    eve, store = populated(lab, name), lab.worker.store
    user, real = store.accounts().named(name), routes._answer

    async def gone_meanwhile(*given: Any) -> Any:
        remove_user(store, user)
        return await real(*given)

    monkeypatch.setattr(routes, "_answer", gone_meanwhile)
    eve.browser.ask("POST", "/v1/library", {"sources": [{"text": "Written too late."}]})
    end = time.monotonic() + 10
    while store.library(user.owner).stats().sources:
        assert time.monotonic() < end
        time.sleep(0.01)
