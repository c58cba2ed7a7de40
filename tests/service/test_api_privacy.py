"""Nothing that a user wrote appears in the logs, the figures or the errors of the service."""

import json
import re
import time
from contextlib import closing
from http.client import HTTPConnection
from types import SimpleNamespace

import pytest
import serving
from api_client import in_process

WORD = "xylophonicmarmalade"
SECRET = f"My {WORD} stays with me, and so does everything that I ever wrote about it."
PATH = SECRET.replace(" ", "%20")
DRAFT = "3f0f9a52-7d0c-4a43-9a8e-0b5c7a1d2e3f"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving.service(tmp_path_factory.mktemp("home"), SIGN_UP="1") as made:
        yield made


def multipart(name, file_name, content, **fields):
    lines = [
        b"--edge",
        f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"'.encode(),
        b"",
    ]
    lines.append(content)
    for field, value in fields.items():
        lines += [b"--edge", f'Content-Disposition: form-data; name="{field}"'.encode(), b"", value.encode()]
    return b"\r\n".join([*lines, b"--edge--", b""])


def forms(path):
    """Bodies of a path as forms; the first is in order."""
    options = {"title": SECRET} if path == "/v1/documents" else {}
    yield multipart("file", f"{SECRET}.txt", (SECRET * 9).encode(), **options)
    yield multipart("file", f"{SECRET}.pdf", b"%PDF-1.7 " + SECRET.encode())
    yield multipart("file", f"a.{WORD}", b"")
    yield multipart(SECRET, "a.txt", SECRET.encode())
    yield multipart("file", "a.txt", SECRET.encode(), **{WORD: SECRET})
    yield multipart("file", "a.txt", SECRET.encode(), genre=SECRET)
    yield multipart("file", "a.txt", SECRET.encode(), keep=SECRET)
    yield SECRET.encode()


def bodies():
    """Path and body of requests that say the secret; the first of each path is in order."""
    yield "/detect", {"texts": [SECRET]}
    yield "/detect", {"texts": [SECRET, WORD[:9]]}
    yield "/detect", {"texts": [SECRET * 200]}
    yield "/detect", {"texts": [SECRET], "threshold": SECRET}
    yield "/detect", {"texts": [SECRET], SECRET: SECRET}
    yield "/detect", {"texts": [{SECRET: SECRET}]}
    yield "/detect", {"texts": [SECRET + "\ud800"]}
    yield "/v1/documents", {"text": SECRET, "title": SECRET, "writer": None}
    yield "/v1/documents", {"text": SECRET, "genre": SECRET[:90]}
    yield "/v1/documents", {"text": SECRET, "title": SECRET * 20}
    yield "/v1/documents", {WORD: SECRET}
    yield "/v1/detect", {"documents": [{"text": SECRET, "title": SECRET}]}
    yield "/v1/detect", {"documents": [{"text": SECRET, WORD: SECRET}]}
    yield "/v1/detect", {"documents": SECRET}
    yield "/v1/library", {"sources": [{"text": SECRET, "title": SECRET, "path": f"/home/{SECRET}"}]}
    yield (
        "/v1/library",
        {"sources": [{"text": SECRET, "date": SECRET, "language": SECRET, "collection": SECRET}]},
    )
    yield "/v1/audit", {"text": SECRET, "title": SECRET, "path": SECRET, "collections": [SECRET]}
    yield "/v1/audit", {"text": SECRET, "exclusions": {SECRET: True}}
    yield "/v1/audit", {"text": SECRET, "templates": [SECRET, 7]}
    yield "/v1/compare", {"documents": [{"text": SECRET, "title": SECRET, "path": SECRET}] * 2}
    yield "/v1/compare", {"documents": [{"text": SECRET, "quoted": [{"start": 0, "end": 9_999}]}] * 2}
    yield "/v1/fingerprints", {"fingerprints": [SECRET]}
    yield "/v1/fingerprints", {"fingerprints": [SECRET, WORD]}
    yield "/v1/jobs", {"documents": [{"text": SECRET, "title": SECRET}]}
    yield "/v1/jobs", {"documents": [{"text": SECRET}], "writer": SECRET[:90]}
    dispute = {"text_sha256": "ab" * 32, "start": 0, "end": len(SECRET), "passage": SECRET, "note": SECRET}
    dispute |= {"probability": 0.9, "detector": {"name": WORD, "version": "1"}, "claim": "human"}
    yield "/v1/disputes", {**dispute, "title": SECRET, "consent": True, "training_consent": True}
    yield "/v1/disputes", {**dispute, "consent": False}
    yield "/v1/disputes", {**dispute, "consent": True, "end": 9}
    yield "/v1/review/disputes/1", {"decision": "accepted", "note": SECRET}
    yield "/v1/review/disputes/1", {"decision": SECRET, "note": [SECRET]}
    yield "/v1/disputes", {**dispute, "consent": SECRET, "claim": SECRET, "text_sha256": SECRET}
    yield f"/v1/trails/{DRAFT}", {"text": SECRET, "title": SECRET}
    yield f"/v1/trails/{DRAFT}", {"text": [SECRET], "title": SECRET * 20, WORD: SECRET}
    yield f"/v1/trails/{WORD}", {"text": SECRET}
    yield "/v1/session", {"name": WORD, "password": SECRET}
    yield "/v1/account", {"name": SECRET, "password": SECRET, WORD: SECRET}


def paths():
    yield f"/{PATH}"
    yield f"/v1/detectors/{PATH}"
    yield f"/v1/library/{WORD}"
    yield f"/v1/jobs/{WORD}/events"
    yield f"/v1/trails/{PATH}"
    yield f"/v1/disputes?most={PATH}"
    yield f"/v1/history/1?most={PATH}"
    yield f"/v1/history?search={PATH}&before={WORD}"
    yield f"/v1/library?search={PATH}"
    yield f"/v1/library?{WORD}={PATH}&after={PATH}"
    yield f"/metrics?{PATH}"


def wrong(answer):
    """Whether an answer is an error, which then has to say nothing."""
    if answer.status < 400:
        return False
    assert WORD.encode() not in answer.body.lower(), answer.body
    assert not any(WORD in f"{name}{value}".lower() for name, value in answer.headers.items())
    return True


def posted(served, path, data, **headers):
    with closing(HTTPConnection("127.0.0.1", served.port, timeout=60)) as connection:
        connection.request("POST", path, data, headers)
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return SimpleNamespace(status=answer.status, headers=told, body=answer.read())


def test_bodies_are_told_to_nobody(served):
    refused = [wrong(serving.ask(served.port, "POST", path, body)) for path, body in bodies()]
    assert 12 <= sum(refused) < len(refused) - 6
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    for path in ("/v1/documents", "/v1/texts"):
        refused = [wrong(posted(served, path, body, **kind)) for body in forms(path)]
        assert refused == [False] + [True] * (len(refused) - 1)
    for kind in (SECRET, f"text/{WORD}", f"application/json; charset={WORD}"):
        assert wrong(posted(served, "/detect", SECRET.encode(), **{"Content-Type": kind}))
    assert wrong(posted(served, "/detect", SECRET.encode(), **{"Content-Type": "application/json"}))
    assert wrong(posted(served, "/detect", b"\xff" + SECRET.encode(), **{"Content-Type": "application/json"}))


def test_paths_queries_headers_and_methods_are_told_to_nobody(served):
    assert sum(wrong(serving.ask(served.port, "GET", path)) for path in paths()) >= 5
    names = ("Authorization", "Cookie", "User-Agent", "Referer", "X-Forwarded-For", "Idempotency-Key", WORD)
    for name in (*names, "X-Request-Id", "Origin", "Accept", "Traceparent"):
        wrong(posted(served, "/v1/jobs", b"{}", **{"Content-Type": "application/json", name: SECRET}))
    assert wrong(serving.ask(served.port, "GET", "/health", Host=f"{WORD}.example"))
    assert wrong(serving.ask(served.port, WORD.upper(), "/health"))
    assert wrong(serving.ask(served.port, "MKCOL", "/health"))


def test_logs_and_figures_have_none_of_it_and_still_say_what_happened(served):
    for job in serving.ask(served.port, "GET", "/v1/jobs").json["jobs"]:
        while serving.ask(served.port, "GET", f"/v1/jobs/{job['id']}").json["state"] in ("queued", "running"):
            time.sleep(0.1)
    figures = serving.ask(served.port, "GET", "/metrics").body.decode()
    log = served.log.read_text()
    pieces = (WORD, "stays with me", "everything that I ever wrote")
    for where in (figures, log):
        assert not [piece for piece in pieces if piece in where.lower()]
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert len(lines) > 40
    assert {line["route"] for line in lines if "route" in line} > {"/detect", "/v1/documents", "none"}
    assert set(re.findall(r'method="(\w+)"', figures)) <= {"GET", "POST", "other"}
    assert "127.0.0.1" not in "".join(line for line in log.splitlines() if line.startswith("{"))


def test_events_say_how_much_was_written_and_not_what(served):
    serving.ask(served.port, "POST", "/detect", {"texts": [f"Another {SECRET}"]})
    served.stop()
    import sqlite3

    with closing(sqlite3.connect(served.log.parent / "lab.db")) as connection:
        rows = connection.execute("select * from event").fetchall()
    assert rows
    assert WORD not in str(rows)
    served.start()


def test_names_and_passwords_are_told_to_nobody(tmp_path, capfd):
    right, host = {"name": WORD, "password": SECRET}, {"host": "localhost"}
    with in_process(tmp_path / "home", accounts=True, sign_up=True, login_rate="1000/1") as client:
        assert client.post("/v1/account", json=right, headers=host).status_code == 201
        answers = [
            client.post("/v1/account", json=right),
            client.post("/v1/session", json=right | {"password": WORD}),
            client.post("/v1/session", json={"name": SECRET, "password": [SECRET]}),
            client.post("/v1/account", json=right | {"name": f"{WORD}2", "password": WORD[:5]}),
            client.put("/v1/account/password", json={"password": WORD, "new_password": SECRET}),
            client.post("/v1/account/keys", json={"label": SECRET * 9, "scopes": [WORD]}),
            client.get("/v1/account", headers={"authorization": f"Bearer {WORD}"}),
            client.get("/v1/account", headers={"authorization": f"Basic {WORD}"}),
        ]
        assert client.post("/v1/session", json=right).status_code == 200
        figures = client.get("/metrics")
    assert all(answer.status_code < 500 for answer in answers)
    assert sum(answer.status_code >= 400 for answer in answers) >= 7
    said = capfd.readouterr()
    for where in (
        *(each.text for each in answers if each.status_code >= 400),
        figures.text,
        said.out + said.err,
    ):
        assert WORD not in where.lower()
    assert "/v1/session" in said.err
