"""API models of documents that tests write down, read through the real stages before the builder."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from clientsmith.api.builder import build
from clientsmith.api.model.api import Api, Operation
from clientsmith.api.model.types import (
    Choice,
    ConstrainedType,
    Field,
    ListType,
    LiteralType,
    MapType,
    ModelClass,
    NamedType,
    ScalarType,
    Schema,
    TupleType,
    TypeAlias,
    TypeExpr,
    UnionType,
)
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.document.references.resolve import resolve
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.text.parse import load


@dataclass(frozen=True, slots=True)
class Built:
    """What the builder made of a document, and what it had to say about it."""

    api: Api | None
    diagnostics: Diagnostics

    @property
    def made(self) -> Api:
        """The model, which the test expects to be there."""
        assert self.api is not None, list(self.diagnostics)
        return self.api

    @property
    def schemas(self) -> dict[str, Schema]:
        return {schema.name: schema for schema in self.made.schemas}

    @property
    def operations(self) -> dict[str, Operation]:
        return {item.id: item for resource in self.made.resources for item in resource.operations}

    @property
    def only(self) -> Operation:
        """The only operation."""
        [operation] = self.operations.values()
        return operation

    def cls(self, name: str) -> ModelClass:
        schema = self.schemas[name]
        assert isinstance(schema, ModelClass), schema
        return schema

    def alias(self, name: str) -> str:
        schema = self.schemas[name]
        assert isinstance(schema, TypeAlias), schema
        return spelled(schema.type)

    def choice(self, name: str) -> Choice:
        """How a union tells its members apart."""
        schema = self.schemas[name]
        assert isinstance(schema, TypeAlias) and schema.choice is not None, schema
        return schema.choice

    def fields(self, name: str) -> dict[str, str]:
        """The types of a class by wire name; `?` says that a field may be left out."""
        return {field.wire: _field(field) for field in self.cls(name).fields}

    def ids(self, *severities: Severity) -> list[str]:
        """The ids of the findings, notes left out unless asked for."""
        wanted = severities or (Severity.ERROR, Severity.WARNING)
        return [found.id for found in self.diagnostics if found.severity in wanted]

    @property
    def notes(self) -> list[str]:
        return [
            f"{found.id}: {found.place.pointer}"
            for found in self.diagnostics
            if found.severity is Severity.NOTE
        ]


def _field(field: Field) -> str:
    return spelled(field.type) + ("" if field.required else "?")


def spelled(expression: TypeExpr | None) -> str:
    """A type expression as a test writes it."""
    match expression:
        case None:
            return "nothing"
        case ScalarType(name=name) | NamedType(name=name):
            return name
        case LiteralType(values=values):
            return f"Literal[{', '.join(map(repr, values))}]"
        case ListType(items=items):
            return f"list[{spelled(items)}]"
        case TupleType(items=listed):
            return f"tuple[{', '.join(map(spelled, listed))}]"
        case MapType(values=values):
            return f"dict[{spelled(values)}]"
        case UnionType(members=members):
            return " | ".join(map(spelled, members))
        case ConstrainedType(base=base, constraints=constraints):
            names = [name for name in constraints.__slots__ if getattr(constraints, name) is not None]
            return f"{spelled(base)}({', '.join(f'{name}={getattr(constraints, name)}' for name in names)})"


def resolved(text: str | dict[str, Any], folder: Path, **files: str) -> ResolvedDocument:
    """A document with `openapi` and `info` put before it where it has none, after loading and resolving."""
    tree = yaml.safe_load(textwrap.dedent(text)) if isinstance(text, str) else text
    tree = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, **(tree or {})}
    if not {"paths", "webhooks", "components"} & tree.keys():
        tree["paths"] = {}
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(textwrap.dedent(content), encoding="utf-8")
    path = folder / "api.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    diagnostics = Diagnostics()
    document = load(path, diagnostics)
    assert document is not None, list(diagnostics)
    found = resolve(document, diagnostics)
    assert found is not None and not diagnostics.has_errors, list(diagnostics)
    return found


def built(text: str | dict[str, Any], folder: Path, config: Config | None = None, **files: str) -> Built:
    """The API model of a document."""
    diagnostics = Diagnostics()
    return Built(build(resolved(text, folder, **files), config or Config(), diagnostics).api, diagnostics)


def sending(schemas: dict[str, Any], body: Any, openapi: str = "3.1.0") -> dict[str, Any]:
    """A document whose only operation sends `body` as JSON."""
    return {
        "openapi": openapi,
        "paths": {"/x": {"post": {
            "operationId": "send",
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": {"204": {"description": ""}},
        }}},
        "components": {"schemas": schemas},
    }  # fmt: skip


def receiving(schemas: dict[str, Any], body: Any, openapi: str = "3.1.0") -> dict[str, Any]:
    """A document whose only operation receives `body` as JSON."""
    return {
        "openapi": openapi,
        "paths": {"/x": {"get": {
            "operationId": "receive",
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": body}}}},
        }}},
        "components": {"schemas": schemas},
    }  # fmt: skip


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
