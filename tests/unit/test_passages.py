"""Passages: every sentence once, whole sentences around it, and cuts that an edit elsewhere does not move."""

from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from neural_lab.text.passages import LONGEST, LONGEST_CORE, SHORTEST_CORE, Passage, passages

REACH = 200  # Sentences; behind so many the cuts have fallen into step again.
DOCUMENTS = st.lists(st.tuples(st.text("ab \ud800", max_size=3), st.integers(0, 300)), max_size=120)


def cut(document: list[tuple[str, int]]) -> list[Passage]:
    return list(passages([text for text, _ in document], [tokens for _, tokens in document]))


def written(seed: int, sentences: int) -> list[tuple[str, int]]:
    """Sentences unlike each other, mostly of 10 to 50 tokens."""
    draw = Random(seed)
    return [(str(draw.random()), int(draw.lognormvariate(3.1, 0.5)) + 1) for _ in range(sentences)]


@given(DOCUMENTS)
@example([("a", 1000)])
@example([("a", 95), ("b", 96)])
@example([("a", 0)] * 50)
def test_every_sentence_is_owned_exactly_once_and_in_order(document: list[tuple[str, int]]) -> None:
    owned = [at for passage in cut(document) for at in range(passage.first, passage.end)]
    assert owned == list(range(len(document)))


@given(DOCUMENTS)
@example([("a", 60), ("b", 254)])
@example([("a", 0), ("b", 255), ("c", 0)])
def test_a_passage_fits_the_model_unless_it_is_one_sentence(document: list[tuple[str, int]]) -> None:
    for start, first, end in cut(document):
        own = sum(tokens for _, tokens in document[first:end])
        assert sum(tokens for _, tokens in document[start:end]) <= LONGEST or end - start == 1
        assert own <= LONGEST_CORE or sum(tokens > 0 for _, tokens in document[first:end]) == 1


@given(DOCUMENTS)
def test_context_is_as_many_whole_sentences_as_fit(document: list[tuple[str, int]]) -> None:
    for start, first, end in cut(document):
        assert 0 <= start <= first < end
        assert start == 0 or sum(tokens for _, tokens in document[start - 1 : end]) > LONGEST


@given(st.integers(0, 10**6))
def test_a_passage_of_ordinary_sentences_has_enough_to_read(seed: int) -> None:
    document = written(seed, 60)
    for _, first, end in cut(document)[:-1]:
        longest = max(tokens for _, tokens in document[first : end + 1])
        assert sum(tokens for _, tokens in document[first:end]) >= min(SHORTEST_CORE, LONGEST_CORE - longest)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 9), st.integers(0, 9))
def test_an_edit_leaves_passages_far_from_it_as_they_are(seed: int, removed: int, inserted: int) -> None:
    document, at = written(seed, 3 * REACH), REACH // 2
    edited = [*document[:at], *written(seed + 1, inserted), *document[at + removed :]]
    moved = inserted - removed
    behind = {Passage(*(i + moved for i in p)) for p in cut(document) if p.start > at + removed + REACH}
    before = {p for p in cut(document) if sum(tokens for _, tokens in document[p.first : at]) > LONGEST_CORE}
    assert len(behind) > 10
    assert len(before) > 10
    assert behind | before <= set(cut(edited))


def test_no_sentences_no_passages() -> None:
    assert cut([]) == []
