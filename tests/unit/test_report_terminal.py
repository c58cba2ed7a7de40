"""The report on a terminal."""

import io
from dataclasses import replace

import pytest
from helpers import ABSTRACTS, POINT, REFERENCE, ROWS, hidden, report
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from neural_lab.report import terminal, words
from neural_lab.report.scale import colour
from neural_lab.report.streams import console
from neural_lab.report.tracks import track

SECTIONS = (words.MAP, words.SIGNALS_TITLE, words.SENTENCES, words.LIMITS_TITLE)


def printed(made, reference=REFERENCE, *, full=False, width=100, **options):
    stream = io.StringIO()
    terminal.show(Console(file=stream, width=width, markup=False, **options), made, reference, full=full)
    return stream.getvalue()


def test_everything_a_reader_needs_is_there():
    text = printed(report(findings=[hidden(3, 4)]), width=200)
    for section in (*SECTIONS, words.FINDINGS_TITLE, "Reads like machine writing"):
        assert section in text
    assert "flagged 3 of 412 human texts of 150 to 299 words (0.7%, 95% interval 0.2–2.1%)" in text
    assert "Log-perplexity" in text
    assert report().document.text_sha256 in text


def test_signs_stand_without_colour():
    text = printed(report(["One.", "Two.", "Three."], [0.98, 0.6, 0.2]), reference={}, no_color=True)
    rows = {line.split()[-1]: line for line in text.splitlines() if line.endswith("%") or "." in line}
    assert "\x1b" not in text
    assert "▌" not in rows["Three."]
    flagged = printed(report(["One."], [0.98]))
    assert "▌▌ 1 98% One." in flagged


def test_a_flagged_sentence_says_what_moved_it():
    assert "Towards machine: Log-perplexity +" in printed(report())


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(), min_size=1).filter(str.strip))
def test_no_escape_sequence_of_the_text_is_passed_on(text):
    shown = printed(report([text], [0.9], title=text, path=text, findings=[hidden(0, 1, text)]))
    assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in shown)


def test_markup_of_the_text_is_text():
    assert "[red]x[/red] :smile:" in printed(report(["[red]x[/red] :smile:"], [0.9]))


def test_long_documents_show_what_is_flagged_unless_all_is_asked_for():
    made = report([f"Sentence {n}." for n in range(60)], [0.99] * 50 + [0.1] * 10)
    assert "10 more sentences are not shown (median 10%, highest 10%)" in printed(made)
    assert "Sentence 59." not in printed(made)
    assert "Sentence 59." in printed(made, full=True)


@pytest.mark.parametrize("width", [20, 41, 80, 200])
def test_no_line_is_wider_than_the_terminal(width):
    assert max(map(len, printed(report(), width=width).splitlines())) <= width


@pytest.mark.parametrize(
    "reference",
    [{}, {"entropy": {}}, {"entropy": {"human": [1], "machine": []}}, {"entropy": {"human": [1, 1, 1]}}],
)
def test_missing_ranges_are_admitted(reference):
    assert words.NO_RANGES in printed(report(), reference)


def test_equal_percentiles_do_no_harm():
    same = {"human": [2.0, 2.0, 2.0], "machine": [2.0, 2.0, 2.0]}
    assert words.RANGES[:20] in printed(report(), {"entropy": same})


def test_unmeasured_error_rate_is_admitted():
    unmeasured = type(POINT)(0.01, "all", 60, None, 0.7, 0.8, 0, 0, (0.0, 1.0))
    assert "has not been measured" in printed(report(point=unmeasured), width=200)


def test_the_error_rate_that_applies_is_said_in_plain_words():
    text = printed(report(error_rows=(ABSTRACTS,), declared_genre="abstracts"), width=300)
    assert (
        "Of 412 human abstracts of 150 words or more, 3 were flagged at this setting: "
        "0.7% (95% interval 0.2–2.1%). Of 300 machine texts of the same kind, 120 were flagged." in text
    )
    assert "not declared" not in text
    assert "Declared: genre abstracts" in text


def test_of_several_error_rates_the_worst_is_said_and_where_it_comes_from():
    text = printed(report(error_rows=ROWS, genres=("abstracts", "news")), width=300)
    assert "Of 200 human texts by non-native writers of 150 words or more, 8 were flagged" in text
    assert "least favourable of the 3 rates that may apply" in text
    assert "The kind of writer was not declared." in text
    assert "was not declared; it was estimated from the text: abstracts or news." in text


def test_no_error_rate_is_said_where_there_is_no_cut_point():
    never = replace(POINT, document=1.0, run=1.0)
    assert "at this setting" not in printed(report(error_rows=ROWS, point=never), width=300)


def test_reasons_and_notes_are_said():
    doubtful = {"quoted_share": 0.75, "genre_measured": False}
    flagged, cleared = (
        " ".join(printed(report(["A sentence."], [p], **doubtful), width=300).split()) for p in (0.95, 0.2)
    )
    assert "reaches a cut point, but 75% of it is quoted" in flagged
    assert words.NOTES["genre_unmeasured"] in flagged
    assert "75% of the text is quoted, and may be another writer's words." in cleared
    assert words.VERDICTS["likely_human"] in cleared


def test_another_language_is_named():
    text = printed(report(language="de"), width=300)
    assert "This looks like German." in text
    assert "%" not in text
    assert "the language “xh”" in printed(report(language="xh"), width=300)


def test_the_legend_of_colours_is_shown_only_in_colour():
    colours = words.SCALE[:30]
    assert colours in printed(report(), width=200, force_terminal=True, color_system="truecolor")
    assert colours not in printed(report(), width=200)
    assert colours not in printed(
        report(), width=200, force_terminal=True, color_system="truecolor", no_color=True
    )


def test_signals_that_decided_are_shown_beside_the_four():
    text = printed(report(), width=200)
    assert "Curvature 2.5" in text
    assert "moved most by Log-perplexity +1.55, Curvature +1.08" in text
    assert "Connectives" not in text


def test_values_off_the_scale_point_outwards():
    assert track(9, (1, 2, 3), (0, 4), 9)[-1] == "▸"
    assert track(-9, (1, 2, 3), (0, 4), 9)[0] == "◂"


def test_colours_run_from_blue_over_grey_to_orange():
    assert [colour(p) for p in (0, 0.5, 1)] == ["#2678cc", "#767676", "#bd5b00"]


def test_other_encodings_get_plain_signs():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    terminal.show(console(stream), report(), REFERENCE)
    stream.flush()
    assert b"## 1 90% One plain sentence." in raw.getvalue()


def test_lines_for_programs_have_three_fields():
    made = report(path="a\n\x1bb\tc.txt")
    assert terminal.line(made).split("\t")[:2] == ["likely_ai", f"{made.probability:.6f}"]
    assert terminal.line(made).split("\t")[2:] == ["a ␛b c.txt"]
