"""What counts as the same value on its way between a document, Python and the wire."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clientsmith.conform.inputs.compared import alike, same


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (Decimal("12.3550"), Decimal("12.355")), (1, Decimal(1)), (Decimal("0.1"), 0.1), ({"a": [1]}, {"a": [1]}),
        (None, None), (True, True), ("a", b"a"),
    ],
)  # fmt: skip
def test_values_are_compared_by_what_json_says(expected: object, got: object) -> None:
    assert same(expected, got)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1, True), (0, None), ("1", 1), (Decimal("44.02"), Decimal("44.02000000000000312")), ({"a": 1}, {}), ([1, 2], [2, 1]),
        (Decimal("12345678901234567.123456789"), Decimal("12345678901234568")), ({}, []), ("", None),
    ],
)  # fmt: skip
def test_a_lost_type_or_digit_is_a_difference(expected: object, got: object) -> None:
    assert not same(expected, got)


@pytest.mark.parametrize(
    ("expected", "got"), [(5, "5"), (True, "true"), ([], None), ([7], 7), ({"a": None}, None), (1.5, "1.50")]
)
def test_text_cannot_tell_types_or_emptiness(expected: object, got: object) -> None:
    assert alike(expected, got)  # type: ignore[arg-type]


@pytest.mark.parametrize(("expected", "got"), [(5, "6"), (True, "1"), ("a", "b"), ([1, 2], [2, 1])])
def test_text_can_tell_values(expected: object, got: object) -> None:
    assert not alike(expected, got)  # type: ignore[arg-type]
