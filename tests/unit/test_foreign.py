"""What libraries log becomes a line of ours, and nothing of a text gets into it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from helpers import needed

needed("structlog")

from neural_lab.api.foreign import Foreign, adopt
from neural_lab.api.logs import configure

WORD = "xylophonicmarmalade"
QUIET = ("", "uvicorn", "uvicorn.error", "uvicorn.access", "asyncio", "alembic", "asyncpg.pool")


@pytest.fixture
def _restored() -> Iterator[None]:
    """Loggers are everybody's."""
    loggers = [logging.getLogger(name) for name in QUIET]
    before = [(each.handlers[:], each.level, each.propagate) for each in loggers]
    yield
    for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def said(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = capfd.readouterr().err
    assert WORD not in lines
    return [json.loads(line) for line in lines.splitlines()]


def failed() -> None:
    raise ConnectionError(WORD)


def logged(name: str, message: str, *given: object, level: int = logging.WARNING) -> None:
    try:
        failed()
    except ConnectionError:
        logging.getLogger(name).log(level, message, *given, exc_info=True)


@pytest.mark.usefixtures("_restored")
@pytest.mark.parametrize(
    ("name", "message", "event"),
    [
        ("asyncpg.pool", "Failed to restore the pool connection floor; retrying", None),
        ("uvicorn.error", "Exception in ASGI application\n", "Exception in ASGI application"),
        ("alembic.runtime", f"Running upgrade %s -> {WORD}", "Running upgrade"),
        (
            "asyncio",
            f"Exception in callback _Transport.send(b'{WORD}')",
            "Exception in callback _Transport.send",
        ),
        (
            "uvicorn.error",
            f'Traceback (most recent call last):\n  File "{WORD}"\nOSError: {WORD}\n',
            "library",
        ),
        ("some.parser", f"{WORD} is no word", "library"),
    ],
)
def test_a_record_is_a_line_without_values(
    capfd: pytest.CaptureFixture[str], name: str, message: str, event: str | None
) -> None:
    configure()
    adopt()
    logged(name, message, WORD) if "%s" in message else logged(name, message)
    (line,) = said(capfd)
    assert (line["event"], line["library"], line["level"]) == (event or message, name, "warning")
    assert line["kind"] == "ConnectionError"
    assert line["where"].startswith("test_foreign:")


@pytest.mark.usefixtures("_restored")
def test_a_traceback_in_words_gives_its_kind_alone(capfd: pytest.CaptureFixture[str]) -> None:
    configure()
    adopt()
    trace = f'Traceback (most recent call last):\n  File "a.py"\nlab.errors.Away: no\n{WORD}: and more\n'
    logging.getLogger("uvicorn.error").error(trace)
    (line,) = said(capfd)
    assert (line["event"], line["kind"], line["level"]) == ("library", "lab.errors.Away", "error")


@pytest.mark.usefixtures("_restored")
def test_what_nobody_waited_for_in_a_loop_is_told_once(capfd: pytest.CaptureFixture[str]) -> None:
    configure()
    adopt()
    adopt()

    async def work() -> None:
        future = asyncio.get_running_loop().create_future()
        future.set_exception(ConnectionError(WORD))
        del future
        await asyncio.sleep(0)

    asyncio.run(work())
    (line,) = said(capfd)
    assert (line["event"], line["kind"]) == ("Future exception was never retrieved", "ConnectionError")


@pytest.mark.usefixtures("_restored")
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, 35, logging.CRITICAL, 70])
def test_only_warnings_and_worse_are_told_at_whatever_level(
    capfd: pytest.CaptureFixture[str], level: int
) -> None:
    configure()
    adopt()
    logged("uvicorn.error", "Words.", level=level)
    expected = {35: ["warning"], logging.CRITICAL: ["critical"], 70: ["critical"]}
    assert [line["level"] for line in said(capfd)] == expected.get(level, [])
    assert len([each for each in logging.getLogger().handlers if isinstance(each, Foreign)]) == 1
