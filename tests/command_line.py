"""The command line as tests use it, and sentences for small libraries."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner, Result

from neural_lab.cli import app

PASSAGE = "The committee met on Tuesday to weigh the merits of a longer bridge across the northern river."
OTHER = "Rain had fallen for eleven days when the engineers finally agreed to move the pumps uphill."
THIRD = "Nobody in the valley remembered who had planted the seven old walnut trees behind the school."


def run(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments], input=text)


def shown(*arguments: object) -> Any:
    """What a command that ends well prints as JSON."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def flat(printed: str) -> str:
    return " ".join(printed.split())
