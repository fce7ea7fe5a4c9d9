"""A property has one Python name: as an argument, as a field of a model in either direction, and on the reference page."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Severity
from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import Package, both_ways, package_from, package_of, spec


def _collisions(package: Package) -> list[tuple[int, int]]:
    """The lines of the two places of every collision."""
    found = [one for one in package.diagnostics if one.id == "name-collision"]
    assert all(one.severity is Severity.WARNING for one in found)
    return [(one.place.span.line, one.related[0].place.span.line) for one in found]


def _names(package: Package, model: str) -> dict[str, str]:
    """The Python name of each field of a model by its name on the wire."""
    fields = getattr(package.models, model).model_fields
    return {one.alias or name: name for name, one in fields.items()}


def _arguments(package: Package) -> set[str]:
    method = inspect.signature(package.submodule("resources.things").Things.send)
    return set(method.parameters) - {"self", "options"}


def test_the_exact_name_on_the_wire_wins_in_method_model_and_reference() -> None:
    text = both_ways(
        "    Root:\n      type: object\n      properties:\n"
        "        taxRate: {type: number}\n        tax_rate: {type: number}\n"
    )
    package = package_of(text)
    value = {"tax_rate": 1.5, "taxRate": 2.5}

    exchange = call(text, "things.send", tax_rate=1.5, tax_rate_2=2.5, answer=json_answer(value))

    assert exchange.json == value
    assert (exchange.result.tax_rate, exchange.result.tax_rate_2) == (1.5, 2.5)
    model = package.models.RootInput(tax_rate=1.5, tax_rate_2=2.5)
    assert model.model_dump(by_alias=True, exclude_unset=True) == value
    assert "| `tax_rate_2` | `float` | no | `taxRate` of the body |" in package.files["REFERENCE.md"].decode()
    line = text.split("\n").index("        taxRate: {type: number}") + 1
    assert _collisions(package) == [(line, line + 1)]


def test_three_properties_and_a_number_that_is_taken() -> None:
    wires = ["taxRate", "TaxRate", "tax-rate", "tax_rate", "tax_rate_2"]
    package = package_of(
        both_ways(
            "    Root:\n      type: object\n      required: [tax-rate]\n      properties:\n"
            + "".join(f"        {wire}: {{type: string}}\n" for wire in wires)
        )
    )
    names = _names(package, "Root")

    assert _names(package, "RootInput") == names
    assert set(names.values()) == _arguments(package) == {"tax_rate", *(f"tax_rate_{n}" for n in range(2, 6))}
    assert (names["tax_rate"], names["tax_rate_2"]) == ("tax_rate", "tax_rate_2")
    value = {wire: f"value of {wire}" for wire in wires}
    exchange = call(
        package, "things.send", **{names[wire]: value[wire] for wire in wires}, answer=json_answer(value)
    )
    assert exchange.json == plain(exchange.result) == value
    assert {wire: getattr(exchange.result, name) for wire, name in names.items()} == value
    assert len(_collisions(package)) == 3


def test_a_property_that_only_one_direction_has_changes_no_name_of_the_other() -> None:
    package = package_of(
        both_ways(
            "    Root:\n      type: object\n      properties:\n"
            "        a-b: {type: string, readOnly: true}\n        a.b: {type: string}\n"
            "        aB: {type: string, writeOnly: true}\n"
        )
    )

    assert _names(package, "Root") == {"a-b": "a_b", "a.b": "a_b_2"}
    assert _names(package, "RootInput") == {"a.b": "a_b_2", "aB": "a_b_3"}
    assert _arguments(package) == {"a_b_2", "a_b_3"}


def test_an_inherited_member_is_one_of_those_that_collide() -> None:
    text = both_ways(
        "    Base: {type: object, properties: {tax_rate: {type: number}}}\n"
        "    Root:\n      allOf:\n      - {$ref: '#/components/schemas/Base'}\n"
        "      - {type: object, properties: {taxRate: {type: number}, own: {$ref: '#/components/schemas/Base'}}}\n"
    )
    value = {"tax_rate": 1, "taxRate": 2, "own": {"tax_rate": 3}}

    exchange = call(
        text, "things.send", tax_rate=1, tax_rate_2=2, own={"tax_rate": 3}, answer=json_answer(value)
    )

    assert exchange.json == value
    assert (exchange.result.tax_rate, exchange.result.tax_rate_2, exchange.result.own.tax_rate) == (1, 2, 3)
    assert len(_collisions(package_of(text))) == 1


RESERVED = ["options", "self", "json", "copy", "date", "list", "model_config", "class", "schema"]


def test_a_name_that_models_or_methods_need_is_the_same_in_both() -> None:
    package = package_of(
        both_ways(
            "    Root:\n      type: object\n      properties:\n"
            + "".join(f"        {wire}: {{type: string}}\n" for wire in RESERVED)
        )
    )

    assert _names(package, "Root") == {wire: f"{wire}_" for wire in RESERVED}
    assert _arguments(package) == {f"{wire}_" for wire in RESERVED}
    assert _collisions(package) == []


def _parameters(*listed: str, body: str = "") -> str:
    schema = f"{{type: object, additionalProperties: false, properties: {{{body}}}}}"
    return spec(
        "paths:\n  /x/{id}:\n    post:\n      operationId: send\n      tags: [things]\n      parameters:\n"
        + "      - {name: id, in: path, required: true, schema: {type: string}}\n"
        + "".join(f"      - {{{one}, schema: {{type: string}}}}\n" for one in listed)
        + f"      requestBody: {{required: true, content: {{application/json: {{schema: {schema}}}}}}}\n"
        "      responses: {'204': {description: ok}}\n"
    )


def test_parameters_and_members_of_the_body_share_one_scope() -> None:
    text = _parameters(
        "name: taxRate, in: query", "name: Tax-Rate, in: header", "name: limit, in: query",
        body="tax_rate: {type: string}, Limit: {type: string}, id: {type: string}",
    )  # fmt: skip
    sent = {
        "tax_rate": "body", "query_tax_rate": "query", "header_tax_rate": "header", "limit": "10", "body_limit": "20",
        "body_id": "own",
    }  # fmt: skip

    exchange = call(text, "things.send", "way", **sent)

    assert exchange.json == {"tax_rate": "body", "Limit": "20", "id": "own"}
    assert (exchange.raw_path, sorted(exchange.query)) == ("/x/way", [("limit", "10"), ("taxRate", "query")])
    assert exchange.request.headers["Tax-Rate"] == "header"
    assert len(_collisions(package_of(text))) == 4


def test_among_parameters_the_exact_name_wins_over_an_earlier_one() -> None:
    text = _parameters(
        "name: a-b, in: query", "name: a_b, in: query", "name: a.b, in: query", body="z: {type: string}"
    )

    exchange = call(text, "things.send", "x", a_b="exact", query_a_b="first", a_b_2="second")

    assert exchange.query == [("a-b", "first"), ("a.b", "second"), ("a_b", "exact")]


def test_a_chosen_name_stays_even_if_another_argument_is_called_so_on_the_wire() -> None:
    text = _parameters("name: other, in: query", body="limit: {type: string}")
    config = Config(parameter_names={"send.other": "limit"})

    exchange = call(
        package_from({"openapi.yaml": text}, config), "things.send", "x", limit="query", body_limit="body"
    )

    assert (exchange.query, exchange.json) == ([("other", "query")], {"limit": "body"})


def test_an_argument_called_body_and_the_body() -> None:
    text = spec(
        "paths:\n  /x:\n    post:\n      operationId: send\n      tags: [things]\n"
        "      parameters: [{name: body, in: query, schema: {type: string}}]\n"
        "      requestBody: {content: {application/json: {schema: {type: array, items: {type: string}}}}}\n"
        "      responses: {'204': {description: ok}}\n"
    )

    exchange = call(text, "things.send", body="query", request_body=["x"])

    assert (exchange.query, exchange.json) == ([("body", "query")], ["x"])
    assert len(_collisions(package_of(text))) == 1


FILES = {
    "openapi.yaml": spec(
        "paths:\n  /x:\n    post:\n      operationId: send\n      tags: [things]\n"
        "      requestBody: {required: true, content: {application/json: {schema: {$ref: 'pets.yaml#/components/schemas/Pet'}}}}\n"
        "      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}\n"
        "components: {schemas: {Pet: {type: object, properties: {own: {type: string}}}}}\n"
    ),
    "pets.yaml": "components: {schemas: {Pet: {type: object, properties: {other: {type: string}}}}}\n",
}  # fmt: skip


def test_schemas_of_two_files_that_ask_for_one_class_name() -> None:
    package = package_from(FILES)

    exchange = call(package, "things.send", other="x", answer=json_answer({"own": "y"}))

    assert (exchange.json, exchange.result.own) == ({"other": "x"}, "y")
    (found,) = [one for one in package.diagnostics if one.id == "name-collision"]
    assert found.severity is Severity.WARNING
    assert {found.place.span.file, found.related[0].place.span.file} == {
        str(package.folder.parent / name) for name in FILES
    }


@pytest.mark.parametrize(
    ("second", "expected"),
    [("p1/pet.yaml", []), ("p2/pet.yaml", ["name-collision"])],
)
def test_one_file_is_one_schema_and_two_of_one_name_are_two(second: str, expected: list[str]) -> None:
    refs = "".join(
        f"        {key}: {{$ref: '{file}'}}\n" for key, file in (("a", "p1/pet.yaml"), ("b", second))
    )
    files: dict[str, Any] = {
        "openapi.yaml": both_ways("    Root:\n      type: object\n      properties:\n" + refs),
        "p1/pet.yaml": "{type: object, properties: {one: {type: string}}}\n",
        "p2/pet.yaml": "{type: object, properties: {two: {type: string}}}\n",
    }
    package = package_from(files)

    assert [one.id for one in package.diagnostics if one.id == "name-collision"] == expected
