"""uvicorn's server and protocol while the service stops: requests on their way still arrive."""

from __future__ import annotations

import asyncio
import socket

from uvicorn.server import Server

from neural_lab.api.backlog import shut, taken
from neural_lab.api.protocol import PatientProtocol

MOMENT = 1.0


class DrainingProtocol(PatientProtocol):
    """A connection without a request may bring one just now: it is not closed before that had time to come.

    Who sent it could not tell whether it was worked on, and so would not send it to another instance.
    """

    _draining = False

    def shutdown(self) -> None:
        self._draining = True
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(MOMENT, super().shutdown)
        else:
            super().shutdown()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if self._draining:
            # The answer says that it is the last one.
            self.cycle.keep_alive = False


class DrainingServer(Server):
    """Who was connected before the port closed is answered, also where nobody had taken the connection yet.

    Under load connections wait in a line of the system's, with their requests, and closing the port resets
    those that are still in it.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        ports = [port.fileno() for server in self.servers for port in server.sockets]
        if sockets is None:
            # A port that was given is that of other processes as well; see `Supervisor`.
            for number in ports:
                shut(number)
        late = [each for number in ports for each in taken(number)]
        for server in self.servers:
            server.close()
        for port in sockets or ():
            port.close()
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.connect_accepted_socket(self._protocol, each) for each in late))
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        return DrainingProtocol(self.config, self.server_state, self.lifespan.state)
