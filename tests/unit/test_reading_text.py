"""Plain text, encodings, Markdown, HTML and LaTeX."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_files import quoted

from neural_lab.errors import InvalidDocument
from neural_lab.reading import read_bytes

FRENCH = "Le café était fermé à cause de la grève. « Déjà vu », dit-il."
RUSSIAN = "Все люди рождаются свободными и равными в своем достоинстве и правах."
JAPANESE = "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。"

TEX = r"""\documentclass{article}
\title{On \emph{Things}}
% a comment
\begin{document}
\maketitle
\begin{abstract}We do it.\end{abstract}
\section{Intro}\label{sec:a}
We show~\cite[p.~3]{knuth} that $x^2$ holds \emph{often}\footnote{Not always.}.  % hidden
A wrapped line is ``quoted'' in a caf\'e, 50\% \& more.

\begin{equation} a=b \end{equation}
\begin{lstlisting}[language=C]
cost $ of % it
\end{lstlisting}
\begin{itemize}\item One thing \item Two things\end{itemize}
\begin{tabular}{ll} a & b \\ c & d \end{tabular}
\end{document}
after the end"""


def text_of(data: bytes | str, name: str) -> str:
    return read_bytes(data.encode() if isinstance(data, str) else data, name).text


@given(st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs", "Cc"]), min_size=1))
def test_plain_text_is_exactly_the_files(text: str) -> None:
    if text.strip() and not text.startswith(("\ufeff", "%PDF-", "PK", "<", "\\", "%")):
        assert text_of(text, "a.txt") == text


def test_line_ends_become_line_feeds() -> None:
    assert text_of(" a\r\n\r\nb \n", "a.txt") == " a\n\nb \n"
    assert text_of("a\r\rb\r", "a.txt") == "a\n\nb\n"


def test_control_characters_stay_for_the_findings() -> None:
    assert text_of("a\x00b and\x07 so on", "a.txt") == "a\x00b and\x07 so on"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_of_western_text(codec: str) -> None:
    assert text_of(FRENCH.encode(codec), "a.txt") == FRENCH


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "utf-16-le"),
        (JAPANESE, "shift_jis"),
        ("The “model” wasn’t sure — it’s only a naïve résumé.", "cp1252"),
        ("Zażółć gęślą jaźń. Wszyscy ludzie rodzą się wolni i równi w godności.", "cp1250"),
        ("café", "cp1252"),
        ('<meta charset="iso-8859-2"><p>Všichni lidé rodí se svobodní a sobě rovní', "iso8859-2"),
    ],
)
def test_legacy_encodings(text: str, codec: str) -> None:
    assert text_of(text.encode(codec), "a.txt") == text


def test_one_bad_byte_does_not_change_the_alphabet() -> None:
    assert text_of(RUSSIAN.encode() + b"\xff", "a.txt") == RUSSIAN + "\ufffd"


def test_lone_surrogates_do_not_survive() -> None:
    data = codecs.BOM_UTF16_LE + "good \ud800 text".encode("utf-16-le", "surrogatepass")
    assert text_of(data, "a.txt") == "good \ufffd text"


def test_markdown_keeps_prose_only() -> None:
    source = (
        "# On *it*\n\nSome **bold** [link](http://x) and `code` wrapped\nline.  \nhard\n\n- one\n- two\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\nx=1\n```\n\n    indented\n\n> said ~~so~~ ![alt](i.png)\n"
        "\n<div align=center>In <b>HTML</b></div>\n\nA<br>b &amp; \\* c\n"
    )
    document = read_bytes(source.encode(), "x.md")
    assert document.title == "On it"
    assert document.text.split("\n\n") == [
        *("On it", "Some bold link and code wrapped line.\nhard", "one", "two", "a\tb\n1\t2", "said so"),
        *("In HTML", "A\nb & * c"),
    ]


def test_front_matter_gives_the_title_and_is_dropped() -> None:
    document = read_bytes(b'---\ntitle: "Mine"\ntags: [a]\n---\nBody\n', "x.md")
    assert (document.title, document.text) == ("Mine", "Body")


def test_a_ruled_beginning_is_no_front_matter() -> None:
    assert text_of("---\n\nkept\n\n---\n\nalso\n", "x.md") == "kept\n\nalso"


def test_markdown_in_a_text_file_is_left_alone() -> None:
    assert text_of("# not **mine**\n", "x.txt") == "# not **mine**\n"


def test_html_shows_blocks_and_hides_the_rest() -> None:
    source = (
        "<!doctype html><title>T &amp; x</title><style>p{}</style><nav>menu</nav><h1>H</h1><p>One  two\n"
        "<b>three</b>."
        "<p>Line<br>two<script>x</script><table><tr><th>a<th>b<tr><td>1<td>2</table><pre>poem\n line</pre>"
        "<pre><code>c()</code></pre><div>in<div>deep</div>tail</div><ul><li>x<li>y</ul><p hidden>no</p>"
    )
    document = read_bytes(source.encode(), "page.html")
    assert document.title == "T & x"
    assert document.text.split("\n\n") == [
        *("H", "One two three.", "Line\ntwo", "a\tb\n1\t2", "poem\nline", "in", "deep", "tail", "x", "y"),
    ]


def test_html_says_what_is_quoted() -> None:
    source = (
        "<p>Own <q>in <b>line</b></q>.<blockquote>\n<p>One.<blockquote>In it.</blockquote><p>Two.\n"
        "</blockquote>\n"
        "<p>Own \ufdd0\ufdd1.<blockquote hidden>no</blockquote><blockquote> </blockquote><q>last"
    )
    document = read_bytes(source.encode(), "a.html")
    assert quoted(document) == ["in line", "One.\n\nIn it.\n\nTwo.", "last"]
    assert document.text == "Own in line.\n\nOne.\n\nIn it.\n\nTwo.\n\nOwn \ufdd0\ufdd1.\n\nlast"


def test_a_page_of_all_marks_is_read_without_quotations() -> None:
    page = "<blockquote>" + "".join(map(chr, range(0xFDD0, 0xFDF0)))
    assert quoted(read_bytes(page.encode(), "a.html")) == []


def test_markdown_says_what_is_quoted() -> None:
    source = (
        "Own.\n\n> One *two*\nlazy.\n>\n> > In it.\n\nA <q>line</q>.\n\n<blockquote>\n\nMixed.\n\n"
        "</blockquote>\n\nOwn.\n\n<div><q>Raw</q> own</div>\n\n```\n> code\n```\n\n</blockquote>\n\nEnd.\n\n"
        "<q>\n"
    )
    document = read_bytes(source.encode(), "a.md")
    assert quoted(document) == ["One two lazy.\n\nIn it.", "line", "Mixed.", "Raw"]


def test_quotations_in_markdown_headings_leave_no_mark_in_the_title() -> None:
    assert read_bytes(b"# On <q>it</q>, again", "a.md").title == "On it, again"


def test_latex_says_what_is_quoted() -> None:
    source = (
        r"\title{On \enquote{it}}\begin{document}Own \enquote{in \emph{line} \enquote{and} out}, {own}."
        r"\begin{quote}One.\footnote{A \enquote{note}.}\end{quote}\begin{quotation}Two.\end{quotation}"
        r"\begin{displayquote}Three.\end{displayquote}\blockquote{Four.} Own \enquote now.\end{document}"
    )
    document = read_bytes(source.encode(), "a.tex")
    assert quoted(document) == ["in line and out", "One.", "Two.", "Three.", "Four.", "note"]
    assert document.title == "On it"


def test_a_text_file_marks_no_quotation() -> None:
    assert read_bytes(b"> not marked", "a.txt").quoted == ()


def test_hidden_characters_and_odd_spaces_survive_markup() -> None:
    assert text_of("<p>a\u200bb\u00a0c</p>", "x.html") == "a\u200bb\u00a0c"


def test_self_closed_title_does_not_swallow_the_page() -> None:
    page = "<?xml version='1.0'?><html><head><title/></head><body>kept</body></html>"
    assert text_of(page, "x.xhtml") == "kept"


def test_latex_prose() -> None:
    document = read_bytes(TEX.encode(), "paper.tex")
    assert document.title == "On Things"
    assert document.text.split("\n\n") == [
        *("We do it.", "Intro"),
        "We show that holds often. A wrapped line is “quoted” in a café, 50% & more.",
        *("One thing", "Two things", "a\tb\nc\td", "Not always."),
    ]


@pytest.mark.parametrize("suffix", [".txt", ".pdf", ""])
def test_content_decides_over_the_suffix(suffix: str) -> None:
    assert text_of("<!DOCTYPE html><p>page</p>", f"a{suffix}") == "page"
    assert text_of(TEX, f"a{suffix}").startswith("We do it.")


def test_text_under_a_containers_name_is_read_if_it_is_clearly_text() -> None:
    assert text_of("plain words, é", "a.docx") == "plain words, é"
    with pytest.raises(InvalidDocument, match=r"a\.docx is damaged"):
        read_bytes("caf\xe9".encode("latin-1"), "a.docx")


def test_title_is_the_stem_of_a_name_made_printable() -> None:
    assert read_bytes(b"text", "folder/my\x1b[31m essay.txt").title == "my [31m essay"
