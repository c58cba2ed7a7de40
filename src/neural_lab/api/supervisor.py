"""uvicorn's server, alone or as several worker processes, looked after for longer than uvicorn does."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess, multiprocess

from neural_lab.api.backlog import shut
from neural_lab.api.draining import DrainingServer


def run(application: str, **options: Any) -> None:
    """Serve with one process or several until a signal comes; exits with an error when none could start."""
    config = Config(application, factory=True, **options)
    if not (_serve_alone if config.workers == 1 else _serve_together)(config):
        sys.exit(STARTUP_FAILURE)


def _serve_alone(config: Config) -> bool:
    server = DrainingServer(config)
    with suppress(KeyboardInterrupt):
        server.run()
    return server.started


def _serve_together(config: Config) -> bool:
    # uvicorn makes processes in many places, and asks nobody which kind.
    multiprocess.Process = Process  # type: ignore[misc]
    supervisor = Supervisor(config, [config.bind_socket()])
    supervisor.run()
    return supervisor.served or not supervisor.failed()


class Process(multiprocess.Process):
    """Serves as a single process does."""

    @property
    def server(self) -> DrainingServer:
        if not isinstance(self._server, DrainingServer):
            self._server = DrainingServer(self.config)
        return self._server


class Supervisor(Multiprocess):
    """Starts workers again that end, also where it takes several attempts."""

    served = False

    def keep_subprocess_alive(self) -> None:
        """What a worker needs may be away for a while: only one that never worked stops the service."""
        if self.should_exit.is_set():
            return
        self.served = self.served or any(process.is_ready(timeout=1) for process in self.processes)
        super().keep_subprocess_alive()
        failed = self.failed()
        if failed and self.served:
            self.should_exit.clear()
            self.processes = [self._again(each) if each in failed else each for each in self.processes]

    def failed(self) -> list[multiprocess.Process]:
        """Workers that ended before they worked."""
        return [process for process in self.processes if process.exitcode == STARTUP_FAILURE]

    def terminate_all(self) -> None:
        """Close the port as well: who comes now must not wait where nobody accepts any more."""
        for listening in self.sockets:
            shut(listening.fileno())
        super().terminate_all()
        for listening in self.sockets:
            listening.close()

    def _again(self, ended: multiprocess.Process) -> Process:
        ended.join()
        process = Process(self.config, self.sockets)
        process.start()
        return process
