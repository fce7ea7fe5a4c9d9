"""The engine of schemathesis: the document as it reads it, its settings, and the credentials that it sends."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import schemathesis

from clientsmith.conform.client.credentials import tokens_of
from clientsmith.conform.contract.both_ends.plain_document import plain_document
from clientsmith.conform.run.context import Context
from clientsmith.input_file import stream_number
from clientsmith.openapi import media_type

_LEFT_OUT_CHECKS = (
    "positive_data_acceptance",
    "ignored_auth",
    "use_after_free",
    "ensure_resource_availability",
    "response_schema_conformance",
)
"""Of servers, not of clients: which status a valid request gets, and whether a call without credentials is refused.

The last one is made here, with exact numbers: schemathesis reads `prefixItems` as a draft-7 `items` and stops there.
"""


def engine_schema(context: Context, spec: str, *, examples: int, number: int) -> Any:
    """The document for the engine as it has been read: its listed values are those that every other part goes by."""
    openapi: Any = schemathesis.openapi
    if opaque := _opaque_types(context):
        schemathesis.serializer.alias(opaque, "application/octet-stream")
    schema = openapi.from_dict(plain_document(context), config=_config(context, examples, number))
    name = spec if stream_number(spec) is None else "openapi.yaml"
    schema.location = (Path.cwd() / name).as_uri()
    return schema


def _opaque_types(context: Context) -> list[str]:
    """The media types of request bodies that are sent as bytes; schemathesis knows only a few of them."""
    declared = {media_type.essence(one) for found in context.operations() for one in found.body_contents}
    opaque = {one for one in declared if media_type.codec(one) == "binary"}
    return sorted(one for one in opaque if "*" not in one and not one.endswith(("/xml", "+xml")))


def _config(context: Context, examples: int, number: int) -> Any:
    headers, parameters = _credentials(context)
    config: Any = schemathesis.Config
    return config.from_dict(
        {
            "continue-on-failure": True,
            "seed": number,
            "headers": headers,
            "parameters": parameters,
            # The app is this module: its constants say nothing of the service.
            "analysis": {"constants": {"enabled": False}},
            "generation": {"deterministic": True, "max-examples": examples, "database": "none"},
            # How many draws a schema costs says nothing about the client.
            "suppress-health-check": ["all"],
            "checks": {name: {"enabled": False} for name in _LEFT_OUT_CHECKS},
        }
    )


def _credentials(context: Context) -> tuple[dict[str, str], dict[str, str]]:
    """What schemathesis sends as credentials: headers, and parameters of other places."""
    headers: dict[str, str] = {}
    parameters: dict[str, str] = {}
    tokens = iter(tokens_of(context.package))
    token = next(tokens, "")
    for operation in context.operations():
        for credential in (one for alternative in operation.security for one in alternative):
            if credential.location == "header":
                is_basic = credential.prefix == "basic "
                sent = base64.b64encode(token.encode()).decode() if is_basic else token
                headers[credential.name] = f"{credential.prefix.capitalize()}{sent}"
            else:
                parameters[credential.name] = token
    return headers, parameters
