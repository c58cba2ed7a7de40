"""A worker process is put together, and taken apart again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from neural_lab.api.config import ServeConfig
from neural_lab.api.engine import Engine
from neural_lab.api.events import EventLog
from neural_lab.api.jobs import JobRunner
from neural_lab.api.logs import configure, log
from neural_lab.api.meters import Meters
from neural_lab.api.worker import Limits, Worker
from neural_lab.backends.limiter import open_limiter
from neural_lab.backends.memory_cache import MemoryCache
from neural_lab.compose import open_lab, open_store
from neural_lab.errors import LabError
from neural_lab.memory import MemoryMonitor
from neural_lab.ports import Cache
from neural_lab.settings import read_settings

MEBIBYTE = 1 << 20


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """All is opened before the first request; at the end no new work is taken and what waits is done."""
    configure()
    worker = await run_in_threadpool(open_worker, app.state.config)
    app.state.worker = worker
    loading = asyncio.ensure_future(run_in_threadpool(load, worker))
    runner = JobRunner(worker)
    runner.start()
    try:
        yield
    finally:
        worker.stopping = True
        await loading
        await run_in_threadpool(close, worker, runner)


def open_worker(config: ServeConfig) -> Worker:
    """Raises `StoreUnavailable` and `InvalidRequest` before anything is served."""
    settings, meters, secret = read_settings(), Meters(), config.key()
    store = open_store(settings.store)
    worker = Worker(
        config=config,
        secret=secret,
        store=store,
        cache=open_cache(config),
        limits=open_limits(config),
        events=EventLog(store, config.event_days, meters.lost.inc),
        meters=meters,
        memory=MemoryMonitor(),
        keeps=settings.keep,
        keep_days=settings.keep_days,
    )
    meters.watch(lambda: figures(worker))
    return worker


def load(worker: Worker) -> None:
    """Load the detector; until then, and if it fails, requests that need it get 503 and the reason."""
    try:
        lab = open_lab(threads=worker.config.threads or None, cache=worker.cache, secret=worker.secret)
        worker.engine = Engine.of(lab, worker.config.batch_characters, worker.config.most_waiting)
        worker.lab = lab
    except LabError as error:
        worker.failure = error
        log().error("no detector", code=error.code)


def close(worker: Worker, runner: JobRunner) -> None:
    runner.close()
    if worker.engine:
        worker.engine.close(worker.config.drain_seconds)
    worker.events.close()
    worker.store.close()


def open_cache(config: ServeConfig) -> Cache:
    memory = MemoryCache(config.cache_mb * MEBIBYTE)
    if config.redis is None:
        return memory
    from neural_lab.backends.redis_cache import RedisCache
    from neural_lab.backends.tiered_cache import TieredCache

    return TieredCache(memory, RedisCache(config.redis.get_secret_value(), config.cache_seconds))


def open_limits(config: ServeConfig) -> Limits:
    url = config.redis.get_secret_value() if config.redis else None
    rates = (config.detect_rate, config.rate, config.character_rate, config.login_rate)
    return Limits(*(open_limiter(rate, url, config.when_redis_is_away) for rate in rates))


def figures(worker: Worker) -> dict[str, float]:
    """What is read off when somebody asks for the figures."""
    found = {f"memory_{name}_bytes": float(value) for name, value in worker.memory.read().items()}
    found["threads"] = float(threading.active_count())
    if worker.engine:
        for name, lane in (("short", worker.engine.short), ("long", worker.engine.long)):
            found |= {f"{name}_{what}": float(value) for what, value in lane.figures().items()}
    return found
