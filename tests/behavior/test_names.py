"""Names that meet, hide or break something: every one of them still reaches its own thing."""

from __future__ import annotations

import builtins
import inspect
from typing import Any

import pytest

from clientsmith.config.model import Config
from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import Package, both_ways, package_from, package_of, spec

FIELDS = [
    "schema", "model_config", "model_fields", "json", "copy", "dict", "class", "self", "date", "list", "datetime", "None", "True", "from",
    "validate", "construct", "str", "int", "bytes", "Any", "Field", "_private", "__dunder__", "__class__", "1st", "-", "+", "$ref2", "@id",
    "#text", "a.b", "a b", "a-b", "a_b", "aB", "AB", "ab", "A_B", "é", "日本", "ﬁ", "model_extra", "model_dump", "options", "body", "type",
    "field_name", "fieldName", "field-name", "FieldName", "match", "print", "Optional", "root", "RootModel", "annotations", "x" * 150,
]  # fmt: skip
AWKWARD = both_ways(
    "    Root:\n      type: object\n      properties:\n"
    + "        inner: {$ref: '#/components/schemas/Inner'}\n"
    + "    Inner:\n      type: object\n      properties:\n"
    + "".join(f"        {name!r}: {{type: string}}\n".replace("'\\", "'\\\\") for name in FIELDS)
)


def test_every_property_keeps_its_own_value_both_ways() -> None:
    value = {"inner": {name: f"value {index}" for index, name in enumerate(FIELDS)}}

    exchange = call(AWKWARD, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value
    inner = type(exchange.result.inner)
    assert sorted(getattr(exchange.result.inner, name) for name in inner.model_fields) == sorted(
        value["inner"].values()
    )


def test_methods_of_models_still_work() -> None:
    value = {"inner": dict.fromkeys(FIELDS, "v")}
    inner = call(AWKWARD, "things.send", answer=json_answer(value)).result.inner

    assert inner.model_dump_json(by_alias=True)
    assert inner.model_copy(update={}) == inner
    assert inner.__class__.model_json_schema()
    assert repr(inner)


def test_arguments_called_like_what_a_method_needs() -> None:
    properties = "".join(f"        {name!r}: {{type: string}}\n" for name in FIELDS)
    document = both_ways("    Root:\n      type: object\n      properties:\n" + properties)
    method = inspect.signature(package_of(document).submodule("resources.things").Things.send)
    names = [name for name in method.parameters if name not in ("self", "options")]

    exchange = call(document, "things.send", **{name: name for name in names}, answer=json_answer({}))

    assert set(exchange.json) == set(FIELDS)
    assert sorted(exchange.json.values()) == sorted(names)


def test_a_property_without_a_name_is_named_and_kept_where_it_is_received() -> None:
    package = package_of(
        both_ways("    Root: {type: object, properties: {'': {type: string}, a: {type: string}}}\n")
    )

    result = call(package, "things.send", a="x", answer=json_answer({"": "y", "a": "z"})).result

    assert plain(result) == {"": "y", "a": "z"}
    assert "property-without-name" in package.ids


SCHEMAS = [
    "Field", "Any", "bytes", "None", "RequestModel", "ResponseModel", "OpenRequestModel", "list", "List", "str", "dict", "Decimal", "date",
    "datetime", "Literal", "Annotated", "BaseModel", "ConfigDict", "TypeAliasType", "Optional", "Union", "type", "object", "int", "models",
    "inputs", "Unset", "UNSET", "CallOptions", "NotModified", "foo", "Foo", "FOO", "foo-bar", "foo_bar", "fooBar", "FooBar", "FooBarInput",
    "FooDict", "a.b.c", "1st", "-1", "_", "Mapping", "TypedDict", "Required", "annotations", "Enum", "field", "model", "True", "print",
    "__init__", "__class__",
]  # fmt: skip


def test_every_schema_keeps_its_own_class_both_ways() -> None:
    properties = "".join(
        f"        p{index}: {{$ref: '#/components/schemas/{name}'}}\n" for index, name in enumerate(SCHEMAS)
    )
    classes = "".join(
        f"    '{name}': {{type: object, properties: {{only{index}: {{type: string, maxLength: 9}}}}}}\n"
        for index, name in enumerate(SCHEMAS)
    )
    document = both_ways("    Root:\n      type: object\n      properties:\n" + properties + classes)
    value = {f"p{index}": {f"only{index}": str(index)} for index in range(len(SCHEMAS))}

    exchange = call(document, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value
    for index in range(len(SCHEMAS)):
        assert getattr(getattr(exchange.result, f"p{index}"), f"only{index}") == str(index)
    assert "name-collision" in package_of(document).ids


TAGS = [
    "Parameter", "Operation", "Body", "Resource", "AsyncResource", "Final", "close", "aclose", "with_response", "headers", "timeout", "class",
    "None", "1st", "a b", "a-b", "a_b", "aB", "日本", "models", "inputs", "_core", "_call", "self", "base_url", "init", "__init__", "import",
    "Any", "list", "Unset", "UNSET", "MiniClient", "AsyncFoo", "Foo", "x/../y", "con", "nul", "datetime", "typing", "httpx", "annotations",
]  # fmt: skip


def _tagged() -> str:
    paths = "".join(
        f"  /t{index}: {{get: {{operationId: get{index}, tags: ['{tag}'], responses: {{'204': {{description: ok}}}}}}}}\n"
        for index, tag in enumerate(TAGS)
    )
    return spec("paths:\n" + paths)


def test_every_tag_leads_to_its_operations() -> None:
    package = package_of(_tagged())
    client = package.client_class()()
    found = _methods(client)

    assert len(found) == len(TAGS)
    reached = {call(package, name).raw_path for name in found}
    assert reached == {f"/t{index}" for index in range(len(TAGS))}
    client.close()


def _methods(client: Any) -> list[str]:
    """Every `resource.method` of a client."""
    resources = {
        name: value
        for name, value in vars(client).items()
        if not name.startswith("_") and hasattr(value, "_call")
    }
    return [
        f"{name}.{method}"
        for name, resource in resources.items()
        for method in dir(type(resource))
        if not method.startswith("_")
    ]


OPERATIONS = [
    "list", "List", "LIST", "get-it", "get_it", "getIt", "dict", "str", "int", "class", "None", "_call", "__init__", "_client", "1st", "é",
    "self", "print", "type", "object", "import", "things", "listThings", "ThingsList", "thing_list", "bytes", "Any", "",
]  # fmt: skip


def test_every_operation_keeps_its_own_method() -> None:
    paths = "".join(
        f"  /o{index}: {{get: {{operationId: '{name}', tags: [things], parameters: [{{name: q, in: query, schema: {{type: array, items: {{type: string}}}}}}], "
        "responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {type: object, additionalProperties: {type: integer}}}}}}}}}\n"
        for index, name in enumerate(OPERATIONS)
    )
    package = package_of(spec("paths:\n" + paths))
    client = package.client_class()()
    found = _methods(client)

    exchanges = [call(package, name, q=["a"], answer=json_answer([{"a": 1}])) for name in found]

    assert {exchange.raw_path for exchange in exchanges} == {f"/o{index}" for index in range(len(OPERATIONS))}
    assert all(exchange.result == [{"a": 1}] for exchange in exchanges)
    client.close()


NAMELESS = spec("""
paths:
  /v1/pets: {get: {responses: {'204': {description: ok}}}, post: {responses: {'204': {description: ok}}}}
  /v1/pets/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ok}}}}
  /v1/pets/{id}/toys: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ok}}}}
  /v1/pets/{name}: {delete: {parameters: [{name: name, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ok}}}}
  /{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ok}}}}
  /: {get: {responses: {'204': {description: ok}}}}
""")


def test_operations_without_ids_and_tags_are_named_after_their_paths() -> None:
    package = package_of(NAMELESS)
    client = package.client_class()()

    assert sorted(_methods(client)) == [
        "pets.delete", "pets.get", "pets.get_pets", "pets.get_toys", "pets.post", "root.get", "root.get_by_id",
    ]  # fmt: skip
    assert call(package, "pets.get_toys", "7").raw_path == "/v1/pets/7/toys"
    client.close()


@pytest.mark.parametrize(
    "title", ["", "API", "Client", "123", "None", "日本", "a" * 200, "Sync", "httpx", "Configuration"]
)
def test_any_title_gives_a_client(title: str) -> None:
    document = (
        f"openapi: 3.1.0\ninfo: {{title: '{title}', version: '1'}}\nservers: [{{url: 'https://x.example.com'}}]\n"
        + ("paths: {/x: {get: {operationId: get, tags: [things], responses: {'204': {description: ok}}}}}\n")
    )

    assert call(document, "things.get").raw_path == "/x"
    assert _exports(package_of(document))


def test_modules_have_names_that_every_system_takes() -> None:
    config = Config(resource_names={"x": "Things", "y": "things", "z": "nul"})
    paths = "".join(
        f"  /{tag}: {{get: {{operationId: get_{tag}, tags: [{tag}], responses: {{'204': {{description: ok}}}}}}}}\n"
        for tag in "xyz"
    )
    package = package_from({"openapi.yaml": spec("paths:\n" + paths)}, config)

    assert {name.casefold() for name in package.files} >= {
        "resources/things.py",
        "resources/things_.py",
        "resources/nul_.py",
    }
    assert call(package, "Things.get").raw_path == "/x"
    assert call(package, "nul.get").raw_path == "/z"


def _exports(package: Package) -> bool:
    return all(hasattr(package.module, name) for name in package.module.__all__)


BUILT_INS = sorted(name for name in dir(builtins) if not name.startswith("_"))
IMPORTED = [
    "Annotated", "AsyncClient", "Body", "CallOptions", "ClassVar", "Decimal", "Enum", "FileContent", "Final", "Generic",
    "JsonValue", "Mapping", "NotRequired", "Operation", "Response", "Sequence", "SyncClient", "TypeAdapter", "TypedDict",
    "UUID", "Unset", "ValidationError", "builtins", "datetime", "models", "pydantic", "typing",
]  # fmt: skip


@pytest.mark.parametrize("names", [BUILT_INS, IMPORTED], ids=["built-ins", "imported"])
def test_a_schema_called_like_something_of_python_is_built_sent_and_read(names: list[str]) -> None:
    """Annotations come before the class that they name, and a built-in would be found in its place."""
    properties = "".join(
        f"        p{index}: {{type: array, items: {{$ref: '#/components/schemas/{name}'}}}}\n"
        for index, name in enumerate(names)
    )
    classes = "".join(
        f"    '{name}': {{type: object, properties: {{again: {{$ref: '#/components/schemas/{name}'}},"
        f" text: {{type: string, maxLength: 9}}}}}}\n"
        for name in names
    )
    document = both_ways(
        "    AAA:\n      type: object\n      properties:\n" + properties + classes, root="AAA"
    )
    value = {f"p{index}": [{"again": {"text": name[:9]}}] for index, name in enumerate(names)}

    exchange = call(document, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value


def test_built_ins_of_another_version_of_python_are_taken_care_of_too() -> None:
    """The tool and the program that uses the package may run on different versions."""
    names = ["ExceptionGroup", "EncodingWarning", "PythonFinalizationError", "WindowsError"]
    document = both_ways(
        "".join(f"    {name}: {{type: object, properties: {{a: {{}}}}}}\n" for name in names), names[0]
    )

    assert not set(names) & set(vars(package_of(document).models))


@pytest.mark.parametrize("name", ["Exception", "Warning", "TypeError", "property"])
def test_a_tag_called_like_a_built_in(name: str) -> None:
    document = spec(
        f"paths:\n  /x: {{get: {{operationId: get, tags: [{name}], responses: {{'204': {{description: ok}}}}}}}}\n"
    )

    assert call(document, _methods(package_of(document).client_class()())[0]).raw_path == "/x"
