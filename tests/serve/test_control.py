"""The control interface: what it tells, what it changes, and who may change it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from clientsmith.serve.server import ThreadedServer
from tests.serve.served import FETCH, REPORT, exchange, fetch, serving

JSON = {"Content-Type": "application/json"}
OURS = {"X-Clientsmith": "1"}


@pytest.fixture(scope="module")
def one_server() -> Iterator[ThreadedServer]:
    with serving() as server:
        yield server


@pytest.fixture
def server(one_server: ThreadedServer) -> Iterator[ThreadedServer]:
    yield one_server
    one_server.reset()


def ask(
    server: ThreadedServer,
    method: str,
    path: str,
    value: object = None,
    headers: dict[str, str] = OURS,
) -> tuple[int, Any]:
    body = None if value is None else json.dumps(value).encode()
    status, _, answer = fetch(server, method, f"/__clientsmith{path}", body, headers)
    return status, json.loads(answer) if answer else None


def test_the_state_names_operations_scenarios_and_faults(server: ThreadedServer) -> None:
    status, state = ask(server, "GET", "/state")
    assert status == 200
    assert state["url"] == f"{server.url}/v1"
    assert state["title"] == "Twilio Marketplace API for publishers"
    assert {one["id"] for one in state["operations"]} == {"fetchListing", "updateListing", "reportUsage"}
    assert "not-installed" in [one["name"] for one in state["scenarios"]]
    assert state["active"] == state["faults"] == []
    assert "refuse[:SECONDS]" in [one["form"] for one in state["known_faults"]]


def test_a_scenario_is_switched_on_and_off(server: ThreadedServer) -> None:
    status, state = ask(server, "PUT", "/scenario", {"name": "not-found", "operation": "fetchListing"}, JSON)
    assert (status, state["active"]) == (200, [{"operation": "fetchListing", "name": "not-found"}])
    assert fetch(server)[0] == 404
    assert ask(server, "PUT", "/scenario", {"name": None, "operation": "fetchListing"}, JSON)[0] == 200
    assert fetch(server)[0] == 200


def test_a_scenario_that_does_not_exist_is_told_with_those_that_do(server: ThreadedServer) -> None:
    status, problem = ask(server, "PUT", "/scenario", {"name": "not-instaled"}, JSON)
    assert status == 404
    assert "not-installed" in problem["detail"]


def test_faults_are_switched_on_counted_and_switched_off(server: ThreadedServer) -> None:
    status, added = ask(server, "POST", "/faults", {"fault": "server-error:502@fetchListing#1"}, JSON)
    assert status == 201
    assert [fetch(server)[0], fetch(server)[0]] == [502, 200]
    listed = ask(server, "GET", "/state")[1]["faults"]
    assert listed == [{"id": added["id"], "fault": "server-error:502@fetchListing#1", "seen": 2, "hit": 1}]
    assert ask(server, "DELETE", f"/faults/{added['id']}") == (204, None)
    assert ask(server, "DELETE", f"/faults/{added['id']}")[0] == 404
    ask(server, "POST", "/faults", {"fault": "garbage"}, JSON)
    assert ask(server, "DELETE", "/faults") == (204, None)
    assert fetch(server)[0] == 200


@pytest.mark.parametrize(
    "value", [{"fault": "trunkate"}, {"fault": "delay@nothing"}, {"fault": 7}, {"wrong": "x"}, {}, [], "x"]
)
def test_a_fault_that_cannot_be_is_refused(server: ThreadedServer, value: object) -> None:
    status, problem = ask(server, "POST", "/faults", value, JSON)
    assert status == 400
    assert problem["detail"]
    assert ask(server, "GET", "/state")[1]["faults"] == []


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused(server: ThreadedServer, body: bytes) -> None:
    assert fetch(server, "POST", "/__clientsmith/faults", body, JSON)[0] == 400


def test_the_log_tells_what_was_asked_and_what_was_wrong_with_it(server: ThreadedServer) -> None:
    fetch(server)
    fetch(server, "POST", REPORT, b'{"billable_items":[]}', JSON | {"X-Clientsmith-Fault": "server-error"})
    fetch(server, "POST", REPORT, b'{"billable_items":7}', JSON)
    log = ask(server, "GET", "/log")[1]
    first, second, third = log["entries"]
    assert (first["method"], first["target"], first["status"]) == ("GET", FETCH, 200)
    assert first["operation"] == "fetchListing"
    assert second["fault"] == "server-error"
    assert third["findings"][0]["pointer"] == "/billable_items"
    after = ask(server, "GET", f"/log?after={second['number']}")[1]
    assert [entry["number"] for entry in after["entries"]] == [third["number"]]
    assert ask(server, "GET", "/log?limit=1")[1]["entries"] == [third]
    assert ask(server, "GET", "/log?after=x")[0] == 400


def test_the_log_is_a_har_too_and_can_be_cleared(server: ThreadedServer) -> None:
    fetch(server)
    har = ask(server, "GET", "/log?format=har")[1]
    assert har["log"]["version"] == "1.2"
    assert ask(server, "DELETE", "/log") == (204, None)
    assert ask(server, "GET", "/log")[1]["entries"] == []


def test_asking_for_the_state_is_not_logged(server: ThreadedServer) -> None:
    ask(server, "GET", "/state")
    assert ask(server, "GET", "/log")[1]["entries"] == []


def test_a_reset_goes_back_to_the_start(server: ThreadedServer) -> None:
    ask(server, "POST", "/faults", {"fault": "garbage"}, JSON)
    ask(server, "PUT", "/scenario", {"name": "not-found"}, JSON)
    state = ask(server, "POST", "/reset")[1]
    assert state["faults"] == state["active"] == []
    assert fetch(server)[0] == 200
    ask(server, "POST", "/faults", {"fault": "server-error"}, JSON)
    assert fetch(server)[0] == 500


def test_unknown_paths_and_methods_are_told(server: ThreadedServer) -> None:
    assert ask(server, "GET", "/nothing")[0] == 404
    status, headers, _ = fetch(server, "PATCH", "/__clientsmith/faults", headers=OURS)
    assert (status, headers["allow"]) == (405, "DELETE, POST")
    assert fetch(server, "GET", "/__clientsmithing")[0] == 404
    assert fetch(server, "GET", "/__clientsmith/")[0] == 200


CHANGES = [
    ("DELETE", "/log"),
    ("PUT", "/scenario"),
    ("POST", "/faults"),
    ("DELETE", "/faults"),
    ("POST", "/reset"),
]


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_a_page_of_another_origin_changes_nothing(server: ThreadedServer, method: str, path: str) -> None:
    foreign: tuple[dict[str, str], ...] = (
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        OURS | {"Origin": "http://evil.example"},
        JSON | {"Origin": "null"},
        OURS | {"Origin": server.url.replace("http:", "https:")},
        OURS | {"Origin": "http://127.0.0.1:1"},
        OURS | {"Sec-Fetch-Site": "cross-site"},
        OURS | {"Sec-Fetch-Site": "same-site"},
    )
    for headers in foreign:
        status, problem = ask(server, method, path, headers=headers)
        assert status == 403, headers
        assert problem["detail"]


def test_our_own_page_may_change_things(server: ThreadedServer) -> None:
    assert (
        ask(server, "POST", "/reset", headers=JSON | {"Origin": server.url, "Sec-Fetch-Site": "same-origin"})[
            0
        ]
        == 200
    )


@pytest.mark.parametrize("path", ["", "/state", "/log"])
def test_a_name_that_somebody_pointed_here_is_not_served(server: ThreadedServer, path: str) -> None:
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "[", "localhost.evil.example"):
        request = f"GET /__clientsmith{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        assert b"HTTP/1.1 403 " in exchange(server, request), host
    for host in ("localhost", "127.0.0.1:8080", "[::1]:80"):
        request = f"GET /__clientsmith{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        assert b"HTTP/1.1 200 " in exchange(server, request), host


def test_no_answer_is_readable_by_another_origin(server: ThreadedServer) -> None:
    _, headers, _ = fetch(server, "GET", "/__clientsmith/state", headers={"Origin": "http://evil.example"})
    assert not [name for name in headers if name.startswith("access-control-")]
    status, headers, _ = fetch(
        server, "OPTIONS", "/__clientsmith/faults", headers={"Origin": "http://evil.example"}
    )
    assert status == 405
    assert not [name for name in headers if name.startswith("access-control-")]
