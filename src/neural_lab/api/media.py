"""What a body has to be before a route reads it: JSON in UTF-8 or, on some paths, a form."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Collection, Mapping
from email.message import Message as Mime

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from neural_lab.api.bodies import replayed
from neural_lab.api.problems import problem

JSON, FORM = "application/json", "multipart/form-data"
CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})
UNICODE = "JSON has to be UTF-8."
MOST_PARTS = 300_000
"""Braces and brackets of a body: every one costs time and memory before any limit of a field is looked at."""
TOO_MANY = f"A body may have {MOST_PARTS:,} braces and brackets; send less at once."


class Media:
    """Refuses bodies that are compressed or neither JSON nor, on the paths in `forms`, one of those there.

    What a route cannot read would otherwise be refused field by field. Paths and methods
    that no route takes have errors of their own. Stands behind `BodyLimit`.
    """

    def __init__(self, app: ASGIApp, forms: Mapping[str, Collection[str]]) -> None:
        self._app, self._forms = app, forms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "route" not in scope:
            await self._app(scope, receive, send)
            return
        body: bytes = (await receive()).get("body", b"")
        said = self._wrong(scope, body)
        if said:
            await problem(415, "media_type", said, headers={"Accept": JSON})(scope, receive, send)
        elif has_many_parts(body):
            await problem(413, "too_large", TOO_MANY)(scope, receive, send)
        else:
            await self._app(scope, replayed(body, receive), send)

    def _wrong(self, scope: Scope, body: bytes) -> str | None:
        """What is wrong with a body, or None, also where there is no body."""
        if Headers(scope=scope).get("content-encoding", "identity").strip().lower() != "identity":
            return "Send the body as it is, not compressed."
        if not body:
            return None
        mime = Mime()
        mime["content-type"] = Headers(scope=scope).get("content-type", "")
        given = mime.get_content_type() if mime["content-type"] else ""
        if given == JSON:
            right = mime.get_content_charset("utf-8") in CHARSETS and not _wide(body)
            return None if right else UNICODE
        forms = self._forms.get(scope["path"], ())
        return None if given in forms else f"Send the body as {' or '.join((JSON, *forms))}."


def has_many_parts(body: bytes) -> bool:
    """Whether JSON would take long to read."""
    return body.count(b"{") + body.count(b"[") > MOST_PARTS


def _wide(body: bytes) -> bool:
    """Whether JSON is in UTF-16 or UTF-32: it begins with a mark of those, or has zeros in front."""
    return body.startswith((BOM_UTF16_BE, BOM_UTF16_LE)) or b"\0" in body[:4]
