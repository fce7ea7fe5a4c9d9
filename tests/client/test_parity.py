"""The blocking and the asyncio client send the same bytes for the same call, whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.answers import good
from tests.client.calls import INSTALLATION, LISTING
from tests.client.pairs import Pair, examples, pair
from twilio_marketplace import CallOptions


@pytest.fixture(scope="module")
def both() -> Iterator[Pair]:
    with pair() as made:
        yield made


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
HEX = st.text("0123456789abcdefABCDEF", min_size=32, max_size=32)
NUMBERS = st.integers(-(10**20), 10**20) | st.decimals(allow_nan=False, allow_infinity=False, places=6)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
NAME = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=10).map(lambda name: f"X-{name}x")
VALUE = st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_categories=["Cc"]), max_size=20)
EXTRA = st.dictionaries(
    TEXT.filter(lambda key: key not in _SECTIONS and key != "billable_items"), JSON, max_size=3
)
FORM_EXTRA = EXTRA.filter(
    lambda extra: not any(isinstance(value, list) and None in value for value in extra.values())
)
"""Text cannot say null among items."""
QUERY = st.dictionaries(TEXT, TEXT | st.integers() | st.booleans() | st.lists(TEXT, max_size=3), max_size=3)
HEADERS = st.dictionaries(NAME, VALUE, max_size=3)

_SECTIONS = {
    "ModuleInfo": ("module_info", ["name", "short_description", "tagline", "logo_url", "provider_name"]),
    "Documentation": ("documentation", ["body"]),
    "Policies": ("policies", ["privacy", "legal"]),
    "Support": ("support", ["customer_support_email", "billing_phone"]),
    "Pricing": ("pricing", ["body"]),
}


def _options(**strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[CallOptions]:
    return st.builds(CallOptions, headers=HEADERS, extra_query=QUERY, **strategies)


SECTIONS = st.fixed_dictionaries(
    {},
    optional={
        name: st.fixed_dictionaries({}, optional=dict.fromkeys(keys, TEXT))
        for name, keys in _SECTIONS.values()
    },
)
ITEMS = st.lists(
    st.fixed_dictionaries(
        {
            "sid": HEX.map("BI{}".format),
            "quantity": st.decimals("0.000001", 10**25, places=6) | st.integers(1, 10**40),
        }
    ),
    min_size=1,
    max_size=5,
)


def _same(both: Pair, name: str, *arguments: Any, **keywords: Any) -> Any:
    """The one request that both clients sent."""
    both.answer = good
    outcomes, requests = both.both(name, *arguments, **keywords)
    assert len(requests) == 2, outcomes
    assert requests[0].raw == requests[1].raw
    return requests[0]


@examples(100)
@given(sid=HEX.map("XB{}".format), options=st.none() | _options())
def test_fetch(both: Pair, sid: str, options: CallOptions | None) -> None:
    request = _same(both, "fetch", sid, options=options)

    assert request.target.partition("?")[0] == f"/Listing/{sid}"
    assert request.body == b""
    for name, value in (options.headers if options and options.headers else {}).items():
        assert request.headers[name.lower()] == value.strip(" \t")


@examples(100)
@given(sections=SECTIONS, options=st.none() | _options(extra_body=FORM_EXTRA))
def test_update_sends_what_was_set_and_nothing_else(
    both: Pair, sections: dict[str, Any], options: CallOptions | None
) -> None:
    request = _same(both, "update", LISTING, options=options, **sections)

    form = parse_qsl(request.body.decode(), keep_blank_values=True)
    wire = {name: wire for wire, (name, _) in _SECTIONS.items()}
    fields = {key: json.loads(value) for key, value in form if key in _SECTIONS}
    assert fields == {wire[name]: section for name, section in sections.items()}


@examples(100)
@given(items=ITEMS, options=st.none() | _options(extra_body=EXTRA))
def test_report_sends_every_item_in_order(
    both: Pair, items: list[dict[str, Any]], options: CallOptions | None
) -> None:
    request = _same(both, "report", INSTALLATION, billable_items=items, options=options)

    sent = json.loads(request.body, parse_float=Decimal)
    assert sent["billable_items"] == [
        {"sid": item["sid"], "quantity": Decimal(item["quantity"])} for item in items
    ]
    extra = options.extra_body if options and options.extra_body else {}
    assert sent.keys() == {"billable_items", *extra}
    if options and options.extra_query:
        query = parse_qs(request.target.partition("?")[2], keep_blank_values=True)
        assert query.keys() <= options.extra_query.keys()
