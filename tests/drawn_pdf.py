"""PDF files drawn by hand: pages that are turned, odd fonts, and what a hostile file brings along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEBREW = range(0x05D0, 0x05EB)
_FIRST = 33
"""The code of the first Hebrew letter in its font; 32 is a space."""

_HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding {} >>"
_LIGATURES = "<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl] >>"
_FONTS = "/Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >>"
_BLOCK, _SPACE = b"600 0 d0 60 0 480 700 re f", b"600 0 d0"


@dataclass(frozen=True)
class Leaf:
    """One page: the operators of its content, and what else its dictionary and that of its resources say."""

    content: str
    turn: int = 0
    size: tuple[float, float] = (612, 792)
    more: str = ""
    resources: str = ""


def drawn(
    leaves: Sequence[Leaf], *, title: str = "", catalog: str = "", extra: Sequence[bytes] = ()
) -> bytes:
    """Objects 9 and following are `extra`, those of the pages come behind."""
    first = 9 + len(extra)
    kids = [first + 2 * n for n in range(len(leaves))]
    tree = f"<< /Type /Pages /Count {len(leaves)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>"
    objects = [f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(), tree.encode(), *_fonts(), *extra]
    for leaf, kid in zip(leaves, kids, strict=True):
        objects += [_page(leaf, kid + 1), stream(leaf.content.encode("cp1252"))]
    return _file([*objects, f"<< /Title ({title}) >>".encode()])


def stream(body: bytes, more: str = "") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), more.encode(), body)


def line(x: float, y: float, text: str, *, size: float = 11, font: str = "F1") -> str:
    """`text` as it stands between parentheses, or in angle brackets."""
    shown = text if text.startswith("<") else f"({text})"
    return f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm {shown} Tj ET"


def lines(x: float, top: float, texts: Sequence[str], *, pitch: float = 15) -> str:
    return "\n".join(line(x, top - pitch * n, text) for n, text in enumerate(texts))


def hebrew(text: str) -> str:
    """Hebrew letters and spaces, from the left to the right, as codes of font F3."""
    codes = [_FIRST + ord(each) - HEBREW.start if ord(each) in HEBREW else 32 for each in text]
    return f"<{bytes(codes).hex()}>"


def _page(leaf: Leaf, content: int) -> bytes:
    width, height = leaf.size
    given = f"/MediaBox [0 0 {width} {height}] /Rotate {leaf.turn} /Contents {content} 0 R {leaf.more}"
    return f"<< /Type /Page /Parent 2 0 R /Resources << {_FONTS} {leaf.resources} >> {given} >>".encode()


def _fonts() -> list[bytes]:
    """Objects 3 to 8: Helvetica, the same with ligatures, and blocks that stand for Hebrew letters."""
    names, last = "/block " * len(HEBREW), _FIRST + len(HEBREW) - 1
    blocks = (
        f"<< /Type /Font /Subtype /Type3 /FontBBox [0 -200 600 800] /FontMatrix [.001 0 0 .001 0 0] "
        f"/CharProcs << /block 6 0 R /space 7 0 R >> "
        f"/Encoding << /Type /Encoding /Differences [32 /space {names}] >> "
        f"/FirstChar 32 /LastChar {last} /Widths [600 {'600 ' * len(HEBREW)}] /ToUnicode 8 0 R >>"
    )
    made = (_HELVETICA.format("/WinAnsiEncoding"), _HELVETICA.format(_LIGATURES), blocks)
    return [
        *(each.encode() for each in made),
        stream(_BLOCK),
        stream(_SPACE),
        stream(_unicode(last).encode()),
    ]


def _unicode(last: int) -> str:
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <20> <0020> endbfchar\n"
        f"1 beginbfrange <{_FIRST:02X}> <{last:02X}> <{HEBREW.start:04X}> endbfrange\nendcmap end end"
    )


def _file(objects: Sequence[bytes]) -> bytes:
    out, at = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        at.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in at)
    size = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>" % (size, len(objects))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        trailer,
        len(out),
    )
