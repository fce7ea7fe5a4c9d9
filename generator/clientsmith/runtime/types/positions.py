"""Lists whose first items have types of their own: the annotation that their aliases carry."""

from __future__ import annotations

from typing import Any, Final

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..values.shapes import is_array, is_tuple

_MISSING: Final = object()


class ByPosition:
    """Checks the first items of a list by their place, and all others against the last of the types given.

    The list may be shorter than there are types (JSON Schema Core 10.3.1).
    """

    __slots__ = ("_first", "_others")

    def __init__(self, *types: Any) -> None:
        self._first, self._others = types[:-1], types[-1]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        whole = handler(source)
        first = [
            core_schema.with_default_schema(handler.generate_schema(kind), default=_MISSING)
            for kind in self._first
        ]
        items = core_schema.tuple_schema(
            [*first, handler.generate_schema(self._others)], variadic_item_index=len(first)
        )
        by_position = core_schema.no_info_after_validator_function(_there, items)
        checked = core_schema.chain_schema([by_position, whole])
        if whole["type"] == "list":
            return checked
        no_list = core_schema.no_info_before_validator_function(_no_list, whole)
        return core_schema.union_schema([no_list, checked], mode="left_to_right")


def _there(items: tuple[Any, ...]) -> list[Any]:
    return [item for item in items if item is not _MISSING]


def _no_list(value: Any) -> Any:
    if is_array(value) or is_tuple(value):
        raise PydanticCustomError("list_by_position", "a list is checked item by item")
    return value
