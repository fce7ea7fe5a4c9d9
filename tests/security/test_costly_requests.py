"""Requests that are small to send and dear to answer: refused by count, or answered in time linear in their bytes."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bench.raw_requests import DOCUMENT, FORM, JSON, KINDS, MULTIPART
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.openapi.charsets import codec_of
from clientsmith.openapi.media_type import accepted
from clientsmith.openapi.path_templates import path_template
from clientsmith.openapi.routing import normalized
from clientsmith.serve.answers.prefer import preferences
from clientsmith.serve.service import Service
from clientsmith.traffic.message import Answer, HttpRequest
from clientsmith.traffic.tapes.nearest import Steps, differences
from tests.patience import PATIENCE
from tests.serve.served import connect, fetch, read_all, serving


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    spec = tmp_path_factory.mktemp("attacked") / "spec.yaml"
    spec.write_text(DOCUMENT)
    diagnostics = Diagnostics()
    found = Service.open(spec, [], diagnostics)
    assert found is not None, list(diagnostics)
    return found


@pytest.fixture(autouse=True)
def empty_log(service: Service) -> None:
    service.clear()


def post(service: Service, content_type: str, body: bytes) -> Answer:
    return service.respond(HttpRequest("POST", "/items", (("Content-Type", content_type),), body))


def get(service: Service, target: str, *headers: tuple[str, str]) -> Answer:
    return service.respond(HttpRequest("GET", target, headers))


def many(piece: bytes, count: int, start: bytes = b"[", end: bytes = b"]") -> bytes:
    return start + b",".join([piece] * count) + end


PART = b"--b\r\nContent-Disposition: form-data; name=list\r\n\r\nx\r\n"
TOO_MUCH = {
    "numbers": (JSON, many(b"1", 300_000), "JSON values"),
    "arrays in arrays": (JSON, b"[" * 300_000, "JSON values"),
    "empty texts": (JSON, many(b'""', 300_000), "JSON values"),
    "members": (JSON, b"{" + b",".join(b'"k%d":1' % number for number in range(300_000)) + b"}", "JSON values"),
    "texts without commas": (JSON, b"[" + b'""' * 800_000 + b"," * 250_001 + b"]", "JSON values"),
    "numbers with exponents": (JSON, many(b'{"a":1e4999}', 2_000, b'{"items":[', b"]}"), "exponent"),
    "fields": (FORM, b"&".join([b"a=1"] * 20_001), "fields"),
    "one long field": (FORM, b"list=" + b"1," * 600_000, "items"),
    "one long field, encoded": (FORM, b"list=" + b"1%2c" * 600_000, "items"),
    "parts": (MULTIPART, PART * 20_001 + b"--b--", "fields"),
    "JSON in a part": (MULTIPART, PART.replace(b"\r\nx\r\n", b"\r\n" + many(b"1", 300_000) + b"\r\n") + b"--b--", "JSON"),
}  # fmt: skip
MALFORMED = {
    "an integer of a million digits": (JSON, b"[" + b"1" * 1_000_000 + b"]", "too many digits"),
    "a fraction of a million digits": (JSON, b"[0." + b"1" * 1_000_000 + b"]", "too many digits"),
    "an exponent out of range": (JSON, b"[1e400000]", "out of every range"),
    "two hundred and one levels": (JSON, b"[" * 201 + b"]" * 201, "too deep"),
    "the head of a part": (MULTIPART, PART.replace(b"list", b"x" * 20_000) + b"--b--", "headers of a part"),
}


@pytest.mark.parametrize(("content_type", "body", "said"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_more_than_is_read_is_a_413_with_the_reason(
    service: Service, content_type: str, body: bytes, said: str
) -> None:
    answer = post(service, content_type, body)
    assert answer.response.status == 413
    assert said in json.loads(answer.response.body)["detail"]
    assert [one.id for one in answer.findings] == ["too-large"]


@pytest.mark.parametrize(("content_type", "body", "said"), MALFORMED.values(), ids=MALFORMED)
def test_what_would_cost_more_than_its_bytes_is_a_400_with_the_reason(
    service: Service, content_type: str, body: bytes, said: str
) -> None:
    answer = post(service, content_type, body)
    assert answer.response.status == 400
    assert said in json.loads(answer.response.body)["detail"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, many(b'{"a":1,"b":0.25}', 20_000, b'{"any":[', b"]}")),
        (JSON, b'{"text":"' + b"[,{," * 100_000 + b'"}'),
        (JSON, many(b'"1e300"', 5_000, b'{"any":[', b"]}")),
        (FORM, b"&".join(b"n%d=1" % number for number in range(16_000))),
        (FORM, b"note=" + b"Terms%2C+and+conditions." * 80_000),
        (MULTIPART, PART * 5_000 + b"--b--"),
        ("text/plain; charset=ISO-8859-1", b"\xe9," * 300_000),
    ],
    ids=["objects", "text with commas", "texts like numbers", "names", "prose in a form", "parts", "text"],
)
def test_much_of_what_is_allowed_is_served(service: Service, content_type: str, body: bytes) -> None:
    assert post(service, content_type, body).response.status == 200


@pytest.mark.parametrize(
    "label",
    [
        *("punycode", "PUNYCODE", "idna", "base64", "zlib", "bz2", "hex", "uu", "quopri", "rot13", "undefined"),
        *("utf-7", "unicode_escape", "raw-unicode-escape", "unicode escape", "mbcs", "oem", "x" * 5_000, "é"),
    ],
)  # fmt: skip
def test_a_codec_that_is_no_character_set_is_refused(service: Service, label: str) -> None:
    assert codec_of(label) is None
    answer = post(service, f"text/plain; charset={label}", b"a-b")
    assert answer.response.status == 400
    assert "not a character set" in json.loads(answer.response.body)["detail"]


@pytest.mark.parametrize(
    "label", ["utf-8", "UTF8", "latin1", "iso-8859-15", "windows-1252", "shift_jis", "utf-16"]
)
def test_a_character_set_is_known_by_its_labels(label: str) -> None:
    assert codec_of(label) is not None


LINEAR: dict[str, Callable[[Service, int], object]] = {
    "names of a form": lambda service, count: post(
        service, FORM, b"&".join(b"n%d=1" % number for number in range(count * 2))
    ),
    "names of parts": lambda service, count: post(
        service, MULTIPART, b"".join(PART.replace(b"list", b"n%d" % number) for number in range(count * 2)) + b"--b--"
    ),
    "one key in brackets": lambda service, count: post(service, FORM, b"&".join([b"deep[a]=1"] * count * 2)),
    "names of a query": lambda service, count: get(service, "/items?" + "&".join(f"n{one}=1" for one in range(count))),
    "a token before a quote": lambda service, count: preferences("a" * count * 4 + '"'),
    "a value before a quote": lambda service, count: preferences("a=" + "b" * count * 4 + '"'),
    "hyphens in a path": lambda service, count: path_template("/{a}-{b}-{c}.x", normalized).match("/" + "-" * count),
}  # fmt: skip


@pytest.mark.parametrize("work", LINEAR.values(), ids=LINEAR)
def test_four_times_as_much_takes_about_four_times_as_long(
    service: Service, work: Callable[[Service, int], object]
) -> None:
    def seconds(count: int) -> float:
        taken: list[float] = []
        for _ in range(3):
            began = time.process_time()
            work(service, count)
            taken.append(time.process_time() - began)
        return min(taken)

    seconds(10)
    assert seconds(3_200) < 10 * seconds(800) + 0.01


def test_findings_are_few_however_much_is_wrong(service: Service) -> None:
    unknown = get(service, "/items?" + "&".join(f"filter{number}=1" for number in range(3_000)))
    wrong = post(service, JSON, many(b'{"a":"x"}', 20_000, b'{"items":[', b"]}"))
    assert wrong.response.status == 422
    assert len(unknown.findings) < 50 and len(wrong.findings) <= 10


def test_the_first_ranges_of_accept_count() -> None:
    declared = ["application/json", "text/plain"]
    assert accepted(declared, "text/plain, " + "a/b, " * 10_000) == "text/plain"
    assert accepted(declared, "a/b, " * 200 + "text/plain") == "application/json"


def test_a_tape_is_compared_in_a_bounded_number_of_steps(service: Service) -> None:
    checked = [
        service.checker.check_request(
            HttpRequest("POST", "/items", (("Content-Type", JSON),), many(b"[%d]" % one, 2_000))
        )
        for one in (1, 2)
    ]
    assert len(list(differences(checked[0], checked[1], Steps()))) == 2_000
    assert len(list(differences(checked[0], checked[1], Steps(100)))) == 1  # the comparison ends
    assert len(list(differences(checked[0], checked[0], Steps()))) == 0


@contextmanager
def held_up(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, large: int = 0
) -> Iterator[threading.Event]:
    """Calls that are about a large request do not return until the event is set."""
    going_on = threading.Event()
    original = getattr(owner, name)

    def call(*arguments: Any, **options: Any) -> object:
        if not large or len(arguments[0].body) >= large:
            assert going_on.wait(PATIENCE)
        return original(*arguments, **options)

    monkeypatch.setattr(owner, name, call)
    yield going_on
    going_on.set()


def test_a_large_request_keeps_nobody_waiting(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    body = many(b"1", 20_000)
    head = f"POST /items HTTP/1.1\r\nHost: h\r\nContent-Type: {JSON}\r\nContent-Length: {len(body)}\r\n"
    with (
        serving(service) as server,
        connect(server) as slow,
        held_up(monkeypatch, service.checker, "check_request", 20_000) as going_on,
    ):
        slow.sendall(f"{head}Connection: close\r\n\r\n".encode() + body)
        assert [fetch(server, path="/probe")[0] for _ in range(3)] == [200] * 3
        going_on.set()
        assert b" 422 " in read_all(slow)


@pytest.mark.parametrize("path", ["", "/log", "/log?format=har"])
def test_a_look_at_the_log_keeps_nobody_waiting(
    service: Service, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    name = "as_har" if "har" in path else "as_json"
    with (
        serving(service) as server,
        connect(server) as slow,
        held_up(monkeypatch, service.log, name) as going_on,
    ):
        fetch(server, path="/probe")
        slow.sendall(
            f"GET /__clientsmith{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        assert [fetch(server, path="/probe")[0] for _ in range(3)] == [200] * 3
        going_on.set()
        assert b" 200 OK" in read_all(slow)


def test_a_caller_that_leaves_gives_back_the_room_of_its_body(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = many(b"1", 20_000)
    head = f"POST /items HTTP/1.1\r\nHost: h\r\nContent-Type: {JSON}\r\nContent-Length: {len(body)}\r\n\r\n"
    with (
        serving(service) as server,
        held_up(monkeypatch, service.checker, "check_request", 20_000) as going_on,
    ):
        for _ in range(3):
            with connect(server) as caller:
                caller.sendall(head.encode() + body)
        going_on.set()
        for _ in range(600):
            if not server._server.body_bytes:
                break
            time.sleep(0.05)
        assert server._server.body_bytes == 0
        assert fetch(server, path="/probe")[0] == 200


def test_the_log_shows_no_more_than_it_can_search_for_secrets(service: Service) -> None:
    post(service, "text/plain", b"a" * 70_000)
    post(service, "text/plain; charset=punycode", b"a-b")
    post(service, "text/plain", b"b" * 60_000)
    long, unreadable, short = [entry["request"] for entry in service.log.as_json()]
    assert isinstance(long, dict) and isinstance(unreadable, dict) and isinstance(short, dict)
    assert (long["body"], long["omitted"]) == (None, 70_000)
    assert (unreadable["body"], unreadable["omitted"]) == (None, 3)
    assert len(short["body"]) == 60_000 and "omitted" not in short
    for _ in range(8):
        post(service, "image/png", b"c" * 600_000)
    assert len(json.dumps(service.log.as_har())) < 3_000_000


def test_the_same_seed_draws_the_same_requests() -> None:
    kinds = ["query", "path", "header", "headers"]
    drawn = [[KINDS[kind](random.Random(seed)) for kind in kinds] for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
