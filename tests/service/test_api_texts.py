"""Files read without a report, and texts handed back with what their files said: the report is the file's."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from api_client import TEXTS, in_process, is_problem
from helpers import needed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_files import epub, lines, odt, pdf

from neural_lab.text.words import count_words

docx = needed("docx")

OWN = " ".join(TEXTS)
BORROWED = " ".join(f"On day {n} of the voyage we counted {n + 2} sails, far off." for n in range(30))


def quoting() -> bytes:
    document, buffer = docx.Document(), BytesIO()
    document.add_paragraph(f"\N{PILE OF POO} {OWN}")
    document.add_paragraph(BORROWED, "Quote")
    document.add_paragraph("So far the log; I believe every word of it.")
    document.save(buffer)
    return buffer.getvalue()


PAGED = pdf([lines(TEXTS[0], TEXTS[1]), [], lines(TEXTS[2], "And so we went on, and"), lines("on we went.")])
HTML = f"<!doctype html><title>Sails</title><p>{OWN}</p><blockquote>{BORROWED}</blockquote>".encode()
FILES = {
    "log of 1801.docx": quoting(),
    "paged.pdf": PAGED,
    "page.html": HTML,
    "notes.md": f"# Notes\n\n{OWN}\n\n> {BORROWED}\n".encode(),
    "paper.tex": rf"\documentclass{{article}}\begin{{document}}{OWN}\begin{{quote}}{BORROWED}\end{{quote}}"
    r"\end{document}".encode(),
    "text.txt": f"{OWN}\r\n\r\n> {BORROWED}".encode(),
    "open.odt": odt(f"<text:p>{OWN}</text:p>"),
    "book.epub": epub({"one.xhtml": f"<html><body><p>{OWN}</p></body></html>"}),
}
KINDS = {".docx": "docx", ".pdf": "pdf", ".html": "html", ".md": "markdown", ".tex": "latex", ".txt": "text"}
EVERY = pytest.mark.parametrize("name", FILES)
Answer = dict[str, Any]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with in_process(tmp_path_factory.mktemp("home")) as made:
        sources = [
            {"text": BORROWED, "title": "A log", "path": "/old/log of 1799.docx"},
            {"text": OWN, "title": "Draft", "path": "/old/page.html"},
        ]
        assert made.post("/v1/library", json={"sources": sources}).status_code == 201
        yield made


def read(client: Any, name: str, data: bytes) -> Answer:
    answer = client.post("/v1/texts", files={"file": (name, data)})
    assert answer.status_code == 200, answer.text
    found: Answer = answer.json()
    return found


@EVERY
def test_a_text_that_is_handed_back_gets_the_report_of_its_file(client: Any, name: str) -> None:
    of_file = client.post("/v1/documents", files={"file": (name, FILES[name])}, data={"keep": "false"}).json()
    text = read(client, name, FILES[name])
    given = {key: text[key] for key in ("text", "title", "path", "quoted", "pages")}
    of_text = client.post("/v1/documents", json={**given, "keep": False})
    assert of_text.status_code == 200, of_text.text
    assert of_text.json() == of_file
    assert of_file["document"]["audit"]["matches"]


@EVERY
def test_what_is_said_of_a_file_is_true(client: Any, name: str) -> None:
    text = read(client, name, FILES[name])
    assert text["kind"] == KINDS.get(Path(name).suffix, Path(name).suffix[1:])
    assert text["characters"] == len(text["text"])
    assert text["words"] == count_words(text["text"]) > 30
    assert text["path"] == name
    for place in (*text["quoted"], *text["pages"]):
        assert 0 <= place["start"] < place["end"] <= text["characters"]


def test_quotations_and_pages_are_those_of_the_file(client: Any) -> None:
    text = read(client, "log.docx", quoting())
    assert [text["text"][q["start"] : q["end"]] for q in text["quoted"]] == [BORROWED]
    report = client.post(
        "/v1/documents", json={"text": text["text"], "quoted": text["quoted"], "keep": False}
    )
    assert report.json()["document"]["quoted_share"] > 0.5
    paged = read(client, "paged.pdf", PAGED)
    assert [page["number"] for page in paged["pages"]] == [1, 3, 4]
    assert paged["text"][paged["pages"][1]["start"] :].startswith(TEXTS[2])


def test_pages_reach_the_sentences(client: Any) -> None:
    text = read(client, "paged.pdf", PAGED)
    body = {"text": text["text"], "pages": text["pages"], "keep": False}
    sentences = client.post("/v1/documents", json=body).json()["document"]["sentences"]
    assert {sentence["page"] for sentence in sentences} == {1, 3}
    assert (
        "page"
        not in client.post("/v1/documents", json=body | {"pages": []}).json()["document"]["sentences"][0]
    )


SPAN = {"start": 0, "end": 4}
WRONG = {
    "outside": {"quoted": [{"start": 0, "end": len(OWN) + 1}]},
    "empty": {"quoted": [{"start": 3, "end": 3}]},
    "backwards": {"quoted": [{"start": 5, "end": 3}]},
    "overlapping": {"quoted": [SPAN, {"start": 3, "end": 9}]},
    "out of order": {"quoted": [{"start": 5, "end": 9}, SPAN]},
    "negative": {"quoted": [{"start": -1, "end": 9}]},
    "no number": {"pages": [SPAN]},
    "numbers that fall": {"pages": [{"number": 2, **SPAN}, {"number": 1, "start": 4, "end": 9}]},
    "equal numbers": {"pages": [{"number": 1, **SPAN}, {"number": 1, "start": 4, "end": 9}]},
    "page zero": {"pages": [{"number": 0, **SPAN}]},
    "a page outside": {"pages": [{"number": 1, "start": 0, "end": len(OWN) + 1}]},
    "a word": {"pages": [{"number": "1", **SPAN}]},
}


@pytest.mark.parametrize("places", WRONG.values(), ids=[*WRONG])
@pytest.mark.parametrize("path", ["/v1/documents", "/v1/audit"])
def test_places_that_the_text_does_not_have_are_refused_by_name(
    client: Any, path: str, places: Answer
) -> None:
    found = is_problem(client.post(path, json={"text": OWN, **places}), 422, "invalid_input")
    (field,) = places
    assert found["errors"][0]["field"].startswith(field)


@given(st.lists(st.integers(0, len(OWN)), max_size=8, unique=True))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_places_in_order_are_taken(client: Any, borders: list[int]) -> None:
    spans = list(zip(sorted(borders)[::2], sorted(borders)[1::2], strict=False))
    quoted = [{"start": start, "end": end} for start, end in spans]
    pages = [{"number": n, "start": s, "end": e} for n, (s, e) in enumerate(spans, 1)]
    answer = client.post("/v1/audit", json={"text": OWN, "quoted": quoted, "pages": pages, "keep": False})
    assert answer.status_code == 200, answer.text
    assert answer.json()["document"]["pages"] == pages


BROKEN: list[tuple[Answer, Answer, str]] = [
    ({"other": ("a.txt", b"words " * 50)}, {}, "no_file"),
    ({"file": ("a.txt", b"")}, {}, "empty"),
    ({"file": ("a.pdf", b"%PDF-1.7 no")}, {}, "damaged"),
    ({"file": ("a.docx", b"PK\x03\x04 no")}, {}, "damaged"),
    ({"file": ("a.rtf", b"{\\rtf1 words}")}, {}, "unknown_format"),
    ({"file": ("a.txt", b"words " * 50)}, {"text": "Another text."}, "invalid_input"),
]


@pytest.mark.parametrize(("files", "data", "code"), BROKEN)
def test_files_that_cannot_be_read_are_refused_as_for_a_report(
    client: Any, files: Answer, data: Answer, code: str
) -> None:
    found = [client.post(path, files=files, data=data) for path in ("/v1/texts", "/v1/documents")]
    told = [is_problem(answer, 422, code)["detail"] for answer in found]
    assert told[0] == told[1]


def test_a_text_is_no_file(client: Any) -> None:
    is_problem(client.post("/v1/texts", json={"text": OWN}), 422, "no_file")


def test_reading_counts_and_keeps_nothing(tmp_path: Path) -> None:
    with in_process(tmp_path / "home", character_rate=f"{2 * len(OWN)}/60") as client:
        file = {"file": ("a.txt", OWN.encode())}
        statuses = [client.post("/v1/texts", files=file).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert client.get("/v1/history").json()["entries"] == []
        assert client.get("/v1/library/stats").json()["sources"] == 0
