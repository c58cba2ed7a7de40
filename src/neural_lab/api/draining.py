"""uvicorn's protocol while the service stops: requests on their way still arrive."""

from __future__ import annotations

from neural_lab.api.protocol import PatientProtocol

MOMENT = 0.5


class DrainingProtocol(PatientProtocol):
    """A connection that has just been made brings a request: it is not closed before that had time to come.

    Who sent it could not tell whether it was worked on, and so would not send it to another instance.
    """

    def shutdown(self) -> None:
        if self.cycle is None:
            self.loop.call_later(MOMENT, super().shutdown)
        else:
            super().shutdown()
