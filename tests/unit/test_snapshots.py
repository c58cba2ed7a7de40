"""A chain of snapshots: how it is sealed, and what is noticed when somebody changes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.trail import FIRST, Broken, Flaw, Snapshot, digest, following, verify

TEXTS = ["", "The river", "The river ran", "The river"]
MOMENT = "2026-02-03T04:05:{:02}Z"


def chain(texts: list[str] = TEXTS) -> list[Snapshot]:
    found, last = list[Snapshot](), None
    for number, text in enumerate(texts):
        last = following(last, text, MOMENT.format(number % 60))
        found.append(last)
    return found


def numbered(texts: list[str] = TEXTS) -> dict[int, str]:
    return dict(enumerate(texts, 1))


def sealed(snapshot: Snapshot) -> Snapshot:
    """With the digest that its fields have now."""
    values = snapshot.previous, snapshot.seq, snapshot.at, snapshot.text_sha256
    return replace(snapshot, digest=digest(*values))


def test_a_digest_is_that_of_one_line() -> None:
    of_text = sha256("ünf Reiher".encode()).hexdigest()
    line = f"neural-lab-trail-1 {'0' * 64} 1 {MOMENT.format(7)} {of_text}"
    snapshot = following(None, "ünf Reiher", MOMENT.format(7))
    expected = Snapshot(1, MOMENT.format(7), 10, of_text, FIRST, sha256(line.encode()).hexdigest())
    assert snapshot == expected


def test_what_is_in_order_has_no_flaw() -> None:
    assert verify(chain(), numbered()) == verify(chain()) == verify([]) == []


def test_clocks_that_are_set_back_do_not_turn_time_round() -> None:
    first = following(None, "a", MOMENT.format(9))
    second = following(first, "b", MOMENT.format(3))
    assert second.at == MOMENT.format(9)
    assert verify([first, second]) == []


CHANGES: dict[str, tuple[Callable[[list[Snapshot]], list[Snapshot]], list[Flaw]]] = {
    "a snapshot is left out": (
        lambda c: [c[0], *c[2:]],
        [Flaw(3, Broken.ORDER), Flaw(3, Broken.LINK)],
    ),
    "the first is left out": (lambda c: c[1:], [Flaw(2, Broken.ORDER), Flaw(2, Broken.LINK)]),
    "two change places": (
        lambda c: [c[0], c[2], c[1], c[3]],
        [
            *(Flaw(3, kind) for kind in (Broken.ORDER, Broken.LINK)),
            *(Flaw(2, kind) for kind in (Broken.ORDER, Broken.TIME, Broken.LINK)),
            *(Flaw(4, kind) for kind in (Broken.ORDER, Broken.LINK)),
        ],
    ),
    "a moment is changed": (
        lambda c: [c[0], replace(c[1], at=MOMENT.format(2)), *c[2:]],
        [Flaw(2, Broken.DIGEST)],
    ),
    "a moment is changed and sealed": (
        lambda c: [c[0], sealed(replace(c[1], at=MOMENT.format(2))), *c[2:]],
        [Flaw(3, Broken.LINK)],
    ),
    "a length is changed": (
        lambda c: [*c[:3], replace(c[3], characters=8)],
        [Flaw(4, Broken.CHARACTERS)],
    ),
    "another text is sealed": (
        lambda c: [*c[:3], sealed(replace(c[3], text_sha256=sha256(b"The lake!").hexdigest()))],
        [Flaw(4, Broken.TEXT)],
    ),
}


@pytest.mark.parametrize("name", [*CHANGES])
def test_what_was_changed_is_noticed(name: str) -> None:
    change, expected = CHANGES[name]
    assert verify(change(chain()), numbered()) == expected


FIELDS = st.sampled_from(["at", "characters", "text_sha256", "previous", "digest", "text"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=8), min_size=1, max_size=6), st.integers(0, 5), FIELDS)
def test_no_field_can_be_changed_alone(texts: list[str], at: int, name: str) -> None:
    snapshots, known = chain(texts), numbered(texts)
    at %= len(texts)
    if name == "text":
        known[at + 1] += "!"
    else:
        old = getattr(snapshots[at], name)
        snapshots[at] = replace(snapshots[at], **{name: old + 1 if name == "characters" else old[::-1] + "0"})
    assert verify(snapshots, known) != []
