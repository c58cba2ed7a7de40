"""The lab on real text: consistency, locality, bounded evidence, and what a verdict needs."""

import math
import pydoc_data.topics
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.compose import open_lab
from neural_lab.detect.detector import Detector
from neural_lab.detect.genres import Genres
from neural_lab.errors import InvalidRequest
from neural_lab.outcome import Reason, Report, Verdict
from neural_lab.service import Lab
from neural_lab.types import Document, FindingKind

TOPICS = pydoc_data.topics.topics
PROSE = re.sub(r"[^\S\n]+", " ", "\n\n".join(TOPICS[name] for name in sorted(TOPICS)))
WIDTH = 384
LONG = PROSE[:78_000]
MACHINE = (
    "Artificial intelligence has fundamentally transformed the way we live and work. Furthermore, it has "
    "enabled unprecedented opportunities for innovation across a wide range of industries. In conclusion, "
    "it is important to recognize both the benefits and the challenges associated with this technology. "
    "Moreover, stakeholders must collaborate to ensure responsible development and equitable access.\n\n"
)


@pytest.fixture(scope="module")
def lab() -> Lab:
    return open_lab()


def judged_by(lab: Lab, detector: Detector) -> Lab:
    """The same models behind another detector, and nobody to tell languages apart."""
    return Lab(detector, lab._scorer, lab._lexicon, lab.second, lab._ensemble)


@pytest.fixture(scope="module")
def long_report(lab: Lab) -> Report:
    return lab.analyze(Document(LONG))


def test_every_character_of_a_long_document_is_scored(long_report: Report) -> None:
    covered = set()
    for score in long_report.sentences:
        covered.update(range(*score.sentence.span))
    assert all(at in covered for at, character in enumerate(LONG) if not character.isspace())
    assert len(long_report.sentences) > 300


def test_the_document_is_the_weighted_mean_and_each_sentence_the_sum_of_its_terms(
    long_report: Report,
) -> None:
    mass = sum(s.sentence.span.length * s.probability for s in long_report.sentences)
    assert long_report.probability == pytest.approx(
        mass / sum(s.sentence.span.length for s in long_report.sentences), abs=1e-9
    )
    for score in long_report.sentences:
        logit = math.log(score.probability / (1 - score.probability))
        assert math.fsum(score.contributions.values()) == pytest.approx(logit, abs=1e-9)
        assert all(math.isfinite(value) for value in score.signals.values())


def test_a_paragraph_changes_only_its_neighbourhood_wherever_it_stands(lab: Lab) -> None:
    early, late = 20_000, 60_000
    first, second = (PROSE[:at].rfind("\n\n") + 2 for at in (early, late))
    reports = [lab.analyze(Document(PROSE[:at] + MACHINE + PROSE[at:78_000])) for at in (first, second)]
    by_text = [{(s.sentence.span.of(r.document.text), i): s for i, s in _occurrences(r)} for r in reports]
    moved = [
        _position(a.sentence.span.start, first)
        for key, a in by_text[0].items()
        if key in by_text[1] and abs(a.probability - by_text[1][key].probability) > 1e-9
    ]
    reach = 6_000
    assert all(abs(at - first) < reach or abs(at - second) < reach for at in moved)
    assert len(moved) < 0.25 * len(by_text[0])


def _occurrences(report: Report):  # type: ignore[no-untyped-def]
    """Each sentence with how many of the same text stand before it."""
    seen: dict[str, int] = {}
    for score in report.sentences:
        text = score.sentence.span.of(report.document.text)
        seen[text] = seen.get(text, -1) + 1
        yield seen[text], score


def _position(at: int, inserted: int) -> int:
    return at - len(MACHINE) if at >= inserted + len(MACHINE) else at


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=300).filter(lambda text: text.strip()))
def test_any_text_has_finite_probabilities(text: str) -> None:
    report = open_lab_once().analyze(Document(text))
    assert 0 < report.probability < 1
    assert all(0 < score.probability < 1 for score in report.sentences)


def open_lab_once(_kept: list[Lab] = []) -> Lab:  # noqa: B006 (hypothesis calls the test many times)
    if not _kept:
        _kept.append(open_lab())
    return _kept[0]


def test_a_short_text_has_a_number_but_no_verdict(lab: Lab) -> None:
    report = lab.analyze(Document("Too short to say."))
    assert (report.verdict, report.reason) == (Verdict.INCONCLUSIVE, Reason.TOO_SHORT)
    assert 0 < report.probability < 1


def test_hidden_characters_change_the_findings_and_not_the_score(lab: Lab) -> None:
    plain = lab.analyze(Document(MACHINE))
    dirty = MACHINE.replace("a", "\u0430").replace("the ", "the\u200b ").replace(". ", ".\u00a0")
    found = lab.analyze(Document(dirty))
    assert [s.probability for s in found.sentences] == pytest.approx(
        [s.probability for s in plain.sentences], abs=1e-9
    )
    kinds = {finding.kind for finding in found.findings}
    assert kinds == {FindingKind.LOOKALIKE, FindingKind.HIDDEN, FindingKind.ODD_SPACE}
    assert all(finding.span.of(dirty) in {"\u0430", "\u200b", "\u00a0"} for finding in found.findings)


def test_typing_errors_are_shown_where_they_stand_and_bounded(lab: Lab) -> None:
    typed = MACHINE.replace("technology", "tehcnology").replace("important", "importnat") * 2
    report = lab.analyze(Document(typed))
    assert {slip.span.of(typed) for slip in report.human_evidence} >= {"tehcnology", "importnat"}
    fusion = lab.detector.fusion
    lowest = -fusion.band(report.words).slope * fusion.evidence_cap
    for score in report.sentences:
        assert lowest - 1e-9 <= score.contributions["human_evidence"] <= 0


def test_only_measured_targets_have_cut_points(lab: Lab) -> None:
    with pytest.raises(InvalidRequest) as caught:
        lab.analyze(Document(MACHINE), target=0.02)
    assert caught.value.code == "unknown_target"


def test_every_operating_point_holds_its_target_on_unseen_sources(lab: Lab) -> None:
    for point in lab.detector.operating_points:
        assert point.texts >= 100, point.band
        # Unseen sources differ: the card publishes by how much; beyond a fifth something broke.
        assert wilson(point.flagged, point.texts)[0] <= 1.2 * point.target, point.band


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Wilson 95 % interval, worked out here once more."""
    z, rate = 1.959964, hits / n
    centre, half = rate + z * z / (2 * n), z * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def test_line_breaks_do_not_change_the_document(lab: Lab) -> None:
    flat = lab.analyze(Document(" ".join(PROSE[:6000].split())))
    broken = lab.analyze(Document(PROSE[:6000]))
    assert broken.probability == pytest.approx(flat.probability, abs=0.02)


@pytest.mark.parametrize(
    "text",
    [
        "Это обычный русский текст, который не имеет никакого отношения к английскому языку. " * 10,
        "Der schnelle braune Fuchs springt über den faulen Hund und läuft danach in den Wald hinein. " * 10,
        "qzx wvbk plmm ddjw oiuz trrq bnnm xxcv zaaq wssx eddc rffv tggb yhhn ujjm " * 10,
    ],
)
def test_what_was_not_measured_gets_no_verdict(lab: Lab, text: str) -> None:
    assert lab.analyze(Document(text)).reason is Reason.LANGUAGE


def test_another_language_gets_no_verdict_though_its_words_are_known(lab: Lab) -> None:
    text = "Le comité se réunit demain pour parler du budget et de la musique de la nation. " * 8
    report = lab.analyze(Document(text))
    assert (report.reason, report.language) == (Reason.LANGUAGE, "fr")
    plain = judged_by(lab, lab.detector).analyze(Document(text))
    assert plain.language is None
    assert plain.reason is not Reason.LANGUAGE


def test_quoted_text_is_not_flagged_and_its_own_words_are(lab: Lab) -> None:
    quoted, own = (lab.analyze(Document(text)) for text in (f"“{MACHINE.strip()}”\n\n" * 4, MACHINE * 4))
    assert quoted.quoted_share == 1.0
    assert own.quoted_share == 0.0
    assert own.verdict is Verdict.LIKELY_AI
    assert (quoted.verdict, quoted.reason) == (Verdict.INCONCLUSIVE, Reason.QUOTED)


def test_a_genre_far_from_all_that_were_measured_is_not_flagged(lab: Lab) -> None:
    near = Genres(("a", "b"), np.zeros((2, WIDTH)), np.full(WIDTH, 100.0), 3.0)
    detectors = (replace(lab.detector, genres=each) for each in (near, replace(near, limit=1e-6)))
    measured, unmeasured = (judged_by(lab, detector).analyze(Document(MACHINE * 4)) for detector in detectors)
    assert (measured.verdict, measured.genres) == (Verdict.LIKELY_AI, ("a", "b"))
    assert (unmeasured.verdict, unmeasured.reason) == (Verdict.INCONCLUSIVE, Reason.GENRE)


def test_a_declared_genre_replaces_the_estimate_and_does_not_buy_a_verdict(lab: Lab) -> None:
    far = Genres(("a", "b"), np.zeros((2, WIDTH)), np.ones(WIDTH), 1e-6)
    made = judged_by(lab, replace(lab.detector, genres=far))
    report = made.analyze(Document(MACHINE * 4), genre="b")
    assert (report.genres, report.declared_genre, report.reason) == (("b",), "b", Reason.GENRE)
    with pytest.raises(InvalidRequest) as caught:
        made.analyze(Document(MACHINE), genre="c")
    assert caught.value.code == "unknown_genre"


@pytest.mark.parametrize("text", ["\u200b", "\u0301", "\ufffd", "\U0001f600", "a\r\nb", "\ud800 lone"])
def test_odd_texts_have_a_number(lab: Lab, text: str) -> None:
    assert 0 < lab.analyze(Document(text)).probability < 1
