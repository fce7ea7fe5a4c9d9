"""The examples of spec/marketplace.yaml, each against its schema; what the document promises is tested next door."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

TEXT = (Path(__file__).parents[2] / "spec" / "marketplace.yaml").read_text("utf-8")
TREE = yaml.safe_load(TEXT)
# YAML's floats print as they were written, and come back as exact decimals.
DOCUMENT = json.loads(json.dumps(TREE), parse_float=Decimal)

Pointer = tuple[str, ...]

SID_PATTERN = re.compile(r"\^[A-Z]{2}\[0-9a-fA-F\]\{32}\$")
SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")


@dataclass(frozen=True, slots=True)
class Example:
    """A value, where it stands, and the place of a schema that it must satisfy."""

    at: Pointer
    schema_at: Pointer
    value: Any

    def __str__(self) -> str:
        return f"{'.'.join(self.at)} as {'.'.join(self.schema_at)}".replace("/", "~1")


def target(document: Any, at: Pointer) -> tuple[Pointer, Any]:
    """The node at a pointer and the node's own pointer, references followed."""
    node = document
    for key in at:
        node = node[int(key)] if isinstance(node, list) else node[key]
    if isinstance(node, dict) and "$ref" in node:
        keys = node["$ref"].removeprefix("#/").split("/")
        return target(document, tuple(key.replace("~1", "/").replace("~0", "~") for key in keys))
    return at, node


def mappings(node: Any, at: Pointer = ()) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    """Every mapping of the document that is no part of an example's value."""
    if isinstance(node, list):
        for index, child in enumerate(node):
            yield from mappings(child, (*at, str(index)))
    if isinstance(node, dict):
        yield at, node
        for key, child in node.items():
            if key not in {"example", "value"} and not (key == "examples" and isinstance(child, list)):
                yield from mappings(child, (*at, key))


def collect(document: Any) -> Iterator[Example]:
    """Every example of every schema, media type, parameter and header; a shared one once for each use."""
    for at, node in mappings(document):
        examples = node.get("examples", {})
        if isinstance(examples, list):
            for index, value in enumerate(examples):
                yield Example((*at, "examples", str(index)), at, value)
        elif "schema" in node:
            schema_at = (*at, "schema")
            if "example" in node:
                yield Example((*at, "example"), schema_at, node["example"])
            for name in examples:
                example_at, example = target(document, (*at, "examples", name))
                yield Example((*example_at, "value"), schema_at, example["value"])


def written(node: Any, at: Pointer = ()) -> Iterator[Pointer]:
    """Where values of examples stand, by position alone: it knows neither schemas nor references."""
    for index, child in enumerate(node if isinstance(node, list) else ()):
        yield from written(child, (*at, str(index)))
    for key, child in node.items() if isinstance(node, dict) else ():
        if key in {"example", "value"}:
            yield (*at, key)
        elif key == "examples" and isinstance(child, list):
            yield from ((*at, key, str(index)) for index in range(len(child)))
        else:
            yield from written(child, (*at, key))


def is_valid(document: Any, schema_at: Pointer, value: Any) -> bool:
    path = "".join("/" + quote(key.replace("~", "~0").replace("/", "~1"), safe="~") for key in schema_at)
    return jsonschema_rs.Draft202012Validator({**document, "$ref": f"#{path}"}).is_valid(value)


def broken(document: Any) -> list[Pointer]:
    """Where the examples stand that some schema refuses."""
    return [it.at for it in collect(document) if not is_valid(document, it.schema_at, it.value)]


EXAMPLES = tuple(collect(DOCUMENT))
SID_SCHEMAS = tuple(at for at, node in mappings(DOCUMENT) if SID_PATTERN.fullmatch(str(node.get("pattern"))))


def test_document_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(TREE).validate()


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example_satisfies_its_schema(example: Example) -> None:
    assert is_valid(DOCUMENT, example.schema_at, example.value)


def test_no_example_is_left_out() -> None:
    looked_at = {example.at for example in EXAMPLES}
    assert looked_at == set(written(DOCUMENT))
    lines = TEXT.splitlines()
    values = [line for line in lines if re.match(r" +(value|example):", line)]
    lists = [line for line in lines if re.match(r" +examples: \[[^,]+\]", line)]
    assert len(looked_at) == len(values) + len(lists)
    assert len(looked_at) > 50


def test_no_list_of_examples_holds_more_than_the_count_takes_for_it() -> None:
    assert all(
        len(node["examples"]) == 1 for _, node in mappings(DOCUMENT) if "type" in node and "examples" in node
    )


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ("components.examples.UsageReportOfOneItem.value.billable_items", []),
        ("components.examples.UsageResultPartlySubmitted.value.total_submitted", "44.02"),
        ("components.examples.ErrorNotFound.value.code", "20404"),
        ("components.parameters.ListingSid.example", "XE" + "a" * 32),
        ("components.headers.RetryAfter.examples.seconds.value", 2),
        ("components.schemas.BillableItem.properties.quantity.examples.0", Decimal("0.0")),
    ],
)
def test_broken_example_is_caught(at: str, value: Any) -> None:
    document = copy.deepcopy(DOCUMENT)
    *path, key = at.split(".")
    _, parent = target(document, tuple(path))
    parent[int(key) if isinstance(parent, list) else key] = value
    assert broken(DOCUMENT) == []
    found = {".".join(pointer) for pointer in broken(document)}
    assert len(found) == 1
    assert at.startswith(found.pop())


@pytest.mark.parametrize("schema_at", SID_SCHEMAS, ids=".".join)
def test_sid_has_a_valid_example_of_its_own(schema_at: Pointer) -> None:
    values = [example.value for example in EXAMPLES if example.schema_at == schema_at]
    assert values
    assert all(SID.fullmatch(value) for value in values)
    assert all(is_valid(DOCUMENT, schema_at, value) for value in values)


def test_sids_have_patterns_except_where_a_billing_result_must_stay_readable() -> None:
    named = {
        (*at, name)
        for at, node in mappings(DOCUMENT)
        if at[-1:] == ("properties",)
        for name in node
        if name.lower().endswith("sid")
    }
    parameters = {(*at, "schema") for at, node in mappings(DOCUMENT) if str(node.get("name")).endswith("Sid")}
    lenient = ("components", "schemas", "SubmittedItem", "properties", "sid")
    assert (named | parameters) - {lenient} == set(SID_SCHEMAS)
    assert len(SID_SCHEMAS) == 4
    assert [example.value for example in EXAMPLES if example.schema_at == lenient] == ["BI" + "a" * 32]
