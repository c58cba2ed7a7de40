"""An answer that stays true for a moment."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from helpers import needed

needed("starlette")

from neural_lab.api.recent import Recent


def run(work: Callable[[], Any]) -> Any:
    return asyncio.run(work())


def test_it_is_asked_again_after_so_many_seconds_and_not_before() -> None:
    async def work() -> list[int]:
        recent = Recent(count().__next__, 0.2)
        found = [await recent() for _ in range(50)]
        await asyncio.sleep(0.25)
        return [*found, await recent(), await recent()]

    assert run(work) == [0] * 50 + [1, 1]


def test_however_many_come_while_it_is_asked_hold_one_thread() -> None:
    inside, most, open_now = [], [], threading.Event()

    def ask() -> str:
        inside.append(1)
        most.append(len(inside))
        open_now.wait(10)
        inside.pop()
        return "yes"

    async def work() -> list[str]:
        recent = Recent(ask, 60)
        asking = [asyncio.ensure_future(recent()) for _ in range(200)]
        await asyncio.sleep(0.1)
        open_now.set()
        return await asyncio.gather(*asking)

    assert run(work) == ["yes"] * 200
    assert most == [1]


def test_who_goes_away_takes_the_answer_from_nobody() -> None:
    open_now = threading.Event()

    async def work() -> bool:
        recent = Recent(lambda: open_now.wait(10), 60)
        first, second = (asyncio.ensure_future(recent()) for _ in range(2))
        await asyncio.sleep(0.05)
        first.cancel()
        await asyncio.sleep(0.05)
        open_now.set()
        return await second

    assert run(work) is True


def test_a_failure_is_told_and_not_kept_for_longer_than_an_answer() -> None:
    numbers = count()

    def ask() -> int:
        if (number := next(numbers)) == 0:
            raise ConnectionError("away")
        return number

    async def work() -> int:
        recent = Recent(ask, 0.1)
        with pytest.raises(ConnectionError, match="away"):
            await recent()
        await asyncio.sleep(0.15)
        return await recent()

    assert run(work) == 1
