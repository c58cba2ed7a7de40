"""Many texts through one detector, opened once in each of several processes."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from neural_lab.backends.bundle import models_in
from neural_lab.compose import open_lab
from neural_lab.report.progress import watched
from neural_lab.service import Lab

MOST = 60
"""Windows waits for no more processes than that."""
_CHUNK = 8
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

Opened = TypeVar("Opened")
Item = TypeVar("Item")
Result = TypeVar("Result")


def spread(
    opener: Callable[[Path], Opened],
    work: Callable[[Opened, Item], Result],
    items: Sequence[Item],
    folder: Path,
    label: str,
    workers: int | None = None,
) -> Iterator[Result]:
    """`work(opener(folder), item)` for each item, in order, with a progress bar named `label`.

    `opener` and `work` are functions of a module, so that a new process finds
    them. As many processes as processors, unless `workers` says how many, or PyTorch
    runs a model of the detector: that has all processors, or a card, for one.
    """
    alone = threads_each(folder) is None
    count = max(1, min(workers or (1 if alone else processors()), len(items), MOST))
    chunk = max(1, min(_CHUNK, len(items) // (4 * count)))
    # A fork would copy the locks of threads that do not come along.
    pool = ProcessPoolExecutor(count, get_context("spawn"), _open, (opener, folder))
    try:
        with nullcontext() if alone and count == 1 else _one_thread_each():
            results = pool.map(partial(_run, work), items, chunksize=chunk)
        yield from watched(results, label, len(items))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def threads_each(folder: Path) -> int | None:
    """Threads of each process that scores by the detector in `folder`; None where PyTorch decides."""
    return None if models_in(folder).on_torch else 1


def open_one(folder: Path) -> Lab:
    """The detector in `folder`, for one of several processes."""
    return open_lab(folder, threads_each(folder))


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes that are started inside use one thread for their algebra: there are as many as processors."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            os.environ.update({} if value is None else {name: value})


_opened: list[Any] = []
"""What a worker process opened; one entry."""


def _open(opener: Callable[[Path], Any], folder: Path) -> None:
    # Ctrl-C reaches every process; the first one decides and says so once.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _opened.append(opener(folder))


def _run(work: Callable[[Any, Item], Result], item: Item) -> Result:
    return work(_opened[0], item)
