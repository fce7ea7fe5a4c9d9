"""What constraints allow: whether a value keeps them, and a simple value that does; for documentation only."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import cast

from clientsmith.api.model.api import Constraints
from clientsmith.emit.reference.pattern_text import matches, matching_text


def text_within(limits: Constraints | None) -> str | None:
    """A text that keeps the constraints, or None where none is found."""
    if limits is None:
        return "..."
    text = matching_text(limits.pattern) if limits.pattern is not None else "..."
    if text is None:
        return None
    if len(text) < (limits.min_length or 0):
        text = text.ljust(min(limits.min_length or 0, 200), "x")
    if limits.max_length is not None:
        text = text[: limits.max_length]
    return text if keeps(text, limits) else None


def number_within(limits: Constraints | None, *, whole: bool) -> Decimal | None:
    """A number that keeps the constraints, or None where none is found."""
    one = Decimal(1)
    if limits is None:
        return one
    candidates = [one, Decimal(0)]
    bounds = (limits.minimum, limits.maximum, limits.exclusive_minimum, limits.exclusive_maximum)
    for token in (*bounds, limits.multiple_of):
        bound = _decimal(token)
        if bound is not None and abs(bound.adjusted()) < 30:
            candidates += [bound, bound + 1, bound - 1]
    low, high = _decimal(limits.exclusive_minimum), _decimal(limits.exclusive_maximum)
    if low is not None and high is not None:
        candidates.append((low + high) / 2)
    fitting = [c for c in candidates if (not whole or c == c.to_integral_value()) and keeps(c, limits)]
    return fitting[0] if fitting else None


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
    return not short and not long and (limits.pattern is None or matches(limits.pattern, value))


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
