"""A failure as something to run: a call of the client in Python, and the request as curl; credentials as variables."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import cast

from clientsmith.conform.client.call_inputs import CallInputs, NoSuchArgumentError, arguments_for
from clientsmith.conform.client.package import ClientPackage
from clientsmith.conform.model import Mode
from clientsmith.traffic.curl import curl_of_request
from clientsmith.traffic.message import HttpRequest, HttpResponse

_LONGEST = 4_000


def python_of(
    package: ClientPackage,
    operation: str,
    inputs: CallInputs,
    mode: Mode,
    response: HttpResponse | str | None,
    attempts: int,
) -> str:
    """A script that makes the call against the answer that was given; run it beside the folder of the package.

    `response` may be the name of an error of httpx, for a network that fails in the place of an answer.
    """
    try:
        arguments = arguments_for(package, operation, inputs, {})
    except NoSuchArgumentError:
        return ""
    extra = getattr(arguments.pop("options", None), "extra_body", None)
    written = [f"{name}={_literal(value)}" for name, value in arguments.items()]
    if extra:
        written.append(f"options=CallOptions(extra_body={_literal(extra)})")
    client = package.client if mode == "sync" else package.async_client
    call = f"client.{package.operations[operation].method}({', '.join(written)})"
    imported = [client, *(["CallOptions"] if extra else []), *(["Retries"] if attempts > 1 else [])]
    lines = [
        *(["import asyncio"] if mode == "async" else []),
        *(["import datetime"] if "datetime." in call else []),
        "from decimal import Decimal",
        "import httpx",
        f"from {package.folder.rstrip('/').rpartition('/')[2]} import {', '.join(imported)}",
        "def answer(request):",
        "    print(request, request.content)",
        f"    {_answer(response)}",
        "transport = httpx.MockTransport(answer)",
        f"client = {client}({_settings(package, attempts)})",
        f"print({call})" if mode == "sync" else f"print(asyncio.run({call}))",
    ]
    text = "\n".join(lines)
    return text if len(text) <= _LONGEST else ""


def _settings(package: ClientPackage, attempts: int) -> str:
    """The arguments that the client is made with."""
    credentials = [f'{one}="..."' for names in package.credentials.values() for one in names]
    retries = f"Retries(attempts={attempts}, first_delay=0)" if attempts > 1 else "None"
    return ", ".join([*credentials, "transport=transport", f"retries={retries}"])


def _answer(response: HttpResponse | str | None) -> str:
    if isinstance(response, str):
        return f'raise httpx.{response}("placed here")'
    answer = HttpResponse(200) if response is None else response
    headers = [pair for pair in answer.headers if pair[0].lower() != "content-length"]
    return f"return httpx.Response({answer.status}, headers={headers!r}, content={answer.body!r})"


def _literal(value: object) -> str:
    if isinstance(value, Decimal):
        return f'Decimal("{value}")'
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, memoryview):
        return f"memoryview({value.tobytes()!r})"
    if isinstance(value, Iterator):
        return f"iter({_literal(list(cast('Iterator[object]', value)))})"
    if isinstance(value, dict):
        members = cast("dict[str, object]", value).items()
        return "{" + ", ".join(f"{key!r}: {_literal(item)}" for key, item in members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, cast("list[object]", value))) + "]"
    return repr(value)


def curl_of(request: HttpRequest, secret: str) -> str:
    """The request as curl; whatever holds the secret is a variable."""
    scheme, _, rest = request.target.partition("://")
    host, slash, path = rest.partition("/")
    return curl_of_request(replace(request, target=slash + path), f"{scheme}://{host}", secret=secret)
