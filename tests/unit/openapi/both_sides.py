"""The two sides of a document: what the generated client sends, and what the server reads in a request.

The client is what the emitters would write down, put together without them: the model of the API and the runtime.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx

from clientsmith import runtime
from clientsmith.api.builder import build
from clientsmith.api.model import api as model
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.runtime import UNSET
from clientsmith.traffic.check import CheckedRequest, MessageChecker
from clientsmith.traffic.message import HttpRequest
from tests.unit.api.apis import resolved
from tests.unit.runtime.small_api import one_call


class BothSides:
    """One operation of a document, as the client calls it and as the server checks it."""

    def __init__(self, tmp_path: Path, operation: dict[str, Any], path: str = "/p", **more: Any) -> None:
        answers = {"responses": {"204": {"description": ""}}}
        paths = {path: {"post": {"operationId": "op", **answers, **operation}}}
        document = resolved({"openapi": "3.2.0", "paths": paths, **more}, tmp_path)
        self.diagnostics = Diagnostics()
        self.api = build(document, Config(), self.diagnostics).api
        self.checker = MessageChecker(document)

    @property
    def operation(self) -> model.Operation:
        """The operation in the model of the API."""
        assert self.api is not None, list(self.diagnostics)
        return self.api.resources[0].operations[0]

    def request(self, *arguments: Any, body: Any = UNSET) -> HttpRequest:
        """What the client sends."""
        made = one_call(called(self.operation), arguments, body)
        return as_received(made)

    def checked(self, *arguments: Any, body: Any = UNSET) -> CheckedRequest:
        """What the server reads in it."""
        return self.checker.check_request(self.request(*arguments, body=body))


def as_received(request: httpx.Request) -> HttpRequest:
    headers = tuple((name.decode(), value.decode("latin-1")) for name, value in request.headers.raw)
    return HttpRequest(request.method, request.url.raw_path.decode(), headers, request.read())


def called(operation: model.Operation) -> runtime.Operation[Any]:
    """The constant that the package has for an operation, values of any type."""
    parameters = tuple(
        runtime.Parameter(
            one.wire, one.location, Any, one.required, one.style, one.explode, one.allow_reserved,
            one.allow_empty, one.media_type,
        )
        for one in operation.parameters
    )  # fmt: skip
    return runtime.Operation(
        id=operation.id,
        method=operation.method,
        path=operation.path,
        parameters=parameters,
        body=None if operation.body is None else sent(operation.body),
        responses=tuple(runtime.Response(one.status) for one in operation.responses),
    )


def sent(
    body: model.RequestBody,
) -> runtime.JsonBody | runtime.TextBody | runtime.BinaryBody | runtime.FormBody | runtime.MultipartBody:
    """What the constant of an operation says of its body, values of any type."""
    if body.codec in ("form", "multipart"):
        encodings = tuple(
            runtime.Encoding(one.wire, one.content_type, one.style, one.explode, one.allow_reserved)
            for one in body.encodings
        )
        kind = runtime.FormBody if body.codec == "form" else runtime.MultipartBody
        return kind(body.media_type, Any, body.required, encodings=encodings)
    plain = {"json": runtime.JsonBody, "text": runtime.TextBody, "binary": runtime.BinaryBody}
    return plain[body.codec](body.media_type, Any, body.required)


def parameter(location: str, schema: dict[str, Any], name: str = "v", **more: Any) -> dict[str, Any]:
    """A Parameter Object that is required."""
    return {"name": name, "in": location, "required": True, "schema": schema, **more}


def exact(value: Any) -> Any:
    """A value as the server has it."""
    return json.loads(json.dumps(value))
