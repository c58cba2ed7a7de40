"""Where a user's data lies and what is kept: from the environment, from `settings.toml`, or as usual."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from neural_lab.errors import InvalidRequest

FILE, DATABASE, SERVE = "settings.toml", "lab.db", "serve"
AUTO = "auto"
_VARIABLES = {"store": "NEURAL_LAB_STORE", "keep": "NEURAL_LAB_KEEP", "keep_days": "NEURAL_LAB_KEEP_DAYS"}
_MACHINE = {"device": "NEURAL_LAB_DEVICE", "dtype": "NEURAL_LAB_DTYPE"}
_WORDS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}

_KINDS = {"store": str, "keep": bool, "keep_days": int}
"""What stands in the file; in the environment everything is text."""
_COMPUTING = {
    "device": re.compile(r"auto|cpu|mps|cuda(:[0-9]{1,3})?"),
    "dtype": re.compile(r"auto|float32|bfloat16|float16"),
}
_HAS_TO_BE = {
    "device": "has to be auto, cpu, mps, cuda or cuda:NUMBER",
    "dtype": "has to be auto, float32, bfloat16 or float16",
    "store": "has to be a URL between quotation marks",
    "keep": "has to be true or false",
    "keep_days": "has to be a number of days from 1 to 36500; keep = false keeps nothing",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """`store` is the URL of the database, `keep` whether reports are kept at all, `keep_days` for how long.

    Without `keep_days` they are kept until they are deleted.
    """

    store: str = field(repr=False)
    keep: bool = True
    keep_days: int | None = None


@dataclass(frozen=True, slots=True)
class Computing:
    """Where and how precisely models of PyTorch compute; a detector's own precision is meant by `auto`.

    On `trial` a precision may be used that was not measured to agree with the calibrated one.
    """

    device: str = AUTO
    dtype: str = AUTO
    trial: bool = False


def home() -> Path:
    """The folder of everything the user keeps: `NEURAL_LAB_HOME`, or the platform's place for data."""
    from platformdirs import user_data_path

    given = os.environ.get("NEURAL_LAB_HOME")
    return Path(given).expanduser().absolute() if given else user_data_path("neural-lab", appauthor=False)


def read_computing() -> Computing:
    """From `NEURAL_LAB_DEVICE` and `NEURAL_LAB_DTYPE`; raises `InvalidRequest` for one that means nothing."""
    return computing({name: os.environ.get(key) for name, key in _MACHINE.items()})


def computing(given: Mapping[str, str | None]) -> Computing:
    """From names of a `device` and a `dtype`, `auto` where none is given; raises `InvalidRequest`."""
    named = {name: value for name, value in given.items() if value}
    for name, value in named.items():
        if not _COMPUTING[name].fullmatch(value):
            raise _wrong(name, _HAS_TO_BE[name])
    return Computing(named.get("device", AUTO), named.get("dtype", AUTO))


def read_settings() -> Settings:
    """Raises `InvalidRequest` for a setting that means nothing, and names it."""
    given = _written() | _environment()
    store = str(given.get("store") or usual_store())
    return Settings(store, _yes(given.get("keep", True)), _days(given.get("keep_days")))


def _written() -> dict[str, Any]:
    """Settings of the file, each of its kind."""
    written = {name: value for name, value in _file(home() / FILE).items() if name != SERVE}
    for name, value in written.items():
        if name not in _VARIABLES:
            raise _wrong(name, f"is none of {', '.join(_VARIABLES)}")
        if type(value) is not _KINDS[name]:
            raise _wrong(name, _HAS_TO_BE[name])
    return written


def usual_store() -> str:
    """The URL of the database where no setting names one."""
    return f"sqlite:///{home() / DATABASE}"


def serve_table() -> dict[str, Any]:
    """The table `[serve]` of the file, as it stands there."""
    found = _file(home() / FILE).get(SERVE, {})
    if not isinstance(found, dict):
        raise _wrong(SERVE, "has to be a table")
    return found


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        reason = "cannot be read" if isinstance(error, OSError) else "is no valid TOML"
        raise InvalidRequest("settings", f"{path} {reason}.") from None


def _environment() -> dict[str, Any]:
    return {name: os.environ[key] for name, key in _VARIABLES.items() if os.environ.get(key)}


def _yes(value: object) -> bool:
    found = _WORDS.get(str(value).casefold())
    if found is None:
        raise _wrong("keep", _HAS_TO_BE["keep"])
    return found


def _days(value: object) -> int | None:
    if value is None:
        return None
    if not str(value).isdecimal() or not 1 <= int(str(value)) <= 36_500:
        raise _wrong("keep_days", _HAS_TO_BE["keep_days"])
    return int(str(value))


def _wrong(name: str, what: str) -> InvalidRequest:
    variable = (_VARIABLES | _MACHINE).get(name, "")
    also = f" ({variable})" if variable else ""
    return InvalidRequest("settings", f"The setting {name}{also} {what}.")
