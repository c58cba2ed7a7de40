"""Every way a command can end has one exit code and at most one sentence."""

import pytest
import typer
from typer.testing import CliRunner

from neural_lab.errors import InvalidDocument, ModelUnavailable, ScoringFailed
from neural_lab.guard import Guarded

app = typer.Typer(pretty_exceptions_enable=False)
ENDINGS = {
    "well": 0,
    "refused": InvalidDocument("c", "It is refused."),
    "no_model": ModelUnavailable("c", "There is no model."),
    "failed": ScoringFailed("c", "It failed."),
    "bug": RuntimeError("words of the user"),
    "no_disk": OSError(28, "No space left on device", "out\x1b.txt"),
    "stopped": KeyboardInterrupt(),
    "closed": BrokenPipeError(),
    "two": 2,
}


@app.command(cls=Guarded)
def end(how: str, debug: bool = False) -> int:
    ending = ENDINGS[how]
    if isinstance(ending, BaseException):
        raise ending
    return ending


@pytest.mark.parametrize(
    ("how", "code", "said"),
    [
        ("well", 0, ""),
        ("refused", 2, "It is refused.\n"),
        ("no_model", 3, "There is no model.\n"),
        ("failed", 1, "It failed.\n"),
        ("bug", 1, "Something unexpected went wrong (RuntimeError). --debug shows where.\n"),
        ("no_disk", 1, "out␛.txt: No space left on device.\n"),
        ("stopped", 130, "Stopped.\n"),
        ("closed", 141, ""),
        ("two", 2, ""),
    ],
)
def test_endings(how, code, said):
    result = CliRunner().invoke(app, [how])
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", said)


def test_debug_shows_the_error():
    assert isinstance(CliRunner().invoke(app, ["bug", "--debug"]).exception, RuntimeError)
