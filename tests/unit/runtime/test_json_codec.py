"""JSON keeps every digit in both directions and refuses what is not JSON."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientsmith.runtime.values import json_codec
from clientsmith.runtime.values.json_codec import JsonError

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)


@given(DECIMALS)
@settings(derandomize=True, database=None)
def test_a_written_decimal_is_a_number_token_of_the_same_value(value: Decimal) -> None:
    token = json_codec.write(value)
    assert not token.startswith('"')
    read = json.loads(token, parse_float=Decimal, parse_int=Decimal)
    assert read == value and json_codec.write(json_codec.parse(token.encode())) == token


@pytest.mark.parametrize(
    "token",
    [
        "12.3550",
        "0.10",
        "44.02",
        "12345678901234567.123456789",
        "-0.0",
        "7",
        "100000000000000000000",
        "0.0000001",
    ],
)
def test_plain_tokens_survive_a_round_trip_unchanged(token: str) -> None:
    assert json_codec.write(json_codec.parse(token.encode())) == token


def test_huge_exponents_do_not_expand() -> None:
    assert json_codec.write(Decimal("1E+999999")) == "1E+999999"


@pytest.mark.parametrize(
    "text",
    [
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"{",
        b"",
        b"\xff",
        pytest.param(b"1" * 5000, id="digits"),
        pytest.param(b"[" * 200_000, id="deep"),
    ],
)
def test_what_is_not_json_is_refused(text: bytes) -> None:
    with pytest.raises(JsonError):
        json_codec.parse(text)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), Decimal("NaN"), object(), pytest.param(10**5000, id="huge"), b"\xff"],
)
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(JsonError):
        json_codec.write([value])


def test_a_value_that_contains_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(JsonError):
        json_codec.write(loop)


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(JsonError):
        json_codec.write_bytes("\ud800")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | DECIMALS | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=10,
)


@given(JSON_VALUES)
@settings(derandomize=True, database=None)
def test_values_survive_a_round_trip(value: Any) -> None:
    assert json_codec.parse(json_codec.write_bytes(value)) == value


def test_output_is_compact_and_utf8() -> None:
    text = json_codec.write_bytes(
        {"a": [1, True, None, {}], "ü": datetime.fromisoformat("2026-01-02T00:00:00+00:00")}
    )
    assert text.decode() == '{"a":[1,true,null,{}],"ü":"2026-01-02T00:00:00+00:00"}'


def test_a_byte_order_mark_is_tolerated() -> None:
    assert json_codec.parse(b"\xef\xbb\xbf{}") == {}
