"""The frozen, language-ready model of an API: dataclasses only, every Python name final, nothing of OpenAPI left in it.

The builder makes it, the emitters read it. Types are small expression trees; schemas are either classes with fields
(`ModelClass`) or names for a type expression (`TypeAlias`). Order in every tuple is the order of the output.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from typing import TypeAlias as Alias

from clientsmith.api.model.types import Field, Schema, TypeExpr
from clientsmith.openapi.own_members import OwnMembers

ParameterLocation: Alias = Literal["path", "query", "header", "cookie"]
ParameterStyle: Alias = Literal[
    "simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject", "cookie"
]
Base64Place: Alias = tuple[str | None, ...]
"""Steps into a value: names, or None for any name and any index."""
Codec: Alias = Literal["json", "form", "multipart", "text", "binary"]


@dataclass(frozen=True, slots=True)
class Example:
    """A documentation example: any JSON value."""

    name: str
    summary: str
    value: object


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation. `media_type` is set if the document gives `content` instead of a style."""

    wire: str
    name: str
    location: ParameterLocation
    type: TypeExpr
    required: bool
    style: ParameterStyle
    explode: bool
    allow_reserved: bool = False
    allow_empty: bool = False
    media_type: str | None = None
    description: str = ""
    deprecated: bool = False
    example: object = None
    hints: tuple[tuple[str, str], ...] = ()
    """Hints on a refused value: a pattern in the syntax of Rust's `regex`, and the text to add if it is found."""
    schema_key: str | None = None
    """The `EmbeddedSchema` that says more than the type checks."""
    members: OwnMembers | None = None
    """Set if its value may be an object that is written member by member."""
    base64: tuple[Base64Place, ...] = ()
    """Where bytes are sent in base64 although the type does not say so."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one property of a form or multipart body is written (OpenAPI Encoding Object)."""

    wire: str
    content_type: str | None = None
    style: ParameterStyle | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    warn_above: int | None = None
    """Bytes of the value above which the client warns before it sends."""
    members: OwnMembers | None = None
    """Set if its value may be an object that is written member by member."""


@dataclass(frozen=True, slots=True)
class RequestBody:
    """The request body: `fields` holds keyword arguments if an object's properties are spread over the method,
    else the body is one argument called `argument`.
    """

    media_type: str
    codec: Codec
    type: TypeExpr
    required: bool
    fields: tuple[Field, ...] | None
    argument: str | None
    encodings: tuple[Encoding, ...] = ()
    description: str = ""
    examples: tuple[Example, ...] = ()
    takes_any: bool = False
    """Whether a file may be sent instead of JSON: the document names neither a media type nor a schema."""
    schema_key: str | None = None
    """The `EmbeddedSchema` that says more than the type checks."""
    base64: tuple[Base64Place, ...] = ()
    """Where bytes are sent in base64 although the type does not say so."""


@dataclass(frozen=True, slots=True)
class ResponseMedia:
    """One media type of a response. `type` is what the decoder returns, `schema_key` names its `EmbeddedSchema`.

    The client does not ask for one that is not `requested`, and reads it if the service answers in it.
    """

    media_type: str
    codec: Literal["json", "text", "binary"]
    type: TypeExpr
    schema_key: str | None = None
    requested: bool = True


@dataclass(frozen=True, slots=True)
class EmbeddedSchema:
    """A JSON Schema (2020-12) as JSON text, reduced to what validation needs; a `$ref` in it is the key of another.

    Patterns are in the syntax of Rust's `regex`. `unchecked` marks a schema of which something is left out.
    """

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class PartialSuccess:
    """How a response says what became of each item that was sent; paths are wire names, from the body down.

    `match` are the properties that say which sent item an answered one is, `accepted` the one that is true where it was
    accepted. `amount` is summed over those, and the answer has the sum at `total`; both are there or neither.
    """

    sent: tuple[str, ...]
    received: tuple[str, ...]
    accepted: str
    match: tuple[str, ...]
    sent_item: TypeExpr
    received_item: TypeExpr
    amount: str | None = None
    total: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """One declared response: `status` is "200", "4XX" or "default"; no media means that no body is due.

    With `partial` the decoded body is given back as part of a `PartialSuccess` of the runtime.
    """

    status: str
    description: str
    media: tuple[ResponseMedia, ...]
    not_processed: bool = False
    examples: tuple[Example, ...] = ()
    partial: PartialSuccess | None = None
    notification: str = ""
    """What the answer raises in another service, as text."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """An old name that still works, and the name of today."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One API call. `security` is a list of alternatives, each a set of scheme keys; an empty set means anonymous.

    `result` is the union of what the success responses decode to, but for those that can succeed in part (`partial`);
    `may_not_modify` adds the not-modified outcome (304), `may_redirect` a redirect; `may_be_empty` says that a success
    response without a body is declared. `idempotent` overrides what the method says about making a call twice.
    """

    id: str
    name: str
    constant: str
    method: str
    path: str
    pointer: str
    summary: str
    description: str
    deprecated: bool
    parameters: tuple[Parameter, ...]
    body: RequestBody | None
    responses: tuple[Response, ...]
    security: tuple[tuple[str, ...], ...]
    result: TypeExpr | None
    may_not_modify: bool
    may_be_empty: bool
    bills: bool
    may_redirect: bool = False
    server: str | None = None
    idempotent: bool | None = None
    renamed: tuple[Renamed, ...] = ()
    """Old names of arguments."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A group of operations: an attribute of the client, a module, and two classes (sync and async)."""

    name: str
    module: str
    class_name: str
    async_class_name: str
    description: str
    operations: tuple[Operation, ...]
    renamed: tuple[Renamed, ...] = ()
    """Old names of methods, whose new names (`resource.method`) may be of another resource."""


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """Credentials as constructor arguments: two for basic, one for everything else.

    `environment` holds alternatives in order; each names one variable per argument.
    """

    key: str
    kind: Literal["basic", "bearer", "api-key"]
    arguments: tuple[str, ...]
    environment: tuple[tuple[str, ...], ...] = ()
    location: Literal["header", "query", "cookie"] = "header"
    wire: str = "Authorization"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Api:
    """Everything the emitters need to know of an API."""

    title: str
    version: str
    description: str
    package: str
    client_class: str
    async_client_class: str
    base_url: str | None
    security_schemes: tuple[SecurityScheme, ...]
    requires_credentials: bool
    """True where every operation needs credentials, so that a client without any is refused at construction."""
    resources: tuple[Resource, ...]
    schemas: tuple[Schema, ...]
    response_schemas: tuple[EmbeddedSchema, ...] = ()
    request_schemas: tuple[EmbeddedSchema, ...] = ()
    """The schemas of bodies and parameters that say more than the models check, and what they refer to."""
    servers: tuple[str, ...] = ()
    """The other documented servers, with `{name}` for a variable that can be anything."""
    common_path: str = ""
    """What all paths begin with, without parameters."""
    allow_http: bool = False
    decimals: bool = False
    """Whether numbers without a type are read as Decimals."""
    renamed_classes: tuple[Renamed, ...] = ()
    renamed_clients: tuple[Renamed, ...] = ()
    exports: tuple[str, ...] = ()
    """The names of the runtime that the package exports."""
    settings: tuple[str, ...] = ()
    """The arguments of a client that not every package has."""
