"""The models module: what is asked of datamodel-code-generator, and that nothing but exactly that is taken from it."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from clientsmith.api.model.api import Api
from clientsmith.api.model.types import (
    STR,
    Choice,
    ConstrainedType,
    Constraints,
    Field,
    ListType,
    LiteralType,
    MapType,
    ModelClass,
    NamedType,
    ScalarName,
    ScalarType,
    Schema,
    TypeAlias,
    TypeExpr,
    UnionType,
)
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.uses import Direction
from clientsmith.emit.models.deviations import deviations
from clientsmith.emit.models.models import ask_models, render_models
from clientsmith.emit.models.schemas import model_request
from clientsmith.emit.models.worker import ModelsWorker, start_worker


def field(
    wire: str, kind: TypeExpr, *, name: str = "", required: bool = False, nullable: bool = False
) -> Field:
    return Field(wire, name or wire, kind, required, nullable)


def cls(name: str, *fields: Field, direction: Direction = "request") -> ModelClass:
    return ModelClass(name, direction, fields, open=False, pointer="")


def scalar(name: ScalarName) -> ScalarType:
    return ScalarType(name)


CAT = cls(
    "Cat",
    field(
        "catId", ConstrainedType(STR, Constraints(pattern="^C", max_length=9)), name="cat_id", required=True
    ),
    field("lives", scalar("int")),
    field("mood", LiteralType(("calm", "angry"))),
)
ANY_CAT = TypeAlias(
    "AnyCat",
    "request",
    UnionType((NamedType("Cat"), STR)),
    "",
    choice=Choice("kind", (("cat", "Cat"),), overlapping=("Cat",)),
)
PETS = TypeAlias("Pets", "request", ListType(UnionType((NamedType("Cat"), STR))), "")
SCHEMAS: tuple[Schema, ...] = (CAT, ANY_CAT, PETS)

GOOD = '''
from __future__ import annotations
from typing import Annotated, Literal
from pydantic import Field
from typing_extensions import TypeAliasType
from clientsmith_runtime import RequestModel, RequestUnion
class Cat(RequestModel):
    """A cat."""
    cat_id: Annotated[str, Field(alias="catId", pattern="^C", max_length=9)]
    """Its id."""
    lives: int | None = None
    mood: Literal["calm", "angry"] | None = None
AnyCat = TypeAliasType("AnyCat", 'Annotated[Cat | str, RequestUnion("kind", {"cat": Cat}, overlapping=(Cat,))]')
Pets = TypeAliasType("Pets", list[Cat | str])
"""All of them."""
Cat.model_rebuild()
'''


def found(source: str, schemas: tuple[Schema, ...] = SCHEMAS) -> list[str]:
    return list(deviations(ast.parse(source), schemas))


def api(*schemas: Schema) -> Api:
    return Api("T", "1", "", "t", "TClient", "AsyncTClient", None, (), False, (), schemas)


def test_a_module_that_is_what_was_asked_for_has_no_deviation() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("Pets =", "class Dog(RequestModel):\n    pass\nPets =", "'Dog' was not asked for"),
        ("Cat.model_rebuild()", "Cat.model_rebuild()\nclass Cat(RequestModel):\n    pass", "'Cat' is defined twice"),
        ('Pets = TypeAliasType("Pets", list[Cat | str])', "", "'Pets' is missing"),
        ('Pets = TypeAliasType("Pets", list[Cat | str])', "class Pets(RequestModel):\n    pass", "no alias"),
        ("    lives: int | None = None\n", "", "'Cat.lives' is missing"),
        ("    lives: int", "    tail: int = None\n    lives: int", "a statement in 'Cat'"),
        ("    lives: int", "    lives: int | None = None\n    lives: int", "a statement in 'Cat'"),
        ('alias="catId"', 'alias="CatId"', "'Cat.cat_id' goes by 'CatId' on the wire"),
        ('alias="catId", ', "", "'Cat.cat_id' goes by 'cat_id' on the wire"),
        ("lives: int |", "lives: str |", "'Cat.lives' has another type"),
        ('"calm", "angry"', '"calm"', "'Cat.mood' has another type"),
        ('"calm", "angry"', '"calm", "evil"', "'Cat.mood' has another type"),
        ("list[Cat | str]", "list[str]", "'Pets' stands for another type"),
        ("int | None = None", "int | None", "'Cat.lives' has no default"),
        ("int | None = None", "int | None = 9", "another default"),
        ("max_length=9)]", "max_length=9)] = None", "'Cat.cat_id' has a default"),
        ('{"cat": Cat}', '{"dog": Cat}', "'AnyCat' says something else of its members"),
        (', overlapping=(Cat,)', '', "'AnyCat' says something else of its members"),
        ('"kind"', '"type"', "'AnyCat' says something else of its members"),
        ("RequestUnion(\"", "ResponseUnion(\"", "'AnyCat' says something else of its members"),
        ("Cat(RequestModel)", "Cat(ResponseModel)", "'Cat' does not derive from 'RequestModel' alone"),
    ],
)  # fmt: skip
def test_anything_else_than_what_was_asked_for_is_reported(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    assert any(problem in line for line in found(GOOD.replace(old, new))), found(GOOD.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Cat.model_rebuild()", "import os"),
        ("Cat.model_rebuild()", "from os import system"),
        ("Cat.model_rebuild()", "from pydantic import create_model"),
        ("Cat.model_rebuild()", "from pydantic import *"),
        ("Cat.model_rebuild()", "from pydantic import Field as str"),
        ("Cat.model_rebuild()", "from .pydantic import Field"),
        ("Cat.model_rebuild()", "from . import Field"),
        ("Cat.model_rebuild()", "Cat.model_rebuild(_types_namespace=evil())"),
        ("Cat.model_rebuild()", "evil().model_rebuild()"),
        ("Cat.model_rebuild()", "Pets.model_rebuild()"),
        ("Cat.model_rebuild()", "Cat.model_rebuild"),
        ("Cat.model_rebuild()", "evil()"),
        ("Cat.model_rebuild()", "Field = evil"),
        ("Cat.model_rebuild()", "Field: evil = 1"),
        ("Cat.model_rebuild()", "a = Pets = TypeAliasType('Pets', list[Cat | str])"),
        ("Cat.model_rebuild()", "a.b = 1"),
        ("Cat.model_rebuild()", "(a, b) = 1, 2"),
        ("Cat.model_rebuild()", "def evil(): pass"),
        ("Cat.model_rebuild()", "if evil(): pass"),
        ("Cat.model_rebuild()", "f'{evil()}'"),
        ("class Cat(RequestModel)", "@evil\nclass Cat(RequestModel)"),
        ("class Cat(RequestModel)", "class Cat(RequestModel, metaclass=evil)"),
        ("class Cat(RequestModel)", "class Cat(RequestModel, evil())"),
        ("class Cat(RequestModel)", "class Cat(evil.RequestModel)"),
        ('    """A cat."""', "    evil()"),
        ('    """A cat."""', "    f'{evil()}'"),
        ('    """A cat."""', "    def __init__(self): pass"),
        ('    """A cat."""', "    model_config = evil()"),
        ('    """A cat."""', "    __hash__ = evil"),
        ('RequestUnion("', 'evil("'),
        ('{"cat": Cat}', '{"cat": evil}'),
        ('{"cat": Cat}', '{**evil}'),
        ('{"cat": Cat}', 'evil()'),
        ('Annotated[Cat', 'Annotated[evil()'),
        ("int | None = None", "int | None = evil()"),
        ("int | None = None", "int | None = Field(evil())"),
        ("int | None = None", "int | None = Field(default_factory=evil)"),
        ("int | None = None", "int | None = (lambda: 0)()"),
        ("int | None", "evil()"),
        ("int | None", "int | evil()"),
        ("int | None", "int | evil.x"),
        ("int | None", "'__import__(\"os\").getpid()' | int"),
        ("int | None", "list['__import__(\"os\").getpid()']"),
        ("int | None", "[int for _ in evil()]"),
        ("int | None", "list[(int, evil())[0]]"),
        ("int | None", "(int if evil() else int)"),
        ("int | None", "(int := evil())"),
        ("int | None", "int and None"),
        ("int | None", "int + None"),
        ("int | None", "dict[evil, int]"),
        ("int | None", "dict[str, int, int]"),
        ("int | None", "Annotated[int, evil()]"),
        ("int | None", "Annotated[int, Field(), evil()]"),
        ("int | None", "Annotated[int, evil]"),
        ("int | None", "Annotated[int, Field(evil())]"),
        ("int | None", "Annotated[int, Field(default_factory=evil)]"),
        ("int | None", "Annotated[int, Field(**evil)]"),
        ("int | None", "Annotated[int, Field(gt=evil())]"),
        ("int | None", "Annotated[int, Field(gt=Decimal(evil()))]"),
        ("int | None", "Annotated[int, Field(gt=evil('1'))]"),
        ("int | None", "Annotated[int, Field(alias=f'{evil()}')]"),
        ("int | None", "Literal[evil()] | int"),
        ("int | None", "Literal[evil.x] | int"),
        ("int | None", "Literal[b'x'] | int"),
        ("int | None", "Literal[...] | int"),
        ("int | None", "Literal[-'x'] | int"),
        ("int | None", "object"),
        ("int | None", "exec"),
        ("list[Cat | str]", "evil()"),
        ("list[Cat | str]", "'evil()'"),
        ("list[Cat | str]", "'list[Cat |'"),
        ("list[Cat | str]", "list[Cat | str], type_params=evil()"),
        ("list[Cat | str]", "*evil"),
        ('TypeAliasType("Pets"', 'TypeAliasType("Cats"'),
        ('TypeAliasType("Pets"', 'evil("Pets"'),
    ],
)  # fmt: skip
def test_code_that_models_have_no_use_for_is_reported(old: str, new: str) -> None:
    assert old in GOOD
    assert found(GOOD.replace(old, new)) != []


def test_an_alias_may_name_what_comes_after_it_as_text() -> None:
    assert found(GOOD.replace("list[Cat | str]", '"list[Cat | str]"')) == []


def test_an_annotation_that_nests_without_end_is_reported() -> None:
    nested: ast.expr = ast.Name("int")
    for _ in range(600):
        nested = ast.Subscript(ast.Name("list"), nested)
    tree = ast.parse(GOOD)
    cat = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    lives = next(node for node in cat.body if isinstance(node, ast.AnnAssign) and node.value is not None)
    lives.annotation = nested
    assert list(deviations(tree, SCHEMAS)) == ["an annotation that nests too deep in 'Cat'"]


def test_unions_may_have_as_many_members_as_python_reads() -> None:
    values = tuple(f"v{number}" for number in range(1500))
    schema = TypeAlias("Many", "request", UnionType(tuple(LiteralType((value,)) for value in values)), "")
    text = " | ".join(f'Literal["{value}"]' for value in values)
    assert found(f'Many = TypeAliasType("Many", {text})', (schema,)) == []


# -- with the library ------------------------------------------------------------------------------------------------


def render(*schemas: Schema) -> str:
    diagnostics = Diagnostics()
    worker = start_worker()
    try:
        source = render_models(api(*schemas), ask_models(api(*schemas), worker), diagnostics)
    finally:
        worker.close()
    assert list(diagnostics) == []
    assert source is not None
    return source


def test_every_kind_of_type_comes_through_as_asked() -> None:
    names: tuple[ScalarName, ...] = (
        "str",
        "int",
        "float",
        "Decimal",
        "bool",
        "bytes",
        "datetime",
        "date",
        "Any",
    )
    every = cls(
        "Every",
        *(field(f"required_{name}", scalar(name), name=f"r_{name.lower()}", required=True) for name in names),
        *(field(f"optional_{name}", scalar(name), name=f"o_{name.lower()}") for name in names),
        field("null", scalar("None"), nullable=True),
        field("list", ListType(ListType(NamedType("Cat"))), name="list_", required=True),
        field("map", MapType(UnionType((STR, scalar("int"), scalar("None"))))),
        field("literal", LiteralType(("a", 1, True))),
        field("money", ConstrainedType(scalar("Decimal"), Constraints(exclusive_minimum="0", multiple_of="0.01"))),
        field("self", NamedType("Every"), name="self_"),
    )  # fmt: skip
    source = render(CAT, PETS, every)
    assert "class Every(RequestModel):" in source
    assert 'Pets = TypeAliasType("Pets", list[Cat | str])' in source
    assert "Decimal" in source and "AwareDatetime" not in source


def test_runtime_names_are_imported_from_the_package_itself_and_last() -> None:
    source = render(CAT, PETS)
    imports = [line for line in source.splitlines() if line.startswith(("from ", "import "))]
    assert imports[0] == "from __future__ import annotations"
    assert imports[-1].startswith("from ._runtime import ")
    assert "clientsmith_runtime" not in source


def test_base_classes_that_no_class_has_are_not_imported() -> None:
    assert "from ._runtime import RequestModel\n" in render(CAT, PETS)
    assert "_runtime" not in render(TypeAlias("Word", "response", STR, ""))


def test_no_class_is_built_at_import() -> None:
    node = cls("Node", field("next", NamedType("Leaf"), name="next_"))
    assert "model_rebuild" not in render(node, cls("Leaf", field("back", NamedType("Node"))))


def test_an_api_without_schemas_needs_no_answer() -> None:
    assert render() == ""


def test_nothing_of_a_description_becomes_code() -> None:
    text = '"""\nimport os\n"""\\'
    described = ModelClass("Cat", "request", (Field("a", "a", STR, False, False, text),), False, "", text)
    assert "import os" in render(described)


# -- the process -----------------------------------------------------------------------------------------------------


class Answering(ModelsWorker):
    """A process that gives the answer that a test wants."""

    def __init__(self, output: str) -> None:
        program = f"import sys; sys.stdin.read(); sys.stdout.write({output!r})"
        pipe = subprocess.PIPE
        super().__init__(
            subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe, stderr=pipe)
        )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("", "ended without an answer: exit status 0"),
        ("no JSON", "ended without an answer"),
        ("null", "ended without an answer"),
        ("[]", "ended without an answer"),
        ("[" * 100_000, "ended without an answer"),
        ('{"models": 1}', "ended without an answer"),
        ('{"error": "too odd"}', "refused the schemas: too odd"),
        ('{"models": "def"}', "made something that Python cannot read"),
        ('{"models": "x = \\u0000"}', "made something that Python cannot read"),
        ('{"models": ""}', "made something else than was asked: 'Cat' is missing"),
    ],
)
def test_an_answer_that_is_none_is_a_diagnostic(answer: str, message: str) -> None:
    diagnostics = Diagnostics()
    assert render_models(api(CAT), ask_models(api(CAT), Answering(answer)), diagnostics) is None
    assert message in next(iter(diagnostics)).message


def test_at_most_five_deviations_are_listed() -> None:
    diagnostics = Diagnostics()
    schemas = [cls(f"C{number}") for number in range(9)]
    assert render_models(api(*schemas), ('{"models": ""}', ""), diagnostics) is None
    assert len(diagnostics) == 5


def test_a_process_that_was_killed_is_a_diagnostic() -> None:
    diagnostics = Diagnostics()
    worker = start_worker()
    worker.process.kill()
    worker.process.wait()
    assert render_models(api(CAT), ask_models(api(CAT), worker), diagnostics) is None
    [found] = diagnostics
    assert found.id == "models-failed"
    assert "ended without an answer: exit status -9" in found.message


def run_worker(request: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "clientsmith.emit.models.models_worker"],
        input=request,
        capture_output=True,
    )


def test_a_process_that_is_asked_nothing_says_nothing() -> None:
    done = run_worker(b"")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("request_text", [b"{", b"\xff", b"[]", b"null", b"{}", b'{"schemas": {}}'])
def test_a_request_that_is_none_is_answered_with_an_error(request_text: bytes) -> None:
    done = run_worker(request_text)
    assert done.returncode == 0
    assert done.stdout.startswith(b'{"error": "the request')
    assert b"Traceback" not in done.stderr


def test_schemas_that_the_library_cannot_read_are_answered_with_an_error() -> None:
    done = run_worker(b'{"schemas": {"A": {"type": 1}}, "bases": {}, "aliases": {}}')
    assert done.returncode == 0
    assert done.stdout.startswith(b'{"error": ')


# -- the request -----------------------------------------------------------------------------------------------------


def test_the_request_holds_final_names_only() -> None:
    request = model_request(SCHEMAS)
    assert request.bases == {"Cat": "RequestModel"}
    assert request.aliases == {"Cat.catId": "cat_id"}
    assert sorted(request.schemas) == ["AnyCat", "Cat", "Pets"]
    assert request.schemas["Cat"]["required"] == ["catId"]


@pytest.mark.parametrize(
    ("direction", "is_open", "base"),
    [
        ("request", False, "RequestModel"),
        ("request", True, "OpenRequestModel"),
        ("response", True, "ResponseModel"),
        ("response", False, "ResponseModel"),
    ],
)
def test_direction_and_openness_decide_the_base_class(direction: Direction, is_open: bool, base: str) -> None:
    made = ModelClass("A", direction, (), is_open, "")
    assert model_request([made]).bases == {"A": base}


def test_bounds_of_nullable_values_stay_on_the_field() -> None:
    kind = ConstrainedType(UnionType((STR, scalar("None"))), Constraints(max_length=3))
    request = model_request([cls("A", field("a", kind, required=True, nullable=True))])
    assert request.schemas["A"]["properties"]["a"] == {"type": ["string", "null"], "maxLength": 3}
