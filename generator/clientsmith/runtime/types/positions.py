"""Lists whose first items have types of their own: the annotation that their aliases carry."""

from __future__ import annotations

from typing import Any, Final

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ..values.shapes import is_array, is_tuple

_NO_LIST: Final = "no list"


class ByPosition:
    """Checks the first items of a list by their place, and all others against the last of the types given.

    The list may be shorter than there are types (JSON Schema Core 10.3.1).
    """

    __slots__ = ("_first", "_others")

    def __init__(self, *types: Any) -> None:
        self._first, self._others = types[:-1], types[-1]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        whole = handler(source)
        first = [handler.generate_schema(kind) for kind in self._first]
        choices = {
            _items(count): core_schema.tuple_schema(list(first[:count])) for count in range(len(first))
        }
        variadic = [*first, handler.generate_schema(self._others)]
        choices[_items(len(first))] = core_schema.tuple_schema(variadic, variadic_item_index=len(first))
        lists: dict[Any, CoreSchema] = {
            name: core_schema.chain_schema(
                [core_schema.no_info_after_validator_function(list, checked), whole]
            )
            for name, checked in choices.items()
        }
        return core_schema.tagged_union_schema({**lists, _NO_LIST: whole}, self._choose)

    def _choose(self, data: Any) -> str:
        return _items(min(len(data), len(self._first))) if is_array(data) or is_tuple(data) else _NO_LIST


def _items(count: int) -> str:
    return f"{count} items"
