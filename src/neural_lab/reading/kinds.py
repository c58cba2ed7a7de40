"""What a file is, told by its first bytes; its name only breaks ties between kinds of text."""

from __future__ import annotations

import re
from enum import StrEnum

from neural_lab.reading.refusal import Refused

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_FOREIGN = {
    _OLE: "is an old Office file; save it as .docx",
    b"{\\rtf": "is rich text; save it as .docx or .txt",
    b"%!PS": "is PostScript; save it as .pdf",
    b"\x1f\x8b": "is compressed; unpack it first",
    b"BZh": "is compressed; unpack it first",
    b"\xfd7zXZ": "is compressed; unpack it first",
    b"7z\xbc\xaf\x27\x1c": "is an archive; unpack it first",
    b"Rar!\x1a": "is an archive; unpack it first",
    b"\x89PNG": "is an image; run OCR first",
    b"\xff\xd8\xff": "is an image; run OCR first",
    b"GIF8": "is an image; run OCR first",
    b"II*\x00": "is an image; run OCR first",
    b"MM\x00*": "is an image; run OCR first",
    b"AT&TFORM": "is a scan in DjVu; run OCR first",
}
_CONTAINERS = frozenset({".pdf", ".doc", ".docx", ".docm", ".dotx", ".odt", ".ott", ".epub"})
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)?<(?:!doctype\s+html|html)\b", re.I)
_LATEX = re.compile(r"^[ \t]*\\document(?:class|style)\b", re.M)
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_LATEX_SUFFIXES = frozenset({".tex", ".latex", ".ltx"})
_HEAD = 4096


class Kind(StrEnum):
    """What a file that can be read turned out to be."""

    PDF = "pdf"
    WORD = "docx"
    OPEN_TEXT = "odt"
    BOOK = "epub"
    HTML = "html"
    LATEX = "latex"
    MARKDOWN = "markdown"
    TEXT = "text"


def is_pdf(data: bytes, suffix: str) -> bool:
    """Readers accept a header that follows other bytes; so do we, if the name says PDF."""
    return data.lstrip()[:5] == b"%PDF-" or (suffix == ".pdf" and b"%PDF-" in data[:1024])


def is_zip(data: bytes) -> bool:
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def refuse_foreign(data: bytes) -> None:
    """Known kinds that hold no text which could be read here."""
    if data.startswith(_OLE) and _ENCRYPTED_PACKAGE in data:
        raise Refused("encrypted")
    for start, reason in _FOREIGN.items():
        if data.startswith(start):
            raise Refused("unknown_format", reason)


def claims_container(suffix: str) -> bool:
    """Whether the name promises a format that is no text."""
    return suffix in _CONTAINERS


def is_html(text: str, suffix: str) -> bool:
    return suffix in _HTML_SUFFIXES or bool(_HTML.match(text[:_HEAD]))


def is_latex(text: str, suffix: str) -> bool:
    """By content only where it starts like a LaTeX file: other texts may speak about LaTeX."""
    starts = text.lstrip()[:1] in ("\\", "%")
    return suffix in _LATEX_SUFFIXES or (starts and bool(_LATEX.search(text[:_HEAD])))


def is_markdown(suffix: str) -> bool:
    return suffix in _MARKDOWN_SUFFIXES
