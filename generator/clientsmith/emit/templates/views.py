"""What each template is given: frozen values of finished text, so that a template decides layout and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OperationView:
    """The constant that describes one operation; every text is an expression."""

    constant: str
    result: str
    id: str
    method: str
    path: str
    parameters: tuple[str, ...]
    body: str | None
    responses: tuple[str, ...]
    security: str
    bills: bool
    idempotent: bool | None
    server: str | None


@dataclass(frozen=True, slots=True)
class OverloadView:
    """One way to call a method, as type checkers see it; `deprecated` is the message of one that is, else empty."""

    arguments: tuple[str, ...]
    deprecated: str


@dataclass(frozen=True, slots=True)
class MethodView:
    """One method: `arguments` is its parameter list after `self`, `call` what it hands to the runtime.

    `deprecated` is the message of a method that is, else empty. If arguments have old names there are `overloads`, and
    `renamed` are pairs of an argument and what gives its value.
    """

    name: str
    arguments: tuple[str, ...]
    result: str
    docstring: str
    async_docstring: str
    call: tuple[str, ...]
    deprecated: str
    overloads: tuple[OverloadView, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceClass:
    """One of the two classes of a resource; both have the same methods."""

    name: str
    base: str
    docstring: str
    asynchronous: bool


@dataclass(frozen=True, slots=True)
class ResourceModule:
    """resource.py.j2: one module of operations with its two classes."""

    docstring: str
    imports: str
    names: Mapping[str, str]
    classes: tuple[ResourceClass, ...]
    operations: tuple[OperationView, ...]
    methods: tuple[MethodView, ...]


@dataclass(frozen=True, slots=True)
class PackageModule:
    """package.py.j2: the `__init__.py` of the whole package.

    `shown` are the public names of the runtime if a client is called like another one of them, else None. `release` and
    `features` are those that a shared runtime has to have; `release` is None for a runtime of its own.
    """

    docstring: str
    clients: tuple[str, ...]
    shown: tuple[str, ...] | None
    release: str | None
    features: str
    renamed: tuple[tuple[str, str], ...] = ()
    """Old names of clients, each with the name of today."""


@dataclass(frozen=True, slots=True)
class ExportsModule:
    """exports.py.j2: the `__init__.py` of a folder inside the package."""

    docstring: str
    imports: str
    exported: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClientClass:
    """One client class; `resources` are pairs of attribute and class."""

    name: str
    base: str
    docstring: str
    init_docstring: str
    http_client: str
    transport: str
    journal: str | None
    resources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ClientModule:
    """client.py.j2: the configuration and the two client classes; `settings` are arguments that are passed on."""

    docstring: str
    imports: str
    names: Mapping[str, str]
    title: str
    base_url: str
    base_url_argument: str
    allow_http: bool
    facts: Mapping[str, str]
    """Further arguments of the configuration, which have defaults."""
    user_agent: str
    schemes: tuple[str, ...]
    requires_credentials: bool
    validates: bool
    checks: bool
    settings: tuple[str, ...]
    credential_arguments: tuple[str, ...]
    credentials: str
    classes: tuple[ClientClass, ...]


@dataclass(frozen=True, slots=True)
class InputView:
    """One entry of the inputs module: a class body of `fields`, or an expression where that cannot be or an `alias`."""

    name: str
    docstring: str
    fields: tuple[str, ...]
    expression: str | None
    alias: bool = False


@dataclass(frozen=True, slots=True)
class InputsModule:
    """inputs.py.j2: the dict types that request arguments take beside model instances."""

    docstring: str
    imports: str
    names: Mapping[str, str]
    inputs: tuple[InputView, ...]
    tail: str = ""
    """What the module ends with if some have old names."""


@dataclass(frozen=True, slots=True)
class ReferenceMethod:
    """One operation of the reference page; every text is Markdown, parameters and statuses are rows of tables."""

    heading: str
    signature: str
    summary: str
    description: str
    parameters: tuple[tuple[str, str, str, str], ...]
    example: str
    result: str
    statuses: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]
    request: str


@dataclass(frozen=True, slots=True)
class ReferenceResource:
    """One resource of the reference page."""

    heading: str
    description: str
    methods: tuple[ReferenceMethod, ...]


@dataclass(frozen=True, slots=True)
class ReferencePage:
    """REFERENCE.md.j2: the page that is vendored with the package."""

    title: str
    description: str
    package: str
    client: str
    async_client: str
    construction: str
    async_construction: str
    raw_response: str
    option_use: str
    error_handling: str
    base_url: str
    allow_http: bool
    credentials: tuple[str, ...]
    requires_credentials: bool
    bills: bool
    validates: bool
    checks: bool
    resources: tuple[ReferenceResource, ...]
    renamed: tuple[tuple[str, str], ...] = ()
    """Old names that still work, each with the name of today."""
