"""uvicorn's worker processes, looked after for longer than uvicorn does."""

from __future__ import annotations

import sys
from typing import Any

from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process


def run(application: str, **options: Any) -> None:
    """Serve with several processes until a signal comes; exits with an error when none can be started."""
    config = Config(application, factory=True, **options)
    supervisor = Supervisor(config, [config.bind_socket()])
    supervisor.run()
    if not supervisor.served:
        sys.exit(STARTUP_FAILURE)


class Supervisor(Multiprocess):
    """Starts workers again that end, also where it takes several attempts."""

    served = False

    def keep_subprocess_alive(self) -> None:
        """What a worker needs may be away for a while: only one that never worked stops the service."""
        if self.should_exit.is_set():
            return
        self.served = self.served or any(process.is_ready(timeout=1) for process in self.processes)
        super().keep_subprocess_alive()
        failed = [process for process in self.processes if process.exitcode == STARTUP_FAILURE]
        if failed and self.served:
            self.should_exit.clear()
            self.processes = [self._again(each) if each in failed else each for each in self.processes]

    def terminate_all(self) -> None:
        """Close the port as well: who comes now must not wait where nobody accepts any more."""
        super().terminate_all()
        for listening in self.sockets:
            listening.close()

    def _again(self, ended: Process) -> Process:
        ended.join()
        process = Process(self.config, self.sockets)
        process.start()
        return process
