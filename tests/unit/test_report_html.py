"""The HTML report: safe, complete and reachable without a mouse."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from helpers import REFERENCE, ROWS, hidden, report
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.report import words
from neural_lab.report.as_html import page
from neural_lab.report.markup import Markup, tag
from neural_lab.types import Page, Span

ATTACK = "\"'><script>alert(1)</script><img src=x onerror=alert(1)></style></title>${title}"
VOID = {"meta"}


class Reader(HTMLParser):
    """Every element and attribute of a page; fails where tags do not match."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.sentences, self.headings = [], [], {}, []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append((name, dict(attributes)))

    def handle_endtag(self, name):
        assert self.open.pop()[0] == name

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "a" and "aria-description" in self.open[-1][1]:
            key = self.open[-1][1]["id"]
            self.sentences[key] = self.sentences.get(key, "") + data

    def values(self, attribute):
        return [a[attribute] for _, a in self.elements if attribute in a]


def attacked():
    return report(
        [ATTACK, "Second <b>one</b>."],
        [0.97, 0.9],
        title=ATTACK,
        path=ATTACK,
        findings=[hidden(0, 1, ATTACK)],
    )


def test_nothing_of_the_text_becomes_markup():
    read = Reader(page([attacked(), attacked()], REFERENCE))
    names = {name for name, _ in read.elements}
    assert not names & {"script", "img", "iframe", "link", "object", "form", "base"}
    assert not [key for _, attributes in read.elements for key in attributes if key.startswith("on")]
    assert read.sentences["d1s0"] == ATTACK


def test_nothing_is_fetched_and_no_style_is_inline():
    source = page([attacked()], REFERENCE)
    read = Reader(source)
    assert not read.values("src")
    assert not read.values("style")
    assert all(link.startswith("#") for link in read.values("href"))
    assert "url(" not in source
    assert "@import" not in source


def test_the_policy_allows_this_style_sheet_only():
    source = page([report()], REFERENCE)
    style = re.search(r"<style>(.*?)</style>", source, re.S)[1]
    policy = next(c for c in Reader(source).values("content") if "default-src" in c)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.characters(), min_size=1).filter(str.strip), min_size=1, max_size=3))
def test_any_text_gives_a_page_that_utf8_can_hold(sentences):
    source = page([report(sentences, [0.9] * len(sentences), title=sentences[0])], {})
    source.encode("utf-8")
    Reader(source)


@pytest.mark.parametrize("reports", [[report()], [report(), report(words=5, title="")]])
def test_links_lead_somewhere_and_names_are_unique(reports):
    read = Reader(page(reports, REFERENCE))
    ids = read.values("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in read.values("href")} <= set(ids)


def test_sentences_can_be_reached_and_are_described():
    read = Reader(page([report()], REFERENCE))
    links = [a for name, a in read.elements if name == "a" and a.get("class", "").startswith("s ")]
    assert [a["class"] for a in links] == ["s flagged p90", "s flagged p97"]
    assert all("tabindex" not in a for a in links)
    assert links[0]["aria-description"].startswith("90%, flagged. Towards machine: Log-perplexity +")


def test_drawings_are_named():
    read = Reader(page([report()], REFERENCE))
    drawings = [a for name, a in read.elements if name == "svg"]
    assert len(drawings) == 2 + len(REFERENCE) + len(report().sentences)
    assert all(a["role"] == "img" and a["aria-label"] for a in drawings)


def test_everything_a_reader_needs_is_there():
    made = report(findings=[hidden(3, 4, "U+200B")])
    source = page([made], REFERENCE)
    for needed in (words.VERDICTS[made.verdict], words.LIMITS[0], words.FINDINGS_TITLE, made.version):
        assert needed in source
    assert made.document.text_sha256 in source
    assert words.error_rate(made.operating_point) in source
    assert "Hidden characters: 1 at 3 (U+200B)" in source
    assert Reader(source).elements[0] == ("html", {"lang": "en"})


def test_error_rates_and_notes_are_there():
    source = page([report(error_rows=ROWS, genres=("abstracts",), quoted_share=0.8)], REFERENCE)
    assert "Of 200 human texts by non-native writers" in source
    assert "estimated from the text: abstracts" in source
    assert "80% of it is quoted" in source


def test_line_breaks_of_the_text_are_kept():
    read = Reader(page([report(["Two\r\nlines\tand a tab."], [0.9])], {}))
    assert read.sentences["d1s0"] == "Two\nlines\tand a tab."


def test_pages_are_announced_once():
    pages = [Page(3, Span(0, 20)), Page(4, Span(20, 99))]
    source = page([report(["One.", "Two."] * 4, [0.9] * 8, pages=pages)], {})
    assert source.count("Page 3") == source.count("Page 4") == 1


def test_many_contributions_still_add_up():
    made = report()
    score = made.sentences[0]
    score.contributions.update({f"term{n}": 0.01 for n in range(20)})
    source = page([made], {})
    assert words.name("others") in source
    assert f"{words.signed(score.logit)} = {words.percent(score.probability)}" in source


def test_plain_strings_are_escaped_and_markup_is_not():
    assert tag("p", "<b>", Markup("<i></i>"), class_='"') == '<p class="&quot;">&lt;b&gt;<i></i></p>'
    assert tag("details", open=True, hidden=None) == "<details open></details>"
