"""The JSON form of audits and comparisons, and reading it back."""

import json
from dataclasses import replace

import pytest
from audits import OTHER, QUICK, TEXT, audited, cohort, match, source, two_sources
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.audit.audited import Cohort
from neural_lab.audit.exclusions import Exclusion, Facts, Switches
from neural_lab.errors import InvalidDocument, InvalidRequest
from neural_lab.report import audit_json
from neural_lab.report.as_json import dumps
from neural_lab.report.audit_json import document, envelope, restored
from neural_lab.types import Document, Page, Span

FACTS = Facts((Span(0, 14),), (Span(66, 90),), (QUICK,), frozenset({1}), frozenset({2}))
ANY_TEXT = st.text(st.characters(), min_size=1).filter(str.strip)


def kept(made):
    """A row as it comes back from where it was kept."""
    return json.loads(dumps(document(made), ascii_only=True))


def test_fields_are_those_documented():
    whole = envelope([two_sources()], [], {"sources": 2})
    assert list(whole) == ["schema", "library", "documents", "errors"]
    assert (whole["schema"], whole["library"]) == (1, {"sources": 2})
    row = whole["documents"][0]
    assert set(row) == {
        *("path", "title", "characters", "coverage", "text_sha256", "matches", "common_text"),
        *("fingerprints", "sources", "exclusions", "facts", "pages"),
    }
    assert row["matches"][1] == {
        **{"start": 15, "end": 64, "source": {"id": 2, "title": "Source 2"}},
        **{"source_start": 0, "source_end": 47, "similarity": 0.85, "kind": "near_copy", "excluded_by": None},
        "runs": [],
    }
    assert row["matches"][0]["runs"] == [{"start": 15, "end": 65}]
    assert row["fingerprints"] == {"length": 55, "total": len(TEXT) - 54, "found": 0}
    assert set(row["sources"][0]) == {
        *("id", "title", "path", "date", "language", "collection", "characters", "sha256", "added"),
        *("share", "matches"),
    }


def test_numbers_are_not_rounded_and_overlaps_count_once():
    row = document(two_sources())
    assert row["coverage"] == 50 / len(TEXT)
    assert [each["share"] for each in row["sources"]] == [50 / len(TEXT), 49 / len(TEXT)]


def test_excluded_matches_stay_and_do_not_count():
    row = document(two_sources(switches=Switches(sources=frozenset({1}))))
    assert [each["excluded_by"] for each in row["matches"]] == ["sources", None]
    assert row["coverage"] == 49 / len(TEXT)
    assert [(each["id"], each["share"], each["matches"]) for each in row["sources"]] == [
        (2, 49 / len(TEXT), 1),
        (1, 0.0, 0),
    ]
    assert row["exclusions"]["sources"] == [1]


def test_failures_are_listed():
    errors = [("a\ud800.pdf", InvalidDocument("encrypted", "It is protected."))]
    expected = [{"path": "a\ufffd.pdf", "code": "encrypted", "message": "It is protected."}]
    assert envelope([], errors, {})["errors"] == expected
    assert audit_json.cohort(Cohort(()), errors)["errors"] == expected


def test_nothing_found_is_empty():
    row = document(audited())
    assert row["coverage"] == 0
    assert row["matches"] == row["common_text"] == row["sources"] == row["pages"] == []


@settings(deadline=None)
@given(ANY_TEXT, st.text(st.characters()))
def test_any_text_can_be_written_and_read_back(text, title):
    found = [match(Span(0, len(text)), 3, Span(5, 9))]
    made = audited(found, text, title=title, path=title, sources={3: source(3, title, title)})
    row = kept(made)
    row_again = document(restored(row, text))
    assert dumps(row_again).encode("utf-8")
    assert row_again == row
    assert row["characters"] == row["matches"][0]["end"] == len(text)


def test_an_audit_comes_back_whole_but_for_the_texts():
    made = two_sources(facts=FACTS, common=[Span(70, 80)], switches=Switches(True, smaller_than=3))
    made = replace(made, document=Document(TEXT, "A", "a.txt", (Page(3, Span(0, 20)), Page(4, Span(20, 20)))))
    assert restored(kept(made), TEXT) == replace(made, texts=None)


@pytest.mark.parametrize(
    ("switches", "reason"),
    [
        (Switches(), Exclusion.ITSELF),
        (Switches(itself=False, template=True), Exclusion.TEMPLATE),
        (Switches(itself=False, smaller_than=51), Exclusion.SMALL),
        (Switches(itself=False), None),
    ],
)
def test_switches_can_be_turned_on_what_was_kept(switches, reason):
    again = replace(restored(kept(two_sources(facts=FACTS)), TEXT), switches=switches)
    assert again.excluded[0] == reason


DAMAGES = {
    "a field is missing": lambda row: row.pop("facts"),
    "a number is text": lambda row: row["matches"][0].update(start="15"),
    "a number is a truth value": lambda row: row["matches"][0].update(start=True),
    "a truth value is a number": lambda row: row["exclusions"].update(itself=1),
    "a span ends behind the text": lambda row: row["matches"][0].update(end=len(TEXT) + 1),
    "a span is turned round": lambda row: row["matches"][0].update(start=65, end=15),
    "a span is empty": lambda row: row["common_text"].append({"start": 3, "end": 3}),
    "a span begins before the text": lambda row: row["facts"]["quotations"].append({"start": -1, "end": 3}),
    "a span ends behind its source": lambda row: row["matches"][0].update(source_end=10**8),
    "the source is not known": lambda row: row["matches"][0].update(source={"id": 9, "title": ""}),
    "the kind is not known": lambda row: row["matches"][0].update(kind="copied"),
    "the similarity is no number": lambda row: row["matches"][0].update(similarity=float("nan")),
    "the similarity is too large": lambda row: row["matches"][0].update(similarity=10**400),
    "the text is another": lambda row: row.update(text_sha256="0" * 64),
    "sources are no list": lambda row: row.update(sources=5),
    "facts are no object": lambda row: row.update(facts=[]),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_row_is_refused(damage):
    row = kept(two_sources(facts=FACTS))
    restored(row, TEXT)
    damage(row)
    with pytest.raises(InvalidRequest) as refused:
        restored(row, TEXT)
    assert refused.value.code == "damaged_entry"


@pytest.mark.parametrize("row", [None, [], "", 3, {}])
def test_what_is_no_row_is_refused(row):
    with pytest.raises(InvalidRequest):
        restored(row, TEXT)


def test_a_comparison_has_a_matrix_and_the_matches_of_its_pairs():
    made = cohort()
    row = json.loads(dumps(audit_json.cohort(made, [])))
    assert list(row) == ["schema", "documents", "matrix", "pairs", "errors"]
    assert set(row["documents"][0]) == {"path", "title", "characters", "coverage", "common_text"}
    assert row["matrix"] == [[0, 50 / len(TEXT), 0], [50 / len(OTHER), 0, 0], [0, 0, 0]]
    (pair,) = row["pairs"]
    assert (pair["a"], pair["b"], pair["share"]) == (0, 1, 50 / len(OTHER))
    assert pair["matches"] == [
        {
            **{"start": 15, "end": 65, "source_start": 8, "source_end": 58},
            **{"similarity": 1.0, "kind": "verbatim", "excluded_by": None},
            "runs": [{"start": 15, "end": 65}],
        }
    ]


def test_common_text_of_a_comparison_is_listed():
    first, *others = cohort().audits
    row = audit_json.cohort(Cohort((replace(first, common=(Span(3, 9),)), *others)), [])
    assert [each["common_text"] for each in row["documents"]] == [[{"start": 3, "end": 9}], [], []]


def test_where_nothing_of_the_first_counts_the_matches_are_those_of_the_second():
    first, second, third = cohort().audits
    quoted = replace(first, facts=Facts((QUICK,)), switches=Switches(quotations=True))
    (pair,) = audit_json.cohort(Cohort((quoted, second, third)), [])["pairs"]
    assert pair["share"] == 50 / len(OTHER)
    found = [(m["start"], m["end"], m["source_start"], m["excluded_by"]) for m in pair["matches"]]
    assert found == [(15, 65, 8, None)]
