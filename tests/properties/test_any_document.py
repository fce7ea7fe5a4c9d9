"""Any document gives Python that imports, and whose models take what its schemas allow, without loss, both ways."""

from __future__ import annotations

import json
from decimal import Decimal
from types import ModuleType
from typing import Any

import httpx
import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.properties.documents import documents
from tests.properties.instances import EndlessError, Instances
from tests.properties.packages import deterministic, imported, tree_of

_VALUES_PER_SCHEMA = 3


@deterministic(45)
@given(documents(), st.data())
def test_values_travel_both_ways(document: dict[str, Any], data: st.DataObject) -> None:
    components = document["components"]["schemas"]
    instances = Instances(data.draw, components)
    with imported(tree_of(document)) as package:
        server = Server()
        with _client(package, server) as client:
            for number, key in enumerate(components):
                valid = _validator(document, key)
                for _ in range(_VALUES_PER_SCHEMA):
                    try:
                        value = instances.of(components[key])
                    except EndlessError:
                        break
                    if valid.is_valid(value):
                        check_response(client, server, number, value, valid)
                        check_request(client, server, number, value)


class Server:
    """Answers with what it was given, and keeps what it got."""

    def __init__(self) -> None:
        self.answer: Any = None
        self.received: Any = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.received = exact(json.loads(request.content, parse_float=Decimal))
            return httpx.Response(204)
        return httpx.Response(
            200, content=json.dumps(self.answer), headers={"content-type": "application/json"}
        )


def check_response(client: Any, server: Server, number: int, value: Any, valid: Any) -> None:
    """What the server sends comes out as it was, with a key that nobody knows, which the schema may refuse in requests."""
    server.answer = value
    result = _method(client, f"get{number}")()
    assert exact(_plain(result)) == exact(value)
    _send_back(client, server, number, result)
    if isinstance(result, BaseModel):
        server.answer = {**value, "nobody knows": [1, {"a": None}]}
        result = _method(client, f"get{number}")()
        assert exact(_plain(result)) == exact(server.answer)
        if valid.is_valid(server.answer):
            _send_back(client, server, number, result)


def _send_back(client: Any, server: Server, number: int, result: Any) -> None:
    """What was received can be sent as it is, with all that nobody knows."""
    _method(client, f"send{number}")(body=[result])
    assert server.received == exact([server.answer])


def check_request(client: Any, server: Server, number: int, value: Any) -> None:
    """What is allowed is accepted, and the server reads what was passed."""
    _method(client, f"send{number}")(body=[value])
    assert server.received == exact([value])


def exact(value: Any) -> Any:
    """A value in a form in which only what is equal as JSON is equal: true is not 1, and 1.0 is."""
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value]
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return ("number", float(value), int(value))
    return (type(value).__name__, value)


def _plain(result: Any) -> Any:
    if isinstance(result, BaseModel):
        return result.model_dump(by_alias=True, exclude_unset=True)
    if isinstance(result, list):
        return [_plain(item) for item in result]
    return {key: _plain(item) for key, item in result.items()} if isinstance(result, dict) else result


def _client(package: ModuleType, server: Server) -> Any:
    return package.RandomClient(transport=httpx.MockTransport(server))


def _method(client: Any, name: str) -> Any:
    found = [
        getattr(resource, name)
        for attribute, resource in vars(client).items()
        if not attribute.startswith("_") and hasattr(resource, name)
    ]
    assert len(found) == 1
    return found[0]


def _validator(document: dict[str, Any], key: str) -> jsonschema_rs.Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{key}", "components": document["components"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=False)
