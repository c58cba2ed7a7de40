"""Small real files of every format, built in memory."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

from neural_lab.types import Document

Placed = tuple[float, float, float, str]
"""x, y, size and text of one line on a PDF page."""

_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
_PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {} 0 R {} >>"
_RESOURCES = "/Resources << /Font << /F1 3 0 R >> >>"
_HASH = "41" * 32
_LOCK = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{_HASH}> /U <{_HASH}> >> /ID [<00> <00>]"

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ODT = f"""<?xml version="1.0" encoding="UTF-8"?>{{doctype}}
<office:document-content xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0"
 xmlns:table="{_ODF}:table:1.0" xmlns:draw="{_ODF}:drawing:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><office:body><office:text>{{body}}</office:text></office:body>
</office:document-content>"""
_OPF = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>A Book</dc:title></metadata><manifest>{items}</manifest>
<spine>{spine}</spine></package>"""
_CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="/word/document.xml"/></Relationships>"""


def lines(*texts: str, top: float = 720) -> list[Placed]:
    """Lines of 12 points at the usual distance."""
    return [(72, top - 14 * i, 12, text) for i, text in enumerate(texts)]


def pdf(pages: Sequence[Sequence[Placed]], *, title: str = "", locked: bool = False) -> bytes:
    streams = [_stream(page) for page in pages]
    kids = [4 + 2 * i for i in range(len(pages))]
    tree = f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{k} 0 R' for k in kids)}] >>"
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", tree.encode(), _FONT.encode()]
    for number, stream in zip(kids, streams, strict=True):
        objects += [_PAGE.format(number + 1, _RESOURCES).encode(), stream]
    return _file([*objects, f"<< /Title ({title}) >>".encode()], _LOCK if locked else "")


def _stream(page: Sequence[Placed]) -> bytes:
    shown = [f"/F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj" for x, y, size, text in page]
    body = "\n".join(("BT", *shown, "ET")).encode("cp1252")
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(body), body)


def quoted(document: Document) -> list[str]:
    return [span.of(document.text) for span in document.quoted]


def _file(objects: Sequence[bytes], extra: str) -> bytes:
    out, at = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        at.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in at)
    size = len(objects) + 1
    trailer = f"trailer << /Size {size} /Root 1 0 R /Info {len(objects)} 0 R {extra} >>".encode()
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s\nstartxref\n%d\n%%%%EOF" % (
        *(size, table, trailer, len(out)),
    )


def archive(members: Mapping[str, str | bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def odt(body: str, *, doctype: str = "", **members: str) -> bytes:
    kind = {"mimetype": "application/vnd.oasis.opendocument.text"}
    return archive(kind | {"content.xml": _ODT.format(doctype=doctype, body=body)} | members)


def epub(chapters: Mapping[str, str], extra: Mapping[str, str] | None = None) -> bytes:
    items = "".join(f'<item id="i{i}" href="{name}"/>' for i, name in enumerate(chapters))
    spine = "".join(f'<itemref idref="i{i}"/>' for i in range(len(chapters)))
    book = {"META-INF/container.xml": _CONTAINER, "OEBPS/book.opf": _OPF.format(items=items, spine=spine)}
    return archive(book | {f"OEBPS/{name}": text for name, text in chapters.items()} | dict(extra or {}))


def word(body: str, **parts: str) -> bytes:
    """A Word file of bare XML, for what python-docx cannot write."""
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    files = {"[Content_Types].xml": "<Types/>", "_rels/.rels": _RELATIONS, "word/document.xml": document}
    return archive(
        files | {f"word/{name}.xml": f'<w:x xmlns:w="{_WORD}">{x}</w:x>' for name, x in parts.items()}
    )
