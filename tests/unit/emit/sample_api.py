"""Hand-made `Api` values: one like the Marketplace, one of odd things that real documents hold."""

from __future__ import annotations

import dataclasses
from typing import Any

from clientsmith.api.model.api import (
    Api,
    Encoding,
    Example,
    Operation,
    Parameter,
    PartialSuccess,
    RequestBody,
    Resource,
    Response,
    ResponseMedia,
    SecurityScheme,
)
from clientsmith.api.model.types import (
    NONE,
    STR,
    Choice,
    ConstrainedType,
    Constraints,
    Field,
    ListType,
    LiteralType,
    MapType,
    ModelClass,
    NamedType,
    ScalarType,
    TypeAlias,
    UnionType,
)

LISTING_SID = ConstrainedType(STR, Constraints(pattern="^XB[0-9a-fA-F]{32}$"))
ITEM_SID = ConstrainedType(STR, Constraints(pattern="^BI[0-9a-fA-F]{32}$"))
QUANTITY = ConstrainedType(ScalarType("Decimal"), Constraints(exclusive_minimum="0"))
INT = ScalarType("int")


def field(
    wire: str, type: Any, name: str | None = None, *, required: bool = False, description: str = ""
) -> Field:
    return Field(wire, name or wire, type, required=required, nullable=False, description=description)


def parameter(wire: str, location: Any, type: Any = STR, name: str | None = None, **more: Any) -> Parameter:
    style = {"path": "simple", "header": "simple"}.get(location, "form")
    values: dict[str, Any] = {
        "required": location == "path",
        "style": style,
        "explode": style == "form",
    } | more
    return Parameter(wire, name or wire.lower(), location, type, **values)


def json_response(status: str, type: Any, **more: Any) -> Response:
    return Response(status, f"Answer {status}.", (ResponseMedia("application/json", "json", type),), **more)


def operation(name: str, **more: Any) -> Operation:
    values: dict[str, Any] = {
        "id": name, "constant": f"_{name.upper()}", "method": "GET", "path": f"/{name}",
        "pointer": f"/paths/~1{name}/get", "summary": "", "description": "", "deprecated": False,
        "parameters": (), "body": None, "responses": (Response("204", "", ()),), "security": (), "result": None,
        "may_not_modify": False, "may_be_empty": False, "bills": False,
    }  # fmt: skip
    return Operation(name=name, **(values | more))


def json_body(type: Any, **more: Any) -> RequestBody:
    values: dict[str, Any] = {
        "media_type": "application/json", "codec": "json", "required": True, "fields": None, "argument": "body",
    }  # fmt: skip
    return RequestBody(type=type, **(values | more))


def resource(name: str, *operations: Operation, class_name: str | None = None) -> Resource:
    own = class_name or name.title().replace("_", "")
    return Resource(name, name, own, f"Async{own}", "", operations)


_ERROR_RESPONSES = (
    json_response("404", NamedType("Error")),
    json_response("429", NamedType("Error"), not_processed=True),
    json_response("default", NamedType("Error")),
)

MARKETPLACE = Api(
    title="Twilio Marketplace",
    version="1.0",
    description="Listings and *usage*.",
    package="twilio_marketplace",
    client_class="MarketplaceClient",
    async_client_class="AsyncMarketplaceClient",
    base_url="https://marketplace.twilio.com/v1",
    security_schemes=(
        SecurityScheme(
            "basicAuth", "basic", ("api_key", "api_secret"),
            (("TWILIO_API_KEY", "TWILIO_API_SECRET"), ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")),
        ),
    ),
    requires_credentials=True,
    resources=(
        resource(
            "listings",
            operation(
                "fetch",
                id="fetchListing",
                constant="_FETCH_LISTING",
                path="/Listing/{Sid}",
                summary="Fetch a listing",
                parameters=(parameter("Sid", "path", LISTING_SID, description="The listing's SID."),),
                responses=(json_response("200", NamedType("Listing")), *_ERROR_RESPONSES),
                security=(("basicAuth",),),
                result=NamedType("Listing"),
            ),
            operation(
                "update",
                id="updateListing",
                constant="_UPDATE_LISTING",
                method="POST",
                path="/Listing/{Sid}",
                summary="Update a listing",
                description="Sends what is given, nothing else.\n\n- one\n- two",
                parameters=(parameter("Sid", "path", LISTING_SID),),
                body=RequestBody(
                    "application/x-www-form-urlencoded", "form", NamedType("ListingUpdate"), required=False,
                    fields=(
                        field("ModuleInfo", NamedType("ModuleInfoUpdate"), "module_info", description="Name | logo"),
                        field("Pricing", NamedType("PricingUpdate"), "pricing"),
                    ),
                    argument=None,
                    encodings=(
                        Encoding("ModuleInfo", "application/json"), Encoding("Pricing", "application/json"),
                    ),
                    examples=(Example("a", "", {"ModuleInfo": {"name": "A name"}}),),
                ),
                responses=(
                    json_response("200", NamedType("Listing")), Response("304", "Not modified", ()), *_ERROR_RESPONSES,
                ),
                security=(("basicAuth",),),
                result=NamedType("Listing"),
                may_not_modify=True,
            ),
        ),
        resource(
            "usages",
            operation(
                "report",
                id="reportUsage",
                constant="_REPORT_USAGE",
                method="POST",
                path="/InstalledAddOns/{InstalledAddOnSid}/Usage",
                summary="Report usage",
                parameters=(
                    parameter(
                        "InstalledAddOnSid", "path",
                        ConstrainedType(STR, Constraints(pattern="^XE[0-9a-fA-F]{32}$")), "installed_add_on_sid",
                    ),
                ),
                body=json_body(
                    NamedType("UsageReport"),
                    fields=(
                        field("billable_items", ListType(NamedType("BillableItem")), required=True),
                    ),
                    argument=None,
                    examples=(
                        Example("a", "", {"billable_items": [{"sid": "BI" + "a" * 32, "quantity": 12.355}]}),
                    ),
                ),
                responses=(
                    json_response("202", NamedType("UsageResult")), Response("204", "Nothing.", ()), *_ERROR_RESPONSES,
                ),
                security=(("basicAuth",),),
                result=NamedType("UsageResult"),
                may_be_empty=True,
                bills=True,
            ),
        ),
    ),
    schemas=(
        ModelClass("BillableItem", "request", (
            field("sid", ITEM_SID, required=True), field("quantity", QUANTITY, required=True),
        ), open=False, pointer="/components/schemas/BillableItem"),
        ModelClass("Error", "response", (field("code", INT), field("message", STR)), open=True, pointer="/x"),
        ModelClass("Listing", "response", (field("sid", STR), field("url", STR)), open=True, pointer="/x"),
        ModelClass("ListingUpdate", "request", (
            field("ModuleInfo", NamedType("ModuleInfoUpdate"), "module_info"),
            field("Pricing", NamedType("PricingUpdate"), "pricing"),
        ), open=False, pointer="/x"),
        ModelClass("ModuleInfoUpdate", "request", (field("name", STR), field("tagline", STR)), open=False, pointer="/x"),
        ModelClass("PricingUpdate", "request", (field("body", STR),), open=False, pointer="/x"),
        ModelClass("UsageReport", "request", (
            field("billable_items", ListType(NamedType("BillableItem")), required=True),
        ), open=False, pointer="/x"),
        ModelClass("UsageResult", "response", (
            field("total_submitted", ScalarType("Decimal")), field("billable_items", ListType(NamedType("UsageItem"))),
        ), open=True, pointer="/x"),
        ModelClass("UsageItem", "response", (
            field("sid", STR), field("quantity", ScalarType("Decimal")), field("submitted", ScalarType("bool")),
        ), open=True, pointer="/x"),
    ),
)  # fmt: skip

BATCH = PartialSuccess(
    ("items",),
    ("lines",),
    "done",
    ("key",),
    NamedType("BatchItem"),
    NamedType("BatchLine"),
    "price",
    ("sums", "all"),
)
_NODE = NamedType("Node")

ODD = Api(
    title='Odd """things""" \\',
    version="2024-01 / β",
    description="",
    package="odd_things",
    client_class="Client",
    async_client_class="AsyncClient",
    base_url=None,
    security_schemes=(
        SecurityScheme("keyHeader", "api-key", ("key_header",), (), "header", "X-Key"),
        SecurityScheme("keyQuery", "api-key", ("key_query",), (("ODD_KEY",),), "query", "key"),
    ),
    requires_credentials=False,
    resources=(
        resource(
            "things",
            operation("list", result=ListType(NamedType("Thing")), responses=(json_response("200", ListType(NamedType("Thing"))),)),
            operation("dict", result=MapType(STR), responses=(json_response("200", MapType(STR)),)),
            operation("str", result=ListType(STR), responses=(json_response("200", ListType(STR)),)),
            operation("models", result=NamedType("Thing"), responses=(json_response("200", NamedType("Thing")),)),
            operation(
                "everything",
                path="/a/{id}/{kind}",
                deprecated=True,
                server="https://other.example.com/v2",
                security=((), ("keyHeader", "keyQuery")),
                parameters=(
                    parameter("id", "path", ConstrainedType(INT, Constraints(minimum="0.5", maximum="1e3")), "id"),
                    parameter("kind", "path", LiteralType(("a", 'b"\n', "c")), style="label"),
                    parameter("q", "query", ListType(STR), explode=False, style="pipeDelimited", allow_reserved=True),
                    parameter("filter", "query", MapType(INT), style="deepObject", explode=True),
                    parameter("since", "query", ScalarType("datetime"), required=True),
                    parameter("day", "query", UnionType((ScalarType("date"), NONE))),
                    parameter("json", "query", NamedType("Tree"), media_type="application/json"),
                    parameter("X-Trace", "header", UnionType((ConstrainedType(STR, Constraints(max_length=5)), NONE)), "x_trace"),
                    parameter("session", "cookie", NamedType("Money"), allow_empty=True, deprecated=True),
                ),
                responses=(Response("204", "Nothing.", ()),),
                may_be_empty=True,
            ),
            operation(
                "not_modified", responses=(Response("204", "", ()), Response("304", "", ())),
                may_not_modify=True, may_be_empty=True,
            ),
            class_name="Parameter",
        ),
        resource(
            "bodies",
            operation("put_json", method="PUT", body=json_body(_NODE), result=ScalarType("Any"),
                      responses=(json_response("2XX", ScalarType("Any")),)),
            operation("put_alias", method="PUT", body=json_body(NamedType("Tree"), required=False, argument="tree")),
            operation("put_map", method="PUT", body=json_body(MapType(NamedType("Weird")))),
            operation("put_money", method="PUT", body=json_body(ListType(NamedType("Money")))),
            operation("put_text", method="PUT", body=json_body(STR, media_type="text/plain", codec="text"), result=STR,
                      responses=(Response("200", "", (ResponseMedia("text/plain", "text", STR),)),)),
            operation("put_binary", method="PUT",
                      body=json_body(ScalarType("bytes"), media_type="application/octet-stream", codec="binary"),
                      result=ScalarType("bytes"),
                      responses=(Response("200", "", (ResponseMedia("image/png", "binary", ScalarType("bytes")),)),)),
            operation("put_files", method="PUT",
                      body=json_body(NamedType("Upload"), media_type="multipart/form-data", codec="multipart", argument=None,
                                     fields=(field("file", ScalarType("bytes"), required=True),
                                             field("more", ListType(ScalarType("bytes"))),
                                             field("note", STR)))),
            operation("put_items", method="PUT", body=json_body(NamedType("Batch")), idempotent=False,
                      responses=(json_response("202", NamedType("BatchAnswer"), partial=BATCH),)),
            operation("put_batch", method="PUT", body=json_body(NamedType("Batch")), result=NamedType("Thing"), may_be_empty=True,
                      responses=(json_response("200", NamedType("Thing")), json_response("202", NamedType("BatchAnswer"), partial=BATCH),
                                 Response("204", "", ()))),
        ),
    ),
    schemas=(
        ModelClass("Thing", "response", (field("id", STR),), open=True, pointer="/x"),
        ModelClass("Leaf", "request", (field("kind", STR, required=True), field("value", INT)), open=False, pointer="/x"),
        ModelClass("Branch", "request", (
            field("kind", STR, required=True), field("children", ListType(_NODE), required=True),
        ), open=False, pointer="/x"),
        ModelClass("Weird", "request", (
            field("@id", STR, "id_", required=True), field("class", INT, "class_"), field("__x", INT, "x"),
            field("self", NamedType("Weird"), "self_"), field("lit", LiteralType(('a"b', "c\\"))),
        ), open=False, pointer="/x"),
        ModelClass("Typed", "request", (field("str", STR, "str_"),), open=True, pointer="/x"),
        ModelClass("Free", "request", (), open=True, pointer="/x"),
        ModelClass("Upload", "request", (
            field("file", ScalarType("bytes"), required=True), field("more", ListType(ScalarType("bytes"))),
            field("note", STR),
        ), open=False, pointer="/x"),
        ModelClass("Batch", "request", (field("items", ListType(NamedType("BatchItem")), required=True),), open=False, pointer="/x"),
        ModelClass("BatchItem", "request", (field("key", STR, required=True),), open=False, pointer="/x"),
        ModelClass("BatchAnswer", "response", (field("lines", ListType(NamedType("BatchLine"))),), open=True, pointer="/x"),
        ModelClass("BatchLine", "response", (field("key", STR), field("done", ScalarType("bool"))), open=True, pointer="/x"),
        TypeAlias("Tree", "request", UnionType((NamedType("Leaf"), ListType(NamedType("Tree")))), "/x"),
        TypeAlias("Node", "request", UnionType((NamedType("Leaf"), NamedType("Branch"))), "/x",
                  choice=Choice("kind", (("branch", "Branch"), ("leaf", "Leaf")), overlapping=("Branch", "Leaf"))),
        TypeAlias("Money", "request", QUANTITY, "/x"),
    ),
)  # fmt: skip


def with_text(api: Api, text: str) -> Api:
    """The same API with `text` in every description-like position and in every name of the wire."""
    replaced = _replace(api, text)
    assert isinstance(replaced, Api)
    return replaced


_PROSE = frozenset({"description", "summary", "title", "pointer"})
_STRINGS = frozenset({"path", "media_type", "server", "base_url", "pattern"})


def _replace(value: object, text: str) -> object:
    if isinstance(value, tuple):
        return tuple(_replace(item, text) for item in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    changes: dict[str, object] = {}
    for each in dataclasses.fields(value):
        old = getattr(value, each.name)
        if (isinstance(old, str) and (each.name in _PROSE or each.name in _STRINGS)) or (
            isinstance(value, (Parameter, Encoding)) and each.name == "wire"
        ):
            changes[each.name] = text
        elif isinstance(value, LiteralType):
            changes[each.name] = tuple(text if isinstance(v, str) else v for v in value.values)
        elif isinstance(value, PartialSuccess) and each.name in ("sent", "received", "match", "total"):
            changes[each.name] = (text,)
        elif isinstance(value, Choice) and each.name == "members":
            changes[each.name] = tuple((text + known, name) for known, name in value.members)
        elif isinstance(value, PartialSuccess) and isinstance(old, str):
            changes[each.name] = text
        else:
            changes[each.name] = _replace(old, text)
    return dataclasses.replace(value, **changes)
