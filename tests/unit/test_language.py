"""Which language a text is in: pieces, their votes, and the identifier on real sentences."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.backends.language import LangId
from neural_lab.detect.language import LEAST_WORDS, MOST_PIECES, PIECE, pieces, spoken

ENGLISH = {
    "plain": (
        "My grandfather kept bees behind the railway station for thirty years, and nobody ever "
        "complained, not even the stationmaster, who was stung twice."
    ),
    "learner": (
        "Yesterday I go to the market whit my sister because we was want to buy some vegetable for the "
        "dinner, but the market it was close so we go back in home very sad and hungry."
    ),
    "misspelt": (
        "In my opinion the peoples should to respect the environement becouse is very importent for our"
        " futur. Many persons throw the rubbish in the street, and this is make me very angry."
    ),
    "names": (
        "Professor Wojciech Szczepański of Uniwersytet Jagielloński met Giuseppe Castiglione, Zhang "
        "Weimin and Nguyễn Thị Minh Khai in Reykjavík before travelling to Düsseldorf and San Juan de "
        "los Lagos."
    ),
    "technical": (
        "The mitochondrial cytochrome c oxidase subunit I (COI) gene was amplified by PCR using primers"
        " LCO1490 and HCO2198; GenBank accession AB123456, p < 0.001, n = 24, at 94 °C for 30 s and 72 "
        "°C for 60 s."
    ),
    "legal": (
        "The plaintiff filed a motion in limine pursuant to the doctrine of res judicata, arguing inter"
        " alia that the prima facie case was moot ab initio."
    ),
    "quoting": (
        "The poem begins with a line that everyone remembers: 'Verde que te quiero verde. Verde viento."
        " Verdes ramas.' The speaker then turns to the sea and the mountain, and the refrain returns "
        "again."
    ),
}
OTHERS = {
    "es": (
        "El viernes pasado fuimos a la playa con mis primos y comimos paella junto al mar hasta que se "
        "hizo de noche y volvimos a casa muy cansados."
    ),
    "de": (
        "Gestern habe ich mit meinem Bruder ein altes Fahrrad gekauft, und danach sind wir an den See "
        "gefahren, um zu baden und ein Eis zu essen."
    ),
    "fr": (
        "Hier soir nous avons mangé une soupe de légumes chez ma grand-mère, puis nous avons regardé la"
        " pluie tomber sur le jardin en silence."
    ),
    "zh": (
        "昨天我和朋友去公园散步,看到很多人在湖边钓鱼,天气非常好。我们坐在长椅上聊了很久,后来又去附近的小店"
        "吃了一碗热汤面。老板是一位很和气的老人,他告诉我们这家店已经开了三十多年,从前湖边还没有这么多房子,"
        "只有几棵柳树和一条小路。"
    ),
}


@cache
def identifier() -> LangId:
    return LangId()


def told(text: str) -> str | None:
    return spoken(pieces(text), identifier().identify)


@pytest.mark.parametrize("kind", ENGLISH)
def test_english_of_every_kind_is_english(kind: str) -> None:
    assert told(ENGLISH[kind]) == "en"
    assert told(f"{ENGLISH[kind]} " * 9) == "en"


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_are_recognised(language: str) -> None:
    assert told(OTHERS[language]) == language
    assert told(f"{OTHERS[language]}\n" * 9) == language


def test_a_foreign_paragraph_does_not_make_an_english_text_foreign() -> None:
    english = " ".join(ENGLISH.values())
    assert told(f"{english}\n\n{OTHERS['fr']}\n\n{english}") == "en"
    assert told(f"{ENGLISH['plain']}\n\n{OTHERS['fr'] * 4}") == "fr"


def test_no_language_is_told_from_a_few_words() -> None:
    assert told("Guten Tag, wie geht es dir?") is None
    assert pieces("word " * (LEAST_WORDS - 1)) == []
    assert pieces("word " * LEAST_WORDS) == ["word " * LEAST_WORDS]


@given(st.text(st.sampled_from("abc 字\n"), min_size=120, max_size=4000))
def test_pieces_are_the_whole_text(text: str) -> None:
    found = pieces("word " * LEAST_WORDS + text)
    assert "".join(found) == "word " * LEAST_WORDS + text
    assert max(map(len, found)) <= 2 * PIECE


def test_of_a_long_text_pieces_from_all_over_are_taken() -> None:
    text = "".join(f"{n:05d} word " for n in range(20_000))
    found = pieces(text)
    assert len(found) == MOST_PIECES
    assert found[0][:5] == "00000"
    assert text.find(found[-1]) > 0.97 * len(text)


@pytest.mark.parametrize(
    ("guesses", "language"),
    [
        ([("xx", ("de", 0.99)), ("x", ("en", 0.5))], "de"),
        ([("x", ("de", 0.99)), ("x", ("en", 0.5))], None),
        ([("xx", ("de", 0.79)), ("x", ("en", 0.9))], None),
        ([("xx", ("de", 0.9)), ("xxx", ("fr", 0.9)), ("xxxx", ("en", 0.9))], "fr"),
        ([("x", ("de", 0.9)), ("xx", ("pcm", 0.9))], "en"),
        ([], None),
    ],
)
def test_votes_weigh_as_much_as_their_pieces(
    guesses: list[tuple[str, tuple[str, float]]], language: str | None
) -> None:
    answers = iter([guess for _, guess in guesses])
    assert spoken([part for part, _ in guesses], lambda _: next(answers)) == language


def test_when_more_than_half_is_english_the_rest_is_not_looked_at() -> None:
    asked: list[str] = []

    def identify(part: str) -> tuple[str, float]:
        asked.append(part)
        return "en", 0.9

    assert spoken(["aa", "bb", "cc", "dd"], identify) == "en"
    assert asked == ["aa", "bb", "cc"]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_some_answer(text: str) -> None:
    language, probability = identifier().identify(text)
    assert language
    assert 0 <= probability <= 1
