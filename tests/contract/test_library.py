"""What every `Library` owes, whatever it is kept in."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from stores import NOW, STORES, answers, hashes

from neural_lab.audit.fingerprints import fingerprint
from neural_lab.audit.letters import letters
from neural_lab.audit.postings import MOST_SOURCES, pack
from neural_lab.audit.source import Incoming, Source, Stats
from neural_lab.backends.memory_store import MemoryStore
from neural_lab.errors import InvalidRequest
from neural_lab.ports import Library, Store

RIVER = "The river ran slowly past the mill and nobody saw it go. "
ODD = (
    "漢字仮名交じり文は日本語の表記の一つである。" * 9,
    "النص العربي يُكتب من اليمين إلى اليسار، وفيه حروف متصلة." * 5,
    "Smile \U0001f600 and \U0001f469\u200d\U0001f680 wave while the rocket leaves without the others aboard. "
    * 3,
    "Before the zero\0byte and after it there is more of this text than one would think. " * 3,
    "Half of a pair \ud83d stands alone here, and \udcff another, in a sentence that goes on for a while. "
    * 3,
    "Straße, ÄPFEL, İstanbul, ΣΊΣΥΦΟΣ, ǅungla and ﬁne ligatures in one long sentence of many letters. " * 3,
    "",
    " \n\t",
    "short",
    "a" * 100_000,
    RIVER * 400,
)
WORDS = (
    "river",
    "ZERO\0BYTE",
    "pair \ud83d",
    "äpfel",
    "STRASSE",
    "σίσυφος",
    "漢字仮",
    "aaa",
    "العربي",
    "\U0001f600 and",
)


@pytest.fixture(params=[*STORES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with STORES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture
def library(store: Store) -> Library:
    return store.library("me")


def prose(seed: int, words: int = 300) -> str:
    chosen = random.Random(seed)
    return " ".join(
        "".join(chosen.choices(string.ascii_lowercase, k=chosen.randint(2, 9))) for _ in range(words)
    )


def numbers(library: Library, *texts: str | Incoming) -> list[int]:
    """The numbers of texts that are new."""
    given = [Incoming(text) if isinstance(text, str) else text for text in texts]
    added = library.add(given)
    assert None not in added
    return [number for number in added if number is not None]


def test_an_empty_library_has_nothing(library: Library) -> None:
    assert library.sources() == library.recall(hashes(RIVER * 2)) == library.search("river") == []
    assert library.texts([1, 2]) == {}
    assert library.stats() == Stats(0, 0, 0, {})
    assert library.add([]) == []
    assert library.remove([1]) == library.remove([]) == 0


def test_what_is_added_is_there(library: Library) -> None:
    incoming = Incoming(RIVER * 3, "Tit\0le \udcff", "/a/\udcff", "2020-01-02", "en", "häuser")
    other = Incoming(prose(1))
    first, second = numbers(library, incoming, other)
    assert first < second
    fields = (
        "Tit\0le \udcff",
        "/a/\udcff",
        "2020-01-02",
        "en",
        "häuser",
        len(RIVER * 3),
        incoming.sha256,
        NOW,
    )
    source, plain = library.sources()
    assert source == Source(first, *fields)
    assert plain == Source(second, "", "", "", "", "library", len(other.text), other.sha256, NOW)
    assert library.sources([second, 99, first, second, 2**70]) == [source, plain]
    assert library.sources([]) == []
    assert library.texts([second, 99, 2**70]) == {second: other.text}
    counted = len(hashes(RIVER * 3)) + len(hashes(other.text))
    assert library.stats() == Stats(2, len(RIVER) * 3 + len(other.text), counted, {"häuser": 1, "library": 1})


@pytest.mark.parametrize("text", ODD)
def test_texts_come_back_as_they_were(library: Library, text: str) -> None:
    (number,) = numbers(library, text)
    assert library.texts([number]) == {number: text}
    found, seeds = pack(fingerprint(letters(text).codes))
    recalled = library.recall(np.array(found, dtype=np.int64))
    assert recalled == [(place, number, packed) for place, packed in enumerate(seeds)]
    assert library.remove([number]) == 1
    assert library.recall(np.array(found, dtype=np.int64)) == []


def test_all_stores_answer_alike(store: Store) -> None:
    """Whatever is done to them; the store in memory is the reference."""
    chosen, reference = random.Random(7), MemoryStore(lambda: NOW)
    texts = [*ODD, *(prose(seed, 60) + RIVER * (seed % 3) for seed in range(25))]
    libraries = [each.library("me") for each in (store, reference)]
    paths = ("", "/a", "/b", "/c", "/d\0\udcff")
    for _ in range(9):
        batch = [Incoming(each, each[:9], chosen.choice(paths)) for each in chosen.choices(texts, k=9)]
        gone = chosen.sample(range(len(libraries[0].sources()) + 1), k=1)
        given = [[number is None for number in library.add(batch)] for library in libraries]
        assert given[0] == given[1]
        removed = [library.remove([s.id for s in library.sources()[gone[0] :][:2]]) for library in libraries]
        assert removed[0] == removed[1]
        assert answers(libraries[0], texts, WORDS) == answers(libraries[1], texts, WORDS)
        assert came_from(libraries[0], paths) == came_from(libraries[1], paths)


def came_from(library: Library, paths: Sequence[str]) -> list[str]:
    """The content of what was added from each path."""
    contents = {source.id: source.sha256 for source in library.sources()}
    return [contents.get(library.added_from(path), "") for path in paths]


@pytest.mark.parametrize("seed", range(8))
def test_paths_lead_to_the_same_texts_in_all_stores(store: Store, seed: int) -> None:
    """Of a few texts and paths, so that nearly every addition moves a path; in batches of all sizes."""
    chosen, reference = random.Random(seed), MemoryStore(lambda: NOW)
    libraries, paths = [each.library("me") for each in (store, reference)], ("", "/a", "/b", "/c")
    for _ in range(15):
        batch = [
            Incoming(chosen.choice("stuvw"), path=chosen.choice(paths)) for _ in range(chosen.randint(1, 6))
        ]
        given = [[number is None for number in library.add(batch)] for library in libraries]
        assert given[0] == given[1]
        assert answers(libraries[0], [], []) == answers(libraries[1], [], [])
        assert came_from(libraries[0], paths) == came_from(libraries[1], paths)


def test_hashes_are_numbered_as_they_were_asked_for(library: Library) -> None:
    one, two = numbers(library, RIVER * 3, RIVER * 3 + prose(2))
    asked = hashes(RIVER * 3)[::-1]
    recalled = library.recall(asked)
    assert [row[:2] for row in recalled] == [
        (at, number) for at in range(len(asked)) for number in (one, two)
    ]


def test_of_a_common_hash_samples_of_the_first_sources_are_recalled(library: Library) -> None:
    added = numbers(library, *(f"{RIVER * 2}{prose(seed, 30)}" for seed in range(MOST_SOURCES + 20)))
    asked = hashes(RIVER * 2)
    shared = [row for row in library.recall(asked) if row[0] == 0]
    assert [row[1] for row in shared] == [-added[at] for at in (64, 32, 0)]
    library.remove(added[:10])
    shared = [row for row in library.recall(asked) if row[0] == 0]
    assert [row[1] for row in shared] == [-added[at] for at in (74, 42, 10)]
    library.remove(added[10:20])
    shared = [row for row in library.recall(asked) if row[0] == 0]
    assert [row[1] for row in shared] == added[20:]


def test_a_text_is_there_once(library: Library) -> None:
    (first,) = numbers(library, Incoming(RIVER * 3, path="/a"))
    new, again, twice = library.add(
        [Incoming(prose(3)), Incoming(RIVER * 3, "Another", "/b"), Incoming(prose(3), path="/c")]
    )
    assert again is twice is None
    assert new is not None
    assert [source.id for source in library.sources()] == [first, new]
    assert library.sources([first])[0].path == "/a"


def test_a_text_from_several_paths_is_none_of_them_alone(library: Library) -> None:
    (first,) = numbers(library, Incoming(RIVER * 3, path="/essay"))
    assert library.add([Incoming(RIVER * 3), Incoming(RIVER * 3, path="/essay")]) == [None, None]
    assert library.added_from("/essay") == first
    assert library.add([Incoming(RIVER * 3, path="/copy")]) == [None]
    assert library.added_from("/essay") == library.added_from("/copy") == 0
    (other,) = numbers(library, Incoming(prose(1), path="/copy"))
    assert (library.added_from("/essay"), library.added_from("/copy")) == (first, other)
    assert library.sources([first])[0].path == "/essay"


def test_in_one_batch_too(library: Library) -> None:
    first, _ = library.add([Incoming(RIVER * 3, path=path) for path in ("/essay", "/copy")])
    assert first is not None
    assert library.added_from("/essay") == library.added_from("/copy") == 0
    (_, moved) = library.add([Incoming(RIVER * 3, path="/third"), Incoming(prose(1), path="/essay")])
    assert [(source.id, source.path) for source in library.sources()] == [(first, ""), (moved, "/essay")]
    library.add([Incoming(prose(1), path="/third")])
    assert library.added_from("/copy") == first


def test_a_text_that_became_another_that_is_there_is_gone(library: Library) -> None:
    old, other = numbers(library, Incoming(RIVER * 3, path="/a"), Incoming(prose(1), path="/b"))
    assert library.add([Incoming(prose(1), path="/a")]) == [None]
    assert [source.id for source in library.sources()] == [other]
    assert library.texts([old]) == {}
    assert library.recall(hashes(RIVER * 3)) == library.search("river") == []
    assert library.added_from("/a") == library.added_from("/b") == 0
    (again,) = numbers(library, Incoming(RIVER * 3, path="/a"))
    assert again > other
    assert (library.added_from("/a"), library.added_from("/b")) == (again, other)


@pytest.mark.parametrize("elsewhere", ["/c", ""])
@pytest.mark.parametrize("now", [prose(1), prose(2)])
def test_a_text_that_is_elsewhere_too_stays(library: Library, elsewhere: str, now: str) -> None:
    """When its first path leaves, for a text that is there or for a new one; then it shows none."""
    (other,) = numbers(library, Incoming(prose(1), path="/b"))
    (stays,) = numbers(library, Incoming(RIVER * 3, path="/a"))
    library.add([Incoming(RIVER * 3, path=elsewhere), Incoming(now, path="/a")])
    assert {source.id: source.path for source in library.sources([other, stays])} == {other: "/b", stays: ""}
    assert library.added_from(elsewhere) == (stays if elsewhere else 0)
    assert {row[1] for row in library.recall(hashes(RIVER * 3))} == {stays}
    library.add([Incoming(now, path=elsewhere)])
    assert bool(library.texts([stays])) == (elsewhere == "")


def test_a_text_without_a_path_never_leaves_by_itself(library: Library) -> None:
    (number,) = numbers(library, RIVER * 3)
    library.add([Incoming(RIVER * 3, path="/a")])
    assert library.added_from("/a") == number
    library.add([Incoming(prose(1), path="/a")])
    assert library.texts([number]) == {number: RIVER * 3}


def test_what_is_removed_has_no_paths(library: Library) -> None:
    (number,) = numbers(library, Incoming(RIVER * 3, path="/a"))
    library.add([Incoming(RIVER * 3, path="/b")])
    assert library.remove([number]) == 1
    (again, other) = numbers(library, Incoming(RIVER * 3, path="/b"), Incoming(prose(1), path="/a"))
    assert (library.added_from("/b"), library.added_from("/a")) == (again, other)


def test_a_path_has_one_text(library: Library) -> None:
    old, other, nowhere = numbers(
        library, Incoming(RIVER * 3, path="/a"), Incoming(prose(1), path="/b"), prose(5)
    )
    (new,) = numbers(library, Incoming(prose(2), path="/a"))
    assert [source.id for source in library.sources()] == [other, nowhere, new]
    assert new > nowhere > other > old
    assert library.texts([old]) == {}
    assert library.recall(hashes(RIVER * 3)) == library.search("river") == []


def test_the_last_of_one_path_stays(library: Library) -> None:
    batch = [Incoming(text, path="/a") for text in (RIVER * 3, prose(1), RIVER * 3)]
    added = numbers(library, *batch)
    assert added == sorted(set(added))
    assert [source.id for source in library.sources()] == added[2:]
    assert {row[1] for row in library.recall(hashes(RIVER * 3, prose(1)))} == {added[2]}
    assert library.stats().fingerprints == len(hashes(RIVER * 3))


def test_an_error_in_the_middle_leaves_nothing(library: Library) -> None:
    (kept,) = numbers(library, Incoming(RIVER * 3, path="/a"))
    broken = Incoming(None)  # type: ignore[arg-type]
    with pytest.raises((TypeError, AttributeError)):
        library.add([Incoming(prose(1), path="/a"), broken, Incoming(prose(2))])
    assert [source.id for source in library.sources()] == [kept]
    assert library.recall(hashes(prose(1), prose(2))) == []


def test_numbers_do_not_come_back(library: Library) -> None:
    added = numbers(library, *(prose(seed, 30) for seed in range(5)))
    assert library.remove([added[-1], added[-2]]) == 2
    assert numbers(library, prose(9))[0] > added[-1]


def test_what_is_removed_is_gone(library: Library) -> None:
    one, two, three = numbers(library, Incoming(RIVER * 3, "Marmalade"), prose(1), RIVER * 3 + prose(4))
    assert library.remove([one, one, three, 2**70, -1, 0]) == 2
    assert [source.id for source in library.sources()] == [two]
    assert library.recall(hashes(RIVER * 3)) == library.search("river") == library.search("marmalade") == []
    assert library.texts([one, two, three]).keys() == {two}
    assert library.stats().sources == 1
    assert library.remove([one]) == 0
    (again,) = numbers(library, RIVER * 3)
    assert again > three
    assert {row[1] for row in library.recall(hashes(RIVER * 3))} == {again}


OWNED: dict[str, Callable[[Library, list[int]], object]] = {
    "recall": lambda library, known: library.recall(hashes(RIVER * 3)),
    "texts": lambda library, known: library.texts(known),
    "sources": lambda library, known: library.sources(),
    "some sources": lambda library, known: library.sources(known),
    "search": lambda library, known: library.search("river"),
    "remove": lambda library, known: library.remove(known),
    "stats": lambda library, known: library.stats().sources,
}


@pytest.mark.parametrize("method", [*OWNED])
def test_owners_do_not_see_each_other(store: Store, method: str) -> None:
    mine, yours = store.library("me"), store.library("you \udcff\0")
    known = numbers(mine, Incoming(RIVER * 3, "River", "/a"))
    assert not OWNED[method](yours, known)
    own = numbers(yours, Incoming(prose(1), path="/b"))
    assert OWNED[method](yours, known) in ([], {}, 0, 1, yours.sources())
    assert mine.texts(known) == {known[0]: RIVER * 3}
    assert not mine.texts(own)


def test_owners_may_have_the_same(store: Store) -> None:
    mine, yours = store.library("me"), store.library("you")
    known = numbers(mine, Incoming(RIVER * 3, path="/a"))
    others = numbers(yours, Incoming(RIVER * 3, path="/a"))
    numbers(yours, Incoming(prose(1), path="/a"))
    assert mine.remove(others) == 0
    assert [row[1] for row in mine.recall(hashes(RIVER * 3)[:1])] == known
    assert yours.recall(hashes(RIVER * 3)) == []
    assert store.library("me").sources() == mine.sources() != []


@pytest.mark.parametrize(
    "words",
    [
        "100% of",
        "snake_case",
        "back\\slash",
        'say "what"',
        "it's",
        "zero\0byte",
        "\ud83d alone",
        "* OR *",
        "漢字仮",
        "   ",
    ],
)
def test_words_mean_themselves(library: Library, words: str) -> None:
    near = (
        "1000 of snakeXcase, backslash; say what, its zero byte: 漢字 仮, \ud83e alone",
        "zero\ufffdbyte",
        "a  b",
    )
    numbers(library, *near)
    (number,) = numbers(library, f"Here it is ({words}) and there.")
    assert [source.id for source in library.search(words)] == [number]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The ÄPFEL fell", "äpfel"),
        ("die äpfel", "DIE ÄPFEL"),
        ("Hauptstraße", "STRASSE"),
        ("STRASSE", "straße"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("МОСКВА", "москва"),
        ("a\0BC", "A\0bc"),
    ],
)
def test_case_does_not_matter(library: Library, text: str, words: str) -> None:
    in_text, in_title = numbers(library, text, Incoming("Something else.", text))
    numbers(library, "Neither the one nor the other.")
    assert [source.id for source in library.search(words)] == [in_title, in_text]


def test_newest_are_found_first_and_not_too_many(library: Library) -> None:
    added = numbers(library, *(f"{RIVER}{seed}" for seed in range(60)))
    assert [source.id for source in library.search("RIVER ran")] == added[:-51:-1]
    assert [source.id for source in library.search("river", 3)] == added[:-4:-1]
    assert library.search("river", 0) == library.search("river", -1) == []


def test_long_words_are_found_whole(library: Library) -> None:
    whole, _ = numbers(library, prose(1, 2000), prose(1, 2000)[::-1])
    assert [source.id for source in library.search(prose(1, 2000))] == [whole]
    assert library.search(prose(1, 2000).replace("a", "b", 1)) == []
    # Every three characters are there, but not all together.
    numbers(library, "abcd bcde cdef")
    assert library.search("abcdef") == []


@pytest.mark.parametrize("words", ["", "a", "ab", "漢字", "ß"])
def test_too_few_characters_are_refused(library: Library, words: str) -> None:
    with pytest.raises(InvalidRequest) as failure:
        library.search(words)
    assert failure.value.code == "too_short"


def test_recall_among_some_sources_and_without_one(store: Store) -> None:
    library = store.library("me")
    text = "The committee met on Tuesday to weigh the merits of a longer bridge across the northern river."
    texts = [Incoming(f"{text} {number}", path=f"/{number}.txt") for number in range(70)]
    numbers = [number for number in library.add(texts) if number]
    hashes = np.unique(fingerprint(letters(text).codes).hashes)
    assert {row[1] for row in library.recall(hashes)} == {-numbers[at] for at in (0, 32, 64)}
    assert {row[1] for row in library.recall(hashes, among=numbers[67:])} == set(numbers[67:])
    assert {row[1] for row in library.recall(hashes, among=[])} == set()
    assert {row[1] for row in library.recall(hashes, without=numbers[0])} == {
        -numbers[at] for at in (1, 33, 65)
    }
    assert library.added_from("/3.txt") == numbers[3]
    assert (
        library.added_from("/none.txt")
        == library.added_from("")
        == store.library("you").added_from("/3.txt")
        == 0
    )
