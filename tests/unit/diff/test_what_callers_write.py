"""Changes that type checkers see in what callers write: names that go with a feature, positions, and what classes take.

`make callers` checks each of these pairs with mypy and pyright.
"""

from __future__ import annotations

import pytest

from tests.callers.pairs import pairs
from tests.unit.diff.test_python_level import found

ROWS: dict[str, list[str]] = {
    "no server": ["base-url-due breaking"],
    "no server, back": [],
    "a scheme has another key": ["credential-position-changed breaking"],
    "a scheme has another key, back": ["credential-position-changed breaking"],
    "a scheme is gone": ["credential-removed breaking"],
    "a condition in requests": [],
    "a condition in requests, back": ["setting-removed breaking"],
    "an operation bills, back": ["billing-mark-removed breaking", "export-removed breaking", "setting-removed breaking"],
    "text for bytes": ["argument-type-changed breaking body.cover", "export-removed breaking", "field-type-changed breaking cover"],
    "an exact number for a whole one": [
        "argument-type-changed info body.pages", "field-type-changed breaking pages", "field-type-changed breaking pages",
    ],
    "a number for a whole one": [
        "argument-type-changed info body.pages", "field-type-changed breaking pages", "field-type-changed info pages",
    ],
    "a list for a tuple": [
        "argument-type-changed info body.size", "field-type-changed breaking size", "field-type-changed breaking size",
    ],
    "a member more of an alias": ["class-type-changed breaking"],
    "a member more of an alias, back": ["class-type-changed breaking"],
    "a class for any value": [
        "argument-type-changed breaking body.anything", "field-type-changed breaking anything", "field-type-changed breaking anything",
    ],
    "any result, back": ["result-changed breaking result"],
    "a text for any result": ["result-changed info result"],
    "a list of exact numbers for any result": ["result-changed breaking result"],
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_what_type_checkers_see_is_found(name: str) -> None:
    old, new = pairs()[f"library: {name}"]
    assert [one for one in found(old, new) if not one.startswith("class-added")] == sorted(ROWS[name])
