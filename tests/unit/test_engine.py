"""An engine that was replaced answers whoever has it, and is gone when nobody has."""

from __future__ import annotations

import gc
import threading

from helpers import needed
from redis_server import until

needed("starlette")

from neural_lab.api.engine import Engine
from neural_lab.compose import open_lab
from neural_lab.service import Question
from neural_lab.types import Document

ASKED = Question(Document("The bus was late, so I walked home along the river."))


def lanes() -> int:
    return sum(thread.name == "batch" for thread in threading.enumerate())


def test_a_retired_engine_answers_until_it_is_forgotten() -> None:
    before, engine = lanes(), Engine.of(open_lab(threads=1), 20_000, 2_000_000)
    assert lanes() == before + 2
    engine.retire()
    gc.collect()
    first, second = engine.submit(ASKED), engine.submit(ASKED)
    assert first.result(60).probability == second.result(60).probability
    assert lanes() == before + 2
    del engine
    until(lambda: lanes() == before)


def test_what_somebody_still_waits_for_keeps_nobody_from_forgetting() -> None:
    """A request that was given up: its text is read, and then the engine is gone."""
    before, engine = lanes(), Engine.of(open_lab(threads=1), 20_000, 2_000_000)
    engine.submit(ASKED)
    engine.retire()
    del engine
    until(lambda: lanes() == before, 30)
