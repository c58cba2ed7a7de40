"""What counts of an audit: switches decide anew, and nothing excluded disappears."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neural_lab.audit.audited import Audited
from neural_lab.audit.bibliography import bibliography
from neural_lab.audit.drafts import draft_name
from neural_lab.audit.exclusions import Exclusion, Facts, Switches, excluded_by
from neural_lab.audit.match import Match, MatchKind, coverage, union
from neural_lab.audit.source import Incoming, Source
from neural_lab.auditor import Auditor, compare
from neural_lab.backends.memory_store import MemoryStore
from neural_lab.types import Document, Span


def match(start: int, end: int, source: int = 1) -> Match:
    return Match(Span(start, end), source, Span(0, end - start), 1.0, MatchKind.VERBATIM)


def source(number: int, path: str = "") -> Source:
    return Source(number, f"source {number}", path, "", "", "library", 100, "", "")


def library(*texts: Incoming) -> MemoryStore:
    store = MemoryStore()
    store.library("me").add(texts)
    return store


PASSAGE = "The committee met on Tuesday to weigh the merits of a longer bridge across the northern river."
OTHER = "Rain had fallen for eleven days when the engineers finally agreed to move the pumps uphill."
THIRD = "Nobody in the valley remembered who had planted the seven old walnut trees behind the school."


def test_union_counts_once() -> None:
    assert union([Span(5, 9), Span(0, 3), Span(3, 4), Span(6, 7)]) == [Span(0, 4), Span(5, 9)]
    assert coverage([match(0, 50), match(25, 75, 2)], 100) == 0.75
    assert coverage([], 10) == 0


@pytest.mark.parametrize(
    ("switches", "reason"),
    [
        (Switches(), None),
        (Switches(quotations=True), Exclusion.QUOTATIONS),
        (Switches(bibliography=True), Exclusion.BIBLIOGRAPHY),
        (Switches(template=True), Exclusion.TEMPLATE),
        (Switches(drafts=True), Exclusion.DRAFTS),
        (Switches(sources=frozenset([1])), Exclusion.SOURCES),
        (Switches(smaller_than=101), Exclusion.SMALL),
        (Switches(smaller_than=100), None),
    ],
)
def test_each_switch_excludes_for_its_reason(switches: Switches, reason: Exclusion | None) -> None:
    inside = (Span(10, 60),)  # half of the match
    facts = Facts(inside, inside, inside, frozenset(), frozenset([1]))
    assert excluded_by([match(0, 100)], facts, switches) == [reason]


def test_less_than_half_inside_a_quotation_counts() -> None:
    facts = Facts(quotations=(Span(0, 20), Span(30, 59)))
    assert excluded_by([match(0, 100)], facts, Switches(quotations=True)) == [None]


def test_the_document_itself_never_counts_unless_asked_for() -> None:
    facts = Facts(itself=frozenset([1]))
    assert excluded_by([match(0, 9)], facts, Switches()) == [Exclusion.ITSELF]
    assert excluded_by([match(0, 9)], facts, Switches(itself=False)) == [None]


def test_turning_a_switch_needs_no_new_search() -> None:
    document = Document("x" * 100)
    facts = Facts(quotations=(Span(0, 40),))
    found = Audited(document, (match(0, 40), match(60, 80, 2)), (), {1: source(1), 2: source(2)}, facts)
    assert found.coverage == pytest.approx(0.6)
    turned = replace(found, switches=Switches(quotations=True))
    assert turned.coverage == pytest.approx(0.2)
    assert turned.excluded == (Exclusion.QUOTATIONS, None)
    assert turned.matches == found.matches
    assert found.shares() == {1: 0.4, 2: 0.2}


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Body.\n\nReferences\nSmith 2001.", 7, 29),
        ("Body.\n## 7. Bibliography\nA\nB\n\nAppendix A: Data\nmore", 6, 30),
        ("Text\nLITERATURVERZEICHNIS\nMüller", 5, 32),
    ],
)
def test_a_list_of_references_is_found(text: str, start: int, end: int) -> None:
    assert bibliography(text) == (Span(start, end),)


def test_a_sentence_about_references_is_none() -> None:
    assert bibliography("References are listed below.\nThe references\nof his work") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("thesis_v2.docx", "Thesis-final (3).pdf"),
        ("Essay 2024-05-01 draft3.txt", "essay.md"),
        ("report_final_FINAL.docx", "Report copy.docx"),
    ],
)
def test_drafts_are_told_by_their_names(one: str, other: str) -> None:
    assert draft_name(one) == draft_name(other) != ""


@pytest.mark.parametrize("name", ["v2.txt", "1.pdf", "final.docx", "", "é.txt"])
def test_names_that_say_nothing_are_no_drafts(name: str) -> None:
    assert draft_name(name) == ""


def test_an_audit_knows_itself_its_drafts_quotations_and_templates() -> None:
    store = library(
        Incoming(f"{PASSAGE} One.", "thesis.txt", "/home/thesis.txt"),
        Incoming(f"{PASSAGE} Two.", "thesis_v1.txt", "/home/old/thesis_v1.txt"),
        Incoming(f"{OTHER} Three.", "notes.txt", "/home/notes.txt"),
    )
    text = f"{PASSAGE} “{OTHER}”\n\nReferences\n{THIRD}"
    found = Auditor(store.library("me"), library(Incoming(THIRD)).library("me")).audit(
        Document(text, path="thesis.txt"), path="/home/thesis.txt"
    )
    reasons = {each.source: reason for each, reason in zip(found.matches, found.excluded, strict=True)}
    assert reasons == {1: Exclusion.ITSELF, 2: None, 3: None}
    assert found.facts.drafts == {1, 2}
    strict = replace(found, switches=Switches(drafts=True, quotations=True))
    assert strict.excluded.count(None) == 0
    assert [span.of(text) for span in found.facts.template] == [THIRD]
    assert found.facts.bibliography == (Span(text.index("References"), len(text)),)
    assert found.texts is not None
    assert set(found.texts) == {1, 2, 3}


def test_only_the_named_collections_are_looked_at() -> None:
    store = library(Incoming(PASSAGE, "a", collection="theses"), Incoming(f"{PASSAGE} More.", "b"))
    document = Document(f"Before. {PASSAGE} After.")
    assert len(Auditor(store.library("me")).audit(document).matches) == 2
    (only,) = Auditor(store.library("me"), collections=["theses"]).audit(document).matches
    assert only.source == 1


def test_another_owner_has_nothing_to_match() -> None:
    store = library(Incoming(PASSAGE, "a"))
    assert not Auditor(store.library("you")).audit(Document(PASSAGE)).matches


def test_documents_are_compared_with_all_others() -> None:
    texts = (f"{PASSAGE} {OTHER}", f"{PASSAGE} {THIRD}", f"{PASSAGE} {THIRD}", "Something else altogether.")
    documents = [Document(text, path=f"{n}.txt") for n, text in enumerate(texts)]
    cohort = compare(documents, MemoryStore().library("me"))
    matrix = cohort.matrix
    assert [matrix[n][n] for n in range(4)] == [0, 0, 0, 0]
    assert matrix[1][2] == matrix[2][1] == 1.0
    assert matrix[0][1] == matrix[0][2] == pytest.approx(len(PASSAGE) / len(texts[0]), abs=0.02)
    assert matrix[3] == (0, 0, 0, 0)
    assert [pair[:2] for pair in cohort.pairs()] == [(1, 2), (0, 1), (0, 2)]
    assert cohort.audits[0].sources[2].path == "1.txt"
