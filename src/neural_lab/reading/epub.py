"""Electronic books (epub): the chapters in reading order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote

from neural_lab.reading import html
from neural_lab.reading.archive import Archive
from neural_lab.reading.content import Content
from neural_lab.reading.decoding import decode
from neural_lab.reading.limits import Budget
from neural_lab.reading.markup import parse, text_of
from neural_lab.reading.quoted import shifted
from neural_lab.reading.refusal import Refused
from neural_lab.types import Span

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_BREAK = "\n\n"


def read(archive: Archive, budget: Budget) -> Content:
    package = next(parse(archive.read(_CONTAINER)).iter("{*}rootfile")).get("full-path")
    root = parse(archive.read(package))
    chapters = list(_chapters(root, posixpath.dirname(package)))
    if not _encrypted(archive).isdisjoint(chapters):
        raise Refused("encrypted", "is protected against copying; export a copy without protection")
    contents = [html.read(decode(archive.read(name)), budget) for name in chapters]
    return _bound([content for content in contents if content.text], text_of(root, "title"))


def _bound(chapters: Sequence[Content], title: str) -> Content:
    quoted: list[Span] = []
    at = 0
    for chapter in chapters:
        quoted += shifted(chapter.quoted, at)
        at += len(chapter.text) + len(_BREAK)
    return Content(_BREAK.join(chapter.text for chapter in chapters), title, quoted=tuple(quoted))


def _chapters(package: Any, folder: str) -> Iterator[str]:
    """Members in the order of the spine; the table of contents is no chapter."""
    items = {item.get("id"): item for item in package.iter("{*}item")}
    for reference in package.iter("{*}itemref"):
        item = items[reference.get("idref")]
        if "nav" not in item.get("properties", "").split():
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href"))))


def _encrypted(archive: Archive) -> set[str]:
    """Fonts are often scrambled in books that anyone may read: only chapters count."""
    if _ENCRYPTION not in archive.names:
        return set()
    references = parse(archive.read(_ENCRYPTION)).iter("{*}CipherReference")
    return {unquote(reference.get("URI", "")) for reference in references}
