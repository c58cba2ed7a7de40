"""Evidence over HTTP: JSON or a page, for a body or a form, and verified without the service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from api_client import JSON, TEXTS, in_process, is_problem
from asking import quick_passwords
from helpers import needed
from packs import ended, lab

needed("fastapi")
from starlette.testclient import TestClient

from neural_lab.api.media import MOST_PARTS
from neural_lab.evidence.canonical import digest
from neural_lab.evidence.checks import Outcome
from neural_lab.evidence.opening import open_bytes
from neural_lab.report.evidence_html import page_policy

TEXT = " ".join(TEXTS * 3)
DRAFT = "3f0f9a52-7d0c-4a43-9a8e-0b5c7a1d2e3f"
FIELDS = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with in_process(tmp_path_factory.mktemp("evidence")) as opened:
        yield opened


def made(client: TestClient, **more: Any) -> Any:
    answer = client.post("/v1/evidence", json={"text": TEXT, "title": "Essay", **more})
    assert answer.status_code == 200, answer.text
    return answer


def test_json_is_the_pack_and_what_the_report_says(client: TestClient) -> None:
    answer = made(client)
    values = answer.json()
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    name = f"evidence-{values['report']['text_sha256'][:8]}.json"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert values["digest"] == digest(values)
    report = client.post("/v1/documents", json={"text": TEXT, "title": "Essay", "keep": False}).json()
    assert values["report"] == {key: report["document"][key] for key in values["report"]}
    assert ended(values) is Outcome.VERIFIED


def test_a_page_has_the_policy_of_its_style_and_no_other(client: TestClient) -> None:
    answer = made(client, format="html", download=False)
    opened = open_bytes(answer.content)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("inline; ")
    assert answer.headers["content-disposition"].endswith('.html"')
    policy = answer.headers["content-security-policy"]
    assert policy == f"{page_policy(opened.values)}; frame-ancestors 'none'"
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert ended(opened.values, opened.page) is Outcome.VERIFIED


def test_options_are_told_and_recomputed_with(client: TestClient) -> None:
    genre = lab().detector.groups("genre")[0]
    own = {"quoted": [{"start": 0, "end": 20}], "pages": [{"number": 3, "start": 0, "end": len(TEXT)}]}
    values = made(client, max_false_positives=0.05, genre=genre, writer="native", path="x.pdf", **own).json()
    assert values["options"] == {"max_false_positives": 0.05, "genre": genre, "writer": "native"} | own
    assert values["report"]["sentences"][0]["page"] == 3
    assert ended(values) is Outcome.VERIFIED


def test_without_the_text_nothing_of_it_leaves(client: TestClient) -> None:
    for form in ("json", "html"):
        answer = made(client, format=form, without_text=True, title="")
        assert [words for words in ("walked home", "notebook", "mountains") if words in answer.text] == []
        assert ended(open_bytes(answer.content).values, text=TEXT) is Outcome.VERIFIED


def test_a_form_holds_the_request_in_one_field(client: TestClient) -> None:
    def sent(**fields: str) -> Any:
        return client.post("/v1/evidence", files={name: (None, each) for name, each in fields.items()})

    short = json.dumps({"text": f"“Grüße” & so on. {TEXT}", "audit": False})
    # Longer than what is read of a field where nobody says how much may be.
    assert sent(request=short + " " * 2_000_000).json()["text"] == f"“Grüße” & so on. {TEXT}"
    is_problem(sent(request="{"), 422, "invalid_input")
    is_problem(sent(request=json.dumps({"text": TEXT, "colour": "red"})), 422, "invalid_input")
    is_problem(sent(text=TEXT), 422, "no_request")


def test_forms_that_hold_anything_else_are_refused(client: TestClient) -> None:
    request = json.dumps({"text": TEXT})
    for files in ({"request": (None, request), "more": (None, "1")}, {"request": ("a.json", request)}):
        assert client.post("/v1/evidence", files=files).status_code in (400, 422)
    # Letters there may be written so that nobody sees the braces.
    fields = urlencode({"request": request})
    is_problem(client.post("/v1/evidence", content=fields, headers=FIELDS), 415, "media_type")


def test_braces_are_counted_as_the_form_means_them(client: TestClient) -> None:
    bomb = b'+AHs-"text":"x","quoted":+AFs-' + b"+AHsAfQ-," * (MOST_PARTS // 2)
    bomb += b"+AHsAewB7AHsAewB7AHsAewB7AHs-" * (MOST_PARTS // 10)
    body = b'--x\r\ncontent-disposition: form-data; name="request"\r\n\r\n' + bomb + b"\r\n--x--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=x; charset=utf-7"}
    answer = client.post("/v1/evidence", content=body, headers=headers)
    is_problem(answer, 422, "too_many_parts")


@pytest.mark.parametrize(
    "wrong",
    [{"format": "pdf"}, {"trail": "mine"}, {"without_text": "yes"}, {"text": " "}, {"exclusions": {"x": 1}}],
)
def test_what_cannot_be_used_is_refused(client: TestClient, wrong: dict[str, Any]) -> None:
    body = json.dumps({"text": TEXT} | wrong)
    is_problem(client.post("/v1/evidence", content=body, headers=JSON), 422, "invalid_input")


def test_the_library_is_searched_with_the_exclusions_that_were_asked_for(client: TestClient) -> None:
    source = {"text": f"Long ago. {TEXT[:400]} So it went.", "title": "Old", "path": "/old.txt"}
    (number,) = client.post("/v1/library", json={"sources": [source]}).json()["numbers"]
    values = made(client).json()
    assert values["audit"]["coverage"] > 0.3
    assert values["library"]["sources"] == 1
    page = made(client, format="html", exclusions={"sources": [number]})
    opened = open_bytes(page.content)
    assert opened.values["audit"]["coverage"] == 0
    assert ended(opened.values, opened.page) is Outcome.VERIFIED
    assert made(client, audit=False).json()["audit"] is None


def test_a_draft_s_chain_goes_in(client: TestClient) -> None:
    is_problem(client.post("/v1/evidence", json={"text": TEXT, "trail": DRAFT}), 404, "no_draft")
    for text in ("", TEXT[:100], TEXT):
        client.post(f"/v1/trails/{DRAFT}", json={"text": text})
    opened = open_bytes(made(client, trail=DRAFT, format="html").content)
    told = client.get(f"/v1/trails/{DRAFT}?texts=false").json()
    assert opened.values["trail"] == told
    assert len(told["snapshots"]) == 3
    assert ended(opened.values, opened.page) is Outcome.VERIFIED


def test_a_chain_that_is_not_there_is_missed_before_anything_is_scored(tmp_path: Path) -> None:
    with in_process(tmp_path, character_rate=f"{len(TEXT)}/60") as client:
        for _ in range(3):
            is_problem(client.post("/v1/evidence", json={"text": TEXT, "trail": DRAFT}), 404, "no_draft")
        made(client)


def test_nothing_is_kept_unless_asked(client: TestClient) -> None:
    def kept() -> int:
        return len(client.get("/v1/history").json()["entries"])

    before = kept()
    made(client)
    assert kept() == before
    made(client, keep=True)
    assert kept() == before + 1


def test_a_key_needs_the_scope_of_trails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick_passwords(monkeypatch)
    with in_process(tmp_path, accounts=True, sign_up=True) as client:
        client.post("/v1/account", json={"name": "ada", "password": "correct horse battery"})
        key = client.post("/v1/account/keys", json={"scopes": ["documents"]}).json()["key"]
        client.cookies.clear()
        bearer = {"authorization": f"Bearer {key}"}
        body = {"text": TEXT, "audit": False}
        assert client.post("/v1/evidence", json=body, headers=bearer).status_code == 200
        asked = client.post("/v1/evidence", json=body | {"trail": DRAFT}, headers=bearer)
        is_problem(asked, 403, "no_scope")
