"""Servers: the base URL, and operations that live elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api.conftest import Build


def at(servers: Any, path_servers: Any = None, own: Any = None) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": "op", "responses": {"204": {"description": ""}}}
    item: dict[str, Any] = {
        "get": operation,
        "put": {"operationId": "other", "responses": {"204": {"description": ""}}},
    }
    if own is not None:
        operation["servers"] = own
    if path_servers is not None:
        item["servers"] = path_servers
    return {"paths": {"/x": item}, "servers": servers}


@pytest.mark.parametrize(
    ("server", "url"),
    [
        ({"url": "https://a.example"}, "https://a.example"),
        ({"url": "https://a.example/v1/"}, "https://a.example/v1"),
        ({"url": "http://localhost:8000"}, "http://localhost:8000"),
        ({"url": "https://{r}.a.example/{v}", "variables": {"r": {"default": "eu"}, "v": {"default": "v1"}}}, "https://eu.a.example/v1"),
        ({"url": "https://{r}.a.example"}, None),
        ({"url": "/v1"}, None),
        ({"url": "//a.example"}, None),
        ({"url": "ftp://a.example"}, None),
        ({"url": ""}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_the_base_url_is_the_first_server_that_is_absolute(api: Build, server: Any, url: str | None) -> None:
    assert api(at([server, {"url": "https://second.example"}])).made.base_url == url


def test_no_servers_give_no_base_url(api: Build) -> None:
    assert api(at([])).made.base_url is None


def test_an_operation_may_have_a_server_of_its_own(api: Build) -> None:
    made = api(at([{"url": "https://a.example"}], own=[{"url": "https://b.example"}]))
    assert {key: item.server for key, item in made.operations.items()} == {
        "op": "https://b.example",
        "other": None,
    }


def test_the_server_of_a_path_holds_for_its_operations(api: Build) -> None:
    made = api(
        at([{"url": "https://a.example"}], [{"url": "https://b.example"}], [{"url": "https://a.example"}])
    )
    assert {key: item.server for key, item in made.operations.items()} == {
        "op": None,
        "other": "https://b.example",
    }


def test_a_server_that_all_operations_share_is_the_base_url(api: Build) -> None:
    made = api(at([], path_servers=[{"url": "https://b.example"}]))
    assert made.made.base_url == "https://b.example"
    assert {item.server for item in made.operations.values()} == {None}


def test_a_server_that_no_client_can_find_is_named(api: Build) -> None:
    made = api(at([{"url": "https://a.example"}], own=[{"url": "wss://b.example"}]))
    assert made.operations["op"].server is None
    assert made.ids() == ["server-ignored"]
