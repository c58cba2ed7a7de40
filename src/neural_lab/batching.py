"""Items of many callers run together, in batches of like sizes."""

from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from threading import Condition, Thread
from time import monotonic
from typing import Generic, TypeVar
from weakref import WeakMethod

from neural_lab.errors import Overloaded
from neural_lab.meter import Meter
from neural_lab.waiting import Place, Waiting

T = TypeVar("T")
R = TypeVar("R")


class Batcher(Generic[T, R]):
    """Calls `run` with batches of items whose sizes add up to `budget` at most, on `threads` threads.

    The item that has waited longest leaves next, together with those nearest to it in
    size that fit; one larger than the budget leaves alone. Items of `most_waiting`
    size in all may wait, and one that is larger than that when nothing else does.
    `run` sees none of its callers' context variables.
    """

    def __init__(
        self,
        run: Callable[[list[T]], list[R]],
        size: Callable[[T], int],
        budget: int,
        most_waiting: int,
        threads: int = 1,
    ) -> None:
        self._run, self._size_of = run, size
        self._budget, self._most = budget, most_waiting
        self._waiting: Waiting[T, R] = Waiting()
        self._running: set[Place[T, R]] = set()
        self._closed, self._changed, self._meter = False, Condition(), Meter(threads)
        self._threads = [Thread(target=self._work, name="batch", daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, item: T) -> Future[R]:
        """The future of an item: its result, its own error, or `Overloaded` when the batcher is closed first.

        Cancelled before it has left, it is never run. Raises `Overloaded` at once when there is no room.
        """
        place: Place[T, R] = Place(item, max(1, self._size_of(item)))
        with self._changed:
            self._admit(place)
            self._waiting.add(place)
            self._changed.notify()
        # A future keeps its callbacks, which may not keep this, and what it runs, when nobody else does.
        leave = WeakMethod(self._leave)
        place.future.add_done_callback(lambda _: (there := leave()) and there(place))
        return place.future

    def figures(self) -> dict[str, float]:
        """What waits and runs, and what all batches since the start came to, those that failed with them."""
        with self._changed:
            now = {"waiting_items": len(self._waiting), "waiting_size": self._waiting.size}
            return {**now, "running_items": len(self._running), **self._meter.totals}

    def close(self, drain_seconds: float) -> bool:
        """Take no new items, finish those there are, and say whether that could be done in time.

        Callers that still wait after it get `Overloaded`, also those whose batch is running.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            drained = self._changed.wait_for(lambda: not (self._waiting or self._running), drain_seconds)
            left = [*self._waiting.take_all(), *self._running]
        for place in left:
            _fail(place, _shutting_down())
        for thread in self._threads if drained else ():
            thread.join()
        return drained

    def _admit(self, place: Place[T, R]) -> None:
        if self._closed:
            raise _shutting_down()
        if self._waiting and self._waiting.size + place.size > self._most:
            message = "Too many texts are waiting; try again later."
            raise Overloaded("queue_full", message, self._meter.estimate(self._waiting.size))

    def _leave(self, place: Place[T, R]) -> None:
        """Give the room of a place back that has an outcome while it is in the queue: it was cancelled."""
        with self._changed:
            if self._waiting.remove(place):
                # Those who wait for several futures hear of it only in this way.
                place.future.set_running_or_notify_cancel()
                self._changed.notify_all()

    def _work(self) -> None:
        while batch := self._next():
            self._settle(batch)
            with self._changed:
                self._running.difference_update(batch)
                self._changed.notify_all()

    def _next(self) -> list[Place[T, R]]:
        """The next batch; empty when nothing will come any more."""
        with self._changed:
            while self._changed.wait_for(lambda: self._waiting or self._closed) and self._waiting:
                taken = self._waiting.take(self._budget)
                # Before another can take them: from now on they cannot be cancelled.
                batch = [place for place in taken if place.future.set_running_or_notify_cancel()]
                self._running.update(batch)
                if batch:
                    return batch
            return []

    def _settle(self, batch: list[Place[T, R]]) -> None:
        """Give every place its outcome; when several fail together, each by itself."""
        try:
            results = self._timed(batch)
        except BaseException as error:
            # Whatever it was, a thread that dies of it would leave callers waiting.
            if len(batch) == 1:
                _fail(batch[0], error)
                return
        else:
            for place, result in zip(batch, results, strict=True):
                with suppress(InvalidStateError):
                    place.future.set_result(result)
            return
        for place in batch:
            if not place.future.done():
                self._settle([place])

    def _timed(self, batch: list[Place[T, R]]) -> list[R]:
        began = monotonic()
        try:
            results = self._run([place.item for place in batch])
        finally:
            with self._changed:
                self._meter.add(len(batch), sum(place.size for place in batch), monotonic() - began)
        if len(results) != len(batch):
            raise RuntimeError(f"a batch of {len(batch)} gave {len(results)} results")
        return results


def _fail(place: Place[T, R], error: BaseException) -> None:
    # Another outcome may have come first; that one stays.
    with suppress(InvalidStateError):
        place.future.set_exception(error)


def _shutting_down() -> Overloaded:
    return Overloaded("shutting_down", "The service is being stopped; try again later.")
