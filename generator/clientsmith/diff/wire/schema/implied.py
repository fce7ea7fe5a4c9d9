"""What all values of an alternative keep although no keyword of it says so: such a limit refuses nothing.

A limit that one side states is a difference only if the other side has values that do not keep it. If that cannot be
decided, it is one.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from clientsmith.diff.wire.schema.limits import fits, is_tighter
from clientsmith.diff.wire.schema.members import of_name, refuses_all
from clientsmith.diff.wire.schema.model import Allowed, Alternative, Limit, Members
from clientsmith.document.model import JSON
from clientsmith.json_values.codec import equality_key
from clientsmith.json_values.decimals import EXACT
from clientsmith.jsonschema.pattern_syntax import searches

_MOST_COUNTED = 100
"""Numbers of a range that are counted one by one."""
_WHOLE_FORMATS: Mapping[str, tuple[int, int]] = {
    f"{sign}int{bits}": (0, 2**bits - 1) if sign else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    for bits in (8, 16, 32, 64)
    for sign in ("", "u")
}
"""The least and the greatest number of the formats of integers (OpenAPI Format Registry)."""


def values_of(one: Alternative) -> Mapping[Hashable, JSON] | None:
    """The listed values, or the numbers of a small range; None if there are too many to count."""
    if one.values is not None or one.kind != "number":
        return one.values
    step, least, most = (one.limits.get(keyword) for keyword in ("multipleOf", "minimum", "maximum"))
    if not isinstance(step, Fraction) or not isinstance(least, tuple) or not isinstance(most, tuple):
        return None
    first, last = math.ceil(least[0] / step), math.floor(most[0] / step)
    first += bool(least[1]) and first * step == least[0]
    last -= bool(most[1]) and last * step == most[0]
    if last - first >= _MOST_COUNTED:
        return None
    numbers = (_number(step * count) for count in range(first, last + 1))
    return {equality_key(number): number for number in numbers}


def _number(number: Fraction) -> int | Decimal:
    if number.denominator == 1:
        return int(number)
    return EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))


def keeps(one: Alternative, keyword: str, limit: Limit | None) -> bool:
    """Whether every value of an alternative keeps a limit."""
    if limit is None:
        return True
    values = values_of(one)
    if values is not None:
        return all(fits(one.kind, value, {keyword: limit}) for value in values.values())
    known = one.limits.get(keyword), _implied(one, keyword)
    return any(own == limit or (own is not None and is_tighter(keyword, own, limit)) for own in known)


def asks_nothing(one: Alternative, asked: Allowed) -> bool:
    """Whether what is asked of some values of an alternative are bounds alone, and all its values keep these."""
    said = asked.kinds.get(one.kind, ())
    if len(said) != 1 or asked.exclusive:
        return False
    is_more = said[0].values is not None or said[0].patterns or said[0].formats
    is_silent = replace(said[0], limits={}).is_free and not is_more
    return is_silent and all(keeps(one, keyword, limit) for keyword, limit in said[0].limits.items())


def said_limits(one: Alternative) -> dict[str, Limit]:
    """The limits that refuse something which the rest of an alternative allows."""
    if values_of(one) is not None:
        return {}
    implied = ((keyword, limit, _implied(one, keyword)) for keyword, limit in one.limits.items())
    return {
        keyword: limit
        for keyword, limit, own in implied
        if own is None or (own != limit and not is_tighter(keyword, own, limit))
    }


def _implied(one: Alternative, keyword: str) -> Limit | None:
    """The limit that follows from other keywords than that of its name."""
    if one.members is not None and keyword == "minProperties":
        return len(one.members.required.keys() - one.members.hidden)
    if one.members is not None and keyword == "maxProperties":
        names = possible_names(one.members)
        return None if names is None else len(names)
    if keyword == "minItems":
        counts = (condition.limits.get("minContains") for condition in one.conditions)
        return max((count for count in counts if isinstance(count, int)), default=None)
    if keyword == "uniqueItems":
        most = one.limits.get("maxItems")
        return 1 if isinstance(most, int) and most <= 1 else None
    if keyword == "minLength":
        return 1 if any(searches(pattern, "") is False for pattern in one.patterns) else None
    return None


def possible_names(members: Members) -> set[str] | None:
    """All names that members of an object may have; None if the names are unbounded."""
    closed = [
        layer.properties.keys()
        for layer in members.layers
        if layer.others is not None
        and refuses_all(layer.others)
        and all(one is not None and refuses_all(one) for _, one in layer.patterned)
    ]
    if not closed:
        return None
    names = set[str](closed[0]).intersection(*closed[1:])
    return {name for name in names if not any(map(refuses_all, of_name(members, name)))}


def said_formats(one: Alternative) -> frozenset[str]:
    """The formats that are not those of all numbers of an alternative anyway."""
    return frozenset(name for name in one.formats if not keeps_format(one, name))


def keeps_format(one: Alternative, name: str) -> bool:
    """Whether every number of an alternative is one of a format of integers."""
    if one.kind != "number" or name not in _WHOLE_FORMATS or not one.is_whole:
        return False
    least, most = _WHOLE_FORMATS[name]
    return keeps(one, "minimum", (Fraction(least), 0)) and keeps(one, "maximum", (Fraction(most), 0))


def keeps_names(members: Members, own: Allowed, asked: Allowed) -> bool:
    """Whether all names that an object may have fit a schema of names; `own` is what the object says of names."""
    possible = possible_names(members)
    return possible is not None and all(
        fits_name(asked, name) for name in possible if fits_name(own, name) is not False
    )


def keeps_dependent(members: Members, name: str, needed: str) -> bool:
    """Whether a member is there beside another one anyway, or the other one never is."""
    is_required = needed in members.required and needed not in members.hidden
    return is_required or any(map(refuses_all, of_name(members, name)))


def fits_name(allowed: Allowed, name: str) -> bool | None:
    """Whether a name fits a schema of names; None if that cannot be decided."""
    verdicts = [_fits_text(one, name) for one in allowed.kinds.get("string", ())]
    if allowed.exclusive and True in verdicts:
        return None
    return True if True in verdicts else None if None in verdicts else False


def _fits_text(one: Alternative, text: str) -> bool | None:
    """Whether a text is valid for an alternative of strings; None if that cannot be decided."""
    if one.values is not None:
        return None if text in one.values and one.conditions else text in one.values
    found = {searches(pattern, text) for pattern in one.patterns}
    if False in found or not fits("string", text, one.limits):
        return False
    return None if None in found or one.conditions else True


def uncovered(found: list[Alternative]) -> list[Alternative]:
    """Scalars without those whose values another one allows in every respect; of equal ones the first is kept."""
    return [
        one
        for index, one in enumerate(found)
        if not any(
            _covers(other, one) and (place < index or not _covers(one, other))
            for place, other in enumerate(found)
            if place != index
        )
    ]


def _covers(one: Alternative, other: Alternative) -> bool:
    if one.conditions or (one.encoding, one.media) != (other.encoding, other.media):
        return False
    if other.values is not None:
        return not other.conditions and all(
            key in one.values
            if one.values is not None
            else fits(one.kind, value, one.limits) and not one.patterns and not one.formats
            for key, value in other.values.items()
        )
    looser = (is_tighter(key, limit, other.limits.get(key)) is False for key, limit in one.limits.items())
    is_equal = (one.limits, one.patterns) == (other.limits, other.patterns)
    is_wider = one.patterns <= other.patterns and (is_equal or all(looser))
    return one.values is None and one.formats == other.formats and is_wider
