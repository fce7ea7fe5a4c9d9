"""Numbers of a document with more digits than a float has: client, checks, server and reference page keep all of them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.document.digest import digest
from clientsmith.document.load import Policies, open_document
from clientsmith.serve.service import Service
from clientsmith.traffic.message import HttpRequest
from tests.behavior.calls import call, json_answer, text_answer
from tests.behavior.packages import Package, generate, package_from, spec

LONG, ONE = "0.1234567890123456789", "1.00000000000000000001"
SCHEMA = {
    "type": "object",
    "properties": {
        "listed": {"type": "number", "enum": [f"@{LONG}@", 2.5, "@12345678901234567890.5@"]},
        "const": {"const": f"@{ONE}@"},
        "most": {"type": "number", "maximum": f"@{ONE}@"},
        "least": {"type": "number", "exclusiveMinimum": "@0.99999999999999999999@"},
        "step": {"type": "number", "multipleOf": "@0.00000000000000000000000000000000000001@"},
        "steps": {
            "allOf": [{"type": "number", "multipleOf": "@0.1000000000000000000001@"}, {"multipleOf": 2}]
        },
        "whole": {"type": "number", "maximum": "@9007199254740993.0@"},
        "integer": {"type": "integer", "maximum": 123456789012345678901234567890},
        "money": {"type": "number", "format": "decimal", "maximum": "@99999999999999999999.99@"},
        "shown": {"type": "number", "default": f"@{LONG}@"},
    },
}
QUERY = {"name": "q", "in": "query", "schema": {"type": "number", "maximum": f"@{ONE}@"}}
MEDIA = {
    "application/json": {
        "schema": SCHEMA,
        "example": {"listed": f"@{LONG}@", "whole": "@9007199254740993.0@"},
    }
}
TREE = {
    "openapi": "3.1.0",
    "info": {"title": "Mini", "version": "1"},
    "servers": [{"url": "https://api.example.com"}],
    "paths": {
        "/x": {
            "post": {
                "operationId": "send",
                "tags": ["things"],
                "parameters": [QUERY],
                "requestBody": {"required": True, "content": MEDIA},
                "responses": {"200": {"description": "ok", "content": MEDIA}},
            }
        }
    },
}
AS_JSON = json.dumps(TREE).replace('"@', "").replace('@"', "")
AS_YAML = spec(
    "paths: "
    + json.dumps(TREE["paths"], indent=1).replace('"@', "").replace('@"', "").replace("\n", "\n    ")
)
AS_YAML = AS_YAML.replace(LONG, f"!!float {LONG}", 1)


@pytest.fixture(scope="module", params=["openapi.json", "openapi.yaml"])
def package(request: pytest.FixtureRequest) -> Package:
    return package_from({request.param: AS_JSON if request.param.endswith("json") else AS_YAML})


@pytest.mark.parametrize(
    ("name", "value", "token"),
    [
        ("listed", Decimal(LONG), LONG),
        ("listed", 2.5, "2.5"),
        ("listed", Decimal("12345678901234567890.5"), "12345678901234567890.5"),
        ("const", Decimal(ONE), ONE),
        ("most", Decimal(ONE), ONE),
        ("least", Decimal("0.999999999999999999991"), "0.999999999999999999991"),
        ("step", Decimal("0.00000000000000000000000000000000000003"), "0.00000000000000000000000000000000000003"),
        ("steps", 2000000000000000000002, "2000000000000000000002"),
        ("steps", Decimal("0.1000000000000000000001"), None),
        ("whole", 9007199254740993, "9007199254740993"),
        ("integer", 123456789012345678901234567890, "123456789012345678901234567890"),
        ("money", Decimal("99999999999999999999.99"), "99999999999999999999.99"),
    ],
)  # fmt: skip
def test_what_the_digits_allow_is_sent_digit_by_digit(
    package: Package, name: str, value: Any, token: str | None
) -> None:
    given = {name: value}
    if token is None:
        with pytest.raises(package.errors.RequestValidationError):
            call(package, "things.send", **given)
        return
    assert (
        call(package, "things.send", **given, answer=json_answer({})).content
        == f'{{"{name}":{token}}}'.encode()
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("listed", float(LONG)),
        ("listed", Decimal("12345678901234567890")),
        ("const", 1),
        ("most", Decimal("1.00000000000000000002")),
        ("least", Decimal("0.99999999999999999999")),
        ("step", Decimal("0.000000000000000000000000000000000000015")),
        ("whole", Decimal("9007199254740993.5")),
        ("integer", 123456789012345678901234567891),
        ("money", Decimal("100000000000000000000")),
    ],
)
def test_what_the_digits_forbid_is_refused(package: Package, name: str, value: Any) -> None:
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **{name: value})


def test_parameters_and_answers_are_checked_by_all_digits(package: Package) -> None:
    assert call(package, "things.send", q=Decimal(ONE), answer=json_answer({})).raw_query == f"q={ONE}"
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", q=Decimal("1.00000000000000000002"))

    strict = {"validation": "strict"}
    call(package, "things.send", answer=text_answer(f'{{"listed":{LONG}}}'), settings=strict)
    with pytest.raises(package.errors.InvalidResponseError):
        call(package, "things.send", answer=text_answer(f'{{"listed":{LONG[:-1]}}}'), settings=strict)


def test_the_reference_page_and_the_server_show_all_digits(package: Package, tmp_path: Path) -> None:
    assert f'Decimal("{LONG}")' in package.files["REFERENCE.md"].decode()

    path = tmp_path / "openapi.json"
    path.write_text(AS_JSON)
    service = Service.open(str(path), (), Diagnostics())
    assert service is not None

    def ask(body: str) -> Any:
        headers = (("Content-Type", "application/json"),)
        return service.respond(HttpRequest("POST", "/x", headers, body.encode())).response

    good = ask(f'{{"listed":{LONG}}}')
    assert (good.status, good.body) == (200, f'{{"listed":{LONG},"whole":9007199254740993.0}}'.encode())
    assert ask(f'{{"listed":{LONG}1}}').status == 422
    assert ask('{"most":1.00000000000000000002}').status == 422


@pytest.mark.parametrize(
    ("number", "readable"),
    [
        ("1e-400", True),
        ("4.9406564584124654e-324", True),
        ("1e-1001", False),
        ("1e400", False),
        (f"0.{'1' * 5000}", False),
    ],
)
def test_numbers_out_of_every_range_are_errors_and_cost_nothing(number: str, readable: bool) -> None:
    text = AS_JSON.replace("2.5", number)
    generated, diagnostics, _ = generate({"openapi.json": text})
    errors = [one.id for one in diagnostics if one.severity is Severity.ERROR]

    assert (generated is not None, {*errors}) == (readable, set() if readable else {"invalid-number"})


def test_the_digest_depends_on_every_digit_but_not_on_how_it_is_written(tmp_path: Path) -> None:
    def of(number: str) -> str:
        path = tmp_path / "openapi.json"
        path.write_text(AS_JSON.replace(LONG, number))
        resolved = open_document(str(path), Diagnostics(), Policies())
        assert resolved is not None
        return digest(resolved)

    assert len({of(LONG), of(f"{LONG}1"), of(f'"{LONG}"')}) == 3
    assert of(f"{LONG}00") == of(LONG)
