"""A private event loop in a thread: coroutines behind a synchronous face."""

import asyncio
from collections.abc import Coroutine
from threading import Thread
from typing import Any, TypeVar

from neural_lab.backends.postgres.failures import CLOSED, translated
from neural_lab.errors import StoreUnavailable

Result = TypeVar("Result")


class Loop:
    """Runs coroutines for any number of threads, until it is closed."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="postgres", daemon=True)
        self._thread.start()

    @property
    def closed(self) -> bool:
        return self._loop.is_closed()

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """What the coroutine returns; raises `StoreUnavailable` for every failure of the database."""
        if self.closed:
            coroutine.close()
            raise StoreUnavailable(*CLOSED)
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            with translated():
                return future.result()
        finally:
            # Does nothing unless the caller was interrupted: then the transaction must not go on without it.
            future.cancel()

    def close(self) -> None:
        """End the loop and its thread; what still runs is cancelled. A second time does nothing."""
        if not self.closed:
            asyncio.run_coroutine_threadsafe(_cancel_others(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
