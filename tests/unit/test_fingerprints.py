"""Winnowing keeps its promise: shared stretches share fingerprints."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.audit import fingerprints
from neural_lab.audit.fingerprints import GRAM, GUARANTEE, NEAR, SIDE, WINDOW, fingerprint, long_grams
from neural_lab.audit.letters import letters
from neural_lab.audit.postings import ENDS, MOST_PLACES, MOST_SOURCES, SEED, pack, sampled, unpack

few = st.text(alphabet="abc", max_size=300)
many = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=200)


def marks(text: str) -> fingerprints.Fingerprints:
    return fingerprint(letters(text).codes)


def test_the_numbers_fit_together() -> None:
    assert GUARANTEE == 40
    assert SIDE * 2 == GUARANTEE - GRAM


def test_values_are_for_good() -> None:
    # Stored fingerprints would be lost if these changed: raise letters.VERSION with them.
    found = marks("The quick brown fox jumps over the lazy dog, again and again and again.")
    assert found.positions.tolist() == [15, 17]
    assert found.hashes.tolist() == [157035090536779060, 569426025780138554]
    assert found.contexts.tolist() == [1181686728, 4245258225]


@given(few, many, st.text(alphabet="abc", min_size=GUARANTEE, max_size=120))
def test_a_shared_stretch_shares_a_fingerprint(one: str, other: str, common: str) -> None:
    first, second = marks(one + common + other), marks(other + common + one)
    inside = {
        (h, p - len(one)) for h, p in zip(first.hashes.tolist(), first.positions.tolist(), strict=True)
    } & {(h, p - len(other)) for h, p in zip(second.hashes.tolist(), second.positions.tolist(), strict=True)}
    assert any(0 <= place <= len(common) - GRAM for _, place in inside)


@given(st.one_of(few, many))
def test_no_gap_is_wider_than_a_window(text: str) -> None:
    found = marks(text)
    if len(text) < GRAM:
        assert not len(found)
        return
    places = found.positions
    assert places[0] < WINDOW
    assert (np.diff(places) <= WINDOW).all()
    assert (np.diff(places) > 0).all()
    if len(text) >= GUARANTEE:
        assert places[-1] > len(text) - GUARANTEE - 1


@given(st.text(alphabet="ab", min_size=100, max_size=400), st.integers(1, 90))
def test_the_size_of_pieces_changes_nothing(text: str, piece: int) -> None:
    whole, before = marks(text), fingerprints.PIECE
    try:
        fingerprints.PIECE = piece
        again = marks(text)
    finally:
        fingerprints.PIECE = before
    for name in ("hashes", "positions", "contexts"):
        assert getattr(whole, name).tolist() == getattr(again, name).tolist()


def test_contexts_are_of_the_letters_on_either_side() -> None:
    text = "".join(np.random.default_rng(1).choice(list("abcdefghij"), 400))
    found = marks(text)
    at = int(found.positions[len(found) // 2])
    mine = int(found.contexts[found.positions == at][0])
    for kept, agreeing in ((SIDE, (True, True)), (NEAR, (False, True)), (NEAR - 1, (False, False))):
        other = marks("z" * 60 + text[at - kept : at + GRAM] + "q" * 60)
        place = int(np.flatnonzero(other.hashes == found.hashes[found.positions == at][0])[0])
        differing = mine ^ int(other.contexts[place])
        assert (differing >> 24 == 0, differing >> 16 & 0xFF == 0) == agreeing
        assert differing & 0xFFFF


def test_long_grams_are_of_exactly_so_many_letters() -> None:
    codes = letters("a" * (GUARANTEE + 3) + "b").codes
    found = long_grams(codes)
    assert len(found) == len(codes) - GUARANTEE + 1
    assert len(set(found.tolist())) == 2
    assert not len(long_grams(codes[: GUARANTEE - 1]))


def test_seeds_come_back_as_they_were_packed() -> None:
    found = marks("".join(np.random.default_rng(2).choice(list("abcdefghij"), 900)))
    hashes, packed = pack(found)
    assert hashes == sorted(set(found.hashes.tolist()))
    back = unpack([(at, 7, seeds) for at, seeds in enumerate(packed)])
    pairs = sorted(zip(back.seeds.positions.tolist(), back.seeds.contexts.tolist(), strict=True))
    assert pairs == sorted(zip(found.positions.tolist(), found.contexts.tolist(), strict=True))
    assert set(back.seeds.sources.tolist()) == {7}
    assert not len(back.common)
    assert not back.crowded


def test_a_hash_in_too_many_sources_is_common_and_has_no_seeds() -> None:
    seed = np.array([(3, 4)], dtype=SEED).tobytes()
    rows = [*sampled([(0, source, seed) for source in range(1, MOST_SOURCES + 2)]), (1, 5, seed)]
    back = unpack(rows)
    assert back.common.tolist() == [0]
    assert back.seeds.asked.tolist() == [1]
    assert set(back.samples.asked.tolist()) == {0}
    assert back.samples.sources.tolist() == [65, 33, 1]
    assert sampled(rows[3:]) == rows[3:]


def test_a_text_that_repeats_itself_keeps_the_ends_or_nothing() -> None:
    one_letter = pack(marks("a" * 100_000))[1]
    assert [len(seeds) // SEED.itemsize for seeds in one_letter] == [2 * ENDS]
    header = "".join(np.random.default_rng(3).choice(list("abcdefghij"), 60))
    pages = header + header.join(
        "".join(np.random.default_rng(n).choice(list("klmnop"), 90)) for n in range(MOST_PLACES + 9)
    )
    packed = pack(marks(pages))[1]
    assert b"" in packed
    assert unpack([(0, 3, b"")]).crowded == {3}


@pytest.mark.parametrize("text", ["", "short", "!?…", "a" * (GRAM - 1)])
def test_what_is_too_short_has_none(text: str) -> None:
    assert not len(marks(text))
    assert pack(marks(text)) == ([], [])
