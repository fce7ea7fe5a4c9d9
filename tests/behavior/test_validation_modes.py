"""The validation modes: what a response that can be read but breaks its description comes to in each of them."""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import pickle
from typing import Any

import httpx
import pytest

from tests.behavior.calls import Answer, call, json_answer, plain, text_answer
from tests.behavior.packages import Package, alone, package_of, spec

DOCUMENT = spec("""
paths:
  /thing:
    get:
      operationId: thing
      tags: [r]
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        '404': {description: gone, content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
  /text: {get: {operationId: text, tags: [r], responses: {'200': {description: ok, content: {text/plain: {schema: {type: string, maxLength: 1}}}}}}}
  /any: {get: {operationId: any, tags: [r], responses: {'200': {description: ok, content: {application/json: {}}}}}}
  /tree: {get: {operationId: tree, tags: [r], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Node'}}}}}}}
  /pet: {get: {operationId: pet, tags: [r], responses: {'200': {description: ok, content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}}}}}}}
components:
  schemas:
    Thing:
      type: object
      required: [id, secret]
      properties:
        id: {type: string, pattern: '^T[0-9]{3}$', maxLength: 4, description: not needed, example: T000}
        color: {type: string, enum: [red, green]}
        amount: {type: number, minimum: 0, multipleOf: 0.01}
        when: {type: string, format: date-time}
        tags: {type: array, items: {type: string}, maxItems: 2, uniqueItems: true}
        closed: {type: object, properties: {a: {type: integer}}, additionalProperties: false}
        secret: {type: string, writeOnly: true}
        exotic: {type: string, pattern: '^(?!x)'}
    Problem: {type: object, required: [code], properties: {code: {type: integer, maximum: 599}}}
    Node: {type: object, required: [name], properties: {name: {type: string, minLength: 1}, children: {type: array, items: {$ref: '#/components/schemas/Node'}}}}
    Cat: {type: object, required: [meows], properties: {meows: {type: boolean}}}
    Dog: {type: object, required: [barks], properties: {barks: {type: boolean}}}
""")

GOOD = {
    "id": "T123",
    "color": "red",
    "amount": 1.25,
    "when": "not a date",
    "unknown": {"kept": 1},
    "exotic": "x",
}
BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "required": ({"color": "red"}, "the body lacks 'id'"),
    "pattern": ({"id": "X123"}, "/id does not match ^T[0-9]{3}$"),
    "length": ({"id": "T1234"}, "/id has more than 4 characters"),
    "enum": ({"id": "T123", "color": "blue"}, "/color is none of 2 values"),
    "minimum": ({"id": "T123", "amount": -1}, "/amount is less than 0"),
    "multipleOf": ({"id": "T123", "amount": 1.255}, "/amount is no multiple of 0.01"),
    "maxItems": ({"id": "T123", "tags": ["a", "b", "c"]}, "/tags has more than 2 items"),
    "uniqueItems": ({"id": "T123", "tags": ["a", "a"]}, "/tags has an item twice"),
    "additionalProperties": ({"id": "T123", "closed": {"b": 1}}, "/closed/b is not described"),
}
MODES = ["lenient", "warn", "strict"]


def run(mode: str | None, method: str, answer: Answer, package: Package | str = DOCUMENT) -> Any:
    """The result of a call through both clients, which are made in that mode."""
    settings = {} if mode is None else {"validation": mode}
    return call(package, method, answer=answer, settings=settings).result


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


@pytest.mark.parametrize("mode", MODES)
def test_a_response_that_keeps_to_its_description_is_read_in_every_mode(
    mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    result = run(mode, "r.thing", json_answer(GOOD))
    assert plain(result) == {**plain(run(None, "r.thing", json_answer(GOOD)))}
    assert caplog.records == []


@pytest.mark.parametrize(
    "value",
    [value for value, _ in BROKEN.values() if "id" in value],
    ids=[key for key in BROKEN if key != "required"],
)
@pytest.mark.parametrize("mode", [None, "lenient"])
def test_lenient_is_the_default_and_says_nothing(
    mode: str | None, value: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert run(mode, "r.thing", json_answer(value)).id == value["id"]
    assert caplog.records == []


@pytest.mark.parametrize(("value", "reason"), BROKEN.values(), ids=BROKEN)
def test_strict_raises_what_the_service_likely_applied_with_every_violation(
    value: dict[str, Any], reason: str
) -> None:
    package = package_of(DOCUMENT)
    with pytest.raises(package.errors.ResponseDecodeError) as caught:
        run("strict", "r.thing", json_answer(value))
    error = caught.value
    assert error.outcome == package.errors.Outcome.UNKNOWN
    assert reason in str(error) and "answered 200" in str(error) and error.operation == "thing"
    assert any(reason in str(found) for found in error.violations)
    assert json.loads(error.content) == value


@functools.cache
def _alone() -> Package:
    return alone(package_of(DOCUMENT))


@pytest.mark.parametrize(("value", "reason"), list(BROKEN.values())[1:], ids=list(BROKEN)[1:])
def test_warn_returns_the_result_and_logs_where_and_why(
    value: dict[str, Any], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    package = _alone()
    assert run("warn", "r.thing", json_answer(value), package).id == value["id"]
    assert {record.name for record in caplog.records} == {package.module.__name__}
    found = caplog.records[0]
    assert f"thing: the answer 200 breaks the API's description: {reason}" in found.getMessage()
    assert (found.operation, found.method, found.path, found.status) == ("thing", "GET", "/thing", 200)  # type: ignore[attr-defined]  # set by `extra`


def test_a_wrong_shape_is_an_error_in_every_mode() -> None:
    errors = package_of(DOCUMENT).errors
    for mode in MODES:
        with pytest.raises(errors.ResponseDecodeError):
            run(mode, "r.thing", json_answer({"id": 5}))
        with pytest.raises(errors.ResponseDecodeError):
            run(mode, "r.thing", text_answer("{"))


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize(
    ("client_mode", "call_mode", "raises"),
    [
        ("lenient", "strict", True),
        ("strict", "lenient", False),
        ("strict", None, True),
        ("warn", "strict", True),
    ],
)
def test_the_mode_of_a_call_wins_over_that_of_the_client(
    client_mode: str, call_mode: str | None, raises: bool, asynchronous: bool
) -> None:
    package = package_of(DOCUMENT)
    options = package.module.CallOptions(**({} if call_mode is None else {"validation": call_mode}))
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"id": "bad"}))

    def blocking() -> Any:
        with package.client_class()(validation=client_mode, transport=transport) as client:
            return client.r.thing(options=options)

    async def concurrent() -> Any:
        async with package.client_class(asynchronous=True)(
            validation=client_mode, transport=transport
        ) as client:
            return await client.r.thing(options=options)

    def made() -> Any:
        return asyncio.run(concurrent()) if asynchronous else blocking()

    if raises:
        with pytest.raises(package.errors.ResponseDecodeError):
            made()
    else:
        assert made().id == "bad"


@pytest.mark.parametrize("mode", ["Strict", "", None, True, ["strict"]])
def test_an_unknown_mode_is_refused_before_anything_is_sent(mode: Any) -> None:
    package = package_of(DOCUMENT)
    sent: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=GOOD)

    transport = httpx.MockTransport(handle)
    with pytest.raises(package.errors.ConfigurationError):
        package.client_class()(validation=mode, transport=transport)
    with (
        package.client_class()(transport=transport) as client,
        pytest.raises(package.errors.ConfigurationError),
    ):
        client.r.thing(options=package.module.CallOptions(validation=mode))
    assert sent == []


@pytest.mark.parametrize("mode", MODES)
def test_an_error_status_is_raised_as_such_whatever_its_body(
    mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    errors = package_of(DOCUMENT).errors
    with pytest.raises(errors.NotFound) as caught:
        run(mode, "r.thing", json_answer({"code": 600}, 404))
    assert caught.value.body.code == 600
    expected = (
        []
        if mode == "lenient"
        else ["thing: the answer 404 breaks the API's description: /code is greater than 599"] * 2
    )
    assert warnings_of(caplog) == expected


def test_warnings_end_after_twenty_and_say_how_many_more_there_are(caplog: pytest.LogCaptureFixture) -> None:
    children = [{"name": ""} for _ in range(50)]
    assert len(run("warn", "r.tree", json_answer({"name": "a", "children": children})).children) == 50
    said = warnings_of(caplog)[:21]
    assert said[19].endswith("/children/19/name has fewer than 1 characters")
    assert said[20] == "tree: the answer 200 breaks the API's description in 30 more places"


def test_the_error_names_the_first_violations_and_carries_all() -> None:
    package = package_of(DOCUMENT)
    children = [{"name": ""} for _ in range(50)]
    with pytest.raises(package.module.InvalidResponseError) as caught:
        run("strict", "r.tree", json_answer({"name": "a", "children": children}))
    assert "; and 47 more" in str(caught.value)
    assert [found.pointer for found in caught.value.violations] == [
        f"/children/{index}/name" for index in range(50)
    ]
    assert {found.keyword for found in caught.value.violations} == {"minLength"}
    assert pickle.loads(pickle.dumps(caught.value)).violations == caught.value.violations


def test_a_response_cannot_make_more_violations_than_a_thousand() -> None:
    package = package_of(DOCUMENT)
    with pytest.raises(package.module.InvalidResponseError) as caught:
        run("strict", "r.tree", json_answer({"name": "a", "children": [{"name": ""}] * 1500}))
    assert len(caught.value.violations) == 1000


def test_no_value_of_the_response_is_logged_or_raised(caplog: pytest.LogCaptureFixture) -> None:
    canary = "canary-value"
    value = {"id": canary, "color": canary, "tags": [canary, canary, canary], "closed": {"b": canary}}
    run("warn", "r.thing", json_answer(value))
    assert len(caplog.records) >= 6 and canary not in caplog.text
    assert all(canary not in str(vars(record)) for record in caplog.records)
    with pytest.raises(package_of(DOCUMENT).errors.ResponseDecodeError) as caught:
        run("strict", "r.thing", json_answer(value))
    assert canary not in str(caught.value) and canary not in repr(caught.value.violations)


def test_names_in_the_log_are_short_and_printable(caplog: pytest.LogCaptureFixture) -> None:
    run("warn", "r.thing", json_answer({"id": "T123", "closed": {"line\nbreak \x1b[31m" + "x" * 500: 1}}))
    [message, _] = warnings_of(caplog)
    assert message.isprintable() and len(message) < 200


def test_one_alternative_exactly_may_fit() -> None:
    errors = package_of(DOCUMENT).errors
    assert run("strict", "r.pet", json_answer({"meows": True})).meows is True
    for value, reason in (({"meows": True, "barks": True}, "fits several"), ({}, "fits none of 2")):
        with pytest.raises(errors.ResponseDecodeError, match=reason):
            run("strict", "r.pet", json_answer(value))


def test_recursive_data_is_checked_at_every_level() -> None:
    good = {"name": "a", "children": [{"name": "b", "children": [{"name": "c"}]}]}
    assert run("strict", "r.tree", json_answer(good)).children[0].children[0].name == "c"
    good["children"][0]["children"][0]["name"] = ""  # type: ignore[index]  # the dict is as it stands above
    with pytest.raises(
        package_of(DOCUMENT).errors.ResponseDecodeError, match="/children/0/children/0/name has fewer"
    ):
        run("strict", "r.tree", json_answer(good))


def test_data_nested_beyond_what_can_be_checked_is_an_error_or_a_warning() -> None:
    package = package_of(DOCUMENT)
    schemas = package.submodule("_client")._CONFIGURATION.schemas
    value: dict[str, Any] = {"name": "a"}
    for _ in range(5000):
        value = {"name": "a", "children": [value]}
    media = package.submodule("resources.r")._TREE.responses[0].media[0]
    assert [str(found) for found in schemas.violations(media, value)] == [
        "the body is nested too deeply to be checked"
    ]


@pytest.mark.parametrize("mode", MODES)
def test_what_has_no_json_schema_is_not_checked(mode: str) -> None:
    assert run(mode, "r.text", Answer(200, b"long", "text/plain")) == "long"
    assert run(mode, "r.any", json_answer([1, None])) == [1, None]
