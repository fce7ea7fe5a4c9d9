"""Places in a JSON text are found without reading it anew, and nothing but what is replaced changes."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from clientsmith.json_values.tokens import Scalar, is_json, replace_scalars, scalars

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def leaves(value: object, pointer: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], object]]:
    if isinstance(value, dict):
        return [one for key, inner in value.items() for one in leaves(inner, (*pointer, key))]
    if isinstance(value, list):
        return [one for index, inner in enumerate(value) for one in leaves(inner, (*pointer, str(index)))]
    return [(pointer, value)]


@given(values, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_every_scalar_is_found_at_its_place(
    value: object, indent: int | str | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert is_json(text)
    found = list(scalars(text))
    assert [(one.pointer, json.loads(one.token)) for one in found if not one.is_key] == leaves(value)
    assert all(text[one.start : one.end] == one.token for one in found)
    assert all(one.string == one.pointer[-1] for one in found if one.is_key)


@given(values)
def test_replacing_all_strings_keeps_everything_else(value: object) -> None:
    def replaced(inner: object) -> object:
        if isinstance(inner, dict):
            return {key: replaced(item) for key, item in inner.items()}
        if isinstance(inner, list):
            return [replaced(item) for item in inner]
        return "x" if isinstance(inner, str) else inner

    def replacement(scalar: Scalar) -> str | None:
        return None if scalar.is_key or scalar.string is None else '"x"'

    assert json.loads(replace_scalars(json.dumps(value), replacement)) == replaced(value)


def test_what_is_not_replaced_keeps_its_digits_spaces_and_repeated_keys() -> None:
    text = ' {"a" : 1.50e+3,\n\t"a":"x", "b": [ ] , "c":-0.0 }\r\n'
    assert replace_scalars(text, lambda _: None) is text
    expected = text.replace('"x"', "2")
    assert replace_scalars(text, lambda one: "2" if one.token == '"x"' else None) == expected


def test_text_that_cannot_be_read_is_no_json() -> None:
    assert not is_json("{") and not is_json("") and not is_json("[" * 100_000)
