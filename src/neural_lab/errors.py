"""Everything that can go wrong for a reason the user can act on.

LabError
├── InvalidDocument     the input cannot be read or is outside the limits   422, exit 2
├── InvalidRequest      an option or a row of data is wrong                  422, exit 2
├── NotFound            nothing has that name                                404, exit 2
├── NotAllowed          no right to do that                                  403, exit 2
├── TryLater            the same may be asked again in some seconds          exit 5
│   ├── RateLimited     too many requests                                    429
│   └── Overloaded      no room in the queue                                 503
├── ModelUnavailable    the detector is missing, damaged or of another kind  503, exit 3
├── StoreUnavailable    the database cannot be reached                       503, exit 4
└── ScoringFailed       the model's answer cannot be used                    500, exit 1

Messages say what to do, name the field or file, and never repeat the user's text.
"""

from typing import Any


class LabError(Exception):
    """Base of all errors that are shown to the user; `code` is stable, `message` is one sentence."""

    exit_code = 1

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[Any, ...]:
        """As it was made: the usual way, from the message alone, fails between processes."""
        return type(self), (self.code, self.message)


class InvalidDocument(LabError):
    exit_code = 2


class InvalidRequest(LabError):
    exit_code = 2


class NotFound(LabError):
    exit_code = 2


class NotAllowed(LabError):
    exit_code = 2


class ModelUnavailable(LabError):
    exit_code = 3


class StoreUnavailable(LabError):
    exit_code = 4


class TryLater(LabError):
    """`retry_after` says in how many seconds, at least one."""

    exit_code = 5

    def __init__(self, code: str, message: str, retry_after: float = 1) -> None:
        super().__init__(code, message)
        self.retry_after = max(1.0, retry_after)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.code, self.message, self.retry_after)


class RateLimited(TryLater):
    pass


class Overloaded(TryLater):
    pass


class ScoringFailed(LabError):
    exit_code = 1
