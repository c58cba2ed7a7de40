"""Whatever the bytes and whatever the name: a document or `InvalidDocument`, and soon."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_files import archive, epub, lines, odt, pdf, word

from neural_lab.errors import InvalidDocument
from neural_lab.reading import Limits, read_bytes
from neural_lab.types import Document

CODES = (
    "not_found is_a_directory unreadable empty too_large too_many_pages unpacks_too_large too_many_characters"
    " took_too_long encrypted no_text_layer damaged unknown_format undecodable"
)
SUFFIXES = ["", ".txt", ".md", ".html", ".tex", ".pdf", ".docx", ".odt", ".epub", ".\ud800"]
LIMITS = Limits(seconds=5)
MARKUP = (
    "<p>a</p> <div><table><tr><td> \\begin{a} \\end{a} \\section{ } $ % ` # * _ [ ]( ) > --- | &amp; \n\n"
)
modest = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def a_docx() -> bytes:
    buffer, document = BytesIO(), docx.Document()
    document.add_paragraph("Words in a file.")
    document.save(buffer)
    return buffer.getvalue()


def stored(data: bytes) -> bytes:
    """The same archive without compression, so that mutations reach the XML."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as packed, zipfile.ZipFile(buffer, "w") as plain:
        for name in packed.namelist():
            plain.writestr(name, packed.read(name))
    return buffer.getvalue()


BOOK = epub({"a.xhtml": "<html><body><p>Words</p></body></html>"})
OPEN = odt("<text:p>Words <text:s text:c='3'/> more</text:p><table:table/>")
FILES = [
    pdf([lines("Words on a page,", "and more."), lines("Another page.")]),
    *(
        a_docx(),
        OPEN,
        BOOK,
        stored(OPEN),
        stored(BOOK),
        stored(word("<w:p><w:r><w:t>Words</w:t></w:r></w:p>")),
    ),
    *("Grüße, wörds.".encode(codec) for codec in ("utf-8-sig", "utf-16", "utf-32", "cp1252")),
    b"---\ntitle: x\n---\n# Words\n\n- a\n\n| a |\n|---|\n| b |\n",
    b"<!doctype html><title>t</title><p>Words<pre>a\nb</pre>",
    b"\\documentclass{a}\\title{x}\\begin{document}Words $x$ \\cite{a}\\end{document}",
]


def is_sound(document: Document) -> None:
    document.text.encode("utf-8")
    assert document.title.isprintable()
    assert all(0 <= p.span.start < p.span.end <= len(document.text) for p in document.pages)


def is_clear(error: InvalidDocument) -> None:
    assert error.code in CODES.split()
    assert error.message.endswith(".")
    assert error.message.isprintable()


def survives(data: bytes, name: str) -> None:
    began = time.monotonic()
    try:
        is_sound(read_bytes(data, name, LIMITS))
    except InvalidDocument as error:
        is_clear(error)
    assert time.monotonic() - began < LIMITS.seconds + 5


@modest
@given(st.binary(max_size=2000), st.sampled_from(SUFFIXES))
def test_random_bytes(data: bytes, suffix: str) -> None:
    survives(data, f"a{suffix}")


@modest
@given(
    st.lists(st.sampled_from(MARKUP.split(" ")) | st.text(max_size=8), max_size=60), st.sampled_from(SUFFIXES)
)
def test_random_markup(words: list[str], suffix: str) -> None:
    survives(" ".join(words).encode("utf-8", "surrogatepass"), f"a{suffix}")


@pytest.mark.parametrize("file", FILES, ids=range(len(FILES)))
@settings(modest, max_examples=60)
@given(st.data())
def test_mutated_files(file: bytes, data: st.DataObject) -> None:
    damaged = bytearray(file)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged)))
        damaged[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    survives(bytes(damaged), f"a{data.draw(st.sampled_from(SUFFIXES))}")


@modest
@given(
    st.binary(max_size=300), st.sampled_from(["word/document.xml", "_rels/.rels", "content.xml", "mimetype"])
)
def test_random_members(content: bytes, name: str) -> None:
    survives(archive({"[Content_Types].xml": "", "word/x": "", "content.xml": "", name: content}), "a.docx")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "piece", ["<div>", "[", "{", "\\begin{a}", "> ", "*a ", "<!--", "$", "<a ", "- \n", "\\title{"]
)
def test_one_thing_over_and_over(piece: str, suffix: str) -> None:
    survives(piece.encode() * 20_000, f"a{suffix}")
