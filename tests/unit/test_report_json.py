"""The JSON form: its fields, and that its own numbers agree with each other."""

import json
import math

import pytest
from helpers import LEARNERS, POINT, ROWS, hidden, report
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.errors import InvalidDocument
from neural_lab.report.as_json import dumps, envelope
from neural_lab.types import Page, Span

ANY_TEXT = st.text(st.characters(), min_size=1).filter(str.strip)
PROBABILITIES = st.floats(0.001, 0.999)


def one(made):
    return envelope([made], [], ("d", "1"))["documents"][0]


def test_fields_are_exactly_those_documented():
    whole = envelope([report(findings=[hidden(0, 1, "U+200B")])], [], ("d", "1"))
    assert list(whole) == ["schema", "detector", "documents", "errors"]
    assert whole["schema"] == 1
    assert whole["detector"] == {"name": "d", "version": "1"}
    document = whole["documents"][0]
    assert set(document) == {
        *("path", "title", "text_sha256", "characters", "probability", "verdict", "reason"),
        *("operating_point", "error_row", "error_rows", "notes", "genres", "language", "quoted_share"),
        *("share_flagged", "breakdown", "sentences", "findings", "human_evidence"),
    }
    assert set(document["sentences"][0]) == {
        *("index", "start", "end", "text", "probability", "flagged", "signals", "contributions"),
    }
    assert set(document["operating_point"]) == {
        *("target", "band", "minimum_words", "maximum_words", "document", "run"),
        *("flagged", "texts", "interval"),
    }
    assert document["findings"] == [{"kind": "hidden_characters", "start": 0, "end": 1, "detail": "U+200B"}]


def test_failures_are_listed_with_code_and_message():
    failures = [("a.pdf", InvalidDocument("encrypted", "a.pdf is protected."))]
    assert envelope([], failures, ("d", "1"))["errors"] == [
        {"path": "a.pdf", "code": "encrypted", "message": "a.pdf is protected."}
    ]


@given(st.lists(PROBABILITIES, min_size=1, max_size=30))
def test_the_document_follows_from_its_sentences(probabilities):
    sentences = ["word " * (1 + index % 7) + "end." for index in range(len(probabilities))]
    document = json.loads(dumps(one(report(sentences, probabilities))))
    lengths = [s["end"] - s["start"] for s in document["sentences"]]
    mass = sum(n * s["probability"] for n, s in zip(lengths, document["sentences"], strict=True))
    assert document["probability"] == pytest.approx(mass / sum(lengths), abs=1e-9)
    flagged = sum(n for n, s in zip(lengths, document["sentences"], strict=True) if s["flagged"])
    assert document["share_flagged"] == pytest.approx(flagged / sum(lengths), abs=1e-9)
    for sentence, probability in zip(document["sentences"], probabilities, strict=True):
        logit = math.log(sentence["probability"] / (1 - sentence["probability"]))
        assert sum(sentence["contributions"].values()) == pytest.approx(logit, abs=1e-9)
        assert sentence["probability"] == pytest.approx(probability)


@given(st.lists(ANY_TEXT, min_size=1, max_size=4), ANY_TEXT)
def test_offsets_count_code_points_and_strings_are_utf8(sentences, title):
    document = one(report(sentences, [0.9] * len(sentences), title=title, path=title))
    restored = json.loads(dumps(document).encode("utf-8"))
    assert restored == document
    for given_, found in zip(sentences, document["sentences"], strict=True):
        assert found["end"] - found["start"] == len(given_) == len(found["text"])


def test_numbers_that_are_not_finite_are_refused_or_left_out():
    made = report()
    made.sentences[0].signals["burstiness"] = math.nan
    assert "burstiness" not in one(made)["sentences"][0]["signals"]
    made.sentences[0].contributions["bias"] = math.nan
    with pytest.raises(ValueError, match="JSON"):
        dumps(one(made))


def test_ascii_only_output_is_ascii():
    assert dumps(one(report(["Café 😀."], [0.5])), ascii_only=True).isascii()


def test_pages_are_numbered_where_there_are_any():
    pages = [Page(7, Span(0, 20)), Page(8, Span(20, 99))]
    assert [s["page"] for s in one(report(pages=pages))["sentences"]] == [7, 8]


def test_error_rows_and_what_they_rest_on():
    doubtful = {"quoted_share": 0.75, "genre_measured": False, "language": "en"}
    document = json.loads(dumps(one(report(error_rows=ROWS, genres=("abstracts",), **doubtful))))
    assert [row["group"] for row in document["error_rows"]] == ["abstracts", "non_native", "native"]
    assert document["error_row"] == {
        **{"kind": "writer", "group": "non_native", "target": 0.01, "minimum_words": 150},
        **{"maximum_words": None, "flagged": 8, "texts": 200, "interval": list(LEARNERS.interval)},
        **{"machine_flagged": 0, "machine_texts": 0},
    }
    assert (document["genres"], document["language"], document["quoted_share"]) == (["abstracts"], "en", 0.75)
    assert (document["reason"], document["notes"]) == ("mostly_quoted", ["genre_unmeasured"])


def test_what_is_not_known_is_null_or_empty():
    document = one(report())
    assert (document["error_row"], document["language"]) == (None, None)
    assert document["error_rows"] == document["notes"] == document["genres"] == []


def test_too_short_says_so():
    document = one(report(words=10))
    assert (document["verdict"], document["reason"]) == ("inconclusive", "too_short")
    assert document["operating_point"]["interval"] == list(POINT.interval)
