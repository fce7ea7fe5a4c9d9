"""A tape that is damaged, foreign or stale does not open: each mistake is reported with its entry and its place."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.serve.service import Service
from clientsmith.traffic.tapes import har as har_module
from tests.unit.serve.answering import (
    MARKETPLACE,
    USAGE,
    ask,
    document,
    har,
    opened,
    refused,
    taped,
    usage,
)

BASE = "https://marketplace.twilio.com"
LISTING = BASE + "/v1/Listing/XB" + "a" * 32


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return tmp_path / "tape.har"


@pytest.mark.parametrize(
    ("data", "id", "message"),
    [
        (b"", "not-har", "the file is empty"),
        (b" \n", "not-har", "the file is empty"),
        (b"<html>", "not-har", "this is no HAR: a HAR is one JSON object"),
        (b"\x89PNG\r\n", "not-har", "this is no HAR: a HAR is one JSON object"),
        (b'{"log": {"version": "1.2", "entries": [', "syntax-error", "this is not valid JSON"),
        (b'{"log": {"version": "1.2", "entries": [{}]}}', "broken-entry", "entry 0: 'request' is no object"),
        (b"{}", "not-har", "it has no object 'log'"),
        (b'{"log": {"version": "2", "entries": []}}', "not-har", "the version is '2': HAR 1.2 is read"),
        (b'{"log": {"version": "1.2"}}', "not-har", "'entries' is no array"),
        (b'{"log": {"version": "1.2", "entries": {}}}', "not-har", "'entries' is no array"),
        (b'{"log": "\xff"}', "not-text", "this is not text in UTF-8"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "too-deep", "more than 200 levels"),
    ],
)
def test_a_file_that_is_no_har(tape: Path, data: bytes, id: str, message: str) -> None:
    tape.write_bytes(data)
    found = refused(MARKETPLACE, tape)
    assert found[0][0] == id
    assert message in found[0][1]


def test_a_tape_that_is_missing_or_too_large_or_a_folder_without_tapes(
    tape: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(MARKETPLACE, tape)[0][0] == "unreadable-file"
    assert refused(MARKETPLACE, tape.parent)[0][0] == "no-tape"
    tape.write_bytes(har(*[taped("GET", LISTING, 200, "{}")] * 3))
    monkeypatch.setattr(har_module, "MAX_ENTRIES", 2)
    assert refused(MARKETPLACE, tape)[0][0] == "too-large"


def entry(**changes: object) -> dict[str, object]:
    """A good entry with members of its request (`request_...`) and response (`response_...`) replaced."""
    made = json.loads(json.dumps(taped("GET", LISTING, 200, "{}")))
    for key, value in changes.items():
        part, _, member = key.partition("_")
        made[part][member] = value
    return made  # type: ignore[no-any-return] # what json.loads gives


@pytest.mark.parametrize(
    ("changes", "message", "pointer"),
    [
        ({"request_method": ""}, "the method is missing, or is none", "/request/method"),
        ({"request_method": "G ET"}, "the method is missing, or is none", "/request/method"),
        ({"request_url": "/v1/Listing"}, "the URL is no absolute http or https URL", "/request/url"),
        ({"request_url": "https://a.example/a b"}, "the URL is no absolute http or https URL", "/request/url"),
        ({"request_headers": [{"name": "a"}]}, "a header has no name or no value", "/request/headers/0"),
        ({"response_headers": [{"name": "a", "value": "b\r\nc: d"}]}, "this can be no header", "/response/headers/0"),
        ({"response_status": 0}, "the status is 0", "/response/status"),
        ({"response_status": "200"}, "the status is '200'", "/response/status"),
        ({"response_content": {"size": 9}}, "the body of the response is not in this HAR", "/response/content"),
        ({"response_content": {"text": "!", "encoding": "base64"}}, "this is not base64", "/response/content/text"),
        ({"response_content": {"text": "x", "encoding": "rot13"}}, "the encoding 'rot13' is unknown", "/response/content/text"),
        ({"response_content": {"text": 5}}, "the body is no string", "/response/content/text"),
        ({"request_postData": {"params": [{"name": "f", "fileName": "x"}]}}, "a file that was sent is not in this HAR", "/request/postData/params"),
    ],
)  # fmt: skip
def test_an_entry_that_is_no_exchange(
    tape: Path, changes: dict[str, object], message: str, pointer: str
) -> None:
    tape.write_bytes(har(entry(), entry(**changes)))
    ((id, said, place),) = refused(MARKETPLACE, tape)
    assert id == "broken-entry" and said.startswith(f"entry 1: {message}")
    assert place.endswith(f"/log/entries/1{pointer}")


def test_every_way_in_which_an_exchange_can_be_stale_is_told_with_its_entry_and_place(tape: Path) -> None:
    report = usage("1").decode()
    lines = [
        taped("GET", LISTING, 200, '{"sid": 5}'),
        taped("GET", LISTING, 200, '{"sid": '),
        taped("GET", LISTING.replace("XB", "XX"), 200, "{}"),
        taped("POST", BASE + USAGE, 202, "{}", sent=report.replace("1}", "0}")),
        taped("POST", BASE + USAGE, 202, "{}", sent=report, sent_type="text/plain"),
        taped("POST", LISTING, 304, "{}", sent="", sent_type="application/x-www-form-urlencoded"),
    ]
    tape.write_text(har(*lines).decode().replace('{"request"', '\n{"request"'), "utf-8")
    found = [
        (id, said.partition(" does not conform: ")[2], re.sub(":[0-9]+", "", place))
        for id, said, place in refused(MARKETPLACE, tape)
    ]
    assert found == [
        ("stale-tape", "body at /sid: the value is the number 5, not of type null or string", _place(2, 0, "response/content/text")),
        ("stale-tape", "body: this is not JSON: expecting value (line 1, column 9)", _place(3, 1, "response/content/text")),
        ("stale-tape", "path parameter 'Sid': this value does not match \"^XB[0-9a-fA-F]{32}$\"", _place(4, 2, "request/url")),
        ("stale-tape", "body at /billable_items/0/quantity: this value is less than or equal to the minimum of 0", _place(5, 3, "request/postData/text")),
        ("stale-tape", "body: its media type is 'text/plain'; the operation takes application/json", _place(6, 4, "request/postData/text")),
        ("stale-tape", "body: the document declares no body here", _place(7, 5, "response/content/text")),
    ]  # fmt: skip


def _place(line: int, index: int, pointer: str) -> str:
    return f"{line} /log/entries/{index}/{pointer}"


def test_an_undeclared_status_and_media_type_and_a_missing_header_are_stale(
    tmp_path: Path, tape: Path
) -> None:
    spec = document(tmp_path, """
  /a:
    get:
      responses:
        '200':
          description: ok
          headers: {X-Page: {required: true, schema: {type: integer}}}
          content: {application/json: {}}""")  # fmt: skip
    url = "https://a.example/a"
    bad_type = taped("GET", url, 200, "{}", headers=(("X-Page", "1"),))
    bad_type["response"]["headers"][0]["value"] = "text/html"  # type: ignore[index] # an entry is JSON
    tape.write_bytes(
        har(
            taped("GET", url, 201, "{}"),
            taped("GET", url, 200, "{}"),
            taped("GET", url, 200, "{}", headers=(("X-Page", "one"),)),
            bad_type,
        )
    )
    assert [one[1].partition("not conform: ")[2] for one in refused(spec, tape)] == [
        "status: 201 is not declared for GET /a",
        "header 'X-Page': it is required",
        "header 'X-Page': the value is the string 'one', not of type integer",
        "body: the media type 'text/html' is not declared; declared: application/json",
    ]


def test_entries_of_other_services_are_refused_with_advice_or_left_out(tape: Path) -> None:
    good = taped("GET", LISTING, 200, "{}")
    foreign = [
        taped("GET", "https://cdn.example/app.js", 200, "{}"),
        taped("PUT", LISTING, 200, "{}"),
        taped("GET", LISTING.replace(BASE, "https://other.example"), 200, "{}"),
    ]
    tape.write_bytes(har(good, *foreign))
    found = refused(MARKETPLACE, tape)
    assert [one[0] for one in found] == ["foreign-entry"] * 3
    assert [one[1] for one in found] == [
        "entry 1: no operation has the path /app.js",
        f"entry 2: {LISTING.removeprefix(BASE)} has no PUT: it has GET, POST",
        "entry 3: other.example is no server of the document",
    ]
    assert len(opened(MARKETPLACE, tape, ignore_foreign=True).tapes.exchanges) == 1


def test_a_tape_of_one_host_alone_counts_wherever_it_was_recorded(tape: Path) -> None:
    tape.write_bytes(har(taped("GET", LISTING.replace(BASE, "http://staging.example:8080"), 200, "{}")))
    assert len(opened(MARKETPLACE, tape).tapes.exchanges) == 1


def test_an_empty_tape_is_a_warning(tape: Path) -> None:
    tape.write_bytes(har())
    diagnostics = Diagnostics()
    assert Service.open(MARKETPLACE, [tape], diagnostics) is not None
    assert [one.id for one in diagnostics] == ["empty-tape"]


def test_labels_that_are_no_texts_are_refused(tape: Path) -> None:
    tape.write_bytes(har(taped("GET", LISTING, 200, "{}", _clientsmith={"scenario": 5})))
    assert refused(MARKETPLACE, tape)[0][0] == "broken-entry"


def test_what_browsers_write_is_read(tape: Path, tmp_path: Path) -> None:
    spec = document(tmp_path, """
  /a:
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {properties: {n: {type: integer}}}}}}
      responses: {'200': {description: ok, content: {application/octet-stream: {}}}}""")  # fmt: skip
    raw = bytes(range(256))
    made = taped("POST", "https://a.example/a", 200)
    made["request"] = {
        "method": "POST",
        "url": "https://a.example/a#fragment",
        "headers": [
            {"name": ":authority", "value": "a.example"},
            {"name": "content-type", "value": "application/x-www-form-urlencoded"},
        ],
        "postData": {
            "mimeType": "application/x-www-form-urlencoded",
            "params": [{"name": "n", "value": "7"}],
        },
    }
    made["response"] = {
        "status": 200,
        "headers": [
            {"name": "content-encoding", "value": "br"},
            {"name": "transfer-encoding", "value": "chunked"},
        ],
        "content": {
            "mimeType": "application/octet-stream",
            "size": 256,
            "encoding": "base64",
            "text": b64encode(raw).decode(),
        },
    }
    tape.write_bytes(b"\xef\xbb\xbf" + har(made))
    service = opened(spec, tape, strict=True)
    answer = ask(service, "POST", "/a", ("Content-Type", "application/x-www-form-urlencoded"), body=b"n=7")
    assert answer.response.body == raw
    assert answer.response.headers == (("Content-Type", "application/octet-stream"),)


def test_a_document_that_does_not_open_is_reported(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.yaml")[0][0] == "unreadable-file"
    assert (
        refused(document(tmp_path, "  /a: {get: {responses: {'200': {$ref: '#/nowhere'}}}}"))[0][0]
        == "dangling-reference"
    )
