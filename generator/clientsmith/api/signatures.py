"""The arguments of a method: which there are, in which order, and what each is called on the wire; no layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from clientsmith.api.model.api import Operation, Parameter, RequestBody, Response
from clientsmith.api.model.types import Field, ScalarType, TypeExpr, UnionType
from clientsmith.api.operations.responses import is_redirect_result

Role = Literal["path", "query", "header", "cookie", "field", "body"]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a method. `positional` is true of path parameters; every other one is keyword-only."""

    name: str
    wire: str
    role: Role
    type: TypeExpr
    required: bool
    description: str
    deprecated: bool
    example: object
    file: bool

    @property
    def place(self) -> str:
        """The part of the request that the argument goes to."""
        return "body" if self.role == "field" else self.role

    @property
    def positional(self) -> bool:
        """Whether the argument may be given by position."""
        return self.role == "path"


def arguments_of(operation: Operation) -> list[Argument]:
    """The arguments in the order of the signature: path first, then required before optional, the body after both."""
    parameters = [_from_parameter(parameter) for parameter in operation.parameters]
    path = [argument for argument in parameters if argument.positional]
    keyword = [argument for argument in parameters if not argument.positional]
    body = _from_body(operation.body) if operation.body else []
    return path + sorted(keyword + body, key=lambda argument: not argument.required)


def _from_parameter(parameter: Parameter) -> Argument:
    return Argument(
        name=parameter.name,
        wire=parameter.wire,
        role=parameter.location,
        type=parameter.type,
        required=parameter.required or parameter.location == "path",
        description=parameter.description,
        deprecated=parameter.deprecated,
        example=parameter.example,
        file=False,
    )


def _from_body(body: RequestBody) -> list[Argument]:
    if body.fields is not None:
        return [_from_field(field, body) for field in body.fields]
    return [
        Argument(
            name=body.argument or "body",
            wire="",
            role="body",
            type=body.type,
            required=body.required,
            description=body.description,
            deprecated=False,
            example=body.examples[0].value if body.examples else None,
            file=body.codec in ("binary", "multipart"),
        )
    ]


def _from_field(field: Field, body: RequestBody) -> Argument:
    values = [example.value for example in body.examples]
    examples = [cast("dict[str, object]", value) for value in values if isinstance(value, dict)]
    return Argument(
        name=field.name,
        wire=field.wire,
        role="field",
        type=field.type,
        required=field.required and body.required,
        description=field.description,
        deprecated=field.deprecated,
        example=examples[0].get(field.wire) if examples else None,
        file=body.codec in ("binary", "multipart"),
    )


def can_be_nothing(operation: Operation) -> bool:
    """Whether a successful call may give None for want of a body."""
    outcomes = (
        operation.result is not None
        or operation.may_not_modify
        or operation.may_redirect
        or succeeds_in_part(operation)
    )
    return operation.may_be_empty or not outcomes


def succeeds_in_part(operation: Operation) -> bool:
    """Whether a result of the call says what became of each item that was sent."""
    return any(response.partial is not None for response in operation.responses)


def returns_redirect(response: Response, operation: Operation) -> bool:
    """Whether a declared redirect is a result and no error."""
    return operation.may_redirect and is_redirect_result(response.status, operation.method)


def allows_none(expression: TypeExpr) -> bool:
    """Whether JSON null is a value of the type."""
    if isinstance(expression, UnionType):
        return any(allows_none(member) for member in expression.members)
    return expression == ScalarType("None")
