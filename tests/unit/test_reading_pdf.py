from __future__ import annotations

import pytest
from reading_files import lines, pdf

from neural_lab.errors import InvalidDocument
from neural_lab.reading import Limits, read_bytes

BODY = (
    "This is the first line of a paragraph that was wrap-",
    "ped at its end, as lines are, and that goes on until",
    "it stops.",
)


def paragraphs(data: bytes) -> list[str]:
    return read_bytes(data, "a.pdf").text.split("\n\n")


def test_wrapped_lines_and_hyphens_are_joined() -> None:
    joined = (
        "This is the first line of a paragraph that was wrapped at its end, as lines are, and that goes on"
    )
    assert paragraphs(pdf([lines(*BODY)])) == [f"{joined} until it stops."]


def test_sizes_gaps_indents_and_items_start_paragraphs() -> None:
    page = [
        (72, 740, 18, "A heading"),
        *lines(*BODY, top=710),
        (90, 668, 12, "An indented line starts another paragraph, quite long"),
        (72, 654, 12, "and it goes on here up to the very end of the line ok."),
        (72, 620, 12, "After a gap there is another one."),
        (72, 606, 12, "\u2022 an item"),
    ]
    starts = [paragraph.split()[0] for paragraph in paragraphs(pdf([page]))]
    assert starts == ["A", "This", "An", "After", "•"]


def test_double_spacing_is_no_gap() -> None:
    page = [(72, 720 - 28 * i, 12, text) for i, text in enumerate(BODY[1:])]
    assert len(paragraphs(pdf([page]))) == 1


def test_page_spans() -> None:
    document = read_bytes(pdf([lines("One."), [], lines("Two goes"), lines("on over the page.")]), "a.pdf")
    assert document.text == "One.\n\nTwo goes on over the page."
    found = [(page.number, page.span.of(document.text)) for page in document.pages]
    assert found == [(1, "One."), (3, "Two goes"), (4, "on over the page.")]


def test_a_word_broken_over_pages_is_one_word() -> None:
    document = read_bytes(pdf([lines("An ele-"), lines("phant.")]), "a.pdf")
    assert document.text == "An elephant."
    assert [page.span.of(document.text) for page in document.pages] == ["An ele", "phant."]


def test_title_from_the_file_or_its_name() -> None:
    assert read_bytes(pdf([lines("x")], title="A Title"), "a.pdf").title == "A Title"
    assert read_bytes(pdf([lines("x")]), "folder/a.pdf").title == "a"


def test_a_pdf_of_any_name_is_a_pdf() -> None:
    assert read_bytes(pdf([lines("hello")]), "a.txt").text == "hello"
    assert read_bytes(b"junk\n" + pdf([lines("hello")]), "a.pdf").text == "hello"


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (pdf([[]]), Limits(), "no_text_layer"),
        (pdf([lines("x")], locked=True), Limits(), "encrypted"),
        (pdf([lines("x")] * 3), Limits(pages=2), "too_many_pages"),
        (pdf([lines("x" * 9)]), Limits(characters=8), "too_many_characters"),
        (pdf([lines("x")]), Limits(seconds=-1), "took_too_long"),
        (b"%PDF-1.7 and nothing more", Limits(), "damaged"),
        (b"no header at all \xff", Limits(), "damaged"),
    ],
)
def test_refusals(data: bytes, limits: Limits, code: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_bytes(data, "a.pdf", limits)
    assert caught.value.code == code
