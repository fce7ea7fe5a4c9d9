"""What constraints allow: whether a value keeps them, and a simple value that does; for documentation only."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import cast

from clientsmith.api.model.types import Constraints
from clientsmith.json_values.decimals import shortest
from clientsmith.jsonschema import candidates, pattern_samples
from clientsmith.jsonschema.bounds import Bounds
from clientsmith.jsonschema.pattern_syntax import finds

_LONGEST = 200


def text_within(limits: Constraints | None) -> str | None:
    """A text that keeps the constraints, or None if none is found."""
    if limits is None:
        return "..."
    return next((text for text in _texts(limits) if len(text) <= _LONGEST and keeps(text, limits)), None)


def _texts(limits: Constraints) -> Iterator[str]:
    shortest = min(limits.min_length or 0, _LONGEST)
    samples = ["..."]
    if limits.pattern is not None:
        samples = [*pattern_samples.examples(limits.pattern, shortest)]
    yield from samples
    yield from (text.ljust(shortest, "x")[: limits.max_length] for text in samples)


def number_within(limits: Constraints | None, *, whole: bool) -> Decimal | None:
    """A number that keeps the constraints, or None if none is found."""
    one = Decimal(1)
    if limits is None:
        return one
    for number in (1, *candidates.numbers(_bounds(limits))):
        found = Decimal(number)
        if (not whole or found == found.to_integral_value()) and keeps(found, limits):
            return found
    return None


def _bounds(limits: Constraints) -> Bounds:
    """The bounds of numbers, without those so large that sums with them lose digits."""
    tokens = {
        "minimum": limits.minimum, "maximum": limits.maximum, "exclusiveMinimum": limits.exclusive_minimum,
        "exclusiveMaximum": limits.exclusive_maximum, "multipleOf": limits.multiple_of,
    }  # fmt: skip
    numbers = {keyword: _decimal(token) for keyword, token in tokens.items()}
    return Bounds.of(
        {
            keyword: int(number) if number == number.to_integral_value() else shortest(number)
            for keyword, number in numbers.items()
            if number is not None and abs(number.adjusted()) < 30
        }
    )


def _decimal(token: str | None) -> Decimal | None:
    try:
        number = Decimal(token) if token is not None else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def keeps(value: object, limits: Constraints) -> bool:
    """Whether a value keeps the constraints, as far as documentation needs to know."""
    if isinstance(value, str):
        return _text_within(value, limits)
    if isinstance(value, list):
        count = len(cast("list[object]", value))
        return (limits.min_items or 0) <= count <= (count if limits.max_items is None else limits.max_items)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _number_fits(Decimal(str(value)), limits)
    return True


def _text_within(value: str, limits: Constraints) -> bool:
    short = limits.min_length is not None and len(value) < limits.min_length
    long = limits.max_length is not None and len(value) > limits.max_length
    return not short and not long and (limits.pattern is None or finds(limits.pattern, value) is True)


def _number_fits(value: Decimal, limits: Constraints) -> bool:
    low, high = _decimal(limits.minimum), _decimal(limits.maximum)
    above, below = _decimal(limits.exclusive_minimum), _decimal(limits.exclusive_maximum)
    step = _decimal(limits.multiple_of)
    if (low is not None and value < low) or (high is not None and value > high):
        return False
    if (above is not None and value <= above) or (below is not None and value >= below):
        return False
    # The remainder of numbers that lie too far apart has more digits than the context holds.
    return not step or (abs(value.adjusted() - step.adjusted()) < 25 and value % step == 0)
