"""The seam: bytes and a name in, a document or one clear error out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO, NamedTuple

from neural_lab.errors import InvalidDocument
from neural_lab.reading import html, kinds, latex, markdown, package, pdf
from neural_lab.reading.content import Content
from neural_lab.reading.decoding import decode
from neural_lab.reading.files import bytes_of_path, bytes_of_stream
from neural_lab.reading.kinds import Kind
from neural_lab.reading.limits import DEFAULT_LIMITS, Budget, Limits
from neural_lab.reading.refusal import Refused
from neural_lab.types import Document

_STDIN = "standard input"
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST_TITLE = 200


class Recognised(NamedTuple):
    """What was read, and what kind of file it was read from."""

    document: Document
    kind: Kind


def read_path(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    budget = Budget.start(limits)
    with _translated(path.name or str(path)):
        return _document(bytes_of_path(path, budget), str(path), path.name, budget).document


def read_bytes(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Document:
    """`name` is a hint to the format, and what messages call the file; the content decides."""
    return recognise(data, name, limits).document


def recognise(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Recognised:
    """As `read_bytes`, with the kind of the file."""
    budget = Budget.start(limits)
    with _translated(name):
        return _document(data, name, name, budget)


def read_stdin(stream: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Document:
    """`sys.stdin.buffer` for the path `-`."""
    budget = Budget.start(limits)
    with _translated(_STDIN):
        return _document(bytes_of_stream(stream, budget), "-", _STDIN, budget).document


def _document(data: bytes, path: str, name: str, budget: Budget) -> Recognised:
    budget.allow_bytes(len(data))
    kind, content = _content(data, PurePath(name).suffix.lower(), budget)
    budget.tick()
    budget.allow_characters(len(content.text))
    if not content.text.strip():
        raise Refused("empty")
    text = _SURROGATE.sub("\ufffd", content.text)
    title = _shown(content.title) or _shown(PurePath(name).stem)
    return Recognised(Document(text, title, path, content.pages, content.quoted), kind)


def _content(data: bytes, suffix: str, budget: Budget) -> tuple[Kind, Content]:
    if not data:
        raise Refused("empty")
    if kinds.is_pdf(data, suffix):
        return Kind.PDF, pdf.read(data, budget)
    if kinds.is_zip(data):
        return package.read(data, budget)
    kinds.refuse_foreign(data)
    return _text_content(_decoded(data, suffix), suffix, budget)


def _decoded(data: bytes, suffix: str) -> str:
    """A damaged container must not pass as text in some rare encoding."""
    try:
        return data.decode("utf-8-sig") if kinds.claims_container(suffix) else decode(data)
    except UnicodeDecodeError:
        raise Refused("damaged") from None


def _text_content(text: str, suffix: str, budget: Budget) -> tuple[Kind, Content]:
    if kinds.is_html(text, suffix):
        return Kind.HTML, html.read(text, budget)
    if kinds.is_latex(text, suffix):
        return Kind.LATEX, latex.read(text, budget)
    if kinds.is_markdown(suffix):
        return Kind.MARKDOWN, markdown.read(text, budget)
    return Kind.TEXT, Content(text)


def _shown(words: str) -> str:
    """One printable line: titles and names go to terminals, and some are made to confuse them."""
    line = "".join(c if c.isprintable() else " " for c in words[: 4 * _LONGEST_TITLE])
    return " ".join(line.split())[:_LONGEST_TITLE]


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """Only `InvalidDocument` leaves; causes are cut off, since parsers quote the text they choke on."""
    file = _shown(re.split(r"[\\/]", name)[-1]) or "the file"
    try:
        yield
    except Refused as refused:
        raise InvalidDocument(refused.code, f"{file} {refused.reason}.") from None
    except MemoryError:
        raise InvalidDocument("too_large", f"{file} {Refused('too_large').reason}.") from None
    except Exception:
        raise InvalidDocument("damaged", f"{file} {Refused('damaged').reason}.") from None
