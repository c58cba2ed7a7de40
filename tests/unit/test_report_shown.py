"""What is shown as plain values is what stands in the reports for people, to the last digit."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from helpers import ABSTRACTS, POINT, REFERENCE, ROWS, report
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from neural_lab.report import terminal, words
from neural_lab.report.as_html import page
from neural_lab.report.as_json import document, dumps
from neural_lab.report.as_shown import shown
from neural_lab.report.facts import MAIN_SIGNALS, signal_means

DOUBTFUL = {"quoted_share": 0.75, "genre_measured": False}
REPORTS = {
    "flagged": report(error_rows=ROWS, genres=("abstracts", "news")),
    "declared": report(error_rows=(ABSTRACTS,), declared_genre="abstracts", declared_writer="native"),
    "clear": report(["A sentence."], [0.2], **DOUBTFUL),
    "withheld": report(["A sentence."], [0.95], **DOUBTFUL),
    "without a cut point": report(point=replace(POINT, document=1.0, run=1.0)),
    "too short": report(words=10),
    "in another language": report(language="de"),
}
EVERY = pytest.mark.parametrize("made", REPORTS.values(), ids=[*REPORTS])


class Seen(HTMLParser):
    """The text of a page."""

    def __init__(self, source):
        super().__init__()
        self.text = ""
        self.feed(source)

    def handle_data(self, data):
        self.text += data


def on_a_terminal(made):
    stream = io.StringIO()
    console = Console(file=stream, width=2_000, markup=False)
    terminal.show(console, made, REFERENCE)
    terminal.summarise(console, [made])
    return stream.getvalue()


def on_a_page(made):
    return Seen(page([made, made], REFERENCE)).text


def strings(node, but=()) -> Iterator[str]:
    """All that is said; keys of signals are for programs."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from (
            said for key, value in node.items() if key not in ("key", *but) for said in strings(value)
        )
    elif isinstance(node, list):
        yield from (said for each in node for said in strings(each))


@EVERY
def test_all_of_it_stands_in_the_html_report(made):
    found = on_a_page(made)
    assert [said for said in strings(shown(made)) if said not in found] == []


@EVERY
def test_all_of_it_stands_on_the_terminal_but_for_the_lesser_signals(made):
    row, found = shown(made), on_a_terminal(made)
    moved = {term["key"] for term in row["decisive"]}
    row["signals"] = [each for each in row["signals"] if each["main"] or each["key"] in moved]
    assert [said for said in strings(row) if said not in found] == []
    assert all(f"{each['name']} {each['shown']}" in found for each in row["signals"])
    assert all(f"{each['name']} {each['shown']}" in found for each in row["decisive"])


@EVERY
def test_nothing_is_said_that_is_not_there_for_people_to_read(made):
    """The other way round: the verdict's paragraphs of the page are in what is shown."""
    source = page([made], REFERENCE)
    begin = source.index('<div class="verdict')
    block = re.sub("<svg.*?</svg>", "", source[begin : source.index("</div>", begin)], flags=re.S)
    said = " ".join(strings(shown(made)))
    lines = [line for line in Seen(block.replace("</p>", "\n")).text.splitlines() if line.strip()]
    assert len(lines) > 2
    assert [line for line in lines if line not in said] == []


def test_signals_are_the_means_with_the_main_ones_first():
    made = REPORTS["flagged"]
    rows = shown(made)["signals"]
    assert {row["key"]: row["value"] for row in rows} == signal_means(made)
    assert [row["key"] for row in rows if row["main"]] == [row["key"] for row in rows][: len(MAIN_SIGNALS)]


@pytest.mark.parametrize("name", ["too short", "in another language"])
def test_where_nothing_is_measurable_there_are_no_numbers(name):
    row = shown(REPORTS[name])
    assert row["measurable"] is False
    assert row["unmeasured"] == words.UNMEASURED
    assert row["probability"] == words.NOTHING
    assert not any(
        row[key] for key in ("number", "probability_line", "breakdown", "rates", "target", "signals")
    )


def test_fields_are_the_same_whatever_is_known():
    assert len({tuple(sorted(shown(made))) for made in REPORTS.values()}) == 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=12), st.integers(1, 400))
def test_percentages_are_those_of_the_json(probabilities, length):
    made = report([f"word {n} " * length for n in range(len(probabilities))], probabilities)
    row, numbers = shown(made), json.loads(dumps(document(made)))
    assert row["number"] == row["probability"] == words.percent(numbers["probability"])
    sides = ("machine", "mixed", "human")
    assert [row["breakdown"][side] for side in sides] == [words.share(numbers["breakdown"][s]) for s in sides]
