"""A taped exchange answers every request that asks for the same, however it is written, and no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clientsmith.serve.service import Service
from tests.unit.serve.answering import (
    BASIC,
    FORM,
    ITEM,
    JSON,
    LISTING,
    MARKETPLACE,
    RECORDINGS,
    USAGE,
    ask,
    document,
    har,
    opened,
    taped,
    usage,
)  # fmt: skip


@pytest.fixture
def service() -> Service:
    return opened(MARKETPLACE, RECORDINGS, strict=True)


def test_numbers_match_by_value_and_keys_in_any_order(service: Service) -> None:
    plain = ask(service, "POST", USAGE, BASIC, JSON, body=usage("12.355", "44.02"))
    assert plain.source == "tape"
    assert json.loads(plain.response.body)["total_submitted"] == 44.02
    other = f'{{"billable_items": [{{"quantity": 1.23550e1, "sid": "{ITEM}"}}, {{"sid": "{ITEM}", "quantity": 44.020}}]}}'
    assert ask(service, "POST", USAGE, BASIC, JSON, body=other.encode()).entry == plain.entry


def test_json_in_form_fields_matches_by_value(service: Service) -> None:
    sections = {
        "Pricing": {"body": "Basic plan - $10/month"},
        "ModuleInfo": {"tagline": "aTagline", "logo_bg_color_hex": "#ff5722", "name": "Example add-on"},
    }
    pairs = [f"{key}={json.dumps(value).replace('#', '%23')}" for key, value in sections.items()]
    answer = ask(service, "POST", LISTING, BASIC, FORM, body="&".join(pairs).encode())
    assert (answer.source, answer.response.status) == ("tape", 200)


def test_credentials_are_not_part_of_what_is_asked_for(service: Service) -> None:
    other = ("Authorization", "Basic YTpi")
    assert ask(service, "GET", LISTING, BASIC).entry == ask(service, "GET", LISTING, other).entry


def test_items_in_another_order_are_another_report(service: Service) -> None:
    answer = ask(service, "POST", USAGE, BASIC, JSON, body=usage("44.02", "12.355"))
    assert answer.response.status == 501


def test_a_miss_names_the_closest_entry_and_each_difference(service: Service) -> None:
    answer = ask(service, "POST", USAGE, BASIC, JSON, body=usage("12.355", "44.03"))
    assert (answer.response.status, answer.source) == (501, "refused")
    told = json.loads(answer.response.body)
    assert told["nearest"]["entry"] == answer.entry
    assert told["nearest"]["differences"] == [
        {"part": "body", "pointer": "/billable_items/1/quantity", "taped": "44.02", "received": "44.03"}
    ]
    assert "taped is 44.02, received 44.03" in told["detail"]
    assert answer.findings[0].pointer == "/billable_items/1/quantity"


def test_the_closest_of_several_entries_is_named(service: Service) -> None:
    for quantities, closest in (
        (("12.355", "44.02", "1"), b"/billable_items/2"),
        (("12.356",), b"/billable_items/0/quantity"),
    ):
        answer = ask(service, "POST", USAGE, BASIC, JSON, body=usage(*quantities))
        told = json.loads(answer.response.body)["nearest"]
        assert [one["pointer"].encode() for one in told["differences"]] == [closest]
        assert told["entry"].startswith(("usages.har#", "usage-scenarios.har#"))


def test_without_strict_a_miss_is_answered_with_the_example_of_the_document() -> None:
    answer = ask(opened(MARKETPLACE, RECORDINGS), "POST", USAGE, BASIC, JSON, body=usage("1", "2", "3"))
    assert (answer.response.status, answer.source, answer.entry) == (202, "example", None)


QUERY = """
  /find:
    get:
      parameters:
        - {name: n, in: query, schema: {type: number}}
        - {name: tags, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: trace, in: header, schema: {type: string}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}
  /things/{a}:
    parameters: [{name: a, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: ok, content: {application/json: {}}}}}
"""


@pytest.mark.parametrize(
    ("target", "is_hit"),
    [
        ("/find?n=1.50&tags=a,b", True),
        ("/find?tags=a,b&n=1.5", True),
        ("/find?tags=a%2Cb&n=15e-1", False),
        ("/find?tags=b,a&n=1.5", False),
        ("/find?n=1.5&tags=a,b&x=1", False),
        ("/find?n=1.5", False),
        ("/things/%41%2Fb", True),
        ("/things/A%2fb", True),
        ("/things/A", False),
    ],
)
def test_a_query_matches_by_its_decoded_values_in_any_order(
    tmp_path: Path, target: str, is_hit: bool
) -> None:
    tape = tmp_path / "t.har"
    tape.write_bytes(
        har(
            taped("GET", "https://a.example/find?n=1.5&tags=a,b", 200, '{"hit": 1}'),
            taped("GET", "https://a.example/things/A%2Fb", 200, '{"hit": 1}'),
        )
    )
    service = opened(document(tmp_path, QUERY), tape)
    answer = ask(service, "GET", target, ("trace", "anything"))
    assert (answer.source == "tape") is is_hit
    assert (b"hit" in answer.response.body) is is_hit


def test_equal_requests_are_answered_in_order_and_the_last_answer_stays(tmp_path: Path) -> None:
    tape = tmp_path / "t.har"
    url = "https://a.example/things/x"
    tape.write_bytes(har(*(taped("GET", url, 200, f'{{"turn": {number}}}') for number in (1, 2, 3))))
    service = opened(document(tmp_path, QUERY), tape)
    turns = [json.loads(ask(service, "GET", "/things/x").response.body)["turn"] for _ in range(5)]
    assert turns == [1, 2, 3, 3, 3]
    service.clear()
    assert json.loads(ask(service, "GET", "/things/x").response.body)["turn"] == 1


def test_what_a_server_refused_is_known_again_byte_by_byte(tmp_path: Path) -> None:
    spec = document(tmp_path, "  /a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}, "
                              "responses: {'200': {description: ok}, '400': {description: bad, content: {application/json: {}}}}}}")  # fmt: skip
    tape = tmp_path / "t.har"
    tape.write_bytes(har(taped("POST", "https://a.example/a", 400, '{"taped": true}', sent="[1]")))
    service = opened(spec, tape)
    assert ask(service, "POST", "/a", JSON, body=b"[1]").response.body == b'{"taped": true}'
    assert b"taped" not in ask(service, "POST", "/a", JSON, body=b"[2]").response.body


def test_the_body_on_the_tape_goes_out_byte_for_byte(tmp_path: Path) -> None:
    tape = tmp_path / "t.har"
    body = '{ "b":1.50,\n "a" : 1e2 , "ü": "\\u00fc" }'
    tape.write_bytes(har(taped("GET", "https://a.example/things/x", 200, body)))
    assert ask(opened(document(tmp_path, QUERY), tape), "GET", "/things/x").response.body == body.encode()
