"""The service under load, beside a server that calls its model in an async handler, in the same run.

    python benchmarks/serve.py [--requests 400 --clients 32 --workers 2]

Both get distinct texts of 200 words from 32 clients in turns, with all caches off. Prints
requests a second and their ratio (the median of the rounds), processor time a request,
times to an answer, how long `/livez` takes meanwhile, and idle and peak memory of a
worker. Needs the extras `serve` and `bench`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psutil
from audit_corpus import synthetic_sentences
from serve_client import connected

WORDS, ROUNDS = 200, 3


@dataclass(frozen=True)
class Server:
    """A running server: its process, its address, and its memory before the first request."""

    process: psutil.Process
    url: str
    idle: int


def main() -> None:
    options = _options()
    with (
        tempfile.TemporaryDirectory() as folder,
        lab(options, Path(folder)) as ours,
        baseline(options) as other,
    ):
        servers = {"neural_lab": ours, "baseline": other}
        rounds: dict[str, list[dict[str, float]]] = {name: [] for name in servers}
        for turn in range(ROUNDS):
            for name, server in servers.items():
                texts = list(islice(distinct_texts(f"{name} {turn}"), options.requests))
                rounds[name].append(asyncio.run(load(server, texts, options.clients)))
        whole = {name: hundred(server, name) for name, server in servers.items()}
        peaks = {name: _memory(server) for name, server in servers.items()}
    card: dict[str, Any] = {
        name: _summary(found)
        | {"hundred_texts_s": whole[name], "idle_mb": servers[name].idle / 1e6, "peak_mb": peaks[name] / 1e6}
        for name, found in rounds.items()
    }
    pairs = zip(rounds["neural_lab"], rounds["baseline"], strict=True)
    card["ratios"] = [ours["requests_a_second"] / other["requests_a_second"] for ours, other in pairs]
    card["ratio"] = statistics.median(card["ratios"])
    print(json.dumps({"clients": options.clients, "workers": options.workers, **card}, indent=1))
    print(_table(card))


def hundred(server: Server, name: str) -> float:
    """Seconds for 100 texts in one request."""
    texts, begun = list(islice(distinct_texts(f"hundred {name}"), 100)), time.perf_counter()
    httpx.post(f"{server.url}/detect", json={"texts": texts}, timeout=600).raise_for_status()
    return time.perf_counter() - begun


def _table(card: dict[str, Any]) -> str:
    """The rows of the tutorial's own table, its published figures (8 cores) beside both of this run."""
    rows = [
        ("100 texts, extraction and classification, s", "hundred_texts_s", "4.3"),
        ("idle memory of a worker, MB", "idle_mb", "1,200"),
        ("peak memory of a worker, MB", "peak_mb", "3,800"),
        ("requests a second", "requests_a_second", "15"),
    ]
    head = "| | neural_lab | its design, rebuilt | as published |\n|---|---|---|---|\n"
    lines = (
        f"| {what} | {card['neural_lab'][key]:,.1f} | {card['baseline'][key]:,.1f} | {published} |"
        for what, key, published in rows
    )
    return head + "\n".join(lines)


def distinct_texts(seed: str) -> Iterator[str]:
    sentences = synthetic_sentences(random.Random(seed))
    while True:
        words: list[str] = []
        while len(words) < WORDS:
            words += next(sentences).split()
        yield " ".join(words[:WORDS])


async def load(server: Server, texts: list[str], clients: int) -> dict[str, float]:
    """All texts by so many clients, each waiting for its answer; and a probe beside them."""
    waiting, seconds, probes = list(texts), list[float](), list[float]()

    async def work() -> None:
        async with connected(server.url) as client:
            while waiting:
                text, begun = waiting.pop(), time.perf_counter()
                await client.post("/detect", {"texts": [text]})
                seconds.append(time.perf_counter() - begun)

    prober = asyncio.ensure_future(_probe(server.url, probes))
    begun, spent = time.perf_counter(), _processor_seconds(server)
    await asyncio.gather(*(work() for _ in range(clients)))
    whole = time.perf_counter() - begun
    prober.cancel()
    times = sorted(seconds)
    return {
        "requests_a_second": len(texts) / whole,
        "processor_ms_a_request": 1e3 * (_processor_seconds(server) - spent) / len(texts),
        "p50_ms": 1e3 * times[len(times) // 2],
        "p99_ms": 1e3 * times[int(0.99 * (len(times) - 1))],
        "livez_worst_ms": 1e3 * max(probes, default=0.0),
        "livez_median_ms": 1e3 * statistics.median(probes or [0.0]),
    }


async def _probe(url: str, found: list[float]) -> None:
    async with connected(url) as client:
        while True:
            begun = time.perf_counter()
            await client.get("/livez")
            found.append(time.perf_counter() - begun)
            await asyncio.sleep(0.1)


@contextmanager
def lab(options: argparse.Namespace, home: Path) -> Iterator[Server]:
    given = {
        "HOME": home,
        "THREADS": max((os.cpu_count() or 1) // options.workers, 1),
        "CACHE_MB": 0,
        "EVENT_DAYS": 0,
        "DETECT_RATE": "100000000/60",
        "CHARACTER_RATE": "100000000/1",
    }
    environment = {f"NEURAL_LAB_{name}": str(value) for name, value in given.items()}
    command = ["-m", "neural_lab", "serve", "--port", str(options.port), "--workers", str(options.workers)]
    with _started(command, environment, options.port, "/readyz") as server:
        yield server


@contextmanager
def baseline(options: argparse.Namespace) -> Iterator[Server]:
    port, threads = options.port + 1, max((os.cpu_count() or 1) // options.workers, 1)
    command = ["-m", "uvicorn", "serve_baseline:create_app", "--factory", "--port", str(port)]
    command += [
        "--workers",
        str(options.workers),
        "--log-level",
        "warning",
        "--app-dir",
        str(Path(__file__).parent),
    ]
    with _started(command, {"BASELINE_THREADS": str(threads)}, port, "/livez") as server:
        yield server


@contextmanager
def _started(command: list[str], environment: dict[str, str], port: int, ready: str) -> Iterator[Server]:
    full = [sys.executable, *command]
    running = subprocess.Popen(full, env=os.environ | environment, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        url = f"http://127.0.0.1:{port}"
        _until_ready(url + ready)
        time.sleep(3)
        process = psutil.Process(running.pid)
        server = Server(process, url, 0)
        yield Server(process, url, _memory(server))
    finally:
        running.terminate()
        running.wait(60)


def _until_ready(url: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"{url} does not answer.")


def _memory(server: Server) -> int:
    """Resident bytes of the largest process: that of a worker."""
    return max(process.memory_info().rss for process in _processes(server))


def _processor_seconds(server: Server) -> float:
    """What all its processes have used: it hardly depends on what else the machine does."""
    return sum(sum(process.cpu_times()[:2]) for process in _processes(server))


def _processes(server: Server) -> list[psutil.Process]:
    return [server.process, *server.process.children(recursive=True)]


def _summary(rounds: list[dict[str, float]]) -> dict[str, Any]:
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=200, help="of each server in each round")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=8_731)
    return parser.parse_args()


if __name__ == "__main__":
    main()
