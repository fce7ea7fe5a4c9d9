"""One call through the sync and the async client of a package: what was sent, and what came of it.

Both clients have to send the same bytes and give the same outcome; every call made here proves it.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx
from pydantic import BaseModel

from tests.behavior.packages import Package, package_of

URL = "https://base.example.com"


@dataclass(frozen=True)
class Answer:
    """What the server says."""

    status: int = 200
    body: bytes = b""
    content_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> httpx.Response:
        headers = dict(self.headers)
        if self.content_type is not None:
            headers["content-type"] = self.content_type
        return httpx.Response(self.status, content=self.body, headers=headers)


NOTHING = Answer(204)


def json_answer(value: Any, status: int = 200, content_type: str = "application/json") -> Answer:
    """A value as an answer in JSON."""
    return text_answer(json.dumps(value), status, content_type)


def text_answer(text: str, status: int = 200, content_type: str = "application/json") -> Answer:
    """A body as it stands, digit by digit."""
    return Answer(status, text.encode(), content_type)


@dataclass(frozen=True)
class Exchange:
    """A request as it left, and the result of the call."""

    request: httpx.Request
    result: Any

    @property
    def content(self) -> bytes:
        return self.request.content

    @property
    def raw_path(self) -> str:
        return self.request.url.raw_path.decode().partition("?")[0]

    @property
    def raw_query(self) -> str:
        return self.request.url.query.decode()

    @property
    def query(self) -> list[tuple[str, str]]:
        """The pairs of the query as a server reads them."""
        return _pairs(self.raw_query)

    @property
    def form(self) -> list[tuple[str, str]]:
        """The pairs of a form body as a server reads them."""
        return _pairs(self.content.decode())

    @property
    def json(self) -> Any:
        return json.loads(self.content)


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text))


def call(
    package: Package | str,
    method: str,
    *arguments: Any,
    answer: Answer = NOTHING,
    settings: dict[str, Any] | None = None,
    **keywords: Any,
) -> Exchange:
    """Call `resource.method` on both clients; an exception of the call is raised if both raise it."""
    if isinstance(package, str):
        package = package_of(package)
    sent: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return answer.response()

    options = {"transport": httpx.MockTransport(handle), "retries": None, **(settings or {})}
    first = _outcome(lambda: _sync(package, options, method, arguments, keywords))
    second = _outcome(lambda: asyncio.run(_async(package, options, method, arguments, keywords)))
    _same_requests(sent)
    if isinstance(first, Exception):
        assert type(first) is type(second), (first, second)
        raise first
    assert first == second
    assert len(sent) == 2
    return Exchange(sent[0], first)


def _sync(
    package: Package, options: dict[str, Any], method: str, arguments: Any, keywords: dict[str, Any]
) -> Any:
    with package.client_class()(**options) as client:
        bound = _method(client, method)
        return bound(*arguments, **_named(bound, keywords))


async def _async(
    package: Package, options: dict[str, Any], method: str, arguments: Any, keywords: dict[str, Any]
) -> Any:
    async with package.client_class(asynchronous=True)(**options) as client:
        bound = _method(client, method)
        return await bound(*arguments, **_named(bound, keywords))


def _method(client: Any, name: str) -> Any:
    resource, _, method = name.partition(".")
    return getattr(getattr(client, resource), method)


def _named(bound: Any, keywords: dict[str, Any]) -> dict[str, Any]:
    """Arguments by their names in Python: one that models need for themselves, such as `list`, has an underscore."""
    known = inspect.signature(bound).parameters
    return {
        name if name in known else f"{name}_" if f"{name}_" in known else name: one
        for name, one in keywords.items()
    }


def _outcome(run: Any) -> Any:
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        try:
            return run()
        except Exception as error:
            return error


def _same_requests(sent: list[httpx.Request]) -> None:
    if sent:
        first, second = sent
        assert (first.method, str(first.url), first.headers, first.content) == (
            second.method, str(second.url), second.headers, second.content
        )  # fmt: skip


def plain(result: Any) -> Any:
    """A result as JSON values under wire names, only with what was there."""
    if isinstance(result, BaseModel):
        result = result.model_dump(by_alias=True, exclude_unset=True)
    if isinstance(result, (list, tuple)):
        return [plain(item) for item in cast("Sequence[Any]", result)]
    return {key: plain(item) for key, item in result.items()} if isinstance(result, dict) else result
