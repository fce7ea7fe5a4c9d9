"""A union of hundreds of tagged variants costs what its variants cost, and still picks the variant that is marked."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest
from pydantic import ConfigDict, TypeAdapter

from clientsmith.api.model.types import ModelClass
from clientsmith.emit.models.schemas import tag_extra
from clientsmith.runtime.types.models import ResponseModel
from tests.security.dear_documents import ref
from tests.unit.api.apis import built, receiving


def variants(count: int, *, inline: bool) -> dict[str, Any]:
    listed = {
        f"V{number}": {
            "type": "object",
            "required": ["t"],
            "properties": {"t": {"type": "string", "enum": [f"v{number}"]}},
        }
        for number in range(count)
    }
    if inline:
        return receiving({}, {"oneOf": list(listed.values())})
    return receiving(listed, {"oneOf": [ref(name) for name in listed]})


def values_listed(count: int, folder: Path, *, inline: bool) -> int:
    """How many discriminator values all classes together list."""
    made = [
        one
        for one in built(variants(count, inline=inline), folder).schemas.values()
        if isinstance(one, ModelClass)
    ]
    tags = [one.tag for one in made if one.tag is not None]
    assert len(tags) == count
    return sum(len(tag.own) + len(tag.others) + len(tag.every) for tag in tags)


@pytest.mark.parametrize("inline", [True, False])
def test_a_large_union_lists_its_values_once(inline: bool, tmp_path: Path) -> None:
    assert values_listed(20, tmp_path, inline=inline) == 20 * 20, "a small one is as it always was"
    assert values_listed(200, tmp_path, inline=inline) == 2 * 200
    assert values_listed(400, tmp_path, inline=inline) == 2 * 400


def test_the_class_that_lists_them_is_named_by_its_final_name(tmp_path: Path) -> None:
    made = [
        one
        for one in built(variants(200, inline=False), tmp_path).schemas.values()
        if isinstance(one, ModelClass)
    ]
    holders = {one.name for one in made if one.tag is not None and one.tag.every}
    named = {
        tag_extra(one.tag)["x-tag"]["siblings"] for one in made if one.tag is not None and one.tag.siblings
    }
    assert len(holders) == 1
    assert named == holders


def test_the_marked_variant_is_read_whichever_class_lists_the_values() -> None:
    module = types.ModuleType("large_union_of_a_test")
    sys.modules[module.__name__] = module

    def variant(name: str, tag: dict[str, Any]) -> type[ResponseModel]:
        config = ConfigDict(json_schema_extra={"x-tag": {"property": "t", **tag}})
        body = {"__module__": module.__name__, "__annotations__": {"t": str}, "model_config": config}
        made = type(name, (ResponseModel,), body)
        setattr(module, name, made)
        return made

    first = variant("First", {"own": ["a"], "siblings": "Last"})
    second = variant("Second", {"own": ["b"], "siblings": "Last"})
    last = variant("Last", {"own": ["c"], "every": ["a", "b", "c"]})
    union: Any = first | second | last
    reader: TypeAdapter[Any] = TypeAdapter(union)
    try:
        assert [type(reader.validate_python({"t": mark})) for mark in "abc"] == [first, second, last]
        assert reader.validate_python({"t": "new"}).t == "new"
    finally:
        del sys.modules[module.__name__]
