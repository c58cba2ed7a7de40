"""Bytes to text: byte-order marks, UTF-8, UTF-16, and only then a guess."""

from __future__ import annotations

import codecs

from neural_lab.reading.refusal import Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = "cp1252"
_LEGACY = (
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 koi8_r cp866 mac_roman iso8859_2"
    " cp932 euc_jp iso2022_jp gb18030 big5 cp949"
)
_CONTROLS = "".join(map(chr, (*range(9), *range(14, 27), *range(28, 32), 127)))
_FEW = 3


def decode(data: bytes) -> str:
    """Text with LF line ends. Bytes that a plausible encoding does not allow become U+FFFD."""
    attempts = (attempt(data) for attempt in (_marked, _utf8, _wide, _mostly_utf8, _legacy))
    text = next((text for text in attempts if text is not None and not _is_noise(text)), None)
    if text is None:
        raise Refused("undecodable")
    return _with_line_feeds(text)


def _with_line_feeds(text: str) -> str:
    text = text.replace("\r\n", "\n")
    return text if "\n" in text else text.replace("\r", "\n")


def _marked(data: bytes) -> str | None:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    return None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: spaces and line ends leave zeros in every other byte, and only there."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if len(data) % 2 or max(even, odd) * 50 < len(data) or min(even, odd) * 20 > max(even, odd):
        return None
    try:
        return data.decode("utf-16-le" if odd > even else "utf-16-be")
    except UnicodeDecodeError:
        return None


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _mostly_utf8(data: bytes) -> str | None:
    """One bad byte must not turn a whole UTF-8 text into another alphabet."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return text if good >= 10 * bad else None


def _legacy(data: bytes) -> str | None:
    """The likeliest encoding of one byte per letter or of East Asia; a tie goes to Western Europe."""
    from charset_normalizer import from_bytes

    matches = from_bytes(data, cp_isolation=_LEGACY.split())
    best = matches.best()
    western = next((match for match in matches if _WESTERN in match.could_be_from_charset), None)
    if best and western and western.coherence >= best.coherence:
        return data.decode(_WESTERN, "replace")
    return str(best) if best else None


def _is_noise(text: str) -> bool:
    bad = sum(map(text.count, _CONTROLS)) + text.count("\ufffd")
    return bad > max(_FEW, len(text) // 20)
