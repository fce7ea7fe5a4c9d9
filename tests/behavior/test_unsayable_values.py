"""Values that a style has no text for: refused before they are sent, never sent as other values; and those it does say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behavior.calls import call
from tests.behavior.packages import package_of, spec

TEXTS = "{type: array, items: {type: string}}"
MAP = "{type: object, additionalProperties: {type: string}}"
NULLABLE = "{type: array, items: {type: [string, 'null']}}"


def document(*parameters: str, path: str = "/p") -> str:
    listed = "".join(f"        - {{{one}}}\n" for one in parameters)
    return spec(
        f"paths:\n  {path}:\n    get:\n      operationId: send\n      tags: [s]\n      parameters:\n{listed}"
        "      responses: {'204': {description: ok}}\n"
    )


DELIMITED = document(
    f"name: space, in: query, style: spaceDelimited, schema: {TEXTS}",
    f"name: pipe, in: query, style: pipeDelimited, schema: {TEXTS}",
    f"name: pipes, in: query, style: pipeDelimited, schema: {MAP}",
    f"name: repeated, in: query, style: pipeDelimited, explode: true, schema: {TEXTS}",
    f"name: deep, in: query, style: deepObject, schema: {MAP}",
    f"name: X-List, in: header, schema: {TEXTS}",
    f"name: X-Map, in: header, schema: {MAP}",
    f"name: X-Pairs, in: header, explode: true, schema: {MAP}",
    "name: text, in: query, style: pipeDelimited, schema: {type: string}",
    f"name: form, in: query, explode: false, schema: {TEXTS}",
    f"name: jar, in: cookie, explode: false, schema: {TEXTS}",
    f"name: reserved, in: query, explode: false, allowReserved: true, schema: {TEXTS}",
    f"name: reserved_map, in: query, explode: false, allowReserved: true, schema: {MAP}",
)


@pytest.mark.parametrize(
    "given",
    [
        {"space": ["a b", "c"]},
        {"pipe": ["a|b"]},
        {"pipes": {"a|b": "c"}},
        {"pipes": {"a": "b|c"}},
        {"deep": {"a[b]": "c"}},
        {"deep": {"a]": "c"}},
        {"x_list": ["a,b"]},
        {"x_map": {"a": "b,c"}},
        {"x_map": {"a,b": "c"}},
        {"x_pairs": {"a=b": "c"}},
        {"x_pairs": {"a": "b,c"}},
        {"reserved": ["a,b", "c"]},
        {"reserved_map": {"a,b": "c"}},
    ],
    ids=str,
)
def test_a_delimiter_inside_of_an_item_is_refused(given: Any) -> None:
    package = package_of(DELIMITED)

    with pytest.raises(package.errors.RequestValidationError, match="parameter"):
        call(package, "s.send", **given)


def test_a_comma_that_allow_reserved_would_keep_can_be_sent_encoded() -> None:
    sent = call(DELIMITED, "s.send", reserved=["a%2Cb", "c/d"], reserved_map={"x": "a%2Cb"})
    assert sent.raw_query == "reserved=a%2Cb,c/d&reserved_map=x,a%2Cb"


def test_what_is_refused_names_the_delimiter() -> None:
    package = package_of(DELIMITED)

    with pytest.raises(
        package.errors.RequestValidationError, match=r"query parameter 'pipe' .*'\|' inside an item"
    ):
        call(package, "s.send", pipe=["a|b"])


def test_what_percent_encoding_says_is_sent() -> None:
    exchange = call(
        DELIMITED, "s.send", form=["a,b", "c|d"], repeated=["a|b"], text="a|b c", deep={"a": "[x]"}, pipe=["a b", "c,d"],
        space=["a|b", "c"], jar=["a,b;c", "d"], x_map={"a": "b=c"},
    )  # fmt: skip

    pairs = set(exchange.raw_query.split("&"))
    assert pairs == {
        "form=a%2Cb,c%7Cd", "repeated=a%7Cb", "text=a%7Cb%20c", "deep%5Ba%5D=%5Bx%5D", "pipe=a%20b%7Cc%2Cd",
        "space=a%7Cb%20c",
    }  # fmt: skip
    assert exchange.request.headers["cookie"] == "jar=a%2Cb%3Bc,d"
    assert exchange.request.headers["x-map"] == "a,b=c"


@pytest.mark.parametrize(
    ("explode", "schema", "value", "expected"),
    [
        (True, TEXTS, ["a.b", "c"], None),
        (True, MAP, {"a.b": "c"}, None),
        (True, MAP, {"a": "b.c", "d": "."}, ".a=b.c.d=."),
        (False, TEXTS, ["a.b", "c,d"], ".a.b,c%2Cd"),
        (False, MAP, {"a.b": "c"}, ".a.b,c"),
        (True, "{type: string}", "a.b", ".a.b"),
    ],
)
def test_a_dot_in_style_label(explode: bool, schema: str, value: Any, expected: str | None) -> None:
    stated = (
        f"name: v, in: path, required: true, style: label, explode: {str(explode).lower()}, schema: {schema}"
    )
    package = package_of(document(stated, path="/p/{v}"))

    if expected is None:
        with pytest.raises(package.errors.RequestValidationError, match=r"'\.' inside an item"):
            call(package, "s.send", value)
    else:
        assert call(package, "s.send", value).raw_path == f"/p/{expected}"


NULLS = document(
    f"name: many, in: query, schema: {NULLABLE}",
    f"name: joined, in: query, explode: false, schema: {NULLABLE}",
    f"name: deep, in: query, style: deepObject, schema: {NULLABLE}",
    f"name: X-List, in: header, schema: {NULLABLE}",
    f"name: jar, in: cookie, schema: {NULLABLE}",
    f"name: object, in: query, schema: {{type: object, properties: {{l: {NULLABLE}}}}}",
    f"name: json, in: query, content: {{application/json: {{schema: {NULLABLE}}}}}",
)


@pytest.mark.parametrize("name", ["many", "joined", "deep", "x_list", "jar"])
def test_null_among_items_is_refused(name: str) -> None:
    package = package_of(NULLS)

    with pytest.raises(package.errors.RequestValidationError, match="null among its items"):
        call(package, "s.send", **{name: ["a", None]})


def test_null_among_the_items_of_a_member_is_refused_and_json_says_it() -> None:
    package = package_of(NULLS)

    with pytest.raises(package.errors.RequestValidationError, match="null among its items"):
        call(package, "s.send", object={"l": [None]})
    assert call(package, "s.send", json=["a", None]).query == [("json", '["a",null]')]


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_null_and_nothing_in_forms(media_type: str) -> None:
    schema = f"{{type: object, required: [need], properties: {{need: {NULLABLE}, want: {TEXTS}, all: {NULLABLE}}}}}"
    body = f"requestBody: {{required: true, content: {{{media_type}: {{schema: {schema}, encoding: {{all: {{contentType: application/json}}}}}}}}}}"
    package = package_of(
        spec(
            f"paths:\n  /f:\n    post:\n      operationId: send\n      tags: [s]\n      {body}\n"
            "      responses: {'204': {description: ok}}\n"
        )
    )

    for wrong in ({"need": ["a", None]}, {"need": []}):
        with pytest.raises(package.errors.RequestValidationError, match=r"need|null"):
            call(package, "s.send", **wrong)
    sent = call(package, "s.send", need=["a"], want=[], all=["b", None]).content.decode()
    assert "want" not in sent and ('["b",null]' in sent or "%5B%22b%22%2Cnull%5D" in sent)


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ("{type: array, items: {type: integer}}", [], "v="),
        ("{type: array, minItems: 0, items: {type: string, minLength: 1}}", [], "v="),
        (TEXTS, [], None),
        ("{type: [integer, 'null']}", None, "v="),
        ("{type: [string, 'null']}", None, None),
        ("{type: [array, 'null'], items: {type: integer}}", [], None),
        (MAP, {}, None),
        (MAP, {"a": None}, None),
    ],
)
@pytest.mark.parametrize("location", ["query", "header", "cookie"])
def test_a_required_parameter_without_a_value(
    location: str, schema: str, value: Any, expected: str | None
) -> None:
    """It is sent empty, as OpenAPI 3.1.1 has it (Style Examples), if that says no other value; else it is refused."""
    package = package_of(document(f"name: v, in: {location}, required: true, schema: {schema}"))
    if schema == MAP and value == {} and location == "header":
        expected = "v="  # not exploded: an empty text is no other object

    if expected is None:
        with pytest.raises(package.errors.RequestValidationError, match=f"{location} parameter 'v'"):
            call(package, "s.send", v=value)
        return
    exchange = call(package, "s.send", v=value)
    found = {
        "query": exchange.raw_query,
        "cookie": exchange.request.headers.get("cookie"),
        "header": f"v={exchange.request.headers.get('v', 'nothing')}",
    }
    assert found[location] == expected


@pytest.mark.parametrize(
    ("stated", "value", "expected"),
    [
        ("schema: {type: array, items: {type: string}}", [], None),
        ("schema: {type: array, items: {type: string}}", [""], None),
        ("schema: {type: array, items: {type: string}}", ["", ""], "/p/,/x"),
        ("schema: {type: string}", "", None),
        ("style: matrix, schema: {type: array, items: {type: string}}", [""], "/p/;v=/x"),
    ],
)
def test_a_path_parameter_that_leaves_its_segment_empty_is_refused(
    stated: str, value: Any, expected: str | None
) -> None:
    parameter = f"name: v, in: path, required: true, {stated}"
    package = package_of(document(parameter, path="/p/{v}/x"))

    if expected is None:
        with pytest.raises(
            package.errors.RequestValidationError, match=r"'v' was refused: must not be empty"
        ):
            call(package, "s.send", v=value)
    else:
        assert call(package, "s.send", v=value).raw_path == expected


def test_an_empty_value_that_the_document_allows_is_sent() -> None:
    stated = f"name: v, in: query, required: true, allowEmptyValue: true, schema: {TEXTS}"

    assert call(document(stated), "s.send", v=[]).raw_query == "v="


def test_an_optional_parameter_without_a_value_is_not_sent() -> None:
    stated = [
        f"name: {name}, in: {place}, schema: {TEXTS}"
        for name, place in (("q", "query"), ("h", "header"), ("c", "cookie"))
    ]
    exchange = call(document(*stated), "s.send", q=[], h=[], c=[])

    assert exchange.raw_query == ""
    assert not {"h", "cookie"} & {*exchange.request.headers}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a%2Fb", "a%2Fb"),
        ("100%", "100%25"),
        ("%zz", "%25zz"),
        ("%25", "%25"),
        ("/a?b", "/a?b"),
        ("a&b", "a%26b"),
    ],
)
def test_reserved_expansion_keeps_percent_encoded_triples(value: str, expected: str) -> None:
    """RFC 6570 section 3.2.3, which OpenAPI names for allowReserved."""
    stated = "name: v, in: query, allowReserved: true, schema: {type: string}"

    assert call(document(stated), "s.send", v=value).raw_query == f"v={expected}"


KEYED = spec("""
paths:
  /k: {get: {operationId: send, tags: [s], security: [{k: []}], responses: {'204': {description: ok}}}}
components: {securitySchemes: {k: {type: apiKey, in: cookie, name: sid}}}
""")


@pytest.mark.parametrize(
    ("key", "expected"),
    [("s%3Aabc.def", "s%3Aabc.def"), ("100%", "100%"), ("k;1", "k%3B1"), ("a b%", "a%20b%25")],
)
def test_a_key_in_a_cookie_is_sent_as_it_is_given(key: str, expected: str) -> None:
    """RFC 6265 section 4.1.1: a percent sign has no meaning in a cookie."""
    assert call(KEYED, "s.send", settings={"api_key": key}).request.headers["cookie"] == f"sid={expected}"
