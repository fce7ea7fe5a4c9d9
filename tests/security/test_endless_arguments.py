"""What cannot be sent, deep, endless or too much, is refused before sending, whatever it is part of."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from clientsmith.runtime import (
    AsyncResource,
    CallOptions,
    ClientError,
    FormBody,
    JsonBody,
    MultipartBody,
    OpenRequestModel,
    Operation,
    Outcome,
    Parameter,
    RequestModel,
    RequestValidationError,
    Resource,
    ResponseModel,
)
from clientsmith.runtime.types import taken_apart
from tests.unit.runtime.small_api import JSON, UNSET, Server, operation_with


class Node(RequestModel):
    child: Node | None = None
    kids: list[Node] | None = None


class OpenNode(OpenRequestModel):
    child: OpenNode | None = None


class ReceivedNode(ResponseModel):
    child: ReceivedNode | None = None


def nested(depth: int) -> Any:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"child": value}
    return value


def listed(depth: int) -> Any:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"kids": [value]}
    return value


def instances(depth: int, kind: type[Any] = Node) -> Any:
    value = kind()
    for _ in range(depth):
        value = kind.model_construct(_fields_set={"child"}, child=value)
    return value


def endless() -> Any:
    value: dict[str, Any] = {}
    value["child"] = value
    return value


def endless_instance(kind: type[Any] = Node) -> Any:
    value = kind()
    value.child = value
    return value


def endless_list() -> Any:
    value: list[Any] = []
    value.append(value)
    return {"kids": value}


def shared(levels: int = 60) -> Any:
    """A value that is small in memory and has 2 to the power of its levels parts."""
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"kids": [value, value]}
    return value


def shared_instances(levels: int = 60) -> Any:
    value = Node()
    for _ in range(levels):
        value = Node.model_construct(_fields_set={"kids"}, kids=[value, value])
    return value


VALUES: dict[str, Callable[[], Any]] = {
    "90 instances in lists": lambda: {"kids": [instances(300)]},
    "deep": lambda: nested(3000),
    "deep lists": lambda: listed(3000),
    "deep instances": lambda: instances(300),
    "deeper instances": lambda: instances(3000),
    "deep instances of another class": lambda: instances(300, ReceivedNode),
    "endless": endless,
    "endless list": endless_list,
    "endless instance": endless_instance,
    "endless instance of an open class": lambda: endless_instance(OpenNode),
    "endless instance in a list": lambda: {"kids": [endless_instance(ReceivedNode)]},
    "shared": shared,
    "shared instances": shared_instances,
}
ANY: Any = dict[str, Any]
PLACES: dict[str, Callable[[Any], tuple[Operation[Any], tuple[Any, ...], Any, CallOptions | None]]] = {
    "model": lambda value: (operation_with(body=JsonBody(JSON, Node)), (), value, None),
    "open model": lambda value: (operation_with(body=JsonBody(JSON, OpenNode)), (), value, None),
    "any": lambda value: (operation_with(body=JsonBody(JSON, Any)), (), value, None),
    "form": lambda value: (
        operation_with(body=FormBody("application/x-www-form-urlencoded", ANY)), (), {"x": value}, None),
    "multipart": lambda value: (
        operation_with(body=MultipartBody("multipart/form-data", ANY)), (), {"x": value}, None),
    "whole multipart": lambda value: (
        operation_with(body=MultipartBody("multipart/form-data", Node)), (), value, None),
    "extra body": lambda value: (
        operation_with(body=JsonBody(JSON, ANY)), (), {}, CallOptions(extra_body={"x": value})),
    "extra query": lambda value: (operation_with(), (), UNSET, CallOptions(extra_query={"x": value})),
    "query": lambda value: (operation_with(Parameter("q", "query", Any)), (value,), UNSET, None),
    "deep query": lambda value: (
        operation_with(Parameter("q", "query", Any, style="deepObject")), (value,), UNSET, None),
    "header": lambda value: (operation_with(Parameter("X-Q", "header", Any, style="simple")), (value,), UNSET, None),
    "cookie": lambda value: (operation_with(Parameter("q", "cookie", Any)), (value,), UNSET, None),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", VALUES)
def test_what_cannot_be_sent_is_refused_before_sending(
    value: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taken_apart, "MOST_VALUES", 20_000)
    operation, arguments, body, options = PLACES[place](VALUES[value]())
    server = Server(httpx.Response(204))
    with pytest.raises(RequestValidationError) as caught:
        Resource(server.client())._call(operation, arguments, body, options=options)
    assert caught.value.outcome is Outcome.NOT_SENT and not server.requests
    assert str(caught.value).startswith("probe: ") and len(str(caught.value)) < 5_000


@pytest.mark.parametrize("depth", [30, 90, 150])
def test_what_is_deep_and_can_be_sent_is_sent_or_refused(depth: int) -> None:
    for value in (nested(depth), listed(depth), instances(depth)):
        server = Server(httpx.Response(204))
        try:
            Resource(server.client())._call(operation_with(body=JsonBody(JSON, Node)), (), value)
        except ClientError as error:
            refused: ClientError | None = error
        else:
            refused = None
        assert (refused is None) == bool(server.requests)
        assert refused is None or refused.outcome is Outcome.NOT_SENT


def test_wide_values_are_sent() -> None:
    server = Server(httpx.Response(204))
    wide = {"kids": [{"kids": [{}] * 20}] * 200}
    Resource(server.client())._call(operation_with(body=JsonBody(JSON, Node)), (), wide)
    assert server.request.content.count(b"{}") == 4000


def deep_in_the_stack(frames: int, work: Callable[[], Any]) -> Any:
    return deep_in_the_stack(frames - 1, work) if frames else work()


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_a_stack_that_is_nearly_full_refuses_too(asynchronous: bool) -> None:
    operation, server = operation_with(body=JsonBody(JSON, Any)), Server(httpx.Response(204))
    room = sys.getrecursionlimit() - len(list(frames_here())) - 400

    async def call() -> None:
        async with server.async_client() as client:
            await AsyncResource(client)._call(operation, (), nested(390))

    def work() -> None:
        if not asynchronous:
            Resource(server.client())._call(operation, (), nested(390))
        else:
            asyncio.run(call())

    with pytest.raises(RequestValidationError, match="deep"):
        deep_in_the_stack(room, work)
    assert not server.requests


def frames_here() -> Any:
    frame: Any = sys._getframe()
    while frame:
        yield frame
        frame = frame.f_back
