"""JSON lines: order, kept fields, bad rows, containers."""

import gzip
import io
import json
from pathlib import Path

import pytest
from helpers import Lab
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.batch import Asked
from neural_lab.errors import InvalidDocument
from neural_lab.rows import ANSWER, count, encode, lines, output, scored

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.dictionaries(st.text(), VALUES, max_size=4).filter(lambda row: not {*ANSWER, "text"} & set(row))


def run(source, field="text"):
    return list(scored(source, Lab(), field, Asked(0.01)))


@given(st.lists(st.tuples(FIELDS, st.text(st.characters(), min_size=1).filter(str.strip)), max_size=5))
def test_every_field_is_kept_and_the_order_too(rows):
    source = [json.dumps({**fields, "text": text}).encode() + b"\n" for fields, text in rows]
    for line, row in zip(source, run(source), strict=True):
        written = json.loads(encode(row))
        assert {k: v for k, v in written.items() if k not in ANSWER} == json.loads(line)
        assert written.get("error") or 0 < written["probability"] < 1


def test_the_answer_is_unrounded_and_complete():
    (row,) = run([b'{"text": "Short."}'])
    assert list(row) == ["text", "probability", "verdict", "reason", "operating_point", "error_row"]
    assert (row["verdict"], row["reason"]) == ("inconclusive", "too_short")
    assert row["probability"] == pytest.approx(0.9, abs=1e-12)
    assert row["operating_point"]["target"] == 0.01
    assert (row["error_row"]["group"], row["error_row"]["flagged"]) == ("non_native", 8)


@pytest.mark.parametrize(
    ("line", "code", "kept"),
    [
        (b"not json", "not_json", {}),
        (b'{"text": "a", "n": NaN}', "not_json", {}),
        (b'{"text": "a", "n": 1e999}', "not_json", {}),
        (b"\xff\xfe{}", "not_json", {}),
        (b"[" * 100_000, "not_json", {}),
        (b'{"id": 1}', "no_text", {"id": 1}),
        (b'{"text": 5}', "no_text", {"text": 5}),
        (b"[1]", "no_text", {"row": [1]}),
        (b'{"text": " \\n"}', "blank_text", {"text": " \n"}),
        (b'{"text": "unscorable"}', "not_finite", {"text": "unscorable"}),
        (b'{"probability": 1, "error": "old"}', "no_text", {}),
    ],
)
def test_bad_rows_say_why_and_do_not_stop_the_others(line, code, kept):
    bad, good = run([line, b"\n", b'{"text": "Good."}'])
    assert bad.pop("error")["code"] == code
    assert bad == kept
    assert "probability" in good


def test_messages_name_the_line_and_not_the_text():
    error = run([b"\n", b"secret words"])[0]["error"]
    assert error["message"] == "Line 2 is not JSON."


def test_the_text_can_have_another_name():
    assert "probability" in run([b'{"essay": "Good."}'], field="essay")[0]


def test_a_byte_order_mark_is_no_error():
    assert "probability" in run([b'\xef\xbb\xbf{"text": "Good."}'])[0]


def test_lone_surrogates_stay_as_they_came():
    (row,) = run([b'{"text": "a \\ud800 b"}'])
    assert b"\\ud800" in encode(row)


def test_packed_files_are_read_and_written_the_same_way_each_time(tmp_path):
    packed = tmp_path / "rows.jsonl.gz"
    for _ in range(2):
        before = packed.read_bytes() if packed.exists() else None
        with output(packed) as file:
            file.write(b"one\ntwo\n")
        assert before in (None, packed.read_bytes())
    assert gzip.decompress(packed.read_bytes()) == b"one\ntwo\n"
    assert list(lines(packed, io.BytesIO())) == [b"one\n", b"two\n"]


@pytest.mark.parametrize("content", [b"not gzip", gzip.compress(b"x" * 1000)[:-9]])
def test_damaged_files_are_reported(tmp_path, content):
    (tmp_path / "bad.gz").write_bytes(content)
    with pytest.raises(InvalidDocument, match="cannot be read"):
        list(lines(tmp_path / "bad.gz", io.BytesIO()))


def test_missing_files_are_reported(tmp_path):
    with pytest.raises(InvalidDocument, match="cannot be read"):
        list(lines(tmp_path / "none", io.BytesIO()))


def test_standard_input_is_read_line_by_line():
    assert next(lines(Path("-"), io.BytesIO(b"a\nb\n"))) == b"a\n"


def test_only_plain_files_are_counted(tmp_path):
    (tmp_path / "rows").write_bytes(b"a\nb\nc")
    assert count(tmp_path / "rows") == 3
    assert count(Path("-")) is None
