"""The view of a resource module: its operation constants and its methods, as finished text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from clientsmith.api.model.api import (
    Base64Place,
    Encoding,
    Operation,
    Parameter,
    PartialSuccess,
    RequestBody,
    Resource,
    Response,
    ResponseMedia,
)
from clientsmith.api.model.naming import Scope
from clientsmith.api.model.types import TypeExpr
from clientsmith.api.signatures import Argument, arguments_of
from clientsmith.emit.client.renamed import Signature
from clientsmith.emit.templates.views import MethodView, OperationView, ResourceClass, ResourceModule
from clientsmith.emit.text.docstrings import (
    INDENT,
    async_method_docstring,
    method_docstring,
    one_line,
    resource_docstring,
)
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.literals import constant, docstring, string, tuple_of
from clientsmith.emit.text.results import result_text
from clientsmith.emit.text.type_text import (
    RUNTIME,
    TYPING,
    AdapterText,
    ArgumentText,
    Catalog,
    ResultText,
    joined,
)
from clientsmith.openapi.own_members import OwnMembers

PACKAGE = ".."
_BODIES = {
    "binary": "BinaryBody",
    "form": "FormBody",
    "json": "JsonBody",
    "multipart": "MultipartBody",
    "text": "TextBody",
}
"""The class of the runtime for each codec."""


def resource_module(resource: Resource, catalog: Catalog, methods: Mapping[str, Operation]) -> ResourceModule:
    """The view that resource.py.j2 renders; `methods` are all of the API, for old names of those of other resources."""
    old = _old_methods(resource, methods)
    writer = _Writer(resource, catalog, old)
    own = {one.constant for one in resource.operations}
    foreign = (one.operation for one in old if one.operation.constant not in own)
    listed = (*resource.operations, *foreign)
    operations = tuple(writer.operation(operation) for operation in listed)
    made = (*map(writer.method, resource.operations), *map(writer.old_method, old))
    names = writer.names()
    sync_class, async_class = (
        writer.resource_class(asynchronous=False),
        writer.resource_class(asynchronous=True),
    )
    return ResourceModule(
        docstring=docstring([f"The operations of {one_line(resource.name)}."], ""),
        names=names,
        imports=writer.imports.render(),
        classes=(sync_class, async_class),
        operations=operations,
        methods=made,
    )


@dataclass(frozen=True, slots=True)
class _OldMethod:
    """An old name in this resource, the method that it calls, and the operation that both call."""

    name: str
    new: str
    operation: Operation


def _old_methods(resource: Resource, methods: Mapping[str, Operation]) -> tuple[_OldMethod, ...]:
    """The old names; the module has constants of its own for operations of other resources."""
    scope = Scope({operation.constant for operation in resource.operations})
    found: list[_OldMethod] = []
    for one in resource.renamed:
        operation = methods[one.new]
        if operation not in resource.operations:
            constant = scope.claim(f"_{one.old.strip('_').upper()}")
            operation = replace(operation, constant=constant)
        found.append(_OldMethod(one.old, one.new, operation))
    return tuple(found)


class _Writer:
    """Turns operations into text and collects the imports of the module on the way."""

    def __init__(self, resource: Resource, catalog: Catalog, old: Sequence[_OldMethod]) -> None:
        taken = {resource.class_name, resource.async_class_name}
        taken |= {operation.name for operation in resource.operations}
        taken |= {operation.constant for operation in resource.operations}
        taken |= {name for one in old for name in (one.name, one.operation.constant)}
        self.imports = Imports(taken)
        self._resource = resource
        self._catalog = catalog
        self._old = old

    def names(self) -> dict[str, str]:
        """The names that the template itself writes."""
        names = {name: self._runtime(name) for name in ("CallOptions", "Operation")}
        operations = [*self._resource.operations, *(one.operation for one in self._old)]
        has_old_arguments = any(one.renamed for one in operations)
        if self._old or has_old_arguments or any(one.deprecated for one in operations):
            names["deprecated"] = self.imports.symbol("typing_extensions", "deprecated")
        if has_old_arguments:
            names["overload"] = self.imports.symbol(TYPING, "overload")
        return names | {"Final": self.imports.symbol(TYPING, "Final")}

    def resource_class(self, *, asynchronous: bool) -> ResourceClass:
        """One of the two classes."""
        return ResourceClass(
            name=self._resource.async_class_name if asynchronous else self._resource.class_name,
            base=self._runtime("AsyncResource" if asynchronous else "Resource"),
            docstring=resource_docstring(self._resource, asynchronous=asynchronous),
            asynchronous=asynchronous,
        )

    def operation(self, operation: Operation) -> OperationView:
        """The constant that describes an operation."""
        return OperationView(
            constant=operation.constant,
            result=self._result(operation),
            id=string(operation.id),
            method=string(operation.method),
            path=string(operation.path),
            parameters=tuple(self._parameter(parameter) for parameter in operation.parameters),
            body=self._body(operation.body) if operation.body else None,
            responses=tuple(self._response(response) for response in operation.responses),
            security=tuple_of(tuple_of(string(key) for key in keys) for keys in operation.security),
            bills=operation.bills,
            idempotent=operation.idempotent,
            server=string(operation.server) if operation.server is not None else None,
        )

    def method(self, operation: Operation, deprecated: str = "", name: str = "") -> MethodView:
        """The method that calls it."""
        arguments = arguments_of(operation)
        result = self._result(operation)
        if operation.deprecated and not deprecated:
            deprecated = string("The API has deprecated this operation.")
        options = f"options: {self._runtime('CallOptions')} | None = None"
        signature = Signature(operation, arguments, options, self._argument)
        has_old = bool(operation.renamed)
        return MethodView(
            name=name or operation.name,
            arguments=signature.running() if has_old else signature.plain(),
            result=result,
            docstring=method_docstring(operation, arguments, result),
            async_docstring=async_method_docstring(
                operation, f"{self._resource.class_name}.{name or operation.name}"
            ),
            call=self._call(operation),
            deprecated=deprecated,
            overloads=tuple(signature.overloads(deprecated)) if has_old else (),
            renamed=tuple(signature.values(self._runtime("renamed_argument"))) if has_old else (),
        )

    def old_method(self, old: _OldMethod) -> MethodView:
        """A method under an old name."""
        text = f"This is client.{old.new} now."
        lines = docstring([text], INDENT * 2)
        method = self.method(old.operation, string(text), old.name)
        return replace(method, docstring=lines, async_docstring=lines)

    def _runtime(self, name: str) -> str:
        return self.imports.symbol(f"{PACKAGE}{RUNTIME}", name)

    def _result(self, operation: Operation) -> str:
        return result_text(operation, ResultText(self.imports, PACKAGE))

    def _argument(self, argument: Argument, name: str, *, optional: bool) -> str:
        writer = ArgumentText(self.imports, self._catalog, PACKAGE, files=argument.file)
        members = writer.members(argument.type)
        if not optional and argument.required:
            return f"{name}: {joined(members)}"
        unset = self._runtime("Unset")
        text = f"{name}: {joined([*members, unset])}"
        return f"{text} = {self._runtime('UNSET')}" if optional else text

    def _call(self, operation: Operation) -> tuple[str, ...]:
        call = [operation.constant, tuple_of(parameter.name for parameter in operation.parameters)]
        body = operation.body
        if body is not None and body.fields is not None:
            call.append("{" + ", ".join(f"{string(field.wire)}: {field.name}" for field in body.fields) + "}")
        elif body is not None:
            call.append(body.argument or "body")
        return (*call, "options=options")

    def _adapter(self, expression: TypeExpr) -> str:
        return AdapterText(self.imports, self._catalog, PACKAGE).text(expression)

    def _sent(self, expression: TypeExpr, base64: tuple[Base64Place, ...]) -> str:
        """What checks a value that is sent; bytes in the places given go out in base64."""
        if not base64:
            return self._adapter(expression)
        places = ", ".join(tuple_of(map(constant, place)) for place in base64)
        wrapped = f"{self._runtime('Base64At')}({places})"
        return f"{self.imports.symbol(TYPING, 'Annotated')}[{self._adapter(expression)}, {wrapped}]"

    def _parameter(self, parameter: Parameter) -> str:
        kind = self._sent(parameter.type, parameter.base64)
        parts = [string(parameter.wire), string(parameter.location), kind]
        parts.append(f"required={parameter.required}")
        if parameter.media_type is None:
            parts += [f"style={string(parameter.style)}", f"explode={parameter.explode}"]
        else:
            parts.append(f"media_type={string(parameter.media_type)}")
        parts += _flags(allow_reserved=parameter.allow_reserved, allow_empty=parameter.allow_empty)
        if parameter.hints:
            parts.append(f"hints={tuple_of(_names(hint) for hint in parameter.hints)}")
        parts += [*_key(parameter.schema_key), *self._members(parameter.members)]
        return f"{self._runtime('Parameter')}({', '.join(parts)})"

    def _body(self, body: RequestBody) -> str:
        parts = [string(body.media_type), self._sent(body.type, body.base64), f"required={body.required}"]
        if body.encodings:
            parts.append(f"encodings={tuple_of(self._encoding(encoding) for encoding in body.encodings)}")
        parts += _key(body.schema_key)
        kind = "AnyBody" if body.takes_any else _BODIES[body.codec]
        return f"{self._runtime(kind)}({', '.join(parts)})"

    def _encoding(self, encoding: Encoding) -> str:
        given = {
            "content_type": encoding.content_type,
            "style": encoding.style,
            "explode": encoding.explode,
            "warn_above": encoding.warn_above,
        }
        parts = [f"{name}={constant(value)}" for name, value in given.items() if value is not None]
        parts += [*_flags(allow_reserved=encoding.allow_reserved), *self._members(encoding.members)]
        return f"{self._runtime('Encoding')}({', '.join([string(encoding.wire), *parts])})"

    def _members(self, members: OwnMembers | None) -> list[str]:
        """What the client cannot work out from the names of parameters or fields."""
        if members is None or (not members.taken and members.only is None):
            return []
        parts = [f"taken={_names(tuple(sorted(members.taken)))}"] if members.taken else []
        parts += [f"only={_names(tuple(sorted(members.only)))}"] if members.only is not None else []
        return [f"members={self._runtime('OwnMembers')}({', '.join(parts)})"]

    def _response(self, response: Response) -> str:
        media = [self._media(media) for media in response.media]
        parts = [string(response.status), *([tuple_of(media)] if media else [])]
        parts += _flags(not_processed=response.not_processed)
        if response.partial is not None:
            parts.append(f"partial={self._partial(response.partial)}")
        return f"{self._runtime('Response')}({', '.join(parts)})"

    def _partial(self, partial: PartialSuccess) -> str:
        parts = [
            f"sent={_names(partial.sent)}",
            f"received={_names(partial.received)}",
            f"accepted={string(partial.accepted)}",
            f"match={_names(partial.match)}",
            f"item={self._adapter(partial.sent_item)}",
        ]
        if partial.amount is not None and partial.total is not None:
            parts += [f"amount={string(partial.amount)}", f"total={_names(partial.total)}"]
        return f"{self._runtime('PartialDeclaration')}({', '.join(parts)})"

    def _media(self, media: ResponseMedia) -> str:
        parts = [string(media.media_type), string(media.codec), self._adapter(media.type)]
        parts += [] if media.schema_key is None else [string(media.schema_key)]
        parts += [] if media.requested else ["requested=False"]
        return f"{self._runtime('Media')}({', '.join(parts)})"


def _names(names: tuple[str, ...]) -> str:
    return tuple_of(map(string, names))


def _key(key: str | None) -> list[str]:
    return [] if key is None else [f"schema_key={string(key)}"]


def _flags(**flags: bool) -> list[str]:
    """Keyword arguments for what is true; the runtime's default of each is False."""
    return [f"{name}=True" for name, value in flags.items() if value]
