"""Types of a caller that hold generated classes, which are built when first used: nothing has to be called before."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, create_model

from tests.behavior.packages import both_ways, load, package_of

DOCUMENT = both_ways("""
    Root:
      type: object
      required: [id]
      properties:
        id: {type: integer}
        tree: {$ref: '#/components/schemas/Tree'}
        map: {$ref: '#/components/schemas/Map'}
        either: {oneOf: [{$ref: '#/components/schemas/Pet'}, {$ref: '#/components/schemas/Tree'}]}
    Pet: {type: object, required: [kind], properties: {kind: {const: Pet}, friend: {$ref: '#/components/schemas/Pet'}}}
    Tree: {type: object, required: [v], properties: {v: {type: integer}, sub: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
    Map: {type: object, patternProperties: {'^p': {$ref: '#/components/schemas/Pet'}, '^t': {type: string}}}
""")  # fmt: skip
VALUE = {
    "id": 1,
    "tree": {"v": 1, "sub": [{"v": 2}]},
    "map": {"p": {"kind": "Pet"}, "t": "x"},
    "either": {"kind": "Pet", "friend": {"kind": "Pet"}},
}
_NUMBERS = itertools.count()


def fresh() -> Any:
    """The models of a package of which no class has been built."""
    name = f"unbuilt_package_{next(_NUMBERS)}"
    load(package_of(DOCUMENT).folder, name)
    return importlib.import_module(f"{name}.models")


def own_field(kind: Any) -> Any:
    """A class of a caller with a field of that type."""
    make: Any = create_model
    return make("Mine", x=(kind, ...))


def own_subclass(cls: Any) -> Any:
    """A class of a caller that derives from it."""
    make: Any = type
    return make("Sub", (cls,), {"__module__": __name__})


USES: dict[str, Callable[[Any], Any]] = {
    "adapter": lambda cls: TypeAdapter(cls).validate_python(VALUE),
    "list": lambda cls: TypeAdapter(list[cls]).validate_python([VALUE])[0],
    "optional": lambda cls: TypeAdapter(cls | None).validate_python(VALUE),
    "field": lambda cls: own_field(cls)(x=VALUE).x,
    "list-field": lambda cls: own_field(dict[str, list[cls]])(x={"a": [VALUE]}).x["a"][0],
    "subclass": lambda cls: own_subclass(cls).model_validate(VALUE),
}


@pytest.mark.parametrize("name", ["Root", "RootInput"])
@pytest.mark.parametrize("use", USES)
def test_a_type_of_a_caller_may_be_the_first_to_use_a_class(use: str, name: str) -> None:
    read = USES[use](getattr(fresh(), name))

    assert read.tree.sub[0].v == 2 and read.map["p"].kind == read.either.friend.kind == "Pet"
    assert read.model_dump(exclude_unset=True) == VALUE


@pytest.mark.parametrize("name", ["Root", "RootInput"])
@pytest.mark.parametrize("use", ["adapter", "list", "field"])
def test_names_of_a_caller_are_not_those_of_the_api(use: str, name: str) -> None:
    models = fresh()
    Pet = PetInput = Tree = TreeInput = Map = MapInput = RootEither = RootEitherInput = int  # noqa: N806
    assert {Pet, PetInput, Tree, TreeInput, Map, MapInput, RootEither, RootEitherInput} == {int}

    cls = getattr(models, name)
    if use == "adapter":
        read = TypeAdapter(cls).validate_python(VALUE)
    elif use == "list":
        read = TypeAdapter(list[cls]).validate_python([VALUE])[0]
    else:
        read = own_field(cls)(x=VALUE).x

    assert read.model_dump(exclude_unset=True) == VALUE
    assert type(read.tree) is getattr(models, name.replace("Root", "Tree"))


def test_a_subclass_may_have_members_of_its_own() -> None:
    models = fresh()

    class Mine(models.Root):  # type: ignore[misc, name-defined]
        note: str = ""

    read = Mine.model_validate({**VALUE, "note": "n"})
    assert (read.note, read.tree.v) == ("n", 1) and isinstance(read, models.Root)


def test_a_class_is_built_once_whoever_asks() -> None:
    models = fresh()

    class Mine(BaseModel):
        first: models.Root
        second: models.Root

    read = Mine.model_validate({"first": VALUE, "second": VALUE})
    assert type(read.first) is type(read.second) is models.Root
    assert models.Root.model_validate(VALUE) == read.first
