"""Whatever valid answer comes, with fields that nobody described: it is read, and given back without a change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.client.answers import good
from tests.client.calls import INSTALLATION, ITEMS, LISTING
from tests.client.pairs import Pair, examples, pair, same, text_of
from twilio_marketplace import ClientError


@pytest.fixture(scope="module")
def both() -> Iterator[Pair]:
    with pair() as made:
        yield made


class Token(str):
    """A number as it stands on the wire."""


NASTY = [
    "model_dump", "model_fields", "model_extra", "copy", "json", "dict", "self", "__class__", "__dict__", "_private",
    "result", "sid ", "SID", "billableItems", "class", "validate", "schema", "", "\x00", "\N{SNOWMAN}", "$ref",
]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBER = st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?", fullmatch=True).filter(
    lambda token: token != "-0"
)
VALUE = st.recursive(
    st.none() | st.booleans() | NUMBER.map(Token) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def _open(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with some of the described keys, perhaps null, and some that are not described."""
    keys = (st.sampled_from(NASTY) | TEXT).filter(lambda key: key not in known)
    described = st.fixed_dictionaries({}, optional={key: st.none() | value for key, value in known.items()})
    return st.builds(
        lambda first, more: {**first, **more}, described, st.dictionaries(keys, VALUE, max_size=3)
    )


def _texts(*keys: str) -> st.SearchStrategy[dict[str, Any]]:
    return _open(dict.fromkeys(keys, TEXT))


LISTINGS = _open(
    {
        "sid": TEXT,
        "url": TEXT,
        "module_info": _texts("name", "tag", "tagline", "logo_bg_color_hex"),
        "description": _open(
            {"body": TEXT, "highlights": st.lists(_texts("title", "description"), max_size=2)}
        ),
        "configuration": _open(
            {
                "buttons": st.lists(_texts("url", "label"), max_size=2),
                "notification_configuration": _open({"notification_events": st.lists(TEXT, max_size=2)}),
            }
        ),
        "pricing": _texts("body"),
    }
)
USAGES = _open(
    {
        "total_submitted": NUMBER.map(Token),
        "billable_items": st.lists(
            _open({"sid": TEXT, "quantity": NUMBER.map(Token), "submitted": st.booleans()}), max_size=3
        ),
    }
)


def _write(value: Any) -> str:
    """JSON with the number tokens as they are."""
    if isinstance(value, Token):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_write(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_write, value)) + "]"
    return json.dumps(value)


def _read(text: str) -> Any:
    return json.loads(text, parse_float=Token, parse_int=Token)


def _goes_round(both: Pair, value: dict[str, Any], name: str, *arguments: Any, **keywords: Any) -> None:
    body = _write(value).encode()
    both.answer = lambda request: good(request, body=body)
    result = same(both.both(name, *arguments, **keywords)[0])

    assert not isinstance(result, ClientError), repr(result)
    assert _read(text_of(result.model_dump(by_alias=True, exclude_unset=True))) == value


@examples(150)
@given(value=LISTINGS)
@example(value={key: Token("1.50") for key in NASTY})
def test_listing(both: Pair, value: dict[str, Any]) -> None:
    _goes_round(both, value, "fetch", LISTING)


@examples(60)
@given(value=LISTINGS)
def test_updated_listing(both: Pair, value: dict[str, Any]) -> None:
    _goes_round(both, value, "update", LISTING)


@examples(100)
@given(value=USAGES)
@example(value={"total_submitted": Token("44.0200"), "billable_items": [{"quantity": Token("9" * 40)}]})
def test_usage(both: Pair, value: dict[str, Any]) -> None:
    _goes_round(both, value, "report", INSTALLATION, billable_items=ITEMS)


def test_absent_and_null_are_told_apart(both: Pair) -> None:
    both.answer = lambda request: good(request, body=b'{"pricing":null}')
    listing = same(both.both("fetch", LISTING)[0])

    assert listing.pricing is None
    assert listing.documentation is None
    assert listing.model_fields_set == {"pricing"}
