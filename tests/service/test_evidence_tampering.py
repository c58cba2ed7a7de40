"""Whatever is changed in evidence and sealed again is found, apart from what no file can show of itself."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from packs import Values, checked, full, lab, sealed

from neural_lab.errors import InvalidRequest
from neural_lab.evidence.checks import Outcome, outcome
from neural_lab.evidence.opening import Opened
from neural_lab.evidence.paper import page_of
from neural_lab.evidence.verify import verify

Path = tuple[Any, ...]
TOLD = re.compile(
    r"made|program\.version|detector\.probe\.0|library\..*"
    r"|trail\.draft\.(id|title|created|updated)|trail\.snapshots\.0\.characters"
    r"|audit\.(sources\.0\.(path|date|language|collection|characters|sha256|added)|exclusions\.\w+)"
    r"|audit\.matches\.0\.(source_start|source_end|similarity)"
    r"|options\.quoted\.0\.(start|end)|audit\.facts\.quotations\.0\.(start|end)"
)
"""What was told when a pack was made, and what a digit more or less does not matter for."""


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """The first of every list, and of every object with names that differ from pack to pack."""
    inner = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))[:1]
        if isinstance(value, list)
        else []
    )
    if path and path[-1] in ("signals", "contributions", "files", "reference"):
        inner = inner[:1]
    for key, each in inner:
        yield from leaves(each, (*path, key))
    if not inner and path != ("digest",):
        yield path


def other(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + (1 if isinstance(value, int) else -1e-4 if value > 0.5 else 1e-4)
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        case None:
            return 7
        case _:
            return ["x"] if isinstance(value, list) else {"x": 1}


def put(values: Values, path: Path, made: Any) -> Values:
    """A sealed copy with something else at `path`."""
    values = copy.deepcopy(values)
    at: Any = values
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = made
    return sealed(values)


def found_out(values: Values, page: str | None = None) -> bool:
    """Without a detector, which is quick, or else with one."""
    try:
        quick = outcome(verify(Opened(values, page), None))
        return (
            quick is Outcome.DIFFERS or outcome(verify(Opened(values, page), lab())) is not Outcome.VERIFIED
        )
    except InvalidRequest:
        return True


def test_nothing_can_be_changed_unseen_but_what_was_told() -> None:
    values = full()
    places = {path: ".".join(map(str, path)) for path in leaves(values)}
    assert len(places) > 120
    unseen = []
    for path, name in places.items():
        at: Any = values
        for key in path:
            at = at[key]
        if not TOLD.fullmatch(name) and not found_out(put(values, path, other(at))):
            unseen.append(name)
    assert unseen == []


@pytest.mark.parametrize(
    "path",
    [("note",), ("report", "note"), ("detector", "note"), ("audit", "note"), ("trail", "draft", "note")],
)
def test_nothing_can_be_added(path: Path) -> None:
    assert found_out(put(full(), path, "He said so himself."))


@pytest.mark.parametrize(
    "old", ["69%", "Parts of it read like machine writing", "flagged", "SHA-256", "</p>"]
)
def test_a_page_cannot_show_anything_else_than_it_carries(old: str) -> None:
    values = full()
    page = page_of(values)
    assert old in page
    assert checked(values, page)["page"].state == "agrees"
    assert checked(values, page.replace("\n", "\r\n"))["page"].state == "agrees"
    changed = checked(values, page.replace(old, f"{old} ", 1))["page"]
    assert (changed.state, changed.places) == ("differs", ("page",))


ODD = [None, True, 0, -1, 0.5, 1e15, "", " ", "\ud800", [], {}, [None], {"a": 1}, "likely_ai", -0.0, 9**15]


def everywhere(value: Any, path: Path = ()) -> Iterator[Path]:
    yield from [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in list(inner)[:40]:
        yield from everywhere(each, (*path, key))


@pytest.mark.parametrize("with_text", [True, False])
def test_hostile_evidence_is_refused_or_found_out_and_breaks_nothing(with_text: bool) -> None:
    values, page, dice = full(with_text), page_of(full(with_text)), random.Random(4711)
    places = list(everywhere(values))
    ends, refusals = set(), set()
    for _ in range(150):
        made = put(values, dice.choice(places), dice.choice(ODD))
        try:
            ends.add(outcome(verify(Opened(made, dice.choice((page, None))), None)))
        except InvalidRequest as error:
            refusals.add(error.message.partition(":")[0])
    assert Outcome.DIFFERS in ends
    assert refusals == {"This is no evidence pack"}
