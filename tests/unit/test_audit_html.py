"""The HTML reports of audits and comparisons: safe, complete and reachable without a mouse."""

import re
import time
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from audits import QUICK, TEXT, audited, cohort, match, source, two_sources
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.audit.audited import Cohort
from neural_lab.audit.exclusions import Facts, Switches
from neural_lab.report import audit_words, words
from neural_lab.report.audit_html import cohort_page, page
from neural_lab.report.passages import alone, side_by_side
from neural_lab.report.pieces import Mark, Rank, pieces
from neural_lab.report.whole_words import WIDEST
from neural_lab.types import Span

ATTACK = (
    "\"'><script>alert(1)</script><img src=x onerror=alert(1)></style></title>${title}\x00\u202e\ud800 end"
)
SHOWN = ATTACK.replace("\x00", "␀").replace("\u202e", "‹U+202E›").replace("\ud800", "\ufffd")
VOID = {"meta"}


class Reader(HTMLParser):
    """Every element of a page with its text; fails where tags do not match."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.open, self.elements = [], []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, name, attributes):
        self.elements.append([name, dict(attributes), ""])
        if name not in VOID:
            self.open.append(self.elements[-1])

    def handle_endtag(self, name):
        assert self.open.pop()[0] == name

    def handle_data(self, data):
        for element in self.open:
            element[2] += data

    def values(self, attribute):
        return [a[attribute] for _, a, _ in self.elements if attribute in a]

    def texts(self, look):
        return [said for _, a, said in self.elements if look in (a.get("class") or "").split()]


def attacked():
    span = Span(0, len(ATTACK))
    hostile = source(1, ATTACK, ATTACK)
    return audited(
        [match(span, 1, span), match(span, 2, span, 0.9)],
        ATTACK,
        title=ATTACK,
        path=ATTACK,
        sources={1: hostile, 2: source(2, ATTACK)},
        common=[Span(0, 5)],
        texts={1: ATTACK, 2: ATTACK[3:]},
    )


PAGES = {
    "audit": lambda: page([attacked()], [ATTACK]),
    "audits": lambda: page([attacked(), two_sources(texts=None), audited()]),
    "excluded": lambda: page([two_sources(switches=Switches(sources=frozenset({1, 2})))]),
    "comparison": lambda: cohort_page(cohort(ATTACK, ATTACK, ATTACK), [ATTACK]),
    "nothing read": lambda: page([], ["a.txt: gone"]),
}


@pytest.mark.parametrize("made", PAGES.values(), ids=PAGES)
def test_pages_are_safe_and_their_links_lead_somewhere(made):
    written = made()
    written.encode("utf-8")
    read = Reader(written)
    names = {name for name, _, _ in read.elements}
    assert not names & {"script", "img", "iframe", "link", "object", "form", "base"}
    assert not [key for _, attributes, _ in read.elements for key in attributes if key.startswith("on")]
    assert not read.values("src")
    assert not read.values("style")
    assert "url(" not in written
    assert "@import" not in written
    ids, links = read.values("id"), read.values("href")
    assert len(ids) == len(set(ids))
    assert all(link.startswith("#") and link[1:] in ids for link in links)


@pytest.mark.parametrize("made", PAGES.values(), ids=PAGES)
def test_the_policy_allows_this_style_sheet_only(made):
    written = made()
    style = re.search(r"<style>(.*?)</style>", written, re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = next(c for c in Reader(written).values("content") if "default-src" in c)
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_hostile_text_is_shown_as_text():
    read = Reader(page([attacked()]))
    assert read.texts("source") == [SHOWN]
    assert set(read.texts("passage")[:2]) == {SHOWN}


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(), min_size=1).filter(str.strip), st.data())
def test_any_text_with_any_matches_gives_a_page(text, data):
    ends = st.tuples(*[st.integers(0, len(text))] * 2).map(sorted).filter(lambda e: e[0] < e[1])
    spans = data.draw(st.lists(ends.map(lambda e: Span(*e)), max_size=6))
    found = [match(span, n % 2 + 1, Span(0, 5), 1 - n % 3 / 10) for n, span in enumerate(sorted(spans))]
    written = page([audited(found, text, texts={1: text[::-1]}, common=spans[:2])])
    written.encode("utf-8")
    Reader(written)


def test_everything_a_reader_needs_is_there():
    made = two_sources(common=[Span(70, 80)])
    written = page([made])
    for needed in (
        audit_words.headline(made.coverage),
        audit_words.MEANING,
        audit_words.LIMITS[0],
        audit_words.SEARCHED_LIBRARY,
        audit_words.COMMON_TITLE,
        "characters 70–80",
        made.document.text_sha256,
    ):
        assert needed in written
    assert Reader(written).elements[0][:2] == ["html", {"lang": "en"}]


def test_overlapping_matches_are_cut_at_every_border():
    found = [match(Span(0, 30), 1, Span(0, 30)), match(Span(10, 20), 2, Span(0, 10), 0.8)]
    read = Reader(page([audited(found)]))
    marked = [
        (a["href"], a["id"], said)
        for _, a, said in read.elements
        if "m " in (a.get("class") or "")[:2] and "href" in a
    ]
    assert marked == [
        ("#d1m1", "d1c0", TEXT[:10]),
        ("#d1m2", "d1c10", TEXT[10:20]),
        ("#d1m1", "d1c20", TEXT[20:30]),
    ]
    hints = [hint for hint in read.values("aria-description") if hint.startswith("Match")]
    assert hints[1] == "Match 2: nearly word for word, 80% the same, “Source 2”; 1 more match here"
    assert read.texts("source") == [TEXT]


def test_signs_differ_by_more_than_colour():
    found = [match(Span(0, 5), 1, Span(0, 5)), match(Span(6, 9), 2, Span(0, 3), 0.8), match(QUICK, 3, QUICK)]
    made = audited(found, common=[Span(70, 80)], switches=Switches(sources=frozenset({3})))
    written = page([made])
    read = Reader(written)
    style = re.search(r"<style>(.*?)</style>", written, re.DOTALL)[1]
    looks = {"verbatim": "solid", "near_copy": "dashed", "excluded": "dotted", "common": "wavy"}
    for look, pattern in looks.items():
        assert read.texts(look)
        assert look == "verbatim" or f".m.{look} {{" in style
        assert pattern in style


def test_words_that_differ_are_marked_on_both_sides():
    read = Reader(page([two_sources()]))
    assert [said for name, _, said in read.elements if name == "mark"] == ["brown", "jumps", "red", "leaps"]


def test_a_kept_audit_shows_the_side_of_the_document():
    written = page([two_sources(texts=None)])
    read = Reader(written)
    assert len(read.texts("passage")) == 2
    assert read.texts("note").count(audit_words.NO_TEXT) == 2
    assert "<mark>" not in written


def test_excluded_matches_stand_apart_with_their_reason():
    made = two_sources(facts=Facts((QUICK,)), switches=Switches(quotations=True))
    read = Reader(page([made]))
    assert "d1-matches" not in read.values("id")
    assert "d1-excluded" in read.values("id")
    assert read.texts("note").count(audit_words.left_out(made.switches, itself=False)) == 1
    assert [said for name, _, said in read.elements if name == "p"].count(
        audit_words.EXCLUSIONS["quotations"]
    ) == 2
    assert read.texts("m excluded") or read.texts("excluded")


def test_several_documents_have_contents():
    read = Reader(page([two_sources(), audited(title="", path="b.txt")]))
    rows = [said for name, _, said in read.elements if name == "tr"][:3]
    share = words.share(50 / len(TEXT))
    assert rows == ["".join(audit_words.SUMMARY_COLUMNS), f"essay.txt{share}22", "b.txt0%00"]


def test_a_comparison_has_numbers_in_the_cells_and_links_to_passages():
    written = cohort_page(cohort())
    read = Reader(written)
    linked = [(a["href"], said) for name, a, said in read.elements if name == "a"]
    first, second = (str(round(5000 / len(each.document.text))) for each in cohort().audits[:2])
    assert linked == [("#pair-1-2", first), ("#pair-1-2", second), ("#pair-1-2", "1 First · 2 Second")]
    assert f"p{first}" in "".join(a.get("class") or "" for _, a, _ in read.elements)
    assert f"{first}% of document 1 is shared with document 2" in read.values("aria-label")
    assert len(read.texts("self")) == 3
    assert len(read.texts("passage")) == 2


def test_common_text_of_a_comparison_is_shown():
    first, *others = cohort().audits
    read = Reader(cohort_page(Cohort((replace(first, common=(Span(70, 80),)), *others))))
    assert audit_words.COMMON_COHORT_NOTE in read.texts("note")
    assert "characters 70–80: Closing words," in [said for name, _, said in read.elements if name == "li"]


def test_documents_that_share_nothing():
    assert audit_words.NO_PAIRS in cohort_page(Cohort((audited(), audited())))


def test_forty_documents_fit_in_one_table():
    read = Reader(cohort_page(cohort(*(f"Document {n}" for n in range(40)))))
    assert len(read.texts("c")) + len(read.texts("self")) == 1600


def test_pieces_cover_the_text_and_show_the_inner_mark():
    marks = [
        Mark(Span(2, 9), Rank.COMMON, 0),
        Mark(Span(0, 6), Rank.COUNTED, 1),
        Mark(Span(4, 8), Rank.EXCLUDED, 2),
    ]
    found = [(*piece.span, piece.mark and piece.mark.number, piece.others) for piece in pieces(10, marks)]
    assert found == [(0, 2, 1, 0), (2, 4, 1, 0), (4, 6, 1, 0), (6, 8, 2, 0), (8, 9, 0, 0), (9, 10, None, 0)]


def test_a_long_passage_is_cut_where_its_counterpart_is():
    own, other = "word " * 1000, "new words " + "word " * 1000
    found = side_by_side(match(Span(0, 5000), 1, Span(0, 5010), 0.9), own, other, 100)
    shown = ["".join(part) for part in zip(*((s.own, s.other) for s in found.stretches), strict=True)]
    assert (len(shown[0]), len(shown[1])) == (5000 - found.own_rest, 5010 - found.other_rest)
    assert max(map(len, shown)) <= 100
    assert [s.other for s in found.stretches if not s.same] == ["new words "]


@pytest.mark.parametrize(
    ("own", "here", "other", "there", "words"),
    [
        ("I undergo much", (7, 14), "We forgo much", (6, 13), [("undergo", "forgo")]),
        ("go much further", (0, 11), "go much fur", (0, 11), [("further", "fur")]),
        ("I go much", (2, 9), "We forgo much", (6, 13), [("go", "forgo")]),
        ("I go much", (2, 9), "We go much", (3, 10), []),
        ("xgo", (1, 3), "ygo", (1, 3), [("xgo", "ygo")]),
        ("一go much二", (1, 8), "三go much四", (1, 8), []),
    ],
)
def test_words_that_a_passage_cuts_in_two_are_shown_whole(own, here, other, there, words):
    for similarity in (1.0, 0.9):
        found = side_by_side(match(Span(*here), 1, Span(*there), similarity), own, other, 100)
        assert [(s.own.strip(), s.other.strip()) for s in found.stretches if not s.same] == words
        assert (found.own_rest, found.other_rest) == (0, 0)


def test_a_passage_in_a_word_without_end_is_not_widened_for_ever():
    text = "a" * 10_000
    found = alone(match(Span(5_000, 5_010), 1, Span(0, 10)), text, 1_000)
    assert [s.own for s in found.stretches] == ["a" * (10 + 2 * WIDEST)]


def test_words_are_compared_by_their_letters():
    own, other = "“Café, DON'T” ﬁne 一二三", "cafe dont fine 一四三"
    found = side_by_side(match(Span(0, len(own)), 1, Span(0, len(other)), 0.9), own, other, 100)
    assert "".join(s.own for s in found.stretches) == own
    assert [(s.own.strip(), s.other.strip()) for s in found.stretches if not s.same] == [
        ("二", "四"),
    ]


def test_a_passage_alone_differs_from_nothing():
    found = alone(match(QUICK, 1, QUICK), TEXT, 10)
    assert [(s.own, s.same) for s in found.stretches] == [("The quick ", True)]
    assert found.own_rest == 40


def test_many_matches_over_one_another_take_no_quadratic_time():
    text = "some words of a long text, " * 40_000
    found = [match(Span(n, len(text) - n), n + 1, Span(0, 80), 0.9) for n in range(10_000)]
    known = source(1)
    made = audited(found, text, sources=dict.fromkeys(range(1, 10_001), known), texts={1: text})
    start = time.perf_counter()
    written = page([made])
    assert time.perf_counter() - start < 60
    assert len(written) < 100_000_000
