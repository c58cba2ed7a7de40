"""Evidence packs with all that can belong to one, and what becomes of them when something is changed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from neural_lab import trail
from neural_lab.audit.exclusions import Switches
from neural_lab.audit.scope import Scope
from neural_lab.audit.source import Incoming
from neural_lab.auditor import Auditor
from neural_lab.backends.memory_store import MemoryStore
from neural_lab.compose import open_lab
from neural_lab.evidence.canonical import digest
from neural_lab.evidence.checks import Check, Outcome, outcome
from neural_lab.evidence.opening import Opened
from neural_lab.evidence.pack import pack
from neural_lab.evidence.verify import verify
from neural_lab.service import Lab
from neural_lab.types import Document, Page, Span

TEXT = (Path(__file__).parents[1] / "docs" / "samples" / "notes.txt").read_text("utf-8")
DOCUMENT = Document(
    TEXT,
    "Notes </template><b>&amp;",
    "/home/me/notes.pdf",
    (Page(1, Span(0, 900)), Page(2, Span(900, len(TEXT)))),
    (Span(10, 90),),
)
Values = dict[str, Any]


@cache
def lab() -> Lab:
    """The real detector, opened once."""
    return open_lab()


def draft(ends: tuple[int, ...] = (0, 300, 1200, len(TEXT))) -> Values:
    """The trail of a text that grew to so many characters, as `/v1/trails/{draft}` gives it."""
    chain: list[trail.Snapshot] = []
    for at, end in enumerate(ends):
        chain.append(trail.following(chain[-1] if chain else None, TEXT[:end], f"2026-02-03T04:{at:02}:00Z"))
    about = {"id": "3f0f9a52-7d0c-4a43-9a8e-0b5c7a1d2e3f", "title": "Notes", "created": chain[0].at}
    last = {"updated": chain[-1].at, "snapshots": len(chain), "digest": chain[-1].digest}
    rows = [{**asdict(each), "text": TEXT[:end]} for each, end in zip(chain, ends, strict=True)]
    whole = {**about, **last, "characters": chain[-1].characters}
    return {"schema": 1, "draft": whole, "snapshots": rows, "flaws": []}


def full(with_text: bool = True) -> Values:
    """Evidence with an audit and a trail; a copy each time."""
    return copy.deepcopy(_full(with_text))


@cache
def _full(with_text: bool) -> Values:
    library = MemoryStore().library("")
    library.add(
        [Incoming(f"Once, long ago. {TEXT[100:500]} So it went.", "A <b>history</b>", "/home/me/h.pdf")]
    )
    found = Auditor(library).audit(DOCUMENT, Switches(quotations=True))
    report = lab().analyze(DOCUMENT)
    return pack(report, lab(), found, Scope(1, 430, ("library",)), draft(), with_text=with_text)


def sealed(values: Values) -> Values:
    """As somebody would seal it who changed something and knows how digests are made."""
    return values | {"digest": digest(values)}


def changed(change: Callable[[Values], Any], with_text: bool = True) -> Values:
    """Evidence in which something was changed and that was sealed again."""
    values = full(with_text)
    change(values)
    return sealed(values)


def checked(values: Values, page: str | None = None, text: str | None = None) -> dict[str, Check]:
    """Checks by their codes."""
    return {check.code.value: check for check in verify(Opened(values, page), lab(), text)}


def ended(values: Values, page: str | None = None, text: str | None = None) -> Outcome:
    return outcome(list(checked(values, page, text).values()))
