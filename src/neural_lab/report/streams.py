"""Output streams that cope with any encoding and with a reader that went away."""

import codecs
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TextIO

from rich.console import Console

_PLAIN = {
    **dict(zip("▁▂▃▄▅▆▇█", "_.:-=+*#", strict=True)),
    **dict(zip("▌◆◂▸─┼·•", "#O<>-+.*", strict=True)),
    **dict(zip("–−‹›“”…", '--<>""~', strict=True)),
}


class PipeAwareConsole(Console):
    """Rich's console, except that a closed pipe is the caller's to handle."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(stream: TextIO) -> Console:
    """A console for `stream`; colour and width follow the terminal, `NO_COLOR` and `COLUMNS`."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="neural-lab-plain")
    return PipeAwareConsole(file=stream, highlight=False, markup=False, emoji=False)


def speaks_utf8(stream: TextIO) -> bool:
    """Whether `stream` can carry any text as it is."""
    with suppress(LookupError):
        return codecs.lookup(getattr(stream, "encoding", None) or "ascii").name.startswith("utf")
    return False


def close_quietly() -> None:
    """Point standard output to nowhere, so that nothing complains about a closed pipe at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _plain(error: UnicodeError) -> tuple[str, int]:
    """Stand-ins that keep signs and bars apart where an encoding has no drawing characters."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in missing), error.end


codecs.register_error("neural-lab-plain", _plain)
