"""Requests against the whole schema: what no model checks is refused before a byte leaves, all of it at once."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pytest

from clientsmith.config.model import Config
from tests.behavior.calls import call, json_answer
from tests.behavior.packages import Package, both_ways, generate, package_from, package_of, spec


def sent(text: str, *, version: str = "3.1.0") -> str:
    """A document whose one operation sends the schema `Root` as its body."""
    media = "application/json: {schema: {$ref: '#/components/schemas/Root'}}"
    return spec(
        "paths:\n  /x:\n    post:\n      operationId: send\n      tags: [things]\n"
        f"      requestBody: {{required: true, content: {{{media}}}}}\n"
        "      responses: {'204': {description: done}}\n"
        f"components:\n  schemas:\n{text}",
        version=version,
    )


def one(schema: str) -> str:
    """A document with that schema as the member `v` of the body."""
    return sent(f"    Root: {{type: object, properties: {{v: {schema}}}}}\n")


def refused(package: Package | str, method: str = "things.send", *arguments: Any, **keywords: Any) -> Any:
    """The places and keywords of all problems of a call that both clients refuse."""
    package = package_of(package) if isinstance(package, str) else package
    with pytest.raises(package.errors.RequestValidationError) as caught:
        call(package, method, *arguments, **keywords)
    assert str(caught.value.outcome) == "not_sent"
    return [(problem.pointer, problem.keyword) for problem in caught.value.problems]


KEYWORDS: list[tuple[str, Any, Any, tuple[str, str]]] = [
    ("{type: object, properties: {a: {type: string}, b: {type: string}}, dependentRequired: {a: [b]}}",
     {"a": "1", "b": "2"}, {"a": "1"}, ("/v", "dependentRequired")),
    ("{type: object, properties: {a: {type: string}, b: {type: string}}, dependentSchemas: {a: {required: [b]}}}",
     {"b": "2"}, {"a": "1"}, ("/v", "required")),
    ("{type: object, properties: {k: {type: string}, n: {type: integer}}, if: {properties: {k: {const: x}}, "
     "required: [k]}, then: {required: [n]}, else: {properties: {n: {maximum: 3}}}}",
     {"k": "x", "n": 9}, {"k": "x"}, ("/v", "required")),
    ("{type: object, properties: {k: {type: string}, n: {type: integer}}, if: {properties: {k: {const: x}}, "
     "required: [k]}, then: {required: [n]}, else: {properties: {n: {maximum: 3}}}}",
     {"k": "y", "n": 3}, {"k": "y", "n": 4}, ("/v/n", "maximum")),
    ("{type: string, not: {enum: [root, admin]}}", "joe", "admin", ("/v", "not")),
    ("{type: array, items: {type: integer}, contains: {const: 3}}", [1, 3], [1], ("/v", "contains")),
    ("{type: array, items: {type: integer}, contains: {const: 3}, minContains: 0, maxContains: 1}", [1], [3, 3],
     ("/v", "contains")),
    ("{type: array, items: {type: [string, number]}, uniqueItems: true}", [1, "1"], [1, 1.0], ("/v", "uniqueItems")),
    ("{type: object, additionalProperties: {type: integer}, propertyNames: {pattern: '^[a-z]+$'}}", {"a": 1}, {"A": 1},
     ("/v/A", "propertyNames")),
    ("{type: object, patternProperties: {'^x-': {type: integer}}, additionalProperties: false}", {"x-a": 1}, {"b": 1},
     ("/v/b", "additionalProperties")),
    ("{type: object, properties: {a: {type: string}}, additionalProperties: {type: integer}}", {"a": "1", "b": 2},
     {"b": "2"}, ("/v/b", "type")),
    ("{type: object, additionalProperties: true, minProperties: 1}", {"a": 1}, {}, ("/v", "minProperties")),
    ("{type: object, properties: {a: {type: string}, b: {type: string}, c: {type: string}}, maxProperties: 2}",
     {"a": "1", "b": "2"}, {"a": "1", "b": "2", "c": "3"}, ("/v", "maxProperties")),
    ("{type: array, prefixItems: [{type: string}], contains: {const: z}, unevaluatedItems: false}", ["a", "z"], ["a", "z", "b"],
     ("/v/2", "unevaluatedItems")),
    ("{allOf: [{type: string, pattern: '^a'}, {pattern: 'z$'}]}", "abz", "ab", ("/v", "pattern")),
    ("{const: {a: [1]}}", {"a": [1]}, {"a": [2]}, ("/v", "const")),
    ("{enum: [0.5, 1.5]}", 0.5, 0.75, ("/v", "enum")),
    ("{enum: [1, 5], minimum: 3}", 5, 1, ("/v", "minimum")),
    ("{maxLength: 3}", "abc", "abcd", ("/v", "maxLength")),
    ("{type: string, format: date-time, pattern: 'Z$'}", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+01:00",
     ("/v", "pattern")),
    ("{type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}",
     {"a": "1"}, {"a": "1", "b": "2"}, ("/v", "oneOf")),
    ("{type: object, properties: {a: {type: string}, b: {type: string}}, anyOf: [{required: [a]}, {required: [b]}]}",
     {"b": "1"}, {}, ("/v", "anyOf")),
    ("{oneOf: [{type: integer, minimum: 0}, {type: integer, maximum: 9}]}", 10, 5, ("/v", "oneOf")),
    ("{allOf: [{type: object, properties: {a: {type: string}}, additionalProperties: false}, {type: object, "
     "properties: {b: {type: string}}}]}", {"a": "1"}, {"b": "1"}, ("/v/b", "additionalProperties")),
    ("{allOf: [{type: array, items: {type: integer, minimum: 2}}, {items: {not: {const: 3}}}]}", [2, 4], [3],
     ("/v/0", "not")),
    ("{anyOf: [{type: object, additionalProperties: false}, {type: object, required: [b]}], properties: {a: {}}, "
     "type: object}", {}, {"a": 1}, ("/v", "anyOf")),
    ("false", None, 1, ("/v", "false")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "good", "bad", "problem"), KEYWORDS, ids=[row[0][:70] for row in KEYWORDS]
)
def test_a_keyword_that_no_model_checks(schema: str, good: Any, bad: Any, problem: tuple[str, str]) -> None:
    if good is not None:
        assert call(one(schema), "things.send", v=good).json == {"v": good}

    assert problem in refused(one(schema), v=bad)
    assert call(one(schema), "things.send", v=bad, settings={"check_requests": False}).json == {"v": bad}


MANY = sent("""
    Root:
      type: object
      properties:
        card: {type: string}
        address: {type: string}
        tags: {type: array, items: {type: string}, uniqueItems: true}
        a/b~c: {type: object, properties: {n: {type: integer}}, not: {required: [n]}}
        short: {type: string, maxLength: 2}
      dependentRequired: {card: [address]}
""")


def test_all_violations_come_at_once_with_place_keyword_and_reason() -> None:
    package = package_of(MANY)
    with pytest.raises(package.errors.RequestValidationError) as caught:
        call(package, "things.send", card="4711-secret", tags=["t", "t"], a_b_c={"n": 1})
    problems = [(one.pointer, one.keyword, one.reason) for one in caught.value.problems]
    assert sorted(problems) == [
        ("", "dependentRequired", "has 'card' but lacks 'address'"),
        ("/a~1b~0c", "not", "is what it must not be"),
        ("/tags", "uniqueItems", "has an item twice"),
    ]
    assert "4711-secret" not in str(caught.value) + repr(caught.value)


def test_what_a_model_refuses_and_what_only_the_schema_refuses_come_together() -> None:
    assert sorted(refused(MANY, card="1", short="too long", tags=["t", "t"])) == [
        ("", "dependentRequired"), ("/short", "maxLength"), ("/tags", "uniqueItems"),
    ]  # fmt: skip


def test_one_call_can_leave_the_check_out() -> None:
    package = package_of(MANY)
    options = package.module.CallOptions(check_requests=False)
    assert call(package, "things.send", card="1", options=options).json == {"card": "1"}
    again = package.module.CallOptions(check_requests=True)
    settings = {"check_requests": False}
    assert refused(package, card="1", options=again, settings=settings) == [("", "dependentRequired")]
    with pytest.raises(package.errors.RequestValidationError):  # models check whatever is said
        call(package, "things.send", short="too long", options=options)


@pytest.mark.parametrize("wrong", ["no", 1, None])
def test_the_option_is_true_or_false(wrong: Any) -> None:
    package = package_of(MANY)
    with pytest.raises(package.errors.ConfigurationError, match="check_requests must be True or False"):
        package.client_class()(check_requests=wrong)
    options = package.module.CallOptions(check_requests=wrong)
    with pytest.raises(package.errors.ConfigurationError, match="check_requests must be True or False"):
        call(package, "things.send", options=options)


PLACES = spec("""
paths:
  /p/{code}:
    post:
      operationId: all
      tags: [r]
      parameters:
        - {name: code, in: path, required: true, schema: {type: string, not: {const: me}}}
        - {name: ids, in: query, schema: {type: array, items: {type: integer}, uniqueItems: true}}
        - {name: filter, in: query, style: deepObject, schema: {type: object, properties: {a: {type: string}, b: {type: string}}, dependentRequired: {a: [b]}}}
        - {name: X-Level, in: header, schema: {type: integer, not: {multipleOf: 5}}}
        - {name: q, in: query, content: {application/json: {schema: {type: object, additionalProperties: {type: integer}, maxProperties: 1}}}}
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {mail: {type: string}, amounts: {type: array, items: {type: number}, uniqueItems: true}, note: {type: string}}, dependentRequired: {note: [mail]}}
      responses: {'204': {description: done}}
  /m:
    post:
      operationId: parts
      tags: [r]
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string, format: binary, maxLength: 4}, name: {type: string}}, dependentRequired: {file: [name]}}
      responses: {'204': {description: done}}
  /t:
    post:
      operationId: text
      tags: [r]
      requestBody: {required: true, content: {text/plain: {schema: {type: string, not: {maxLength: 2}}}}}
      responses: {'204': {description: done}}
""")


@pytest.mark.parametrize(
    ("method", "arguments", "wrong", "problem"),
    [
        ("r.all", {"code": "a"}, {"code": "me"}, ("", "not")),
        ("r.all", {"code": "a", "ids": [1, 2]}, {"code": "a", "ids": [1, 1]}, ("", "uniqueItems")),
        ("r.all", {"code": "a", "filter": {"a": "1", "b": "2"}}, {"code": "a", "filter": {"a": "1"}},
         ("", "dependentRequired")),
        ("r.all", {"code": "a", "x_level": 3}, {"code": "a", "x_level": 10}, ("", "not")),
        ("r.all", {"code": "a", "q": {"a": 1}}, {"code": "a", "q": {"a": 1, "b": 2}}, ("", "maxProperties")),
        ("r.all", {"code": "a", "mail": "m", "note": "n"}, {"code": "a", "note": "n"}, ("", "dependentRequired")),
        ("r.all", {"code": "a", "amounts": [0.1, 0.2]}, {"code": "a", "amounts": [0.5, 0.50]}, ("/amounts", "uniqueItems")),
        ("r.parts", {"file": b"\xff12", "name": "n"}, {"file": b"\xff1234", "name": "n"}, ("/file", "maxLength")),
        ("r.parts", {"name": "n"}, {"file": ("f.bin", b"1")}, ("", "dependentRequired")),
        ("r.text", {"body": "long"}, {"body": "ab"}, ("", "not")),
    ],
)  # fmt: skip
def test_every_place_of_a_request(
    method: str, arguments: dict[str, Any], wrong: dict[str, Any], problem: tuple[str, str]
) -> None:
    call(PLACES, method, **arguments)
    assert refused(PLACES, method, **wrong) == [problem]


def test_numbers_are_compared_by_the_digits_that_are_sent() -> None:
    exact = one("{type: array, items: {type: number, format: decimal}, uniqueItems: true}")
    amounts = [Decimal("0.1"), Decimal("0.1000000000000000000000001")]
    assert call(exact, "things.send", v=amounts).content == b'{"v":[0.1,0.1000000000000000000000001]}'
    assert refused(exact, v=[Decimal("1.0"), 1]) == [("/v", "uniqueItems")]
    assert refused(exact, v=[Decimal("1E+2"), Decimal("100.00")]) == [("/v", "uniqueItems")]


VIEW = both_ways("""
    Root: {type: array, uniqueItems: true, items: {$ref: '#/components/schemas/Pet'}}
    Pet:
      type: object
      required: [id, name]
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string}
        box: {$ref: '#/components/schemas/Box'}
    Box: {type: object, additionalProperties: false, required: [made], properties: {made: {type: string, readOnly: true}, size: {type: integer}}}
""")


def test_read_only_members_are_neither_required_nor_refused() -> None:
    for pet in ({"name": "a"}, {"id": 1, "name": "a"}, {"name": "a", "box": {"made": "m", "size": 1}}):
        assert call(VIEW, "things.send", body=[pet], answer=json_answer([])).json == [pet]


def test_unknown_members_of_a_model_that_was_read_pass_unless_the_schema_is_closed() -> None:
    def read(value: Any) -> Any:
        return call(VIEW, "things.send", body=[], answer=json_answer([value])).result

    open_pet = {"id": 1, "name": "a", "new": {"x": 1}, "box": {"made": "m"}}
    sent_again = call(VIEW, "things.send", body=read(open_pet), answer=json_answer([])).json
    assert sent_again == [open_pet]
    closed = read({"id": 1, "name": "a", "box": {"made": "m", "colour": "red"}})
    assert refused(VIEW, body=closed) == [("/0/box/colour", "additionalProperties")]
    package = package_of(VIEW)
    with pytest.raises(package.errors.RequestValidationError):  # in a dict it is a typing mistake
        call(package, "things.send", body=[{"name": "a", "new": 1}])


def test_a_closed_schema_without_a_rest_is_closed_to_models_too() -> None:
    text = both_ways("    Root: {type: object, additionalProperties: false, required: [a], properties: {a: {$ref: '#/components/schemas/A'}}}\n"
                     "    A: {type: object, additionalProperties: false, properties: {n: {type: integer}}}\n")  # fmt: skip
    package = package_of(text)
    assert "_request_schemas.py" not in package.files
    read = call(package, "things.send", a={}, answer=json_answer({"a": {"n": 1, "more": 2}})).result
    assert refused(package, a=read.a) == [("/a/more", "additionalProperties")]


def test_formats_are_not_asserted() -> None:
    text = one(
        "{type: object, properties: {mail: {type: string, format: email}, b: {}}, dependentRequired: {b: [mail]}}"
    )
    assert call(text, "things.send", v={"mail": "no address"}).json == {"v": {"mail": "no address"}}


def test_extra_fields_count_as_there_and_are_not_checked_themselves() -> None:
    closed = "additionalProperties: false, dependentRequired: {a: [z]}"
    text = sent(f"    Root: {{type: object, properties: {{a: {{type: string}}}}, {closed}}}\n")
    options = package_of(text).module.CallOptions(extra_body={"z": 1, "y": None})
    assert call(text, "things.send", a="x", options=options).json == {"a": "x", "z": 1, "y": None}
    assert refused(text, a="x") == [("", "dependentRequired")]


def test_only_schemas_with_a_rest_are_carried() -> None:
    plain = package_of(one("{type: array, items: {type: string, pattern: '^a', maxLength: 4}, minItems: 1}"))
    assert "_request_schemas.py" not in plain.files
    assert not any("json_schema" in name or "request_check" in name for name in plain.files)
    with pytest.raises(TypeError, match="check_requests"):
        plain.client_class()(check_requests=False)
    assert refused(plain, v=["b"]) == [("/v/0", "pattern")]
    package = package_of(PLACES)
    schemas = package.submodule("_request_schemas").SCHEMAS
    assert len(schemas) == 8, sorted(schemas)
    assert json.loads(schemas["/paths/~1t/post/requestBody/content/text~1plain/schema"]) == {
        "type": "string", "not": {"maxLength": 2},
    }  # fmt: skip


def test_what_no_engine_can_check_is_noted_and_sent() -> None:
    package = package_of(one("{type: string, pattern: '^(?!admin)', not: {pattern: '(?=x)'}}"))
    places = [found.place.pointer for found in package.diagnostics if found.id == "keyword-not-enforced"]
    base = "/components/schemas/Root/properties/v"
    assert places == [f"{base}/pattern", f"{base}/not/pattern"]
    assert call(package, "things.send", v="admin x").json == {"v": "admin x"}


def test_nothing_else_is_noted_any_more() -> None:
    for schema, *_ in KEYWORDS:
        assert "keyword-not-enforced" not in package_of(one(schema)).ids


TAGGED = both_ways("""
    Root: {type: object, required: [pet], properties: {pet: {$ref: '#/components/schemas/Pet'}}}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer}}, maxProperties: 2}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer}, good: {type: boolean}}}
""")


def test_a_member_that_the_discriminator_names_decides_alone() -> None:
    for pet in ({"kind": "cat", "lives": 9}, {"kind": "dog", "lives": 1}):
        body = {"pet": pet}
        settings = {"validation": "strict"}
        exchange = call(TAGGED, "things.send", **body, answer=json_answer(body), settings=settings)
        assert exchange.json == body
    assert refused(TAGGED, pet={"kind": "cat", "lives": 9, "good": True})
    call(
        TAGGED,
        "things.send",
        pet={"kind": "dog", "lives": 9, "good": True},
        answer=json_answer({"pet": {"kind": "dog"}}),
    )


OVERLAP = sent("""
    Root: {type: object, properties: {who: {oneOf: [{$ref: '#/components/schemas/Mail'}, {$ref: '#/components/schemas/Phone'}]}}}
    Mail: {type: object, required: [name], properties: {name: {type: string}, mail: {type: string}}}
    Phone: {type: object, required: [name], properties: {name: {type: string}, phone: {type: string}}}
""")
PLACE = "/components/schemas/Root/properties/who/oneOf"


def test_a_value_that_fits_two_members_is_refused_unless_the_config_allows_it() -> None:
    assert refused(OVERLAP, who={"name": "n"}) == [("/who", "oneOf")]
    assert refused(OVERLAP, who={"name": "n", "phone": "1"}) == [("/who", "oneOf")]
    for place in (PLACE, f"#{PLACE}", PLACE.removesuffix("/oneOf")):
        package = package_from({"openapi.yaml": OVERLAP}, Config(overlapping=(place,)))
        assert "_request_schemas.py" not in package.files
        assert call(package, "things.send", who={"name": "n"}).json == {"who": {"name": "n"}}


@pytest.mark.parametrize(
    "place", ["/components/schemas/Mail", "/no/such/place", "", "#/components/schemas/Root"]
)
def test_a_place_in_the_config_that_is_no_one_of_is_an_error(place: str) -> None:
    generated, diagnostics, _ = generate({"openapi.yaml": OVERLAP}, Config(overlapping=(place,)))
    assert generated is None
    assert [found.id for found in diagnostics] == ["config-unknown-name"]


DISJOINT = [
    "{oneOf: [{type: string}, {type: integer}]}",
    "{oneOf: [{$ref: '#/components/schemas/Root'}, {type: 'null'}]}",
    "{oneOf: [{type: object, required: [k], properties: {k: {const: a}}}, {type: object, required: [k], properties: {k: {enum: [b, c]}}}]}",
    "{oneOf: [{type: object, required: [a], properties: {a: {type: string}}, additionalProperties: false}, {type: object, required: [b], properties: {b: {type: string}}}]}",
    "{oneOf: [{type: array, minItems: 1, items: {type: string}}, {type: array, minItems: 1, items: {type: integer}}]}",
    "{oneOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}",
    "{oneOf: [{oneOf: [{type: string}, {type: boolean}]}, {type: array, items: {}}]}",
]


@pytest.mark.parametrize("schema", DISJOINT)
def test_members_that_exclude_each_other_cost_nothing(schema: str) -> None:
    assert "_request_schemas.py" not in package_of(one(schema)).files


UNION = sent("""
    Root: {type: object, properties: {who: {anyOf: [{$ref: '#/components/schemas/Mail'}, {$ref: '#/components/schemas/Phone'}]}}}
    Mail: {type: object, required: [mail], properties: {mail: {type: string, maxLength: 3}}}
    Phone: {type: object, required: [phone], properties: {phone: {type: array, items: {type: integer, minimum: 1}}}}
""")


def test_a_place_in_a_union_names_no_member_of_it() -> None:
    assert ("/who/mail", "maxLength") in refused(UNION, who={"mail": "long"})
    assert ("/who/phone/1", "minimum") in refused(UNION, who={"phone": [1, 0]})
    assert set(refused(UNION, who={})) == {("/who/mail", "required"), ("/who/phone", "required")}


CONDITIONS = sent("""
    Root:
      type: object
      properties:
        way: {type: string}
        inner:
          type: object
          properties: {k: {type: integer}}
          dependentRequired: {k: [z]}
          dependentSchemas: {k: {properties: {s: {type: string, format: byte}}}}
        map: {type: object, additionalProperties: {type: integer}, properties: {k: {type: string}}, dependentRequired: {k: [z]}}
        shut: {type: object, additionalProperties: false, properties: {k: {type: integer}}, dependentRequired: {k: [z]}}
      if: {properties: {way: {const: card}}, required: [way]}
      then: {required: [card-number], properties: {card-number: {type: string, minLength: 4}}}
      else: {$ref: '#/components/schemas/Other'}
    Other: {required: [iban]}
""")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"way": "card", "card_number": "12345"}, {"way": "card", "card-number": "12345"}),
        ({"iban": ["any", "value"]}, {"iban": ["any", "value"]}),
        ({"iban": 1, "inner": {"k": 1, "z": None}}, {"iban": 1, "inner": {"k": 1, "z": None}}),
        ({"iban": 1, "inner": {"s": "R0lG"}}, {"iban": 1, "inner": {"s": "R0lG"}}),
        ({"iban": 1, "map": {"k": "a", "z": 5}}, {"iban": 1, "map": {"k": "a", "z": 5}}),
    ],
)
def test_what_only_a_condition_requires_or_describes_can_be_sent(given: Any, expected: Any) -> None:
    assert call(CONDITIONS, "things.send", **given).json == expected


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"way": "card"}, ("", "required")),
        ({"way": "card", "card_number": "1"}, ("/card-number", "minLength")),
        ({"way": "card", "card_number": 1}, ("/card-number", "type")),
        ({}, ("", "required")),
        ({"iban": 1, "inner": {"k": 1}}, ("/inner", "dependentRequired")),
        ({"iban": 1, "shut": {"k": 1}}, ("/shut", "dependentRequired")),
    ],
)
def test_conditions_bind_what_they_require_and_describe(given: Any, problem: tuple[str, str]) -> None:
    assert problem in refused(CONDITIONS, **given)


@pytest.mark.parametrize(
    "schema",
    [
        "{properties: {id: {readOnly: true, type: string}, k: {type: integer}}, dependentRequired: {k: [id]}}",
        "{properties: {id: {$ref: '#/components/schemas/Id'}, k: {type: integer}}, dependentRequired: {k: [id]}}",
        "{allOf: [{properties: {id: {readOnly: true}}}, {properties: {k: {type: integer}}, dependentRequired: {k: [id]}}]}",
        "{properties: {id: {readOnly: true}, k: {type: integer}}, if: {required: [k]}, then: {required: [id]}}",
    ],
)
def test_no_condition_requires_a_read_only_member_of_a_request(schema: str) -> None:
    text = sent(
        f"    Root: {{type: object, properties: {{v: {schema}}}}}\n    Id: {{type: string, readOnly: true}}\n"
    )

    assert call(text, "things.send", v={"k": 1}).json == {"v": {"k": 1}}


EVERYWHERE = spec("""
    paths:
      /x/{p}:
        post:
          operationId: send
          tags: [things]
          parameters:
            - {name: p, in: path, required: true, schema: {type: string, not: {const: bad}}}
            - {name: q, in: query, schema: {type: integer}}
            - {name: X-H, in: header, schema: {type: array, items: {type: string}}}
            - {name: c, in: cookie, schema: {type: integer, not: {multipleOf: 5}}}
          requestBody: {content: {application/json: {schema: {type: object, properties: {b: {type: string, maxLength: 1}}}}}}
          responses: {'204': {description: done}}
      /file:
        post:
          operationId: upload
          tags: [things]
          parameters: [{name: q, in: query, schema: {type: integer}}]
          requestBody:
            required: true
            content: {multipart/form-data: {schema: {type: object, properties: {f: {type: string, format: binary}}}}}
          responses: {'204': {description: done}}
""")


def test_all_arguments_are_refused_at_once() -> None:
    package = package_of(EVERYWHERE)

    with pytest.raises(package.errors.RequestValidationError) as caught:
        call(package, "things.send", "bad", q="x", x_h=["a,b"], c=10, b="long")

    assert [(one.argument, one.pointer, one.keyword) for one in caught.value.problems] == [
        ("path parameter 'p'", "", "not"),
        ("query parameter 'q'", "", "type"),
        ("header parameter 'X-H'", "", "value_error"),
        ("cookie parameter 'c'", "", "not"),
        ("request body", "/b", "maxLength"),
    ]
    assert all(f"{one.argument} was refused: " in str(caught.value) for one in caught.value.problems)


def test_a_file_is_not_read_for_a_request_that_is_refused() -> None:
    package, file = package_of(EVERYWHERE), io.BytesIO(b"content")

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.upload", f=file, q="x")

    assert file.tell() == 0


SEVERAL = sent("""
    Root:
      type: object
      properties:
        two: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
        u: {type: string}
    Cat: {type: object, required: [t], properties: {t: {type: string}, lives: {type: integer}}}
    Dog: {type: object, required: [t], properties: {t: {type: string}, bark: {type: boolean}}}
""")


def test_a_union_is_named_beside_what_a_model_refuses_if_several_members_fit() -> None:
    assert refused(SEVERAL, two={"t": "c"}, u=3) == [("/u", "type"), ("/two", "oneOf")]
    assert ("/two", "oneOf") not in refused(SEVERAL, two={"t": 1}, u=3)


def two(new: str, old: str) -> str:
    """A request of one of two schemas, each given by its properties."""
    return sent(
        "    Root: {type: object, properties: {who: {oneOf: [{$ref: '#/components/schemas/New'}, {$ref: '#/components/schemas/Old'}]}}}\n"
        f"    New: {{type: object, {new}}}\n    Old: {{type: object, {old}}}\n"
    )


ID, NAME = "id: {type: integer, readOnly: true}", "name: {type: string}"
READ_APART = {
    "required by one": two(
        f"required: [name], properties: {{{NAME}}}", f"required: [id, name], properties: {{{ID}, {NAME}}}"
    ),
    "of other values": two(
        f"required: [k, name], properties: {{{NAME}, k: {{const: a, readOnly: true}}}}",
        f"required: [k, name], properties: {{{NAME}, k: {{const: b, readOnly: true}}}}",
    ),
    "in a base": two(
        f"required: [name], properties: {{{NAME}}}",
        f"allOf: [{{required: [id], properties: {{{ID}}}}}], required: [name], properties: {{{NAME}}}",
    ),
}


@pytest.mark.parametrize("way", READ_APART)
def test_members_that_only_read_members_tell_apart_may_both_fit_a_request(way: str) -> None:
    document = READ_APART[way]
    assert call(document, "things.send", who={"name": "n"}).json == {"who": {"name": "n"}}
    assert "_request_schemas.py" not in package_of(document).files
    with pytest.raises(package_of(document).errors.RequestValidationError):
        call(document, "things.send", who={"name": 1})


def test_members_that_read_members_do_not_tell_apart_still_exclude_each_other() -> None:
    alike = two(
        f"required: [id, name], properties: {{{ID}, {NAME}}}",
        f"required: [id, name], properties: {{{ID}, {NAME}, x: {{}}}}",
    )
    assert refused(alike, who={"name": "n"}) == [("/who", "oneOf")]
    three = alike.replace(
        "schemas/New'},",
        "schemas/New'}, {type: object, required: [name], properties: {name: {type: string}, y: {}}},",
    )
    assert refused(three, who={"name": "n"})[0][0] == "/who"


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (f"minProperties: 2, properties: {{{ID}, {NAME}, t: {{}}}}", [{"name": "n"}, {"id": 1, "name": "n"}], [{}]),
        (f"minProperties: 2, allOf: [{{properties: {{{ID}}}}}], properties: {{{NAME}}}", [{"name": "n"}], [{}]),
        (f"minProperties: 3, properties: {{{ID}, {NAME}, t: {{}}}}", [{"name": "n", "t": 1}], [{"name": "n"}]),
        (f"maxProperties: 2, properties: {{{ID}, {NAME}, t: {{}}, u: {{}}}}", [{"name": "n", "t": 1}, {"id": 1, "name": "n", "t": 1}], [{"name": "n", "t": 1, "u": 1}]),
        (f"maxProperties: 1, allOf: [{{properties: {{{ID}}}}}], properties: {{{NAME}, t: {{}}}}", [{"id": 1, "name": "n"}, {"t": 1}], [{"name": "n", "t": 1}]),
    ],
)  # fmt: skip
def test_counts_of_members_leave_out_those_that_are_only_read(
    schema: str, good: list[dict[str, Any]], bad: list[dict[str, Any]]
) -> None:
    document = sent(f"    Root: {{type: object, properties: {{v: {{type: object, {schema}}}}}}}\n")
    for value in good:
        assert call(document, "things.send", v=value).json == {"v": value}
    for value in bad:
        assert refused(document, v=value)


@pytest.mark.parametrize(
    "members",
    [
        "[{type: string, format: ipv4}, {type: string, format: ipv6}]",
        "[{type: string, format: date}, {type: string, format: date-time}, {type: integer}]",
        "[{type: string, format: email}, {type: string}]",
        "[{type: string, format: uri, maxLength: 50}, {type: string, format: uuid}]",
    ],
)
def test_members_that_only_formats_tell_apart_take_any_text(members: str) -> None:
    document = both_ways(
        f"    Root: {{type: object, required: [v], properties: {{v: {{oneOf: {members}}}}}}}\n"
    )
    answer, settings = json_answer({"v": "192.0.2.1"}), {"validation": "strict"}
    assert call(document, "things.send", v="192.0.2.1", answer=answer, settings=settings).json == {
        "v": "192.0.2.1"
    }
    assert refused(document, v=None)


def test_members_of_one_format_still_exclude_each_other() -> None:
    document = one("{oneOf: [{type: string, format: date, maxLength: 9}, {type: string, format: date}]}")
    assert refused(document, v="2026") == [("/v", "oneOf")]


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        ("{type: array, contains: {const: 1}, minContains: 2.0, maxContains: 3.0}", [[1, 1], [1, 1, 1]], [[1], [1] * 4]),
        ("{type: object, minProperties: 1.0, maxProperties: 2e0}", [{"a": 1}, {"a": 1, "b": 1}], [{}, dict.fromkeys("abc", 1)]),
        ("{type: array, minItems: 1.0, maxItems: 2.0}", [[1], [1, 2]], [[], [1, 2, 3]]),
        ("{type: string, minLength: 1e0, maxLength: 2.0}", ["a", "ab"], ["", "abc"]),
    ],
)  # fmt: skip
def test_counts_may_be_written_with_a_fraction_of_zero(
    schema: str, right: list[Any], wrong: list[Any]
) -> None:
    document = both_ways(f"    Root: {{type: object, required: [v], properties: {{v: {schema}}}}}\n")
    for value in right:
        assert call(document, "things.send", v=value, answer=json_answer({"v": value})).json == {"v": value}
    for value in wrong:
        with pytest.raises(package_of(document).module.RequestValidationError):
            call(document, "things.send", v=value)
