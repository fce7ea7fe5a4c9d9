"""Parameters of an operation: path-level and operation-level ones merged, styles made explicit, names chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from clientsmith.api.model.api import STR, Parameter, ParameterLocation, ParameterStyle
from clientsmith.api.model.naming import Scope, argument_name
from clientsmith.api.schemas.schemas import SchemaBuilder
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node

_DEFAULT_STYLES: dict[ParameterLocation, ParameterStyle] = {
    "path": "simple", "query": "form", "header": "simple", "cookie": "form",
}  # fmt: skip
_STYLES: dict[ParameterLocation, tuple[ParameterStyle, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
LOCATIONS: dict[object, ParameterLocation] = {location: location for location in _STYLES}
"""Where a parameter can stand, by the value of `in`."""
_ORDER: dict[ParameterLocation, int] = {"path": 0, "query": 1, "header": 2, "cookie": 3}
_NOT_PARAMETERS = frozenset({"accept", "content-type", "authorization"})
_Declared: TypeAlias = tuple[Node, ParameterLocation, str]
_TEMPLATE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class ParameterReader:
    """Reads the parameters of one operation."""

    schemas: SchemaBuilder
    diagnostics: Diagnostics
    overrides: Mapping[str, str]

    def read(
        self, path_item: Node, operation: Node, path: str, operation_id: str, scope: Scope
    ) -> list[Parameter]:
        """Every parameter that is sent, required ones first within each location, path parameters by template."""
        declared = self._declared(path_item, operation)
        template = list(dict.fromkeys(_TEMPLATE.findall(path)))
        found: list[_Declared] = []
        for (location, wire), node in declared.items():
            if location == "path" and wire not in template:
                self.diagnostics.warning(
                    "unused-path-parameter",
                    f"'{wire}' does not occur in the path '{path}'; it is left out",
                    node.place,
                )
            elif location == "header" and wire.lower() in _NOT_PARAMETERS:
                self.diagnostics.note(
                    "ignored-header-parameter",
                    f"OpenAPI gives the header '{wire}' no meaning as a parameter",
                    node.place,
                )
            else:
                found.append((node, location, wire))
        found.sort(key=lambda item: self._rank(item, template))
        undeclared = [wire for wire in template if ("path", wire) not in declared]
        names = self._names(
            [*found, *((operation, "path", wire) for wire in undeclared)], operation_id, scope
        )
        parameters = [
            self._parameter(node, location, wire, names[location, wire]) for node, location, wire in found
        ]
        for wire in undeclared:
            self.diagnostics.warning(
                "undeclared-path-parameter",
                f"'{wire}' is not declared; it is taken as a string",
                operation.place,
            )
            parameters.append(_undeclared(wire, names["path", wire]))
        return sorted(parameters, key=lambda parameter: parameter.location != "path")

    def _declared(self, path_item: Node, operation: Node) -> dict[tuple[ParameterLocation, str], Node]:
        declared: dict[tuple[ParameterLocation, str], Node] = {}
        for owner in (path_item, operation):
            listed = owner.get("parameters")
            for node in listed.elements() if listed is not None else ():
                target = self.schemas.document.deref(node)
                name, location = target.text("name"), LOCATIONS.get(target.text("in"))
                if name and location is not None:
                    declared[(location, name.lower() if location == "header" else name)] = target
        return {(location, node.text("name")): node for (location, _), node in declared.items()}

    def _rank(self, item: _Declared, template: list[str]) -> tuple[int, bool, int, str]:
        node, location, wire = item
        position = template.index(wire) if location == "path" else 0
        return (_ORDER[location], location != "path" and not _required(node), position, wire)

    def _parameter(self, node: Node, location: ParameterLocation, wire: str, name: str) -> Parameter:
        content = node.get("content")
        media = next((inner for _, inner in content.items()), None) if content is not None else None
        schema = (media or node).get("schema")
        style = self._style(node, location)
        explode = node.mapping.get("explode")
        return Parameter(
            wire=wire,
            name=name,
            location=location,
            type=STR if schema is None else self.schemas.lower(schema, "request"),
            required=location == "path" or _required(node),
            style=style,
            explode=explode if isinstance(explode, bool) else style == "form",
            allow_reserved=node.mapping.get("allowReserved") is True,
            allow_empty=node.mapping.get("allowEmptyValue") is True,
            media_type=media.key if media is not None else None,
            description=node.text("description"),
            deprecated=node.mapping.get("deprecated") is True,
            example=_example(node),
        )

    def _style(self, node: Node, location: ParameterLocation) -> ParameterStyle:
        wanted = node.text("style")
        for style in _STYLES[location]:
            if style == wanted:
                return style
        if wanted:
            self.diagnostics.warning(
                "unknown-style", f"style '{wanted}' does not exist for a {location} parameter", node.place
            )
        return _DEFAULT_STYLES[location]

    def _names(
        self, found: list[_Declared], operation_id: str, scope: Scope
    ) -> dict[tuple[ParameterLocation, str], str]:
        """Names that the configuration chose come first and stay as they are; the others follow in their order."""
        names: dict[tuple[ParameterLocation, str], str] = {}
        for node, location, wire in found:
            chosen = self.overrides.get(f"{operation_id}.{wire}")
            if chosen is None:
                continue
            names[location, wire] = scope.claim(chosen)
            if names[location, wire] != chosen:
                self.diagnostics.error(
                    "name-collision",
                    f"'{chosen}' cannot be the name of '{wire}': another argument has it",
                    node.place,
                    hint="choose another name under [names.parameters] in the configuration",
                )
        for _, location, wire in found:
            if (location, wire) not in names:
                name = argument_name(wire)
                names[location, wire] = scope.claim(name, f"{location}_{name.rstrip('_')}")
        return names


def _undeclared(wire: str, name: str) -> Parameter:
    return Parameter(wire, name, "path", STR, required=True, style="simple", explode=False)


def _required(node: Node) -> bool:
    return node.mapping.get("required") is True


def _example(node: Node) -> object:
    if "example" in node.mapping:
        return node.mapping["example"]
    examples = node.get("examples")
    for _, example in examples.items() if examples is not None else ():
        if "value" in example.mapping:
            return example.mapping["value"]
    schema = node.get("schema")
    if schema is not None:
        listed = schema.mapping.get("examples")
        if isinstance(listed, list) and listed:
            return listed[0]
        return schema.mapping.get("example")
    return None
