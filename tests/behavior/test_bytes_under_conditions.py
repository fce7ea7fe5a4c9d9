"""Strings that are bytes only under a condition: encoded in base64 if it holds, refused as any other bytes if not."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from tests.behavior.calls import call
from tests.behavior.packages import Package, package_of, spec

GIF, BYTE = b"GIF", "{type: string, contentEncoding: base64}"
CONDITION = "if: {properties: {k: {const: bin}}, required: [k]}"


def described(schema: str, media_type: str = "application/json", version: str = "3.1.0") -> Package:
    """A package whose one operation sends an object."""
    content = f"content: {{{media_type}: {{schema: {{type: object, {schema}}}}}}}"
    operation = f"{{operationId: send, tags: [s], requestBody: {{required: true, {content}}}, responses: {{'204': {{description: ok}}}}}}"
    return package_of(spec(f"paths: {{/x: {{post: {operation}}}}}\n", version=version))


OPEN = f"properties: {{k: {{type: string}}, s: {{type: string}}}}, {CONDITION}"
CASES = [
    pytest.param(f"{OPEN}, then: {{properties: {{s: {BYTE}}}}}", {"k": "bin"}, {"k": "text"}, id="then"),
    pytest.param(f"{OPEN}, then: {{}}, else: {{properties: {{s: {BYTE}}}}}", {"k": "text"}, {"k": "bin"}, id="else"),
    pytest.param(f"{OPEN}, then: {{allOf: [{{properties: {{s: {{format: byte}}}}}}]}}", {"k": "bin"}, {}, id="all-of"),
    pytest.param(
        f"properties: {{w: {{type: string}}, s: {{type: string}}}}, dependentSchemas: {{w: {{properties: {{s: {BYTE}}}}}}}",
        {"w": "x"}, {}, id="dependent",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "held", "broken"), CASES)
@pytest.mark.parametrize(
    "media_type", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_bytes_are_encoded_if_the_condition_holds_and_refused_if_not(
    schema: str, held: dict[str, Any], broken: dict[str, Any], media_type: str
) -> None:
    package = described(schema, media_type)

    content = call(package, "s.send", **held, s=GIF).content
    assert b"R0lG" in content and GIF not in content and b"filename" not in content
    assert b"R0lG" in call(package, "s.send", **broken, s="R0lG").content
    with pytest.raises(package.errors.RequestValidationError, match="s: bytes cannot be sent here"):
        call(package, "s.send", **broken, s=GIF)


def test_a_model_carries_its_bytes_to_where_the_condition_is_known() -> None:
    package = described(f"{OPEN}, then: {{properties: {{s: {BYTE}}}}}")
    model = package.models.SendRequest

    body = model(k="bin", s=GIF)
    assert body.s == "R0lG"
    assert call(package, "s.send", k=body.k, s=body.s).json == {"k": "bin", "s": "R0lG"}


def test_a_condition_that_is_switched_off_is_not_looked_at() -> None:
    package = described(f"{OPEN}, then: {{properties: {{s: {BYTE}}}}}")
    exchange = call(package, "s.send", k="text", s=GIF, settings={"check_requests": False})
    assert exchange.json == {"k": "text", "s": "R0lG"}


UNDER_MAPS: dict[str, tuple[str, Any]] = {
    "map": (f"m: {{type: object}}}}, {CONDITION}, then: {{properties: {{m: {{additionalProperties: {BYTE}}}}}}}", {"b": GIF}),
    "pattern": (f"m: {{}}}}, dependentSchemas: {{k: {{properties: {{m: {{patternProperties: {{'^b': {BYTE}}}}}}}}}}}", {"b": GIF}),
    "list-of-maps": (f"m: {{type: array}}}}, {CONDITION}, then: {{properties: {{m: {{items: {{additionalProperties: {BYTE}}}}}}}}}", [{"b": GIF}]),
}  # fmt: skip


@pytest.mark.parametrize("name", UNDER_MAPS)
@pytest.mark.parametrize("checks", [True, False])
def test_bytes_in_a_map_are_encoded_under_a_condition_whether_or_not_it_is_checked(
    name: str, checks: bool
) -> None:
    schema, value = UNDER_MAPS[name]
    package = described(f"properties: {{k: {{type: string}}, {schema}")

    exchange = call(package, "s.send", k="bin", m=value, settings={"check_requests": checks})
    assert b'{"b":"R0lG"}' in exchange.content


TEXT = "{type: string}"
OF_TEXT = f"type: object, additionalProperties: {TEXT}"
TYPED: dict[str, tuple[str, str, Any, Any]] = {
    "map": (f"{{{OF_TEXT}}}", "{additionalProperties: %s}", {"b": GIF, "c": "x"}, {"b": "R0lG", "c": "x"}),
    "pattern": (f"{{{OF_TEXT}}}", "{patternProperties: {'^b': %s}}", {"b": GIF, "c": "x"}, {"b": "R0lG", "c": "x"}),
    "named": (f"{{{OF_TEXT}}}", "{properties: {b: %s}}", {"b": GIF}, {"b": "R0lG"}),
    "own-pattern": (f"{{type: object, additionalProperties: false, patternProperties: {{'^b': {TEXT}}}}}", "{patternProperties: {'^b': %s}}", {"b": GIF}, {"b": "R0lG"}),
    "patterns": (f"{{type: object, patternProperties: {{'^b': {TEXT}, '^n': {{type: integer}}}}}}", "{patternProperties: {'^b': %s}}", {"b": GIF, "n": 1}, {"b": "R0lG", "n": 1}),
    "list": (f"{{type: array, items: {{{OF_TEXT}}}}}", "{items: {additionalProperties: %s}}", [{"b": GIF}], [{"b": "R0lG"}]),
    "map-of-maps": (f"{{type: object, additionalProperties: {{{OF_TEXT}}}}}", "{additionalProperties: {additionalProperties: %s}}", {"a": {"b": GIF}}, {"a": {"b": "R0lG"}}),
    "class": (f"{{type: object, properties: {{b: {TEXT}}}}}", "{properties: {b: %s}}", {"b": GIF}, {"b": "R0lG"}),
    "closed-class": (f"{{type: object, additionalProperties: false, properties: {{b: {TEXT}}}}}", "{properties: {b: %s}}", {"b": GIF}, {"b": "R0lG"}),
}  # fmt: skip


@pytest.mark.parametrize("name", TYPED)
@pytest.mark.parametrize("way", ["then", "dependent", "all-of"])
def test_strings_that_only_a_condition_calls_bytes_take_them_wherever_they_are(name: str, way: str) -> None:
    kind, said, value, sent = TYPED[name]
    held = f"{{properties: {{m: {said % BYTE}}}}}"
    ways = {
        "then": f"{CONDITION}, then: {held}",
        "dependent": f"dependentSchemas: {{k: {held}}}",
        "all-of": f"allOf: [{{{CONDITION}, then: {held}}}]",
    }
    package = described(f"properties: {{k: {{type: string}}, m: {kind}}}, {ways[way]}")

    assert call(package, "s.send", k="bin", m=value).json == {"k": "bin", "m": sent}
    assert call(package, "s.send", k="bin", m=sent).json == {"k": "bin", "m": sent}
    assert package.models.SendRequest.model_validate({"m": value}).model_dump(exclude_unset=True) == {
        "m": sent
    }
    with pytest.raises(package.errors.RequestValidationError, match="b: bytes cannot be sent here"):
        call(package, "s.send", m=value)


@pytest.mark.parametrize(
    "schema",
    [f"additionalProperties: {TEXT}, if: {{required: [k]}}, then: {{additionalProperties: {BYTE}}}",
     f"patternProperties: {{'^[bk]': {TEXT}}}, if: {{required: [k]}}, then: {{patternProperties: {{'^b': {BYTE}}}}}",
     f"patternProperties: {{'^[bk]': {TEXT}, '^n': {{type: integer}}}}, if: {{required: [k]}}, then: {{patternProperties: {{'^b': {BYTE}}}}}"],
)  # fmt: skip
def test_a_body_that_is_a_map_takes_them_too(schema: str) -> None:
    package = described(schema)
    assert call(package, "s.send", body={"k": "R0lG", "b": GIF}).json == {"k": "R0lG", "b": "R0lG"}
    with pytest.raises(package.errors.RequestValidationError, match="b: bytes cannot be sent here"):
        call(package, "s.send", body={"b": GIF})


FILES = f"properties: {{k: {{type: string}}, f: {{}}}}, {CONDITION}"


@pytest.mark.parametrize("said", ["{type: string}", "{type: [string, 'null']}", "{enum: [a, b]}"])
def test_a_part_is_a_file_unless_a_condition_says_that_it_is_text(said: str) -> None:
    package = described(f"{FILES}, then: {{properties: {{f: {said}}}}}", "multipart/form-data")

    file = call(package, "s.send", k="other", f=("a.gif", GIF, "image/gif")).content
    assert b'filename="a.gif"\r\nContent-Type: image/gif\r\n\r\nGIF\r\n' in file
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "s.send", k="bin", f=GIF)


@pytest.mark.parametrize(
    ("said", "raw"), [("{type: string, format: binary}", True), ("{maxLength: 10}", True), (BYTE, False)]
)
def test_a_part_is_what_the_condition_makes_of_bytes(said: str, raw: bool) -> None:
    package = described(f"{FILES}, then: {{properties: {{f: {said}}}}}", "multipart/form-data")

    assert (b"R0lG" in call(package, "s.send", k="bin", f=GIF).content) is not raw
    assert b"\r\n\r\nGIF\r\n" in call(package, "s.send", k="other", f=[GIF, GIF]).content


DEEP = [
    "properties: {a: {properties: {b: {properties: {c: {properties: {d: {properties: {e: {properties: {f: %s}}}}}}}}}}}",
    "properties: {a: {items: {items: {items: {items: {items: %s}}}}}}",
    "properties: {a: {allOf: [{properties: {b: {anyOf: [{type: object, properties: {c: {items: {allOf: [{properties: {d: {items: {items: %s}}}}]}}}}, {type: integer}]}}}]}}",
]  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "deep"),
    [
        (DEEP[0], {"b": {"c": {"d": {"e": {"f": GIF}}}}}),
        (DEEP[1], [[[[[GIF]]]]]),
        (DEEP[2], {"b": {"c": [{"d": [[GIF]]}]}}),
    ],
)
def test_bytes_are_found_however_deep_they_are(schema: str, deep: Any) -> None:
    package = described(f"properties: {{k: {{type: string}}}}, {CONDITION}, then: {{{schema % BYTE}}}")

    assert b'"R0lG"' in call(package, "s.send", k="bin", a=deep).content
    with pytest.raises(package.errors.RequestValidationError, match="bytes cannot be sent here"):
        call(package, "s.send", k="text", a=deep)


@pytest.mark.parametrize(
    ("schema", "values", "text"),
    [
        (f"properties: {{c: {{type: array, contains: {BYTE[:-1]}, const: R0lG}}}}}}", {"c": [GIF, "x"]}, b'["R0lG","x"]'),
        (f"properties: {{a: {{}}}}, unevaluatedProperties: {BYTE}", {"body": {"s": GIF}}, b'{"s":"R0lG"}'),
        (f"properties: {{m: {{patternProperties: {{'^b_': {BYTE}}}}}}}", {"m": {"b_1": GIF}}, b'{"b_1":"R0lG"}'),
    ],
)  # fmt: skip
def test_every_keyword_that_speaks_of_a_place_counts(
    schema: str, values: dict[str, Any], text: bytes
) -> None:
    assert text in call(described(schema), "s.send", **values).content


def test_then_without_if_says_nothing() -> None:
    package = described(
        f"properties: {{s: {{type: string, minLength: 1}}}}, then: {{properties: {{s: {BYTE}}}}}"
    )
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "s.send", s=GIF)


def test_many_bytes_take_no_longer_than_they_are_many() -> None:
    package = described(f"{OPEN}, then: {{properties: {{l: {{type: array, items: {BYTE}}}}}}}")
    assert call(package, "s.send", k="bin", l=[GIF] * 3000).content.count(b"R0lG") == 3000


@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data"])
def test_conform_finds_nothing_wrong(media_type: str, tmp_path: Any) -> None:
    schema = f"properties: {{k: {{type: string}}, s: {{type: string}}, f: {{}}}}, {CONDITION}, then: {{properties: {{s: {BYTE}, f: {{type: string}}}}}}, dependentSchemas: {{f: {{properties: {{z: {BYTE}}}}}}}"
    package = described(schema, media_type)
    document = next(package.folder.parent.glob("openapi.yaml"))

    suite = Suite.open(str(document), str(package.folder), [], Diagnostics(), Settings(examples=2))
    assert suite is not None
    results = [unit.run() for unit in suite.units if unit.part in ("request", "both-ends")]
    suite.close()
    assert [f"{one.id}: {one.message}" for result in results for one in result.failures] == []


BY_NO_NAME = {
    "then": f"{OPEN}, then: {{patternProperties: {{'^d': %s}}}}",
    "else": f"{OPEN}, then: true, else: {{patternProperties: {{'^d': %s}}}}",
    "inside": f"{OPEN}, then: {{allOf: [{{patternProperties: {{'^d': %s}}}}]}}",
    "others": f"{OPEN}, then: {{properties: {{k: true}}, additionalProperties: %s}}",
    "dependent": "properties: {k: {}, s: {}}, dependentSchemas: {k: {patternProperties: {'^d': %s}}}",
    "dependent-others": "properties: {k: {}, s: {}}, dependentSchemas: {k: {properties: {k: {}}, additionalProperties: %s}}",
}


@pytest.mark.parametrize("name", BY_NO_NAME)
def test_a_condition_may_describe_members_that_nobody_names(name: str) -> None:
    held = {"k": "text" if name == "else" else "bin"}
    of_text = described(BY_NO_NAME[name] % "{type: string}")
    assert call(of_text, "s.send", body={**held, "d1": "x"}).json == {**held, "d1": "x"}
    with pytest.raises(of_text.errors.RequestValidationError, match="d1: is not of type string"):
        call(of_text, "s.send", body={**held, "d1": 5})
    assert call(of_text, "s.send", body={"d1": "x"}).json == {"d1": "x"}

    of_bytes = described(BY_NO_NAME[name] % BYTE)
    assert call(of_bytes, "s.send", body={**held, "d1": GIF}).json == {**held, "d1": "R0lG"}
    broken = {"k": "bin"} if name == "else" else {}
    with pytest.raises(of_bytes.errors.RequestValidationError, match="d1: bytes cannot be sent here"):
        call(of_bytes, "s.send", body={**broken, "d1": GIF})


def test_what_is_closed_stays_closed_whatever_a_condition_describes() -> None:
    package = described(f"additionalProperties: false, {BY_NO_NAME['then'] % '{type: string}'}")
    with pytest.raises(ValidationError, match="d1"):
        package.models.SendRequest.model_validate({"k": "bin", "d1": "x"})
    open_ = described(f"unevaluatedProperties: false, {BY_NO_NAME['then'] % '{type: string}'}")
    assert call(open_, "s.send", body={"k": "bin", "d1": "x"}).json == {"k": "bin", "d1": "x"}
    with pytest.raises(open_.errors.RequestValidationError):
        call(open_, "s.send", body={"k": "text", "d1": "x"})


@pytest.mark.parametrize("name", ["then", "dependent"])
def test_conform_agrees_about_members_that_nobody_names(name: str) -> None:
    package = described(BY_NO_NAME[name] % BYTE)
    document = str(package.folder.parent / "openapi.yaml")

    suite = Suite.open(document, str(package.folder), [], Diagnostics(), Settings(examples=3))
    assert suite is not None
    results = [unit.run() for unit in suite.units if unit.part in ("request", "both-ends")]
    suite.close()
    assert [f"{one.id}: {one.message}" for result in results for one in result.failures] == []


@pytest.mark.parametrize(
    "schema",
    [
        BY_NO_NAME["then"] % BYTE,
        f"properties: {{k: {{}}}}, patternProperties: {{'^d': {BYTE}}}",
        f"properties: {{k: {{}}}}, additionalProperties: {BYTE}",
        f"properties: {{k: {{}}}}, dependentSchemas: {{k: {{properties: {{d: {BYTE}}}}}}}",
    ],
)
@pytest.mark.parametrize("value", [UUID(int=1), date(2026, 1, 1)])
def test_no_other_object_is_sent_as_base64(schema: str, value: Any) -> None:
    package = described(schema)
    given = {"k": "bin", "d": value}
    with pytest.raises(package.errors.RequestValidationError, match="d: should be bytes, or text in base64"):
        call(package, "s.send", **(given if "dependent" in schema else {"body": given}))
