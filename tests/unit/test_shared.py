"""What a document shares with sources: no run of 40 letters is missed, nothing is made up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.audit.fingerprints import GUARANTEE
from neural_lab.audit.letters import letters
from neural_lab.audit.match import MatchKind, Shared, coverage, union
from neural_lab.audit.postings import MOST_SOURCES
from neural_lab.audit.shared import shared
from neural_lab.audit.source import Incoming
from neural_lab.backends.memory_store import MemoryStore
from neural_lab.types import Span

WORDS = ["".join(random.Random(n).choices("abcdefghijklmnopqrstuvwxyz", k=2 + n % 8)) for n in range(2_000)]


def prose(seed: int, words: int) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def against(text: str, sources: Sequence[str], most: int = MOST_SOURCES) -> Shared:
    library = MemoryStore(most_sources=most).library("me")
    library.add([Incoming(source) for source in sources])
    return shared(text, library.recall, library.texts)


def covered(text: str, found: Shared) -> bytearray:
    mask = bytearray(len(text))
    for span in union([*(match.span for match in found.matches), *found.common]):
        mask[span.start : span.end] = b"\1" * span.length
    return mask


@st.composite
def documents(draw: st.DrawFn) -> list[str]:
    """A document and sources put together from the same pieces, repeated and restyled."""
    alphabet = draw(st.sampled_from(["a", "ab", "abc .", "abcdefghijklm ,", "aéßﬁ字 \n"]))
    pieces = draw(st.lists(st.text(alphabet=alphabet, min_size=3, max_size=90), min_size=1, max_size=5))
    part = st.one_of(
        st.sampled_from(pieces),
        st.text(alphabet=alphabet, max_size=40),
        st.tuples(st.sampled_from(pieces), st.integers(2, 25)).map(lambda pair: pair[0] * pair[1]),
        st.sampled_from(pieces).map(str.upper),
    )
    return draw(st.lists(st.lists(part, min_size=1, max_size=10).map("".join), min_size=2, max_size=5))


@settings(max_examples=300, deadline=None)
@given(documents())
def test_every_shared_run_of_forty_letters_is_found(texts: list[str]) -> None:
    text, *sources = texts
    found, own = against(text, sources), letters(text)
    others = (letters(source).text for source in sources)
    runs = {other[at : at + GUARANTEE] for other in others for at in range(len(other) - GUARANTEE + 1)}
    mask = covered(text, found)
    for at in range(len(own) - GUARANTEE + 1):
        if own.text[at : at + GUARANTEE] in runs:
            assert all(mask[place] for place in own.offsets[at : at + GUARANTEE].tolist())


@settings(max_examples=150, deadline=None)
@given(documents())
def test_matches_are_what_they_say(texts: list[str]) -> None:
    text, *sources = texts
    kept = list(dict.fromkeys(sources))
    found = against(text, sources)
    last: dict[int, Span] = {}
    for match in found.matches:
        source = kept[match.source - 1]
        assert 0 <= match.source_span.start < match.source_span.end <= len(source)
        assert 0 <= match.span.start < match.span.end <= len(text)
        assert 0 < match.similarity <= 1
        if match.source in last:
            assert last[match.source].end <= match.span.start
        last[match.source] = match.span
        if match.kind is MatchKind.VERBATIM and not set("ßﬁ") & set(text + source):
            assert letters(match.span.of(text)).text == letters(match.source_span.of(source)).text
            assert match.similarity == 1


def test_the_same_text_is_covered_to_its_last_character() -> None:
    for text in (
        prose(1, 400),
        f"  “{prose(2, 90)}” …\n\n",
        "字" * 60 + "。",
        prose(3, 30).upper() + "\x00\x00",
    ):
        found = against(text, [prose(9, 300), text])
        assert coverage(found.matches, len(text)) == 1.0
        assert [match.kind for match in found.matches] == [MatchKind.VERBATIM]


def test_case_spacing_and_marks_do_not_hide_a_copy() -> None:
    source = prose(4, 300)
    passage = source[200:400]
    restyled = "-".join(passage.upper().split())
    text = f"{prose(5, 60)} {restyled} {prose(6, 60)}"
    (match,) = against(text, [source]).matches
    assert match.kind is MatchKind.VERBATIM
    assert letters(match.span.of(text)).text in letters(restyled).text
    assert match.span.length >= len(restyled) - 12  # words cut in two at the ends may agree or not


def test_thirty_nine_letters_are_not_reported_and_forty_are() -> None:
    source = prose(7, 200)
    run = letters(source).text[100:140]
    assert against(f"## {run} ##", [source]).matches
    assert not against(f"## {run[:-1]} ##", [source]).matches


@pytest.mark.parametrize(("share", "least"), [(0.1, 0.95), (0.25, 0.8)])
def test_a_copy_with_other_words_in_it_is_a_near_copy(share: float, least: float) -> None:
    chance, source = random.Random(8), prose(8, 160)
    words = [chance.choice(WORDS) if chance.random() < share else word for word in source.split()]
    text = " ".join(words)
    found = against(f"{prose(10, 80)} {text} {prose(11, 80)}", [source])
    assert {match.kind for match in found.matches} == {MatchKind.NEAR_COPY}
    assert sum(match.span.length for match in found.matches) >= least * len(text)
    assert all(0.5 <= match.similarity < 1 for match in found.matches)


def test_reordered_sentences_are_found_one_by_one() -> None:
    sentences = [prose(seed, 20) for seed in range(20, 26)]
    found = against(" ".join(reversed(sentences)), [" ".join(sentences)])
    assert coverage(found.matches, len(" ".join(sentences))) > 0.95
    starts = [match.source_span.start for match in sorted(found.matches, key=lambda match: match.span)]
    assert starts == sorted(starts, reverse=True)


def test_text_of_too_many_sources_is_common_and_no_match() -> None:
    common = prose(30, 30)
    text = f"{prose(31, 50)} {common} {prose(32, 50)}"
    many = [f"{prose(1_000 + n, 40)} {common} {prose(2_000 + n, 40)}" for n in range(65)]
    found = against(text, many)
    assert not found.matches
    (span,) = found.common
    assert text.index(common) <= span.start + 25
    assert span.length > len(common) / 2
    fewer = against(text, many[:64])
    assert len(fewer.matches) == 64
    assert not fewer.common
    more = against(text, many, most=65)
    assert (len(more.matches), more.common) == (65, ())
    assert against(text, many[:3], most=2).common


def test_a_copy_goes_on_through_common_text() -> None:
    common = prose(40, 40)
    copied = f"{prose(41, 60)} {common} {prose(42, 60)}"
    sources = [f"{prose(3_000 + n, 40)} {common}" for n in range(70)] + [copied]
    found = against(copied, sources)
    assert coverage([match for match in found.matches if match.source == 71], len(copied)) == 1.0


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("a" * 1_000_000, ["a" * 900_000, "b" + "a" * 50]),
        ("ab" * 300_000, ["ba" * 400_000]),
        (prose(50, 40) * 400, [prose(50, 40) * 300, prose(50, 40) + prose(51, 40)]),
        ("\u202e" + "שלום עולם " * 2_000 + "😀" * 5_000, ["שלום עולם " * 3_000]),
    ],
)
def test_repetition_takes_no_quadratic_time(text: str, sources: list[str]) -> None:
    found = against(text, sources)
    assert found.matches
    for one, other in pairwise(sorted(match.span for match in found.matches if match.source == 1)):
        assert one.end <= other.start


@pytest.mark.parametrize("text", ["?", "\x00" * 50, "😀" * 200, "a b c"])
def test_texts_without_letters_share_nothing(text: str) -> None:
    assert against(text, [prose(60, 50), "😀" * 300]) == Shared((), ())


def test_a_source_that_is_gone_meanwhile_is_left_out() -> None:
    library = MemoryStore().library("me")
    text = prose(61, 80)
    library.add([Incoming(text)])
    assert not shared(text, library.recall, lambda _: {}).matches
