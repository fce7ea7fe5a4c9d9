"""A small API written as generated code writes it, with clients on a mock transport; shared by the runtime's tests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from typing import Annotated, Any

import httpx
from pydantic import Field

from clientsmith.runtime import (
    UNSET,
    AsyncJournaledClient,
    AsyncResource,
    CallOptions,
    Configuration,
    Encoding,
    FormBody,
    JournaledClient,
    JsonBody,
    Media,
    NotModified,
    Operation,
    Parameter,
    RequestModel,
    Resource,
    Response,
    ResponseDecodeError,
    ResponseModel,
    SecurityScheme,
    Settings,
)
from clientsmith.runtime.messages.body import Body

SID = "XB" + "a" * 32
ADD_ON = "XE" + "b" * 32
ITEM = "BI" + "c" * 32
BASE = "https://api.example.com"


class ListingUpdate(RequestModel):
    module_info: Annotated[ModuleInfoUpdate | None, Field(alias="ModuleInfo")] = None
    pricing: Annotated[dict[str, Any] | None, Field(alias="Pricing")] = None


class ModuleInfoUpdate(RequestModel):
    name: str | None = None
    tagline: str | None = None


class BillableItem(RequestModel):
    sid: Annotated[str, Field(pattern="^BI[0-9a-fA-F]{32}$")]
    quantity: Annotated[Decimal, Field(gt=0)]


class UsageReport(RequestModel):
    billable_items: list[BillableItem]


class ModuleInfo(ResponseModel):
    name: str | None = None
    tag: str | None = None


class Listing(ResponseModel):
    sid: str | None = None
    module_info: ModuleInfo | None = None


class UsageItem(ResponseModel):
    sid: str | None = None
    quantity: Decimal | None = None


class UsageResult(ResponseModel):
    total_submitted: Decimal
    billable_items: list[UsageItem]


class Error(ResponseModel):
    code: int | None = None
    message: str | None = None


JSON = "application/json"
_ERROR = (Media(JSON, "json", Error),)
_ERRORS = (
    Response("404", _ERROR),
    Response("429", _ERROR, not_processed=True),
    Response("503", _ERROR, not_processed=True),
    Response("default", _ERROR),
)
_SID = Parameter(
    "Sid",
    "path",
    Annotated[str, Field(pattern="^XB[0-9a-fA-F]{32}$")],
    required=True,
    style="simple",
    explode=False,
)
FETCH: Operation[Listing] = Operation(
    id="fetchListing",
    method="GET",
    path="/v1/Listing/{Sid}",
    parameters=(_SID,),
    responses=(Response("200", (Media(JSON, "json", Listing),)), *_ERRORS),
    security=(("basicAuth",),),
)
UPDATE: Operation[Listing | NotModified] = Operation(
    id="updateListing",
    method="POST",
    path="/v1/Listing/{Sid}",
    parameters=(_SID,),
    body=FormBody(
        "application/x-www-form-urlencoded",
        ListingUpdate,
        encodings=(
            Encoding("ModuleInfo", content_type=JSON),
            Encoding("Pricing", content_type=JSON),
        ),
    ),
    responses=(Response("200", (Media(JSON, "json", Listing),)), Response("304"), *_ERRORS),
    security=(("basicAuth",),),
)
REPORT: Operation[UsageResult] = Operation(
    id="reportUsage",
    method="POST",
    path="/v1/InstalledAddOns/{Sid}/Usage",
    parameters=(Parameter("Sid", "path", str, required=True, style="simple", explode=False),),
    body=JsonBody(JSON, UsageReport, required=True),
    responses=(Response("202", (Media(JSON, "json", UsageResult),)), *_ERRORS),
    security=(("basicAuth",),),
    bills=True,
)


class Listings(Resource):
    def fetch(self, sid: str, *, options: CallOptions | None = None) -> Listing:
        return self._call(FETCH, (sid,), options=options)

    def update(
        self, sid: str, *, module_info: Any = UNSET, pricing: Any = UNSET, options: CallOptions | None = None
    ) -> Listing | NotModified:
        return self._call(UPDATE, (sid,), {"ModuleInfo": module_info, "Pricing": pricing}, options=options)


class Usages(Resource):
    def report(self, sid: str, *, billable_items: Any, options: CallOptions | None = None) -> UsageResult:
        return self._call(REPORT, (sid,), {"billable_items": billable_items}, options=options)


class AsyncListings(AsyncResource):
    async def fetch(self, sid: str, *, options: CallOptions | None = None) -> Listing:
        return await self._call(FETCH, (sid,), options=options)

    async def update(
        self, sid: str, *, module_info: Any = UNSET, pricing: Any = UNSET, options: CallOptions | None = None
    ) -> Listing | NotModified:
        return await self._call(
            UPDATE, (sid,), {"ModuleInfo": module_info, "Pricing": pricing}, options=options
        )


class AsyncUsages(AsyncResource):
    async def report(
        self, sid: str, *, billable_items: Any, options: CallOptions | None = None
    ) -> UsageResult:
        return await self._call(REPORT, (sid,), {"billable_items": billable_items}, options=options)


CONFIGURATION = Configuration(
    title="Small",
    base_url=BASE,
    user_agent="small/1.0",
    schemes=(
        SecurityScheme(
            "basicAuth",
            "basic",
            arguments=("api_key", "api_secret"),
            environment=(("SMALL_KEY", "SMALL_SECRET"), ("SMALL_ACCOUNT", "SMALL_TOKEN")),
        ),
    ),
    requires_credentials=True,
)


def grouped(arguments: dict[str, Any]) -> dict[str, Any]:
    """Constructor arguments with the settings among them put together, as generated constructors do it."""
    known = {item.name for item in fields(Settings)}
    settings = Settings(**{name: value for name, value in arguments.items() if name in known})
    return {"settings": settings} | {name: value for name, value in arguments.items() if name not in known}


class Client(JournaledClient):
    def __init__(self, api_key: str | None = None, api_secret: str | None = None, **more: Any) -> None:
        super().__init__(
            configuration=CONFIGURATION, credentials={"basicAuth": (api_key, api_secret)}, **grouped(more)
        )
        self.listings = Listings(self)
        self.usages = Usages(self)


class AsyncSmallClient(AsyncJournaledClient):
    def __init__(self, api_key: str | None = None, api_secret: str | None = None, **more: Any) -> None:
        super().__init__(
            configuration=CONFIGURATION, credentials={"basicAuth": (api_key, api_secret)}, **grouped(more)
        )
        self.listings = AsyncListings(self)
        self.usages = AsyncUsages(self)


class Server:
    """A mock transport that answers one way and keeps what it was sent."""

    def __init__(
        self, answer: httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]
    ) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self._handle)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        if isinstance(self.answer, httpx.Response):
            return self.answer
        return self.answer(request)

    @property
    def request(self) -> httpx.Request:
        return self.requests[-1]

    def client(self, **more: Any) -> Client:
        return Client("SKkey", "canary-secret", transport=self.transport, **{"retries": None, **more})

    def async_client(self, **more: Any) -> AsyncSmallClient:
        return AsyncSmallClient(
            "SKkey", "canary-secret", transport=self.transport, **{"retries": None, **more}
        )


def wire(request: httpx.Request) -> tuple[str, str, list[tuple[bytes, bytes]], bytes]:
    """Everything that goes over the wire for a request."""
    return request.method, str(request.url), request.headers.raw, request.content


def one_call(
    operation: Operation[Any],
    arguments: tuple[Any, ...],
    body: Any = UNSET,
    options: CallOptions | None = None,
) -> httpx.Request:
    """The request that a call of an operation sends; the async client must send the same."""
    server = Server(lambda _: httpx.Response(204))
    with contextlib.suppress(ResponseDecodeError):  # a 204 is not what every operation declares
        Resource(server.client())._call(operation, arguments, body, options=options)

    async def again() -> None:
        async with server.async_client() as client:
            with contextlib.suppress(ResponseDecodeError):
                await AsyncResource(client)._call(operation, arguments, body, options=options)

    asyncio.run(again())
    assert wire(server.requests[0]) == wire(server.requests[1])
    return server.requests[0]


def operation_with(
    *parameters: Parameter, path: str = "/p", body: Body | None = None, **more: Any
) -> Operation[None]:
    """An operation that answers 204."""
    return Operation(
        id="probe",
        method="POST" if body else "GET",
        path=path,
        parameters=parameters,
        body=body,
        responses=(Response("204"),),
        **more,
    )
