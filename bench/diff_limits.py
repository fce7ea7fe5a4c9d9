"""What operators on schemas have in common: which schemas they are tried on, and keywords that get a limit."""

from __future__ import annotations

from collections.abc import Callable

from diff_operators import Change, Edit, Object, Setting
from diff_places import Tree, is_list, types_of

LISTS = ("enum", "const")


def states(schema: Object, *kinds: str) -> bool:
    """Whether a schema states one of some types and no other, and lists no values."""
    stated = types_of(schema)
    return len(stated) == 1 and stated[0] in kinds and not any(one in schema for one in LISTS)


def narrowed(kind: str, keyword: str, limit: Callable[[Object], int | None]) -> Change:
    """Gives a keyword of a type the limit that is worked out, unless there is none."""

    def change(schema: Object, setting: Setting) -> Edit | None:
        found = limit(schema) if states(schema, kind) and "pattern" not in schema else None
        return None if found is None else Edit({**schema, keyword: found}, (keyword,))

    return change


def _count(schema: Object, keyword: str, default: int) -> int:
    value = schema.get(keyword, default)
    return value if isinstance(value, int) else default


def less(most: str, least: str, usual: int) -> Callable[[Object], int | None]:
    """One less than the most that there may be."""

    def limit(schema: Object) -> int | None:
        stated = _count(schema, most, usual + 1)
        first = schema.get("prefixItems")
        if most == "maxItems" and schema.get("items") is False and is_list(first):
            stated = min(stated, len(first))  # says the same
        found = stated - 1
        return found if found >= _count(schema, least, 0) else None

    return limit


def _implied(schema: Object, least: str) -> int:
    """The least that other keywords of a schema demand."""
    required = schema.get("required")
    if least == "minProperties":
        return len(set(map(str, required))) if is_list(required) else 0
    return _count(schema, "minContains", 1) if least == "minItems" and "contains" in schema else 0


def more(least: str, most: str) -> Callable[[Object], int | None]:
    """One more than the least that there has to be."""

    def limit(schema: Object) -> int | None:
        found = max(_count(schema, least, 0), _implied(schema, least)) + 1
        return found if most not in schema or found <= _count(schema, most, 0) else None

    return limit


def only_3_1(keyword: str, value: Tree, *kinds: str) -> Change:
    """Adds a keyword that only OpenAPI 3.1 has."""

    def change(schema: Object, setting: Setting) -> Edit | None:
        is_idle = keyword == "dependentRequired" and schema.get("additionalProperties") is False
        if setting.is_3_0 or is_idle or keyword in schema or not states(schema, *kinds):
            return None
        return Edit({**schema, keyword: value}, (keyword,))

    return change
