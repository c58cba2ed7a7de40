"""Words for people: every code has some, and none of them accuses."""

import re
from dataclasses import replace

import pytest
from helpers import ABSTRACTS

from neural_lab.detect.signals import SIGNALS
from neural_lab.outcome import Reason, Verdict
from neural_lab.report import words
from neural_lab.report.scale import Sign
from neural_lab.types import FindingKind

ACCUSING = re.compile(r"\b(cheat|guilty|fake|fraud|dishonest|suspect|caught|violat|plagiari)", re.I)


@pytest.mark.parametrize(
    ("spoken", "codes"),
    [(words.VERDICTS, Verdict), (words.REASONS, Reason), (words.FINDINGS, FindingKind), (words.SIGNS, Sign)],
)
def test_every_code_has_words(spoken, codes):
    assert set(spoken) == set(codes)


def test_notes_are_about_reasons_that_only_withhold_a_flag():
    assert set(words.NOTES) == {Reason.QUOTED, Reason.GENRE, Reason.DISAGREE}


@pytest.mark.parametrize(
    ("kind", "group", "said"),
    [
        ("genre", "abstracts", "abstracts of 150 words or more"),
        ("genre", "medicine", "medical texts of 150 words or more"),
        ("writer", "B1", "texts by writers of the group “B1” of 150 words or more"),
        ("length", "150+ words", "texts of 150 words or more"),
    ],
)
def test_groups_of_texts_are_said_in_the_plural(kind, group, said):
    assert words.group(replace(ABSTRACTS, kind=kind, group=group)) == said


def test_the_second_reading_has_names():
    assert [words.name(key) for key in ("encoder", "ensemble")] == ["Sentence encoder", "Passage ensemble"]
    assert all(words.explanation(key) for key in ("encoder", "ensemble"))


def test_every_signal_has_a_name_and_an_explanation():
    assert set(SIGNALS) <= set(words.SIGNALS)
    assert len({words.name(key) for key in SIGNALS}) == len(SIGNALS)
    assert all(words.explanation(key) for key in SIGNALS)


def test_unknown_names_stay_readable():
    assert words.name("some_new_signal") == "Some new signal"


def test_nothing_accuses():
    spoken = repr({key: value for key, value in vars(words).items() if key.isupper()})
    assert not ACCUSING.search(spoken)


def test_certainty_is_never_shown():
    shown = [words.percent(p) for p in (0.0001, 0.009, 0.5, 0.994, 0.9999)]
    assert shown == ["<1%", "<1%", "50%", ">99%", ">99%"]


def test_contributions_are_signed_and_grouped():
    terms = [("entropy", 1.5), ("human_evidence", -0.25), ("curvature", 0.5)]
    assert words.contributions(terms) == (
        "Towards machine: Entropy +1.50, Curvature +0.50; Towards human: Human irregularities −0.25"
    )
