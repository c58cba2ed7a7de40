"""What counts of an audit: switches decide anew, and nothing excluded disappears."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from neural_lab.audit.audited import Audited
from neural_lab.audit.bibliography import bibliography
from neural_lab.audit.drafts import draft_name
from neural_lab.audit.exclusions import Exclusion, Facts, Switches, excluded_by
from neural_lab.audit.match import Match, MatchKind, coverage, union
from neural_lab.audit.source import Incoming, Source
from neural_lab.auditor import MOST_COMPARED, Auditor, compare, most_sources
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
        ("Body.\n\nReferences\nSmith, J. 2001. One.", 7, 38),
        ("Body.\n## 7. Bibliography\n[1] A\n[2] B\n\nAppendix A: Data\nmore", 6, 38),
        ("Text\nLITERATURVERZEICHNIS\nMüller, Hans: Brücken. Bern 1999.", 5, 59),
    ],
)
def test_a_list_of_references_is_found(text: str, start: int, end: int) -> None:
    assert bibliography(text) == (Span(start, end),)


ENTRIES = (
    "Künzel, S. R., & Yu, B. (2019). Metalearners for effects. PNAS, 116(10), 4156-4165.",
    "Ameisen, Emmanuel. Building Machine Learning Powered Applications. O'Reilly Media, 2020.",
    "[3] J. K. Author, “Name of paper,” Title of Periodical, vol. 3, pp. 12–20, Mar. 2011.",
    "4. Hunter JD. Matplotlib: A 2D graphics environment. Comput Sci Eng. 2007;9(3):90–5.",
    "- Report of the Committee on Bridges. London: HMSO, 1951.",
    "* https://example.org/a/long/address/of/a/page",
    "van der Berg, C. (n.d.). A title that is long enough to be\n    wrapped to a second line. Press.",
)


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "heading",
    [
        *("Sources", "Works consulted", "References and notes", "Further reading", "Notes and references"),
        *(
            "**References**",
            "### **5. Bibliography**",
            "References\n----------",
            "IV. Literatur:",
            "Bibliografía",
        ),
    ],
)
def test_references_of_every_style_under_every_heading(heading: str, gap: str) -> None:
    found = heading + "\n" + gap.join(ENTRIES)
    text = f"{PASSAGE}\n\n{found}\n\nInterview\n\n" + f"{OTHER} {THIRD} What then?\n\n" * 9
    assert [span.of(text) for span in bibliography(f"{PASSAGE}\n\n{found}")] == [found]
    assert [span.of(text) for span in bibliography(text)] == [found]


@pytest.mark.parametrize("heading", ["References", "3 References", "- References", "References\n=========="])
def test_a_table_of_contents_begins_no_list(heading: str) -> None:
    contents = f"Contents\n1 Introduction\n2 Methods\n{heading}\n- About us\n\n"
    body = f"Introduction\n\nIn 1998 and in 2003. {PASSAGE} (Smith 2001)\n\n{OTHER}\n\n{THIRD}\n\n" * 20
    assert bibliography(contents + body) == ()
    assert [span.start for span in bibliography(f"{contents}{body}References\n" + "\n".join(ENTRIES))] == [
        len(contents + body)
    ]


def test_every_chapter_has_its_list() -> None:
    references = "References\n" + "\n".join(ENTRIES)
    text = f"{PASSAGE} {OTHER}\n\n{references}\n\n" + f"{THIRD} {OTHER} {PASSAGE}\n\n" * 12 + references
    assert [span.of(text) for span in bibliography(text)] == [references, references]


def test_dates_alone_need_three_lines() -> None:
    dated = "Sources\nA book about bridges, 1975.\nAnother one, 1980.\n"
    assert bibliography(dated) == ()
    assert bibliography(f"{dated}The third, 1991.") != ()


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "References\n",
            "References\n[1] a\n[2] b\n",
            "[1] x\n",
            "*",
            "_",
            "* ",
            "1.",
            "- a\n",
            "A. ",
            "Aa, ",
        ),
        *(
            "Aa ",
            "van ",
            "(((2001",
            "1(1",
            "References\nSmith, J. (2001)\nb\n",
            "Appendix\nReferences\n",
            "\n",
        ),
    ],
)
@pytest.mark.parametrize("before", ["", "References\n[1] a (2001)\n"])
def test_time_of_looking_for_references_grows_with_length_only(piece: str, before: str) -> None:
    begin = time.process_time()
    bibliography(before + piece * (500_000 // len(piece)))
    assert time.process_time() - begin < 5


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
    text = f"{PASSAGE} “{OTHER}”\n\nReferences\nSmith, J. (2001). {THIRD}"
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


def test_a_document_with_a_copy_in_the_library_is_not_alone() -> None:
    texts = [Incoming(PASSAGE, path=path) for path in ("/essay.txt", "/copy.txt")]
    for path in ("/essay.txt", "/copy.txt"):
        found = Auditor(library(*texts).library("me")).audit(Document(PASSAGE), path=path)
        assert found.coverage == 1
        assert not found.facts.itself
    alone = Auditor(library(*texts[:1]).library("me")).audit(Document(PASSAGE), path="/essay.txt")
    assert alone.coverage == 0
    assert alone.facts.itself == {1}


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


def test_what_too_many_documents_share_is_common() -> None:
    texts = (f"{PASSAGE} {OTHER}", f"{PASSAGE} {THIRD}", f"{PASSAGE} Nothing else.")
    documents = [Document(text, path=f"{n}.txt") for n, text in enumerate(texts)]
    shared, common = (compare(documents, MemoryStore(most_sources=most).library("me")) for most in (3, 2))
    assert all(len(each.matches) == 2 and not each.common for each in shared.audits)
    assert all(not each.matches and len(each.common) == 1 for each in common.audits)
    assert [most_sources(n) for n in (2, 100, 10**6)] == [64, 100, MOST_COMPARED]


def test_a_comparison_leaves_out_what_everybody_was_given() -> None:
    texts = (f"{PASSAGE} {OTHER}", f"{PASSAGE} {OTHER} {THIRD}")
    documents = [Document(text, path=f"{n}.txt") for n, text in enumerate(texts)]
    given_out = library(Incoming(f"Form B. {PASSAGE}")).library("me")
    empty = MemoryStore().library("me")
    cohort = compare(documents, empty, Switches(template=True), templates=given_out)
    assert [len(each.facts.template) for each in cohort.audits] == [1, 1]
    longer = library(Incoming(f"Form B. {PASSAGE} {OTHER}")).library("me")
    cohort = compare(documents, MemoryStore().library("me"), Switches(template=True), templates=longer)
    assert cohort.matrix == ((0, 0), (0, 0))
