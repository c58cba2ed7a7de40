"""Error rows: which of them apply to a document, and that a detector keeps them."""

import json
from dataclasses import replace

import numpy as np
import pytest
from helpers import ABSTRACTS, LEARNERS, NATIVES, ROWS

from neural_lab.compose import open_lab
from neural_lab.detect.detector import Detector
from neural_lab.detect.genres import Genres
from neural_lab.errors import InvalidRequest
from neural_lab.rates import ErrorRow, Kind, worst

SHORT = replace(ABSTRACTS, minimum_words=50, maximum_words=149)
BAND = ErrorRow("length", "150-299 words", 0.01, 150, 299, 4, 900, (0.0017, 0.0114))
LOOSE = replace(BAND, target=0.05)
GENRES = Genres(("abstracts", "letters"), np.array([[0.0], [4.0]]), np.ones(1), 2.5)


@pytest.fixture(scope="module")
def detector() -> Detector:
    made = open_lab().detector
    return replace(made, error_rows=(*ROWS, SHORT, BAND, LOOSE), genres=GENRES, most_disagreement=2.0)


@pytest.mark.parametrize(("words", "covered"), [(149, False), (150, True), (299, True), (300, False)])
def test_a_row_covers_its_lengths_both_ends_included(words: int, covered: bool) -> None:
    assert BAND.covers(words, 0.01) is covered
    assert not BAND.covers(words, 0.05)


def test_a_row_without_texts_covers_nothing() -> None:
    assert not replace(BAND, texts=0, flagged=0, interval=(0.0, 1.0)).covers(200, 0.01)


def test_rows_apply_by_length_target_genre_and_writer(detector: Detector) -> None:
    everyone = (ABSTRACTS, LEARNERS, NATIVES, BAND)
    assert detector.applicable(200, 0.01, ["abstracts"]) == everyone
    assert detector.applicable(200, 0.01, ["abstracts"], "native") == (ABSTRACTS, NATIVES, BAND)
    assert detector.applicable(200, 0.01, ["letters"], "native") == (NATIVES, BAND)
    assert detector.applicable(100, 0.01, ["abstracts"]) == (SHORT,)
    assert detector.applicable(200, 0.05, ["abstracts"]) == (LOOSE,)
    assert detector.applicable(20, 0.01, ["abstracts"]) == ()


def test_the_worst_row_has_the_highest_upper_bound() -> None:
    few = replace(BAND, flagged=0, texts=10, interval=(0.0, 0.2775))
    assert worst((*ROWS, few)) == few
    assert worst(()) is None


def test_groups_that_can_be_declared(detector: Detector) -> None:
    assert detector.groups(Kind.GENRE) == ("abstracts", "letters")
    assert detector.groups(Kind.WRITER) == ("native", "non_native")
    detector.known_group(Kind.GENRE, None)
    detector.known_group(Kind.GENRE, "letters")
    with pytest.raises(InvalidRequest, match="one of: abstracts, letters") as caught:
        detector.known_group(Kind.GENRE, "poems")
    assert caught.value.code == "unknown_genre"


def test_a_detector_survives_being_written_and_read(detector: Detector) -> None:
    again = Detector.from_dict(json.loads(json.dumps(detector.as_dict(), allow_nan=False)))
    assert again.error_rows == detector.error_rows
    assert again.genres is not None
    assert again.genres.as_dict() == GENRES.as_dict()
    assert again.most_disagreement == 2.0


def test_a_detector_without_error_rows_still_loads() -> None:
    table = replace(open_lab().detector, error_rows=(), genres=None, most_disagreement=np.inf).as_dict()
    written = json.loads(json.dumps(table, allow_nan=False))
    old = {k: v for k, v in written.items() if k not in ("error_rows", "genres", "most_disagreement")}
    for each in (Detector.from_dict(written), Detector.from_dict(old)):
        assert (each.error_rows, each.genres, each.most_disagreement) == ((), None, np.inf)
