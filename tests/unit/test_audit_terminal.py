"""Audits and comparisons on a terminal."""

import io
import re
from dataclasses import replace

import pytest
from audits import OTHER, QUICK, TEXT, audited, cohort, match, source, two_sources
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from neural_lab.audit.audited import Cohort
from neural_lab.audit.exclusions import Exclusion, Facts, Switches
from neural_lab.audit.fingerprints import GUARANTEE
from neural_lab.audit.match import MatchKind
from neural_lab.audit.scope import Scope
from neural_lab.report import audit_terminal, audit_words, words
from neural_lab.report.streams import console
from neural_lab.types import Document, Page, Span

ACCUSING = re.compile(
    r"\b(cheat|guilty|fake|fraud|dishonest|suspect|caught|violat|plagiar|steal|stol|theft|copied|copier)",
    re.IGNORECASE,
)


def printed(show, *made, width=100, **options):
    stream = io.StringIO()
    show(Console(file=stream, width=width, markup=False), *made, **options)
    return stream.getvalue()


def flat(shown):
    return " ".join(shown.split())


def test_everything_a_reader_needs_is_there():
    text = flat(printed(audit_terminal.show, two_sources(common=[Span(70, 80)]), width=200))
    share = words.share(50 / len(TEXT))
    for needed in (
        f"{share} of the text is shared with sources",
        f"50 of {len(TEXT)} characters are shared with 2 sources.",
        "Source 1 · word for word · characters 15–65 here, 8–58 in the source",
        "Source 2 · nearly word for word, 85% the same · characters 15–64 here, 0–47 in the source",
        audit_words.MEANING,
        "1 passage, 10 characters",
        "characters 70–80 Closing words,",
        two_sources().document.text_sha256,
    ):
        assert needed in text


def test_both_passages_are_shown_and_words_that_differ_have_marks():
    text = flat(printed(audit_terminal.show, two_sources(), width=200))
    assert "this document The quick brown fox jumps over" in text
    assert "this document The quick ‹brown› fox ‹jumps› over the lazy dog today" in text
    assert "the source The quick ‹red› fox ‹leaps› over the lazy dog today" in text


def test_long_passages_are_cut_and_say_so():
    long = "word " * 2000
    made = audited([match(Span(0, 9999), 1, Span(0, 9999))], long, texts={1: long})
    text = printed(audit_terminal.show, made)
    assert text.count("more characters") == 2
    assert len(text) < 6000


def test_a_kept_audit_has_one_side():
    text = flat(printed(audit_terminal.show, two_sources(texts=None), width=200))
    assert "this document The quick brown fox" in text
    assert audit_words.NO_TEXT in text
    assert "the source The quick" not in text


def test_a_source_that_is_gone_leaves_one_side():
    text = flat(printed(audit_terminal.show, two_sources(texts={2: "The quick red fox"}), width=200))
    assert text.count("the source The quick") == 1


def test_matches_are_limited_unless_all_are_asked_for():
    many = [match(Span(n, n + 1), n + 1, Span(0, 1)) for n in range(60)]
    short, full = (printed(audit_terminal.show, audited(many), full=full) for full in (False, True))
    assert "Not shown: 40 more. --full shows all." in short
    assert "Source 60 ·" not in short
    assert "Source 60 ·" in full
    assert "--full" not in full


@pytest.mark.parametrize("reason", Exclusion)
def test_what_is_excluded_is_shown_with_the_reason(reason):
    facts = Facts((QUICK,), (QUICK,), (QUICK,), frozenset({1, 2}), frozenset({1, 2}))
    on = {"itself": False, reason.value: True}
    on |= {"sources": frozenset({1, 2})} if reason is Exclusion.SOURCES else {}
    switches = Switches(False, smaller_than=60) if reason is Exclusion.SMALL else Switches(**on)
    used = Facts() if reason is Exclusion.SMALL else facts
    made = two_sources(facts=used, switches=switches)
    text = flat(printed(audit_terminal.show, made, width=200))
    assert words.share(0) == words.share(made.coverage)
    assert audit_words.SHARED_NOTHING in text
    assert "2 matches are left out of the count." in text
    assert "this document The quick brown fox" in text
    assert audit_words.exclusion(reason, switches) in text
    assert "Source 1 · word for word · characters 15–65" in text


def test_nothing_found_is_said():
    text = flat(printed(audit_terminal.show, audited(), width=200))
    assert audit_words.COVERED_NOTHING in text
    assert "own file" not in text


def test_what_holds_for_all_is_said_once():
    text = flat(printed(audit_terminal.show_limits, width=200))
    assert all(line in text for line in (audit_words.SEARCHED_LIBRARY, *audit_words.LIMITS))


def test_some_matches_that_do_not_count_are_further_ones():
    made = two_sources(switches=Switches(sources=frozenset({2})))
    assert "1 further match is left out" in flat(printed(audit_terminal.show, made))


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope(0, 0), "holds no text, so nothing could be found in it."),
        (Scope(1, 1234), "1 source with 1,234 characters was searched."),
        (Scope(1200, 9, ("a",)), "1,200 sources with 9 characters were searched, in the collection a."),
        (Scope(2, 9, tuple("abcdefg")), "in the collections a, b, c, d, e and 2 more."),
    ],
)
def test_what_was_searched_is_said(scope, said):
    assert said in flat(printed(audit_terminal.show, two_sources(), scope, width=200))


def test_sources_of_one_name_are_told_apart_by_their_paths():
    known = {
        1: source(1, "Notes", "/a/notes.txt"),
        2: source(2, "Notes", "/b/notes.txt"),
        3: source(3, "Else", "/c"),
    }
    found = [match(QUICK, number, QUICK) for number in known]
    text = flat(printed(audit_terminal.show, audited(found, sources=known), width=200))
    assert "/a/notes.txt" in text
    assert "/b/notes.txt" in text
    assert "/c" not in text


@pytest.mark.parametrize("width", [40, 60])
def test_headings_of_numbers_do_not_break(width):
    known = {1: source(1, "A title that is much too long for one line of a narrow terminal")}
    text = printed(audit_terminal.show, audited([match(QUICK, 1, QUICK)], sources=known), width=width)
    heading = next(line for line in text.splitlines() if "No." in line)
    assert "Matches" in heading


def test_common_text_of_a_comparison_is_shown():
    first, *others = cohort().audits
    made = Cohort((replace(first, common=(Span(70, 80),)), *others))
    text = flat(printed(audit_terminal.show_cohort, made, width=200))
    assert "1 · First: 1 passage, 10 characters" in text
    assert "characters 70–80 Closing words," in text


def test_pages_are_named_where_there_are_any():
    made = two_sources()
    paged = Document(TEXT, "A", "a.pdf", (Page(7, Span(0, 15)), Page(8, Span(15, 90))))
    object.__setattr__(made, "document", paged)
    assert "page 8, characters 15–65" in flat(printed(audit_terminal.show, made, width=200))


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(), min_size=1).filter(str.strip))
def test_no_escape_sequence_of_a_text_is_passed_on(text):
    found = [match(Span(0, len(text)), 1, Span(0, len(text)), 0.9)]
    made = audited(
        found, text, title=text, path=text, sources={1: source(1, text, text)}, texts={1: text[1:]}
    )
    shown = [printed(audit_terminal.show, made), printed(audit_terminal.summarise, [made])]
    shown += [printed(audit_terminal.show_cohort, cohort(text, text, text)), audit_terminal.line(made)]
    for each in shown:
        assert not any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in each)


def test_markup_of_a_text_is_text():
    hostile = "[red]x[/red] :smile: [/]"
    found = [match(Span(0, len(hostile)), 1, Span(0, len(hostile)))]
    made = audited(found, hostile, title=hostile, sources={1: source(1, hostile)}, texts={1: hostile})
    assert printed(audit_terminal.show, made, width=200).count(hostile) >= 4


@pytest.mark.parametrize("width", [20, 41, 80, 200])
def test_no_line_is_wider_than_the_terminal(width):
    many = cohort(*(f"Document number {n}" for n in range(45)))
    shown = printed(audit_terminal.show, two_sources(common=[Span(1, 5)]), width=width)
    shown += printed(audit_terminal.show_cohort, many, width=width)
    assert max(map(len, shown.splitlines())) <= width


def test_a_line_for_programs_has_three_fields():
    made = two_sources(path="a\n\x1bb\tc.txt")
    assert audit_terminal.line(made) == f"{50 / len(TEXT):.6f}\t2\ta ␛b c.txt"


def test_a_comparison_has_numbers_bars_and_pairs():
    text = flat(printed(audit_terminal.show_cohort, cohort(), width=200))
    first, second = (round(5000 / len(each)) for each in (TEXT, OTHER))
    assert f"1 – {first}▅ ·" in text
    assert f"2 {second}▇ – ·" in text
    assert "3 · · –" in text
    assert f"1 · First │ {second}% │ 1" in text
    assert audit_words.SEARCHED_COHORT in text


def test_documents_that_share_nothing():
    made = Cohort((audited(title="A"), audited(title="B")))
    assert audit_words.NO_PAIRS in printed(audit_terminal.show_cohort, made)


def test_other_encodings_get_plain_signs():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    audit_terminal.show(console(stream), two_sources())
    audit_terminal.show_cohort(console(stream), cohort())
    stream.flush()
    assert b"<brown>" in raw.getvalue()


def test_every_code_has_words_and_none_accuses():
    assert set(audit_words.EXCLUSIONS) == set(Exclusion)
    assert set(audit_words.KINDS) == set(MatchKind)
    spoken = repr({key: value for key, value in vars(audit_words).items() if key.isupper()})
    assert not ACCUSING.search(spoken)
    assert f"fewer than {GUARANTEE} letters" in spoken


def test_switches_are_said():
    said = audit_words.left_out(Switches(True, smaller_than=100, sources=frozenset({1, 2})), itself=True)
    assert said == (
        "Left out of the count: the document's own file, quotations, "
        "matches of fewer than 100 characters, 2 sources chosen by hand."
    )
    for switches, itself in ((Switches(itself=False), True), (Switches(), False)):
        assert audit_words.left_out(switches, itself=itself) == audit_words.NOTHING_LEFT_OUT
