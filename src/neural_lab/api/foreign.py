"""What libraries log, as lines of our own: what happened, and nothing of what it happened to."""

from __future__ import annotations

import logging
import re
from contextlib import suppress

from neural_lab.api.logs import log

WRITTEN = frozenset({"uvicorn", "asyncio", "asyncpg", "alembic"})
"""Libraries whose messages begin with words of theirs; those of others may quote a text from the start."""
_WORDS = re.compile(r"[\w .,:;-]*")
_FAILED = re.compile(r"^([A-Za-z_][\w.]*)(?::|$)", re.MULTILINE)
TRACE = "Traceback"


class Foreign(logging.Handler):
    """Writes one line a record. Arguments, tracebacks and what exceptions say stay out: they hold text."""

    def emit(self, record: logging.LogRecord) -> None:
        said = str(record.msg).lstrip()
        known = record.name.partition(".")[0] in WRITTEN and not said.startswith(TRACE)
        # A stream that has been closed is no reason for a library to fail.
        with suppress(ValueError):
            log().log(
                min(record.levelno // 10 * 10, logging.CRITICAL),
                _words(said) if known else "library",
                library=record.name,
                kind=_kind(record, said),
                where=f"{record.module}:{record.lineno}",
            )


def adopt() -> None:
    """Have all libraries log through here, from warnings on."""
    root = logging.getLogger()
    if not any(isinstance(handler, Foreign) for handler in root.handlers):
        root.addHandler(Foreign(logging.WARNING))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio", "alembic"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.handlers, logger.propagate = [], True


def _words(said: str) -> str:
    """The first line as far as it is plain words, without what `%s` or a representation stands for."""
    found = _WORDS.match(said)
    return found[0].strip(" :,") if found else ""


def _kind(record: logging.LogRecord, said: str) -> str:
    """What was raised first; uvicorn hands on a traceback as words, whose lines between are indented."""
    if record.exc_info and record.exc_info[0]:
        return record.exc_info[0].__name__
    found = _FAILED.search(said) if said.startswith(TRACE) else None
    return found[1] if found else ""
