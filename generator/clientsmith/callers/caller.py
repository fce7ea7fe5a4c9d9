"""Generates a module that uses every name of a package once, from the API model of that package.

The module type-checks against the package itself. Against a newer one, the lines with errors are what changed: each
line uses one element, and what it uses besides is `Any`, so that an error says which element it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias as Alias

from clientsmith.api.model.api import Api, Operation
from clientsmith.api.model.types import ModelClass, TypeAlias
from clientsmith.api.signatures import arguments_of
from clientsmith.callers.elements import Caller, Element
from clientsmith.callers.function import Function
from clientsmith.callers.texts import (
    JSON,
    LIST,
    CallerImports,
    Passed,
    ReadText,
    alias_text,
    dict_text,
    model_text,
)
from clientsmith.emit.text.literals import string
from clientsmith.emit.text.results import result_text
from clientsmith.emit.text.type_text import ABC, TYPING, Catalog, joined

_HEAD = f'''\
# pyright: strict, reportDeprecated=false, reportUnusedImport=false
"""A caller of every method, class and name of a package, made to be type-checked and never run."""

from __future__ import annotations

{{imports}}

T_co = {{TypeVar}}("T_co", covariant=True)


class {LIST}({{Protocol}}[T_co]):
    """A list that is only read; tuples have no copy, and dicts no count."""

    def __iter__(self) -> {{Iterator}}[T_co]: ...

    def copy(self) -> {{Any}}: ...

    def count(self, value: {{Any}}, /) -> int: ...


{JSON}: {{TypeAlias}} = "str | int | float | bool | None | {LIST}[{JSON}] | {{Mapping}}[str, {JSON}]"
'''
_ANY, _REST, _POSITIONS = "anything", "rest", "ByPosition"
_CLIENTS = ("client_sync", "client_async")

Line: Alias = tuple[str, Element | None]


def caller_of(api: Api, package: str) -> Caller:
    """The caller of a package with this model, as a caller of one that is imported by that name."""
    return _Writer(api, package).caller()


class _Writer:
    def __init__(self, api: Api, package: str) -> None:
        self._api = api
        self._package = package
        self._imports = CallerImports(api.exports)
        self._catalog = Catalog.of(api.schemas)
        self._alias = self._imports.symbol(TYPING, "TypeAlias")
        any_type = self._imports.symbol(TYPING, "Any")
        self._anything, self._rest = f"{_ANY}: {any_type}", f"{_REST}: dict[str, {any_type}]"
        self._read = ReadText(self._imports, "", self._catalog)

    def caller(self) -> Caller:
        """The module."""
        body = [*self._names(), *self._copies(), *self._constructions(), *self._schemas(), *self._methods()]
        names = {
            name: self._imports.symbol(TYPING, name) for name in ("Any", "Protocol", "TypeAlias", "TypeVar")
        }
        names |= {name: self._imports.symbol(ABC, name) for name in ("Iterator", "Mapping")}
        head = _HEAD.format(imports=self._imports.render(), **names).split("\n")
        lines: list[Line] = [*((text, None) for text in head), *body]
        elements = {number: element for number, (_, element) in enumerate(lines, start=1) if element}
        return Caller("\n".join(text for text, _ in lines) + "\n", elements)

    def _names(self) -> Iterator[Line]:
        """The names of the package, each on a line of its own."""
        package, catalog = self._package, self._catalog
        yield "", None
        for local, name in zip(_CLIENTS, (self._api.client_class, self._api.async_client_class), strict=True):
            yield f"from {package} import {name} as {local}", Element("client", name=name)
        for name in self._api.exports:
            yield f"from {package} import {name} as {name}", Element("export", name=name)
        for schema in self._api.schemas:
            element = Element("class", schema.name)
            yield f"from {package}.models import {schema.name} as {model_text(schema.name)}", element
            if schema.name in catalog.with_input:
                yield f"from {package}.inputs import {schema.name}Dict as {dict_text(schema.name)}", element

    def _copies(self) -> Iterator[Line]:
        """Copies of the aliases that are read, as they are in the old package."""
        for schema in self._api.schemas:
            if isinstance(schema, TypeAlias) and schema.direction == "response":
                text = string(self._read.text(schema.type))
                yield f"{alias_text(schema.name)}: {self._alias} = {text}", None

    def _passed(self, function: Function, *, to_model: bool = False, files: bool = False) -> Passed:
        return Passed(self._imports, self._catalog, function.parameter, to_model=to_model, files=files)

    def _constructions(self) -> Iterator[Line]:
        """The clients, with each of their arguments; those that only some packages have are the settings."""
        credentials = [name for scheme in self._api.security_schemes for name in scheme.arguments]
        if credentials:
            yield from self._positions(credentials)
        for local, settings in zip(_CLIENTS, self._settings(), strict=True):
            function = Function(f"make_{local}", (self._anything, self._rest))
            for name in credentials:
                text = f"{local}({name}={function.parameter('str')}, **{_REST})"
                function.use(text, Element("credential", name=name))
            if credentials:
                function.read(_POSITIONS, local, Element("order"))
            for name, kind in settings.items():
                text = f"{local}({name}={function.parameter(kind)}, **{_REST})"
                function.use(text, Element("setting", name=name))
            due = f"base_url={_ANY}" if self._api.base_url is None else ""
            function.use(f"{local}({due})", Element("due"))
            yield from function.lines()

    def _positions(self, credentials: list[str]) -> Iterator[Line]:
        """A function whose first arguments are the credentials, which a client is."""
        protocol, any_type = (self._imports.symbol(TYPING, name) for name in ("Protocol", "Any"))
        arguments = [f"{name}: str | None = ..." for name in credentials]
        arguments += ["*", "base_url: str"] if self._api.base_url is None else []
        for text in ("", "", f"class {_POSITIONS}({protocol}):"):
            yield text, None
        yield f"    def __call__(self, {', '.join(arguments)}) -> {any_type}: ...", None

    def _settings(self) -> Iterator[dict[str, str]]:
        """The arguments of both clients, by name, that not every package has, and the address."""
        for prefix in ("", "Async"):
            known = {"check_requests": "bool", "journal": f"{prefix}Journal", "validation": "Validation"}
            yield {"base_url": "str"} | {name: known[name] for name in self._api.settings}

    def _schemas(self) -> Iterator[Line]:
        for number, schema in enumerate(self._api.schemas):
            if isinstance(schema, TypeAlias):
                yield from self._stood_for(number, schema)
            elif schema.direction == "response":
                function = Function(f"read_{number}", (f"value: {model_text(schema.name)}",))
                for field in schema.fields:
                    members = [*self._read.members(field.type), *([] if field.required else ["None"])]
                    element = Element("field", schema.name, field.name)
                    function.read(joined(members), f"value.{field.name}", element)
                yield from function.lines()
            else:
                yield from self._made(number, schema)
                if schema.name in self._catalog.with_input and (schema.fields or not schema.open):
                    yield from self._filled(number, schema)

    def _stood_for(self, number: int, alias: TypeAlias) -> Iterator[Line]:
        """An alias, read as what it stood for, or given what it stood for."""
        element, own = Element("alias", alias.name), model_text(alias.name)
        is_read = alias.direction == "response"
        function = Function(f"alias_{number}", (f"value: {own}",) if is_read else ())
        if is_read:
            function.read(alias_text(alias.name), "value", element)
        else:
            for value in self._passed(function, to_model=True).of(alias.type):
                function.read(own, value, element)
        if alias.name in self._catalog.with_input:
            for value in self._passed(function, files=True).of(alias.type):
                function.read(dict_text(alias.name), value, element)
        yield from function.lines()

    def _made(self, number: int, schema: ModelClass) -> Iterator[Line]:
        """A class of requests, made with each of its fields, and with those that it has to be given."""
        own = model_text(schema.name)
        function = Function(f"make_{number}", (self._anything, self._rest))
        for field in schema.fields:
            for value in self._passed(function, to_model=True).of(field.type):
                text = f"{own}({field.name}={value}, **{_REST})"
                function.use(text, Element("field", schema.name, field.name))
        due = (f"{field.name}={_ANY}" for field in schema.fields if field.required)
        function.use(f"{own}({', '.join(due)})", Element("due", schema.name))
        yield from function.lines()

    def _filled(self, number: int, schema: ModelClass) -> Iterator[Line]:
        """A dict, with each of its members, and with those that it has to have."""
        own = dict_text(schema.name)
        function = Function(f"fill_{number}", (f"value: {own}", self._anything))
        for field in schema.fields:
            for value in self._passed(function, files=True).of(field.type):
                text = f"value[{string(field.wire)}] = {value}"
                function.use(text, Element("key", schema.name, field.name))
        due = (f"{string(field.wire)}: {_ANY}" for field in schema.fields if field.required)
        function.read(own, f"{{{', '.join(due)}}}", Element("due", schema.name))
        yield from function.lines()

    def _methods(self) -> Iterator[Line]:
        places = [(resource.name, one) for resource in self._api.resources for one in resource.operations]
        for number, (resource, operation) in enumerate(places):
            for client, is_async in zip(_CLIENTS, (False, True), strict=True):
                first = (f"client: {client}", self._anything, self._rest)
                function = Function(f"call_{number}_{client}", first, asynchronous=is_async)
                text = f"method = client.{resource}.{operation.name}"
                function.use(text, Element("method", operation.id))
                self._calls(function, operation, "await " if is_async else "")
                yield from function.lines()

    def _calls(self, function: Function, operation: Operation, call: str) -> None:
        arguments, id = arguments_of(operation), operation.id
        for argument in arguments:
            for value in self._passed(function, files=argument.file).of(argument.type):
                text = f"{call}method({argument.name}={value}, **{_REST})"
                function.use(text, Element("argument", id, argument.name))
        positional = [argument.name for argument in arguments if argument.positional]
        for text in _by_position(f"{call}method", positional):
            function.use(text, Element("order", id))
        due = [f"{one.name}={_ANY}" for one in arguments if one.required and not one.positional]
        function.use(f"{call}method({', '.join([*(_ANY for _ in positional), *due])})", Element("due", id))
        result, element = result_text(operation, self._read), Element("result", id)
        passed = ", ".join([*(_ANY for _ in positional), f"**{_REST}"])
        reply = f"client.with_response(method, {passed})"
        if result == "None":
            function.use(f"{call}{reply}", element)
        else:
            function.read(result, f"{call}method({passed})", element)
            function.read(result, f"({call}{reply}).result", element)


def _by_position(call: str, names: list[str]) -> Iterator[str]:
    """Calls that pass more and more arguments by position, and all others by name: another order is a mistake."""
    for count in range(1, len(names)):
        passed = [*([_ANY] * count), *(f"{name}={_ANY}" for name in names[count:])]
        yield f"{call}({', '.join(passed)}, **{_REST})"
