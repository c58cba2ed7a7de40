"""Windows: every token once, enough context, and cuts that an edit elsewhere does not move."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.text.windows import CONTEXT, LONGEST, windows

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
