"""What a body has to be: JSON in UTF-8 or, on one path, a form."""

import codecs
import gzip
import json

import pytest
from api_client import JSON, SHORT, in_process, is_problem

BODY = json.dumps({"texts": [SHORT]}).encode()
PATHS = ("/detect", "/v1/documents", "/v1/jobs")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with in_process(tmp_path_factory.mktemp("home"), most_body_mb=3) as made:
        yield made


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/xml"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "json"},
        {"content-type": ""},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {"content-type": "application/json", "content-encoding": "identity, br"},
    ],
)
def test_a_body_of_another_type_is_refused(client, headers):
    body = gzip.compress(BODY) if "gzip" in headers.values() else BODY
    is_problem(client.post("/detect", content=body, headers=headers), 415, "media_type")


@pytest.mark.parametrize(
    "kind", ["application/json;charset=UTF-8", "Application/JSON", "application/json; x=y"]
)
def test_json_may_be_named_in_every_way(client, kind):
    assert client.post("/detect", content=BODY, headers={"content-type": kind}).status_code == 200


def test_documents_are_taken_as_json_or_a_form_and_as_nothing_else(client):
    for kind in ("text/plain", "multipart/mixed; boundary=x", "application/octet-stream"):
        answer = client.post("/v1/documents", content=b"some words", headers={"content-type": kind})
        assert "multipart/form-data" in is_problem(answer, 415)["detail"]
    unbounded = client.post("/v1/documents", content=b"x", headers={"content-type": "multipart/form-data"})
    is_problem(unbounded, 422, "unreadable")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"texts": ["' + b"x" * 20 + b'"]',
        b"[" * 100_000,
        b'{"texts": ' + b"[" * 100 + b"]" * 100 + b"}",
        b'{"texts": ["0123456789abc"], "threshold": NaN}',
        b'{"texts": ["0123456789abc"], "threshold": -Infinity}',
        b'{"texts": ["0123456789abc"], "threshold": 1e999}',
        b'{"texts": ["0123456789abc"], "threshold": ' + b"9" * 5_000 + b"}",
        b'{"texts": ["0123456789abc\xff"]}',
        b'{"texts": ["0123456789abc\\ud800"]}',
        b'{"texts": ["0123456789abc"], "\\ud800": 1}',
    ],
)
@pytest.mark.parametrize("path", ["/detect", "/v1/documents", "/v1/jobs"])
def test_json_that_is_none_or_out_of_bounds_is_refused(client, path, body):
    is_problem(client.post(path, content=body, headers=JSON), 422)


def test_of_equal_keys_the_last_counts(client):
    body = b'{"texts": ["too short"], "texts": ["0123456789abc"], "threshold": 2, "threshold": 1}'
    found = client.post("/detect", content=body, headers=JSON)
    assert found.json()["predictions"] == [0]


WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")


@pytest.mark.parametrize("encoding", WIDE)
@pytest.mark.parametrize("path", PATHS)
def test_json_is_utf8_and_nothing_wider(client, path, encoding):
    for text in (json.dumps({"texts": [SHORT]}), "1", '"\U0001f511"', "{}", "\n{}"):
        refused = client.post(path, content=text.encode(encoding), headers=JSON)
        assert "UTF-8" in is_problem(refused, 415, "media_type")["detail"]


@pytest.mark.parametrize("path", PATHS)
def test_what_is_not_utf8_or_has_a_zero_is_refused(client, path):
    for body in (b'{"texts": ["caf\xe9 au lait"]}', b'{"texts": ["a zero\x00 inside"]}', codecs.BOM_UTF16_LE):
        assert client.post(path, content=body, headers=JSON).status_code in (415, 422)


@pytest.mark.parametrize(
    ("path", "body"), [("/detect", {"texts": [SHORT]}), ("/v1/documents", {"text": SHORT})]
)
def test_letters_of_any_language_come_through_in_utf8(client, path, body):
    for text in (
        "Ich ging im Regen nach Hause – über die Brücke.",
        "雨の中を歩いて家に帰りました。",
        "🔑" * 12,
    ):
        given = json.loads(json.dumps(body).replace(SHORT, text))
        raw = json.dumps(given, ensure_ascii=False).encode()
        for mark in (b"", codecs.BOM_UTF8):
            assert client.post(path, content=mark + raw, headers=JSON).status_code == 200


def test_a_file_in_another_encoding_is_no_json(client):
    file = {"file": ("walk.txt", ("I walked home along the river. " * 9).encode("utf-16"))}
    assert client.post("/v1/documents", files=file).status_code == 200


def test_a_body_of_very_many_parts_is_refused_before_they_are_read(client):
    body = b'{"texts": [' + b"{}," * 300_000 + b"{}]}"
    is_problem(client.post("/detect", content=body, headers=JSON), 413, "too_large")
