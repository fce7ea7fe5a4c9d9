"""What passes the recorder arrives as it was sent, is compared with the document, and comes back from the tape."""

from __future__ import annotations

import base64
import gzip
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.serve.server import ThreadedServer
from clientsmith.serve.service import Service
from clientsmith.traffic.message import HttpRequest
from tests.patience import PATIENCE
from tests.record.recorders import SPEC, RecorderThread
from tests.unit.record.raw_server import RawServer, answer
from tests.unit.traffic.recording import SPEC as VAULT
from tests.unit.traffic.recording import spec_file

LISTING = "/v1/Listing/XBaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
USAGE = "/v1/InstalledAddOns/XEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Usage"
CANARY = "canary-7f3a91c2-do-not-write"
JSON = "Content-Type: application/json"
LISTING_BODY = b'{"sid": "XBaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",\n  "pricing":null , "amount": 12.3550}'


def service(*tapes: Path, spec: Path = SPEC, strict: bool = False) -> Service:
    diagnostics = Diagnostics()
    opened = Service.open(spec, list(tapes), diagnostics, strict=strict)
    assert opened is not None, list(diagnostics)
    return opened


def test_what_was_recorded_from_a_server_is_replayed_byte_for_byte(tmp_path: Path) -> None:
    tape = tmp_path / "t.har"
    item = {"sid": "BI" + "a" * 32, "quantity": 12.355}
    calls = [
        ("GET", LISTING, {}, b""),
        ("POST", LISTING, {"Content-Type": "application/x-www-form-urlencoded"}, b"Pricing=%7B%22body%22%3A+%22x%22%7D"),
        ("POST", USAGE, {"Content-Type": "application/json"}, json.dumps({"billable_items": [item]}).encode()),
        ("POST", USAGE, {"Content-Type": "application/json"}, b'{"billable_items": []}'),
        ("POST", USAGE, {"Content-Type": "application/json", "Prefer": "example=notInstalled"}, b'{"billable_items": [{"sid": "BI00000000000000000000000000000000", "quantity": 1}]}'),
    ]  # fmt: skip
    live: list[httpx.Response] = []
    with (
        ThreadedServer(service()) as server,
        RecorderThread(server.url, tape) as recorder,
        httpx.Client(
            auth=("SK" + "b" * 32, CANARY), trust_env=False, timeout=PATIENCE, base_url=recorder.url
        ) as client,
    ):
        live += [
            client.request(method, path, headers=more, content=body) for method, path, more, body in calls
        ]
    assert CANARY.encode() not in tape.read_bytes()
    assert base64.b64encode(CANARY.encode()) not in tape.read_bytes()
    replayed = service(tape, strict=True)
    for (method, path, more, body), response in zip(calls, live, strict=True):
        headers = (
            *((name, value) for name, value in more.items() if name != "Prefer"),
            ("Authorization", "Basic eDp5"),
        )
        found = replayed.respond(HttpRequest(method, path, headers, body))
        assert found.source == "tape"
        assert found.response.body == response.content
        assert found.response.status == response.status_code
        assert found.response.header("content-type") == response.headers["content-type"]


def test_no_secret_of_any_kind_reaches_the_file(tmp_path: Path) -> None:
    tape = tmp_path / "t.har"
    login = json.dumps(
        {"user": "jo", "password": CANARY, "nested": {"passwords": [CANARY]}, "riddle": CANARY}
    )
    reply = json.dumps({"user": "jo", "token": CANARY, "echo": f"you are {CANARY}"}).encode()
    upstream = answer(reply, JSON, f"Set-Cookie: sid={CANARY}; Path=/", f"X-Trace: {CANARY}")
    with (
        RawServer(upstream) as server,
        RecorderThread(server.url, tape, spec=VAULT) as recorder,
        httpx.Client(
            auth=("user", CANARY), trust_env=False, timeout=PATIENCE, base_url=recorder.url
        ) as client,
    ):
        client.post(
            f"/login/T123456?k={CANARY}&access_token={CANARY}",
            content=login,
            headers={"Content-Type": "application/json"},
        )
        client.post("/login/T123456", data={"password": CANARY, "Login": login})
        client.post("/login/T123456", files={"password": (CANARY, CANARY.encode())})
        client.get(
            "/plain",
            headers={"X-Vault": CANARY, "Cookie": f"sid={CANARY}", "Referer": f"http://x/?sig={CANARY}"},
        )
        assert client.get(f"/unknown/{CANARY}").content == reply
    written = tape.read_bytes()
    assert len(json.loads(written)["log"]["entries"]) == 5
    assert CANARY.encode() not in written
    assert base64.b64encode(f"user:{CANARY}".encode()) not in written
    assert all(CANARY.encode() in request for request in server.requests), "the service gets every secret"


def test_a_call_that_was_redacted_is_known_again_whatever_its_secrets_are(tmp_path: Path) -> None:
    tape, spec = tmp_path / "t.har", spec_file(tmp_path)
    auth = ("Authorization", "Basic eDp5")
    sent = {"user": "jo", "password": CANARY, "nested": {"user": "x", "passwords": [CANARY, CANARY]}}
    form = urlencode({"Login": json.dumps(sent), "password": CANARY})
    replies = iter(b'{"user": "%d", "token": "%s"}' % (number, CANARY.encode()) for number in range(3))
    with (
        RawServer(lambda _: answer(next(replies), JSON)) as upstream,
        RecorderThread(upstream.url, tape, spec=VAULT) as recorder,
        httpx.Client(base_url=recorder.url, trust_env=False, timeout=PATIENCE, headers=[auth]) as client,
    ):
        client.post(f"/login/T111111?k={CANARY}&access_token={CANARY}", json=sent)
        client.post("/login/T111111", json={**sent, "user": "ann"})
        client.post(
            "/login/T111111", content=form, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
    replayed = service(tape, spec=spec, strict=True)

    def call(target: str, body: object, content_type: str = "application/json") -> tuple[int, object]:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = HttpRequest("POST", target, (auth, ("Content-Type", content_type)), content)
        response = replayed.respond(request).response
        return response.status, json.loads(response.body).get("user")

    other = json.loads(json.dumps(sent).replace(CANARY, "another-secret"))
    assert call("/login/T222222?k=x&access_token=y", other) == (200, "0")
    assert call("/login/T333333", {**other, "user": "ann"}) == (200, "1")
    assert call(
        "/login/T444444", form.replace(CANARY, "another-secret").encode(), "application/x-www-form-urlencoded"
    ) == (200, "2")
    assert call("/login/T222222", {**other, "user": "eve"})[0] == 501
    assert call("/login/T222222", {key: other[key] for key in ("user", "nested")})[0] == 501


def test_traffic_that_breaks_the_document_is_reported_and_passed_on(tmp_path: Path) -> None:
    def reply(request: bytes) -> bytes:
        if b"GET" in request:
            return answer(b'{"sid": 12}', JSON)
        return answer(b"<p>no</p>", "Content-Type: text/html", status="418 Teapot")

    with (
        RawServer(reply) as server,
        RecorderThread(server.url, tmp_path / "t.har") as recorder,
        httpx.Client(auth=("u", "p"), trust_env=False, timeout=PATIENCE, base_url=recorder.url) as client,
    ):
        assert client.get(LISTING).json() == {"sid": 12}
        assert client.post(USAGE, json={"billable_items": [{"sid": "x", "quantity": 0}]}).status_code == 418
        assert client.get("/v2/nothing").status_code == 200
        assert client.delete(LISTING).status_code == 418
        httpx.get(recorder.url + LISTING, trust_env=False, timeout=PATIENCE)
    told = [[(one.id, one.part, one.pointer) for one in passed.findings] for passed in recorder.passed]
    assert told[0] == [("invalid-body", "response body", "/sid")]
    assert {one[:2] for one in told[1]} >= {
        ("invalid-body", "request body"),
        ("undeclared-media-type", "response body"),
    }
    assert ("invalid-body", "request body", "/billable_items/0/quantity") in told[1]
    assert [one[:2] for one in told[2]] == [("unknown-operation", "request path")]
    assert [one[:2] for one in told[3]] == [("unknown-operation", "request method")]
    assert ("missing-credentials", "request credentials", "") in told[4]
    assert [passed.operation for passed in recorder.passed] == [
        "fetchListing",
        "reportUsage",
        None,
        None,
        "fetchListing",
    ]
    assert recorder.recorder.totals.findings == sum(map(len, told))


def test_a_tape_of_traffic_with_findings_is_refused_and_one_of_conforming_traffic_is_not(
    tmp_path: Path,
) -> None:
    tapes = {False: tmp_path / "all.har", True: tmp_path / "conforming.har"}
    for conforming_only, tape in tapes.items():
        bodies = iter([b'{"sid": 12}', LISTING_BODY])
        with (
            RawServer(lambda _, bodies=bodies: answer(next(bodies), JSON)) as server,
            RecorderThread(server.url, tape, conforming_only=conforming_only) as recorder,
        ):
            for _ in range(2):
                httpx.get(recorder.url + LISTING, auth=("u", "p"), trust_env=False, timeout=PATIENCE)
        assert [passed.is_taped for passed in recorder.passed] == [not conforming_only, True]
    assert Service.open(SPEC, [tapes[False]], Diagnostics()) is None
    request = HttpRequest("GET", LISTING, (("Authorization", "Basic eDp5"),))
    assert service(tapes[True], strict=True).respond(request).response.body == LISTING_BODY


def test_a_coded_body_passes_as_it_is_and_is_taped_without_its_coding(tmp_path: Path) -> None:
    tape = tmp_path / "t.har"
    coded = gzip.compress(LISTING_BODY)
    with (
        RawServer(answer(coded, JSON, "Content-Encoding: gzip")) as server,
        RecorderThread(server.url, tape) as recorder,
        httpx.stream(
            "GET", recorder.url + LISTING, auth=("u", "p"), trust_env=False, timeout=PATIENCE
        ) as response,
    ):
        assert b"".join(response.iter_raw()) == coded
        assert response.headers["content-encoding"] == "gzip"
    assert not recorder.passed[0].findings
    request = HttpRequest("GET", LISTING, (("Authorization", "Basic eDp5"),))
    assert service(tape, strict=True).respond(request).response.body == LISTING_BODY


def test_a_body_in_an_unknown_coding_passes_and_is_not_recorded(tmp_path: Path) -> None:
    tape = tmp_path / "t.har"
    with (
        RawServer(answer(b"\x0b\x02\x80x\x03", JSON, "Content-Encoding: br")) as server,
        RecorderThread(server.url, tape) as recorder,
    ):
        response = httpx.get(
            recorder.url + LISTING, headers={"Accept-Encoding": "br"}, trust_env=False, timeout=PATIENCE
        )
    assert response.status_code == 200
    assert "'br' cannot be read" in str(recorder.passed[0].failure)
    assert not json.loads(tape.read_bytes())["log"]["entries"]
    assert b"\r\nAccept-Encoding: identity\r\n" in server.requests[0]


def test_what_is_told_of_a_finding_holds_no_secret() -> None:
    reply = answer(b"x", f"Content-Type: text/x; token={CANARY}")
    with RawServer(reply) as upstream, RecorderThread(upstream.url, spec=VAULT) as recorder:
        httpx.get(
            f"{recorder.url}/plain?{CANARY}=1", headers={"X-Vault": CANARY}, trust_env=False, timeout=PATIENCE
        )
    told = recorder.passed[0].findings
    assert [one.id for one in told] == ["undeclared-parameter", "undeclared-media-type"]
    assert CANARY not in str(recorder.passed)


def test_an_upstream_that_gives_no_answer_is_a_502_and_nothing_is_recorded(tmp_path: Path) -> None:
    tape = tmp_path / "t.har"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with RecorderThread(f"http://127.0.0.1:{port}", tape) as recorder:
        response = httpx.get(recorder.url + LISTING + f"?token={CANARY}", trust_env=False, timeout=PATIENCE)
    assert response.status_code == 502
    assert response.headers["content-type"] == "application/problem+json"
    assert "cannot be reached" in response.json()["detail"]
    assert recorder.passed[0].failure == response.json()["detail"]
    assert CANARY not in str(recorder.passed)
    assert not json.loads(tape.read_bytes())["log"]["entries"]


def test_without_a_tape_everything_is_checked_and_nothing_written(tmp_path: Path) -> None:
    with RawServer(answer(b'{"sid": 12}', JSON)) as server, RecorderThread(server.url) as recorder:
        httpx.get(recorder.url + LISTING, auth=("u", "p"), trust_env=False, timeout=PATIENCE)
    assert [one.id for one in recorder.passed[0].findings] == ["invalid-body"]
    assert not recorder.passed[0].is_taped
    assert not list(tmp_path.iterdir())


def test_a_full_disk_stops_the_recording_and_not_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = tmp_path / "t.har"
    with RawServer(answer(LISTING_BODY, JSON)) as server, RecorderThread(server.url, tape) as recorder:
        httpx.get(recorder.url + LISTING, auth=("u", "p"), trust_env=False, timeout=PATIENCE)
        monkeypatch.setattr("clientsmith.traffic.tapes.har_tape.MAX_BYTES", tape.stat().st_size)
        for _ in range(2):
            assert (
                httpx.get(recorder.url + LISTING, auth=("u", "p"), trust_env=False, timeout=PATIENCE).content
                == LISTING_BODY
            )
    assert recorder.is_stopped
    assert recorder.recorder.examiner.tape_error is not None
    assert [passed.is_taped for passed in recorder.passed] == [True, False, False]
    assert len(json.loads(tape.read_bytes())["log"]["entries"]) == 1


def test_calls_at_the_same_time_all_reach_the_tape(tmp_path: Path) -> None:
    tape = tmp_path / "t.har"
    with (
        RawServer(answer(LISTING_BODY, JSON)) as server,
        RecorderThread(server.url, tape) as recorder,
        httpx.Client(auth=("u", "p"), trust_env=False, timeout=PATIENCE) as client,
        ThreadPoolExecutor(16) as pool,
    ):
        answers = list(pool.map(lambda _: client.get(recorder.url + LISTING), range(64)))
    assert all(one.content == LISTING_BODY for one in answers)
    assert len(json.loads(tape.read_bytes())["log"]["entries"]) == 64
