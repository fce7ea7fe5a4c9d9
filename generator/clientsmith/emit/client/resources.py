"""The view of a resource module: its operation constants and its methods, as finished text."""

from __future__ import annotations

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
from clientsmith.api.model.types import TypeExpr
from clientsmith.api.signatures import Argument, arguments_of
from clientsmith.emit.templates.views import MethodView, OperationView, ResourceClass, ResourceModule
from clientsmith.emit.text.docstrings import (
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


def resource_module(resource: Resource, catalog: Catalog) -> ResourceModule:
    """The view that resource.py.j2 renders."""
    writer = _Writer(resource, catalog)
    operations = tuple(writer.operation(operation) for operation in resource.operations)
    methods = tuple(writer.method(operation) for operation in resource.operations)
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
        methods=methods,
    )


class _Writer:
    """Turns operations into text and collects the imports of the module on the way."""

    def __init__(self, resource: Resource, catalog: Catalog) -> None:
        taken = {resource.class_name, resource.async_class_name}
        taken |= {operation.name for operation in resource.operations}
        taken |= {operation.constant for operation in resource.operations}
        self.imports = Imports(taken)
        self._resource = resource
        self._catalog = catalog

    def names(self) -> dict[str, str]:
        """The names that the template itself writes."""
        names = {name: self._runtime(name) for name in ("CallOptions", "Operation")}
        if any(operation.deprecated for operation in self._resource.operations):
            names["deprecated"] = self.imports.symbol("typing_extensions", "deprecated")
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

    def method(self, operation: Operation) -> MethodView:
        """The method that calls it."""
        arguments = arguments_of(operation)
        result = self._result(operation)
        positional = [self._argument(argument) for argument in arguments if argument.positional]
        keyword = [self._argument(argument) for argument in arguments if not argument.positional]
        options = f"options: {self._runtime('CallOptions')} | None = None"
        return MethodView(
            name=operation.name,
            arguments=(*positional, "*", *keyword, options),
            result=result,
            docstring=method_docstring(operation, arguments, result),
            async_docstring=async_method_docstring(
                operation, f"{self._resource.class_name}.{operation.name}"
            ),
            call=self._call(operation),
            deprecated=operation.deprecated,
        )

    def _runtime(self, name: str) -> str:
        return self.imports.symbol(f"{PACKAGE}{RUNTIME}", name)

    def _result(self, operation: Operation) -> str:
        return result_text(operation, ResultText(self.imports, PACKAGE))

    def _argument(self, argument: Argument) -> str:
        writer = ArgumentText(self.imports, self._catalog, PACKAGE, files=argument.file)
        members = writer.members(argument.type)
        if argument.required:
            return f"{argument.name}: {joined(members)}"
        unset = self._runtime("Unset")
        return f"{argument.name}: {joined([*members, unset])} = {self._runtime('UNSET')}"

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
