"""Sums and comparisons of numbers with more digits than Python's default context keeps."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clientsmith.json_values.decimals import normalized, total

FORTY = Decimal("1234567890123456789012345678901234567890")
SMALL = Decimal("0.000000000000000000000000000000000000000001")


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((), "0"),
        (
            (FORTY, SMALL),
            "1234567890123456789012345678901234567890.000000000000000000000000000000000000000001",
        ),
        ((FORTY, 1, FORTY.copy_negate()), "1"),
        ((Decimal("1.10"), Decimal("2.20")), "3.30"),
        ((Decimal("9E+4999"), Decimal("1E-5000")), "9" + "0" * 4999 + "." + "0" * 4999 + "1"),
    ],
)
def test_a_sum_keeps_every_digit(numbers: tuple[int | Decimal, ...], expected: str) -> None:
    assert format(total(numbers), "f") == expected


def test_zeros_at_the_end_are_all_that_is_taken_away() -> None:
    assert str(normalized(FORTY + 1)) != str(normalized(FORTY))
    assert normalized(Decimal("1.10")) == Decimal("1.1")
    long = Decimal("0." + "1" * 40 + "00")
    assert str(normalized(long)) == "0." + "1" * 40
