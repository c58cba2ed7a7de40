"""The form that is hashed is that of RFC 8785: its own examples, and numbers that read back as they were."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.evidence.canonical import canonical, digest, number


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
        (-5e-324, "-5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (9.999999999999997e22, "9.999999999999997e+22"),
        (1e23, "1e+23"),
        (1.0000000000000001e23, "1.0000000000000001e+23"),
        (999999999999999700000.0, "999999999999999700000"),
        (1e21, "1e+21"),
        (9.999999999999997e-7, "9.999999999999997e-7"),
        (0.000001, "0.000001"),
        (333333333.33333325, "333333333.33333325"),
        (0.000035, "0.000035"),
        (1e-7, "1e-7"),
    ],
)
def test_numbers_are_written_as_the_standard_writes_them(value, written):
    assert number(value) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_as_they_were(value):
    assert float(number(value)) == value


def test_keys_stand_in_the_order_of_the_standard():
    order = ["\r", "1", "\x80", "ö", "€", "\U0001f600", "\ufb33"]
    written = canonical(dict.fromkeys(reversed(order), 1))
    assert list(json.loads(written)) == order


def test_the_example_of_the_standard():
    given = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": '\u20ac$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }
    assert canonical(given).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_the_digest_is_of_everything_else():
    rest = {"b": [1.0, {}], "a": "ü"}
    assert digest({**rest, "digest": "x"}) == sha256('{"a":"ü","b":[1,{}]}'.encode()).hexdigest()


@given(st.text(st.characters(), max_size=20))
def test_any_text_has_a_form(text):
    assert json.loads(canonical(text).decode("utf-8", "surrogatepass")) == text
