"""Windows: every token once, enough context, and cuts that an edit elsewhere does not move."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.text.windows import CONTEXT, LONGEST, USUAL, Reach, windows

IDS = st.lists(st.integers(0, 8191), max_size=3000)


@given(IDS)
def test_every_token_is_scored_exactly_once_and_in_order(ids: list[int]) -> None:
    scored = [at for window in windows(ids) for at in range(window.first, window.end)]
    assert scored == list(range(len(ids)))


@given(IDS)
def test_context_is_real_and_at_least_a_quarter(ids: list[int]) -> None:
    for window in windows(ids):
        assert window.end - window.first <= LONGEST
        assert window.start == max(window.first - CONTEXT, 0)
    assert CONTEXT * 4 >= CONTEXT + LONGEST


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 400))
def test_an_insertion_changes_the_cuts_of_its_neighbourhood_only(seed: int, inserted: int) -> None:
    draw = Random(seed)
    ids = [draw.randrange(8192) for _ in range(8000)]
    more = [*ids[:1000], *(draw.randrange(8192) for _ in range(inserted)), *ids[1000:]]
    before = {window.end + inserted for window in windows(ids) if window.first > 5000}
    after = {window.end for window in windows(more)}
    assert before <= after


@given(IDS, st.integers(8, 300), st.none() | st.integers(0, 292))
def test_windows_of_any_length_score_every_token_once(
    ids: list[int], limit: int, context: int | None
) -> None:
    if (context or 0) > limit - 8:
        with pytest.raises(ValueError, match="room"):
            Reach.within(limit, context)
        return
    if context is None and limit < 10:
        return
    reach = Reach.within(limit, context)
    found = list(windows(ids, reach))
    assert [at for window in found for at in range(window.first, window.end)] == list(range(len(ids)))
    for window in found:
        assert window.start == max(window.first - reach.context, 0)
        assert window.end - window.start <= limit


def test_the_usual_windows_are_those_of_512_tokens() -> None:
    assert Reach.within(512) == USUAL
