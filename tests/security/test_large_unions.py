"""A union of hundreds of tagged members costs what its members cost, and still picks the one that is marked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from clientsmith.api.model.types import TypeAlias
from clientsmith.runtime.types.models import ResponseModel
from clientsmith.runtime.types.unions import RequestUnion, ResponseUnion
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


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize("count", [20, 400])
def test_a_large_union_lists_its_values_once(count: int, inline: bool, tmp_path: Path) -> None:
    schemas = built(variants(count, inline=inline), tmp_path).schemas.values()
    choices = [one.choice for one in schemas if isinstance(one, TypeAlias) and one.choice is not None]
    assert [len(choice.members) for choice in choices] == [count]


def test_a_deep_family_costs_what_its_members_cost(tmp_path: Path) -> None:
    base = {"type": "object", "properties": {"t": {"type": "string"}}, "discriminator": {"propertyName": "t"}}
    chain = {f"C{number}": {"allOf": [ref(f"C{number - 1}" if number else "Base")]} for number in range(40)}
    inner = {name: {**one, "properties": {name: {"type": "string"}}} for name, one in chain.items()}
    schemas = built(receiving({"Base": base, **inner}, ref("Base")), tmp_path).schemas.values()
    [choice] = [one.choice for one in schemas if isinstance(one, TypeAlias) and one.choice is not None]
    assert len(choice.members) == 40


def test_the_marked_member_is_read_among_many() -> None:
    made = {
        f"v{number}": type(f"V{number}", (ResponseModel,), {"__annotations__": {"t": str}})
        for number in range(300)
    }
    union: Any = made["v0"] | made["v1"]
    for one in made.values():
        union |= one
    reader: TypeAdapter[Any] = TypeAdapter(Annotated[union, ResponseUnion("t", made)])
    assert [type(reader.validate_python({"t": mark})) for mark in ("v0", "v299")] == [
        made["v0"],
        made["v299"],
    ]
    assert reader.validate_python({"t": "new"}).t == "new"


def test_a_refusal_names_a_few_of_many_values() -> None:
    made = {f"v{number}": type(f"V{number}", (ResponseModel,), {}) for number in range(300)}
    union: Any = made["v0"] | made["v1"]
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Annotated[union, RequestUnion("t", made)]).validate_python({"t": "w"})
    [error] = refused.value.errors()
    assert error["msg"].endswith("'v106' and 290 more") and len(error["msg"]) < 200
