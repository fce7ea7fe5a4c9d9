"""The view of the client module: the configuration, the constructors and the resources that hang on a client."""

from __future__ import annotations

import re
from collections.abc import Mapping

from clientsmith import __version__
from clientsmith.api.model.api import Api, SecurityScheme
from clientsmith.emit.templates.views import ClientClass, ClientModule
from clientsmith.emit.text.docstrings import INDENT, one_line
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.literals import docstring, paragraphs, string, tuple_of
from clientsmith.emit.text.type_text import ABC, RUNTIME, TYPING

_RUNTIME = f".{RUNTIME}"
_RUNTIME_NAMES = ("AttemptHook", "Configuration", "Limits", "Retries", "Settings", "UNSET", "Unset")
_SETTINGS = ("base_url", "allow_http", "timeout", "deadline", "headers", "retries")
"""The arguments that each client passes on to its base class as they are."""
OPTIONAL_SETTINGS = ("validation", "check_requests")
_BASES = {
    (False, False): "SyncClient",
    (False, True): "AsyncClient",
    (True, False): "JournaledClient",
    (True, True): "AsyncJournaledClient",
}
"""Base classes, by whether an operation bills and whether the client is asynchronous."""
_NOT_IN_TOKEN = re.compile(r"[^A-Za-z0-9.+_~-]+")


def client_module(api: Api) -> ClientModule:
    """The view that client.py.j2 renders."""
    imports = Imports({api.client_class, api.async_client_class})
    resource_names = {
        name: imports.symbol(f".resources.{module}", name) for name, module in _origins(api).items()
    }
    settings = tuple(name for name in OPTIONAL_SETTINGS if takes(api, name))
    optional = {
        "ResponseSchemas": bool(api.response_schemas),
        "Validation": "validation" in settings,
        "RequestSchemas": bool(api.request_schemas),
    }
    used = (*_RUNTIME_NAMES, *(name for name, is_used in optional.items() if is_used))
    names = {name: imports.symbol(_RUNTIME, name) for name in used}
    names |= {name: imports.symbol(ABC, name) for name in ("Mapping", "Sequence")}
    names["Final"] = imports.symbol(TYPING, "Final")
    names["httpx"] = imports.module("httpx")
    schemes = tuple(_scheme(scheme, imports) for scheme in api.security_schemes)
    return ClientModule(
        docstring=docstring([f"The clients for {one_line(api.title) or api.package}."], ""),
        names=names,
        title=string(one_line(api.title)),
        base_url=string(api.base_url) if api.base_url is not None else "None",
        base_url_argument="str" if api.base_url is None else "str | None = None",
        allow_http=api.allow_http,
        facts=_facts(api, names),
        user_agent=string(user_agent(api)),
        schemes=schemes,
        requires_credentials=api.requires_credentials,
        validates=bool(api.response_schemas),
        checks=bool(api.request_schemas),
        settings=(*_SETTINGS, *settings, "limits", "hooks"),
        credential_arguments=tuple(
            f"{name}: str | None = None" for scheme in api.security_schemes for name in scheme.arguments
        ),
        credentials=_credentials(api),
        classes=(_client(api, imports, resource_names, False), _client(api, imports, resource_names, True)),
        imports=imports.render(),
    )


def takes(api: Api, setting: str) -> bool:
    """Whether clients have one of the optional settings; with schemas to check they always do."""
    schemas = api.response_schemas if setting == "validation" else api.request_schemas
    return bool(schemas) or setting in api.settings


def _facts(api: Api, names: Mapping[str, str]) -> dict[str, str]:
    facts = {
        "bills": "True" if bills(api) else "",
        "decimals": "True" if api.decimals else "",
        "schemas": f"{names['ResponseSchemas']}(_response_schemas)" if api.response_schemas else "",
        "request_schemas": f"{names['RequestSchemas']}(_request_schemas)" if api.request_schemas else "",
        "servers": tuple_of(map(string, api.servers)) if api.servers else "",
        "common_path": string(api.common_path) if api.common_path else "",
    }
    return {name: text for name, text in facts.items() if text}


def bills(api: Api) -> bool:
    """Whether an operation bills, so that a client takes a journal."""
    return any(operation.bills for resource in api.resources for operation in resource.operations)


def user_agent(api: Api) -> str:
    """The User-Agent value of generated clients; only characters that a product token may hold."""
    product = _NOT_IN_TOKEN.sub("-", api.package.replace("_", "-")).strip("-") or "client"
    version = _NOT_IN_TOKEN.sub("-", api.version).strip("-") or "0"
    return f"{product}/{version} clientsmith/{'.'.join(__version__.split('.')[:2])}"


def _origins(api: Api) -> dict[str, str]:
    return {
        name: resource.module
        for resource in api.resources
        for name in (resource.class_name, resource.async_class_name)
    }


def _client(api: Api, imports: Imports, resource_names: dict[str, str], asynchronous: bool) -> ClientClass:
    httpx = imports.module("httpx")
    prefix = "Async" if asynchronous else ""
    base = imports.symbol(_RUNTIME, _BASES[bills(api), asynchronous])
    return ClientClass(
        name=api.async_client_class if asynchronous else api.client_class,
        base=base,
        docstring=docstring(_class_text(api, asynchronous), INDENT),
        init_docstring=docstring(_async_init_text(api) if asynchronous else _init_text(api), INDENT * 2),
        http_client=f"{httpx}.{prefix}Client",
        transport=f"{httpx}.{prefix}BaseTransport",
        journal=imports.symbol(_RUNTIME, f"{prefix}Journal") if bills(api) else None,
        resources=tuple(
            (r.name, resource_names[r.async_class_name if asynchronous else r.class_name])
            for r in api.resources
        ),
    )


def _scheme(scheme: SecurityScheme, imports: Imports) -> str:
    parts = [string(scheme.key), string(scheme.kind)]
    parts.append(f"arguments={tuple_of(string(name) for name in scheme.arguments)}")
    if scheme.environment:
        environment = tuple_of(tuple_of(string(name) for name in names) for names in scheme.environment)
        parts.append(f"environment={environment}")
    if scheme.kind == "api-key":
        parts += [f"location={string(scheme.location)}", f"wire={string(scheme.wire)}"]
    return f"{imports.symbol(_RUNTIME, 'SecurityScheme')}({', '.join(parts)})"


def _credentials(api: Api) -> str:
    pairs = [f"{string(scheme.key)}: {tuple_of(scheme.arguments)}" for scheme in api.security_schemes]
    return "{" + ", ".join(pairs) + "}"


def _class_text(api: Api, asynchronous: bool) -> list[str]:
    kind = "Asynchronous client" if asynchronous else "Client"
    lines = [f"{kind} for {one_line(api.title) or api.package}.", ""]
    for sentence in credential_sentences(api):
        lines += paragraphs(sentence)
    if api.requires_credentials:
        lines += paragraphs("Without credentials, construction raises an error.")
    close = "`async with` or `await client.aclose()`" if asynchronous else "`with` or `client.close()`"
    return [*lines, "", f"Use {close} to close its connections."]


def credential_sentences(api: Api) -> list[str]:
    """How each kind of credentials is found, one sentence each."""
    sentences: list[str] = []
    for scheme in api.security_schemes:
        arguments = " and ".join(f"`{name}`" for name in scheme.arguments)
        places = [" and ".join(f"`{one_line(name)}`" for name in names) for names in scheme.environment]
        found = f", else from the environment: {', then '.join(places)}" if places else ""
        sentences.append(f"Credentials come from {arguments}{found}.")
    return sentences


def _init_text(api: Api) -> list[str]:
    lines = ["Make a client.", "", "Args:"]
    arguments = {
        name: f"{one_line(scheme.description) or 'Credential.'}"
        for scheme in api.security_schemes
        for name in scheme.arguments
    }
    arguments |= {
        "base_url": "Where the service is; replaces the address that the API's description gives.",
        "allow_http": "Whether credentials may go over plain http to the service itself; never through a proxy.",
        "timeout": "Seconds, or an `httpx.Timeout`, for each step of an attempt; None disables the timeout.",
        "deadline": "Seconds for a whole call, every attempt and pause included; None sets no limit.",
        "headers": "Headers to send with each call.",
        "retries": "How often and how patiently calls are tried; None means once.",
    }
    if takes(api, "validation"):
        arguments["validation"] = "What becomes of answers that break the API's description but can be read."
    if takes(api, "check_requests"):
        arguments["check_requests"] = "Whether requests are checked against what the models do not check."
    arguments["limits"] = "What is taken at most: bytes and depth of an answer, connections."
    if bills(api):
        arguments["journal"] = (
            "Where billing calls are written down before they are sent and after they ended."
        )
    arguments |= {
        "hooks": "Called as each attempt starts and ends, for tracing and metrics.",
        "http_client": "An `httpx.Client` of your own; you remain responsible for closing it.",
        "transport": "A transport of your own, closed with this client.",
    }
    for name, text in arguments.items():
        lines += paragraphs(f"{name}: {text}", indent=INDENT, hanging=INDENT * 2)
    return lines


def _async_init_text(api: Api) -> list[str]:
    others = ["`journal`"] if bills(api) else []
    kinds = ", ".join([*others, "`http_client`"])
    text = f"The arguments are those of `{api.client_class}`, with asyncio kinds of {kinds} and `transport`."
    return ["Make a client.", "", *paragraphs(text)]
