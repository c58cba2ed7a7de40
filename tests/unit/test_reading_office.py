"""Word, OpenDocument and electronic books."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from reading_files import archive, epub, odt, quoted, word

from neural_lab.errors import InvalidDocument
from neural_lab.reading import Limits, read_bytes


def code_of(data: bytes, name: str, limits: Limits | None = None) -> str:
    with pytest.raises(InvalidDocument) as caught:
        read_bytes(data, name, limits or Limits())
    return caught.value.code


def written_docx() -> bytes:
    document, buffer = docx.Document(), BytesIO()
    document.core_properties.title = "My Essay"
    document.add_heading("First", 1)
    document.add_paragraph("Some ").add_run("bold").add_break()
    table = document.add_table(2, 2)
    for cell, text in zip((c for row in table.rows for c in row.cells), "abcd", strict=True):
        cell.text = text
    document.add_paragraph("Last.")
    document.save(buffer)
    return buffer.getvalue()


def test_docx_paragraphs_and_tables_in_order() -> None:
    document = read_bytes(written_docx(), "e.docx")
    assert document.title == "My Essay"
    assert document.text == "First\n\nSome bold\n\na\tb\nc\td\n\nLast."


def test_docx_of_any_name_is_a_docx() -> None:
    assert read_bytes(written_docx(), "e.pdf").text.startswith("First")


def test_docx_text_that_lies_outside_plain_runs() -> None:
    body = (
        "<w:p><w:r><w:t>Kept </w:t></w:r><w:ins><w:r><w:t>inserted</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r>"
        "</w:p></w:txbxContent><w:br/><w:t>line</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>controlled</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    note = "<w:footnote><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote>"
    found = read_bytes(word(body, footnotes=note), "e.docx").text
    assert found == "Kept inserted\nline\n\nboxed\n\ncontrolled\n\nA note."


def test_docx_title_from_its_first_heading() -> None:
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Headed</w:t></w:r></w:p>'
    assert read_bytes(word(heading), "e.docx").title == "Headed"
    assert read_bytes(word("<w:p><w:r><w:t>x</w:t></w:r></w:p>"), "e.docx").title == "e"


def test_docx_styles_say_what_is_quoted() -> None:
    document, buffer = docx.Document(), BytesIO()
    document.styles.add_style("Mine", WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Quote"]
    document.add_paragraph("Own.")
    for style in ("Quote", "Intense Quote", "Mine"):
        document.add_paragraph(f"In {style}.", style)
        document.add_paragraph("Own.")
    document.add_table(1, 1).cell(0, 0).add_paragraph("In a table.", "Quote")
    document.save(buffer)
    found = quoted(read_bytes(buffer.getvalue(), "e.docx"))
    assert found == ["In Quote.", "In Intense Quote.", "In Mine.", "In a table."]


def test_docx_styles_of_other_languages_and_in_circles() -> None:
    styles = (
        '<w:style w:styleId="Zit1"><w:name w:val="Quote"/></w:style>'
        '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    )
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{style}</w:t></w:r></w:p>'
        for style in ("Zit1", "A", "B", "BlockText", "Lost", "A")
    )
    assert quoted(read_bytes(word(body, styles=styles), "e.docx")) == ["Zit1", "BlockText"]


def test_odt_styles_say_what_is_quoted() -> None:
    space = 'xmlns:style="s"'
    derived = (
        f'<style:style {space} style:name="P1" style:family="paragraph" style:parent-style-name="Mine"/>'
    )
    others = (
        f"<x {space}>"
        '<style:style style:name="Mine" style:family="paragraph" style:parent-style-name="Quotations"/>'
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Footer"/>'
        '<style:style style:name="T1" style:family="text" style:parent-style-name="Quotations"/></x>'
    )
    names = ("P1", "Block_20_Quotation", "T1", "Standard", "Quotations")
    body = "".join(f'<text:p text:style-name="{name}">{name}</text:p>' for name in names)
    document = read_bytes(odt(derived + body, **{"styles.xml": others}), "e.odt")
    assert quoted(document) == ["P1", "Block_20_Quotation", "Quotations"]
    assert quoted(read_bytes(odt(body), "e.odt")) == ["Block_20_Quotation", "Quotations"]


def test_a_note_inside_a_quotation_is_none() -> None:
    note = "<text:note><text:note-body><text:p>Note.</text:p></text:note-body></text:note>"
    body = f'<text:p text:style-name="Quotations">One{note} two.</text:p>'
    assert quoted(read_bytes(odt(body), "e.odt")) == ["One two."]


def test_epub_quotations_stand_where_their_chapter_does() -> None:
    chapters = {"a.xhtml": "<p>One.<blockquote>Two.</blockquote>", "b.xhtml": "", "c.xhtml": "<p>A <q>b</q>."}
    assert quoted(read_bytes(epub(chapters), "e.epub")) == ["Two.", "b"]


def test_odt_text() -> None:
    body = (
        "<text:h>Head</text:h><text:p>One<text:s text:c='2'/>two <text:span>three</text:span>,\n four"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Note.</text:p></text:note-body>"
        "</text:note>.<text:line-break/>five<office:annotation><text:p>comment</text:p></office:annotation></text:p>"
        "<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list><table:table>"
        "<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    )
    document = read_bytes(odt(body), "e.odt")
    assert document.title == "Head"
    assert document.text == "Head\n\nOne  two three, four.\nfive\n\nNote.\n\nitem\n\na\tb"


def test_odt_counted_spaces_are_bounded() -> None:
    assert len(read_bytes(odt("<text:p>a<text:s text:c='999999999999'/>b</text:p>"), "e.odt").text) < 200


def test_odt_entities_are_neither_expanded_nor_fetched() -> None:
    doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname"><!ENTITY f "expanded">]>'
    found = read_bytes(odt("<text:p>a&e;b&f;c</text:p>", doctype=doctype), "e.odt").text
    assert found == "abc"


def test_odt_with_a_password() -> None:
    assert code_of(odt("", **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "e.odt") == "encrypted"


def test_epub_chapters_in_reading_order() -> None:
    chapters = {
        "b%20c.xhtml": "<html><body><h1>One</h1><p>First.</p></body></html>",
        "a.xhtml": "<p>Second.</p>",
    }
    data = epub(chapters, {"OEBPS/b c.xhtml": chapters["b%20c.xhtml"]})
    document = read_bytes(data, "e.epub")
    assert (document.title, document.text) == ("A Book", "One\n\nFirst.\n\nSecond.")


@pytest.mark.parametrize(("locked", "readable"), [("OEBPS/font.otf", True), ("OEBPS/a.xhtml", False)])
def test_epub_protection_counts_for_chapters_only(locked: str, readable: bool) -> None:
    lock = f'<e><CipherReference URI="{locked}"/></e>'
    data = epub({"a.xhtml": "<p>x</p>"}, {"META-INF/encryption.xml": lock})
    if readable:
        assert read_bytes(data, "e.epub").text == "x"
    else:
        assert code_of(data, "e.epub") == "encrypted"


def test_a_zip_bomb_is_refused_while_it_inflates() -> None:
    bomb = odt(f"<text:p>{'a' * 20_000_000}</text:p>")
    assert len(bomb) < 100_000
    assert code_of(bomb, "e.odt") == "unpacks_too_large"
    assert code_of(bomb, "e.odt", Limits(unpack_ratio=10**6, unpacked_bytes=1000)) == "unpacks_too_large"


def test_sizes_in_the_archives_header_are_not_believed() -> None:
    bomb = bytearray(odt(f"<text:p>{'a' * 20_000_000}</text:p>"))
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    assert code_of(bytes(bomb), "e.odt") == "damaged"


def test_too_many_members() -> None:
    assert (
        code_of(archive({str(i): "" for i in range(20)}), "e.docx", Limits(members=10)) == "unpacks_too_large"
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (archive({"a.txt": "x"}), "unknown_format"),
        (archive({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "unknown_format"),
        (odt("", mimetype="application/vnd.oasis.opendocument.spreadsheet"), "unknown_format"),
        (written_docx()[:-100], "damaged"),
        (word("<w:p>"), "damaged"),
        (word(""), "empty"),
        (odt("<text:p> </text:p>"), "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "unknown_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ],
)
def test_refusals(data: bytes, code: str) -> None:
    assert code_of(data, "e.docx") == code


def test_deeply_nested_xml_is_an_error_not_a_crash() -> None:
    assert code_of(word("<w:p>" * 5000 + "</w:p>" * 5000), "e.docx") == "damaged"
