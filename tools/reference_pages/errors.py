"""Every error code that the package can give, with the words that go with it, from its syntax trees."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from neural_lab import errors
from neural_lab.api.problems import STATUS, UNAUTHENTICATED, status_of
from reference_pages.source import UNKNOWN, Source, Text
from reference_pages.tables import SOURCE, code, page, plain, table

CLASSES = {
    name: each
    for name, each in vars(errors).items()
    if isinstance(each, type) and issubclass(each, errors.LabError)
}
# Raised where the name of a file is not known, and turned into that error where it is.
CARRIED = {"Refused": "InvalidDocument"}
ABOUT = """\
Every error has a code that stays, and one sentence that says what to do and never repeats a text. In a
terminal the sentence goes to standard error and the command ends with the exit code; over HTTP both stand
in the [problem details](api.md#problem-body), and in batches (`errors` of `check --json`, rows of `score`)
they stand beside their input. `{…}` stands for what is filled in. Errors about files of the server are told
to clients without their path."""
KINDS = """\
HTTP status and exit code follow from the kind of error. `not_logged_in` alone is 401, whatever its kind."""


@dataclass(frozen=True, order=True)
class Said:
    """One way in which a code comes up: `kind` is a class, or an HTTP status where there is no exception."""

    code: str
    kind: str
    message: str
    path: Path


def written() -> str:
    known = found()
    by_code: dict[str, list[Said]] = defaultdict(list)
    for each in sorted(known):
        by_code[each.code].append(each)
    kinds = [
        (code(name), status_of(each("", "")), each.exit_code)
        for name, each in CLASSES.items()
        if each in STATUS
    ]
    return page(
        "Error codes",
        ABOUT,
        "## Kinds",
        KINDS,
        table(("Kind", "HTTP", "Exit code"), kinds),
        "## Codes",
        table(("Code", "HTTP", "Exit code", "Message"), (_row(*each) for each in sorted(by_code.items()))),
    )


def found() -> set[Said]:
    """Raises `ValueError` where a code cannot be told from the source: then this page would lack it."""
    source = Source(SOURCE)
    said: set[Said] = set()
    unknown: list[str] = []
    for module, call, kind in _calls(source):
        for given, message in _given(source, module, call, kind):
            if given == UNKNOWN:
                unknown.append(f"{module.path}:{call.lineno}")
            else:
                said.add(Said(given, kind or _status(source, module, call, given), message, module.path))
    if unknown:
        raise ValueError(f"error codes that cannot be told from the source: {', '.join(unknown)}")
    return said


def _calls(source: Source) -> Iterator[tuple[Text, ast.Call, str]]:
    for module in source.modules.values():
        for call in module.calls:
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if name in CLASSES or name in CARRIED:
                yield module, call, CARRIED.get(name, name)
            elif name == "problem" and "api" in module.path.parts and module.path.name != "problems.py":
                yield module, call, str(getattr(call.args[0], "value", ""))


def _given(source: Source, module: Text, call: ast.Call, kind: str) -> Iterator[tuple[str, str]]:
    """Pairs of code and message; those that only hand on another error's code are that other's."""
    args = call.args if kind in CLASSES else call.args[1:]
    if not args or ast.unparse(args[0]).endswith((".code", ".failure")):
        return
    if isinstance(args[0], ast.Starred):
        yield from source.pairs(module, call, args[0].value)
    elif len(args) == 1:
        sentences = source.table(module, "_SENTENCES")
        yield from ((given, sentences.get(given, "")) for given in source.strings(module, call, args[0]))
    elif together := source.together(module, call, args[0], args[1]):
        yield from together
    else:
        messages = source.strings(module, call, args[1])
        yield from product(source.strings(module, call, args[0]), messages)


def _status(source: Source, module: Text, call: ast.Call, given: str) -> str:
    """The status of an answer whose code stands in a table by status."""
    if not isinstance(call.args[1], ast.Subscript):
        return "any"
    codes = source.table(module, ast.unparse(call.args[1].value))
    return next(str(status) for status, code in codes.items() if code == given)


def _row(given: str, all_of_it: list[Said]) -> tuple[str, str, str, str]:
    kinds = {CLASSES[each.kind] for each in all_of_it if each.kind in CLASSES}
    statuses = {str(401 if given == UNAUTHENTICATED else status_of(kind("", ""))) for kind in kinds}
    statuses |= {each.kind for each in all_of_it if each.kind not in CLASSES}
    exits = {str(kind.exit_code) for kind in kinds}
    messages = dict.fromkeys(plain(each.message) for each in all_of_it if each.message.strip("{…}. "))
    return code(given), ", ".join(sorted(statuses)), ", ".join(sorted(exits)), " · ".join(messages)
