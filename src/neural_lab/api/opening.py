"""A worker process is put together, and taken apart again."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import TypeAlias

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from neural_lab.api.config import ServeConfig
from neural_lab.api.drift import DriftWatch
from neural_lab.api.events import EventLog
from neural_lab.api.foreign import adopt
from neural_lab.api.jobs import JobRunner
from neural_lab.api.keeping import Expiry
from neural_lab.api.limiting import open_limits
from neural_lab.api.loading import load
from neural_lab.api.logs import configure, log
from neural_lab.api.meters import Meters
from neural_lab.api.recent import Recent
from neural_lab.api.shadow import Shadow
from neural_lab.api.succession import Succession
from neural_lab.api.vitals import vitals
from neural_lab.api.watching import Watchers
from neural_lab.api.worker import Worker
from neural_lab.backends.closing import shut
from neural_lab.backends.memory_cache import MemoryCache
from neural_lab.compose import open_store
from neural_lab.errors import LabError
from neural_lab.memory import MemoryMonitor
from neural_lab.ports import Cache
from neural_lab.settings import read_settings

Thread: TypeAlias = JobRunner | Expiry | Succession | Shadow | DriftWatch
MEBIBYTE = 1 << 20
LOAD_SECONDS, ENGINE_SECONDS, CLOSE_SECONDS = 20, 0.5, 4
LOOK_SECONDS = 1.0
"""`/health` asks store and cache again after so long: anybody may ask it, and any number of times."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """All is opened before the first request; at the end no new work is taken and what waits is done."""
    configure()
    adopt()
    worker = await run_in_threadpool(_opened, app.state.config)
    app.state.worker = worker
    loading = asyncio.ensure_future(run_in_threadpool(load, worker))
    # An open port takes work: who restarts one instance after the other looks at nothing else.
    await asyncio.wait({loading}, timeout=LOAD_SECONDS)
    threads = JobRunner(worker), Expiry(worker), Succession(worker), worker.shadow, DriftWatch(worker)
    for each in threads:
        each.start()
    try:
        with heeded(worker):
            yield
    finally:
        worker.stopping = worker.closed = True
        await loading
        await _closed(worker, *threads)


@contextmanager
def heeded(worker: Worker) -> Iterator[None]:
    """The worker knows of a signal to stop when it comes, and not when all requests have been answered.

    Streams end then, and the job that runs is let go.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def heard(number: int, frame: FrameType | None) -> None:
        worker.stopping = True
        if callable(then := before[signal.Signals(number)]):
            then(number, frame)

    for number in before:
        signal.signal(number, heard)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _opened(config: ServeConfig) -> Worker:
    try:
        return open_worker(config)
    except LabError as error:
        # The server says no more than that the start failed.
        log().error("not started", code=error.code, reason=error.message)
        raise


def open_worker(config: ServeConfig) -> Worker:
    """Raises `StoreUnavailable` and `InvalidRequest` before anything is served."""
    settings, meters, secret = read_settings(), Meters(), config.key()
    store = open_store(settings.store)
    worker = Worker(
        config=config,
        secret=secret,
        store=store,
        cache=open_cache(config, secret),
        limits=open_limits(config, meters.undecided.inc),
        events=EventLog(store, config.event_days, meters.lost.inc),
        meters=meters,
        memory=MemoryMonitor(),
        keeps=settings.keep,
        keep_days=settings.keep_days,
    )
    worker.vitals = Recent(lambda: vitals(worker), LOOK_SECONDS)
    worker.watchers, worker.shadow = Watchers(), Shadow(worker)
    meters.watch(lambda: figures(worker))
    return worker


async def _closed(worker: Worker, *threads: Thread) -> None:
    """A store that hangs must not keep the process: requests have been answered by now."""
    closing = threading.Thread(target=close, args=(worker, *threads), name="close", daemon=True)
    closing.start()
    await run_in_threadpool(closing.join, CLOSE_SECONDS)


def close(worker: Worker, *threads: Thread) -> None:
    for each in threads:
        each.close()
    if worker.engine:
        worker.engine.close(ENGINE_SECONDS)
    shut(worker.cache, *vars(worker.limits).values())
    worker.events.close()
    worker.store.close()


def open_cache(config: ServeConfig, secret: bytes = b"") -> Cache:
    memory = MemoryCache(config.cache_mb * MEBIBYTE)
    if config.redis is None:
        return memory
    from neural_lab.backends.redis_cache import RedisCache
    from neural_lab.backends.tiered_cache import TieredCache

    further = RedisCache(config.redis.get_secret_value(), config.cache_seconds, secret=secret)
    return TieredCache(memory, further)


def figures(worker: Worker) -> dict[str, float]:
    """What is read off when somebody asks for the figures."""
    found = {f"memory_{name}_bytes": float(value) for name, value in worker.memory.read().items()}
    found["threads"] = float(threading.active_count())
    found["detector_behind"] = float(worker.behind)
    if worker.engine:
        for name, lane in (("short", worker.engine.short), ("long", worker.engine.long)):
            found |= {f"{name}_{what}": float(value) for what, value in lane.figures().items()}
    return found
