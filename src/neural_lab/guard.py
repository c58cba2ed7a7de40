"""Where errors become one sentence and an exit code, for every command."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from inspect import cleandoc
from typing import Any, NoReturn

import typer
from typer.core import TyperCommand

from neural_lab.report import words

CLOSED_PIPE, INTERRUPTED = 141, 130


class Guarded(TyperCommand):
    """A command that returns its exit code and shows no traceback unless `--debug` asks for it."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.help = self.help and _unwrapped(self.help)

    def invoke(self, ctx: Any) -> Any:
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except (typer.Exit, typer.Abort):
            raise
        except KeyboardInterrupt:
            # A second Ctrl-C while cleaning up would only leave things behind.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            tell(words.STOPPED)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            code = _left_alone()
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            code = _told(error)
        raise typer.Exit(code or 0)


def _unwrapped(text: str) -> str:
    """Paragraphs of one line each: where a line ends is the terminal's to say, not the source's."""
    return "\n\n".join(" ".join(each.split()) for each in cleandoc(text).split("\n\n"))


def leave_at_once() -> NoReturn:
    """End an interrupted process without waiting for threads that were interrupted with it."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(INTERRUPTED)


def tell(message: str) -> None:
    """One line on standard error."""
    from neural_lab.report.characters import one_line
    from neural_lab.report.streams import console

    console(sys.stderr).print(one_line(message), soft_wrap=True)


def _told(error: Exception) -> int:
    from neural_lab.errors import LabError

    if isinstance(error, LabError):
        tell(error.message)
        return error.exit_code
    if isinstance(error, OSError) and error.filename:
        tell(words.file_error(error))
    else:
        tell(words.unexpected(error))
    return 2 if isinstance(error, ModuleNotFoundError) else 1


def _left_alone() -> int:
    from neural_lab.report.streams import close_quietly

    close_quietly()
    return CLOSED_PIPE
