"""Files that are no packs: said what is wrong, whatever they hold."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.errors import InvalidRequest
from neural_lab.evidence import opening
from neural_lab.evidence.fields import Field
from neural_lab.evidence.opening import MOST_DEEP, MOST_PARTS, open_bytes, open_path
from neural_lab.report.embedded import CLOSING, OPENING, embedded

PACK = {"kind": "evidence", "text": '</template><script>"&\u202e\ud800</script>', "numbers": [1, 0.5, None]}
PAGE = f"<!DOCTYPE html><p>…</p>{embedded(PACK)}</html>".encode()


def deep(levels):
    return b'{"a":' * levels + b"1" + b"}" * levels


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "neither JSON nor an HTML file"),
        (b"[]", "neither JSON nor an HTML file"),
        (b"%PDF-1.7", "neither JSON nor an HTML file"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"{", "not JSON"),
        (b'{"a": NaN}', "not finite"),
        (b'{"a": -Infinity}', "not finite"),
        (b'{"a": 1e999}', "not finite"),
        (b'{"a": 1e16}', "too large"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "too large"),
        (b'{"a": 1, "a": 2}', "a field twice"),
        (deep(MOST_DEEP + 1), "deep"),
        (deep(200_000), "not JSON"),
        (b'{"a": [' + b"[]," * MOST_PARTS + b"1]}", "more than the longest text"),
        (PAGE + PAGE, "one pack in it"),
        (PAGE.replace(CLOSING.encode(), b""), "cut off"),
        (f"{OPENING}[1]{CLOSING}".encode(), "no JSON object"),
    ],
)
def test_what_is_no_pack_is_refused(data, said):
    with pytest.raises(InvalidRequest, match=said):
        open_bytes(data)


def test_what_is_too_large_is_not_read(monkeypatch, tmp_path):
    monkeypatch.setattr(opening, "MOST_BYTES", 10)
    (tmp_path / "large.json").write_bytes(b"{" + b" " * 100 + b"}")
    with pytest.raises(InvalidRequest, match="over 10 bytes"):
        open_path(tmp_path / "large.json")
    with pytest.raises(InvalidRequest, match="cannot be read"):
        open_path(tmp_path / "missing.json")


def test_a_page_carries_its_pack_whatever_the_text():
    assert open_bytes(PAGE).values == PACK
    assert open_bytes(b"\xef\xbb\xbf" + json.dumps(PACK).encode()).page is None


def test_what_a_page_carries_means_nothing_in_html():
    inner = embedded(PACK).removeprefix(OPENING).removesuffix(CLOSING)
    assert inner.isascii()
    assert not set("<>&") & set(inner)


@settings(max_examples=200)
@given(st.binary(max_size=40), st.integers(0, len(PAGE)), st.booleans())
def test_damage_is_refused_or_read_and_nothing_else(junk, at, page):
    whole = PAGE if page else json.dumps(PACK).encode()
    with suppress(InvalidRequest):
        assert isinstance(open_bytes(whole[:at] + junk + whole[at + len(junk) :]).values, dict)


def test_fields_are_named_and_never_repeated():
    field = Field({"report": {"sentences": [{"start": "secret"}]}})
    with pytest.raises(InvalidRequest, match=r"report\.sentences\[0\]\.start has to be a number") as error:
        field.at("report").at("sentences").each()[0].span(10)
    assert "secret" not in error.value.message
