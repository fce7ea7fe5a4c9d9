"""Parameters in every style and bodies in every form are read back into the values that they stand for."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from clientsmith.traffic.check import CheckedRequest
from clientsmith.traffic.message import HttpRequest
from tests.unit.serve.answering import FORM, JSON, document, opened

PARAMETER = """
  /p{place}:
    get:
      parameters: [{{name: v, in: {location}, required: true, schema: {schema}{more}}}]
      responses: {{'204': {{description: ok}}}}
"""
INTEGERS = "{type: array, items: {type: integer}}"
TEXTS = "{type: array, items: {type: string}}"
POINT = "{type: object, properties: {x: {type: integer}, y: {type: string}}}"


def checked(
    tmp_path: Path, location: str, schema: str, more: str, target: str, *headers: tuple[str, str]
) -> CheckedRequest:
    place = "/{v}" if location == "path" else ""
    more = f", {more}" if more else ""
    spec = document(tmp_path, PARAMETER.format(place=place, location=location, schema=schema, more=more))
    return opened(spec).checker.check_request(HttpRequest("GET", target, headers))


@pytest.mark.parametrize(
    ("schema", "more", "text", "value"),
    [
        ("{type: string}", "", "a%2Fb%20c", "a/b c"),
        ("{type: string}", "", "1", "1"),
        ("{type: integer}", "", "-7", -7),
        ("{type: number}", "", "12.3550", Decimal("12.3550")),
        ("{type: boolean}", "", "true", True),
        ("{type: [string, integer]}", "", "7", 7),
        ("{enum: [1, a]}", "", "1", 1),
        (INTEGERS, "", "1,2", [1, 2]),
        (TEXTS, "", "a%2Cb,c", ["a,b", "c"]),
        (POINT, "", "x,1,y,2", {"x": 1, "y": "2"}),
        (POINT, "explode: true", "x=1,y=2", {"x": 1, "y": "2"}),
        ("{type: integer}", "style: label", ".7", 7),
        (INTEGERS, "style: label", ".1,2", [1, 2]),
        (INTEGERS, "style: label, explode: true", ".1.2", [1, 2]),
        (POINT, "style: label, explode: true", ".x=1.y=2", {"x": 1, "y": "2"}),
        (POINT, "style: label, explode: true", ".x=1.y=2.5.", {"x": 1, "y": "2.5."}),
        (POINT, "style: label, explode: true", ".y=..x=1", {"x": 1, "y": "."}),
        ("{type: integer}", "style: matrix", ";v=7", 7),
        (INTEGERS, "style: matrix", ";v=1,2", [1, 2]),
        (INTEGERS, "style: matrix, explode: true", ";v=1;v=2", [1, 2]),
        (POINT, "style: matrix", ";v=x,1,y,2", {"x": 1, "y": "2"}),
        (POINT, "style: matrix, explode: true", ";x=1;y=2", {"x": 1, "y": "2"}),
    ],
)
def test_path_parameters(tmp_path: Path, schema: str, more: str, text: str, value: object) -> None:
    found = checked(tmp_path, "path", schema, more, f"/p/{text}")
    assert (found.refusal, found.parameters.path["v"]) == (None, value)
    assert type(found.parameters.path["v"]) is type(value)


@pytest.mark.parametrize(
    ("schema", "more", "query", "value"),
    [
        ("{type: string}", "", "v=a+b%2B", "a b+"),
        ("{type: string}", "", "v=", ""),
        ("{type: [integer, 'null']}", "", "v=null", None),
        (INTEGERS, "", "v=1&v=2", [1, 2]),
        (INTEGERS, "", "v=1", [1]),
        (INTEGERS, "explode: false", "v=1,2", [1, 2]),
        (INTEGERS, "explode: false", "v=1%2C2", [1, 2]),
        (TEXTS, "explode: false", "v=a%2Cb", ["a,b"]),
        (INTEGERS, "explode: false", "v=", []),
        (INTEGERS, "style: spaceDelimited, explode: false", "v=1%202", [1, 2]),
        (INTEGERS, "style: pipeDelimited, explode: false", "v=1%7C2", [1, 2]),
        (INTEGERS, "style: pipeDelimited, explode: false", "v=1|2", [1, 2]),
        (POINT, "", "x=1&y=2", {"x": 1, "y": "2"}),
        (POINT, "explode: false", "v=x,1,y,2", {"x": 1, "y": "2"}),
        (POINT, "style: deepObject", "v[x]=1&v%5By%5D=2", {"x": 1, "y": "2"}),
        ("{type: object, properties: {p: " + POINT + ", l: " + INTEGERS + "}}", "style: deepObject",
         "v[p][x]=1&v[l][0]=5&v[l][1]=6", {"p": {"x": 1}, "l": [5, 6]}),
        ("{type: object, additionalProperties: {type: integer}}", "style: deepObject", "v[a]=1", {"a": 1}),
    ],
)  # fmt: skip
def test_query_parameters(tmp_path: Path, schema: str, more: str, query: str, value: object) -> None:
    found = checked(tmp_path, "query", schema, more, f"/p?{query}")
    assert (found.refusal, found.parameters.query["v"], found.parameters.undeclared) == (None, value, [])


@pytest.mark.parametrize(
    ("location", "schema", "more", "header", "value"),
    [
        ("header", "{type: integer}", "", ("V", "7"), 7),
        ("header", TEXTS, "", ("v", "a,b%2C"), ["a", "b%2C"]),
        ("header", POINT, "explode: true", ("v", "x=1,y=2"), {"x": 1, "y": "2"}),
        ("cookie", "{type: integer}", "", ("Cookie", "a=b; v=7"), 7),
        ("cookie", INTEGERS, "explode: false", ("cookie", "v=1,2"), [1, 2]),
    ],
)
def test_headers_and_cookies(
    tmp_path: Path, location: str, schema: str, more: str, header: tuple[str, str], value: object
) -> None:
    found = checked(tmp_path, location, schema, more, "/p", header)
    place = found.parameters.header if location == "header" else found.parameters.cookie
    assert (found.refusal, place["v"]) == (None, value)


@pytest.mark.parametrize("location", ["path", "query", "header", "cookie"])
def test_a_parameter_that_is_json(tmp_path: Path, location: str) -> None:
    place = "/{v}" if location == "path" else ""
    spec = document(tmp_path, f"""
  /p{place}:
    get:
      parameters: [{{name: v, in: {location}, required: true, content: {{application/json: {{schema: {POINT}}}}}}}]
      responses: {{'204': {{description: ok}}}}""")  # fmt: skip
    checker = opened(spec).checker
    for text, refusal in (
        ("%7B%22x%22:1%7D", None),
        ("%7B", "parameters"),
        ("%7B%22x%22:%22%22%7D", "parameters"),
    ):
        plain = text.replace("%7B", "{").replace("%7D", "}").replace("%22", '"')
        target = {"path": f"/p/{text}", "query": f"/p?v={text}"}.get(location, "/p")
        headers = {"header": (("v", plain),), "cookie": (("Cookie", f"v={text}"),)}.get(location, ())
        assert checker.check_request(HttpRequest("GET", target, headers)).refusal == refusal


@pytest.mark.parametrize(
    ("schema", "query", "message"),
    [
        ("{type: integer}", "v=1x", "the value is the string '1x', not of type integer"),
        ("{type: integer}", "v=01", "the value is the string '01', not of type integer"),
        ("{type: integer}", "v=1&v=2", "the value is an array, not of type integer"),
        ("{type: boolean}", "v=True", "the value is the string 'True', not of type boolean"),
        ("{type: string, maxLength: 2}", "v=abc", "this value is longer than 2 characters"),
        ("{type: string}", "w=1", "it is required"),
    ],
)
def test_what_breaks_the_schema_is_said_about_the_parameter(
    tmp_path: Path, schema: str, query: str, message: str
) -> None:
    found = checked(tmp_path, "query", schema, "", f"/p?{query}")
    assert found.refusal == "parameters"
    assert (found.findings[0].part, found.findings[0].message) == ("query parameter 'v'", message)


BODY = """
  /b:
    post:
      requestBody: {{required: {required}, content: {{{media}: {{schema: {schema}{more}}}}}}}
      responses: {{'204': {{description: ok}}}}
"""
FIELDS = (
    "{type: object, properties: {n: {type: integer}, l: {type: array, items: {type: integer}}, "
    "o: {type: object, properties: {x: {type: integer}}}, f: {type: string, format: binary}}}"
)


def body_of(
    tmp_path: Path, media: str, schema: str, more: str, content_type: str, body: bytes
) -> CheckedRequest:
    spec = document(tmp_path, BODY.format(media=media, schema=schema, more=more, required="false"))
    return opened(spec).checker.check_request(
        HttpRequest("POST", "/b", (("Content-Type", content_type),), body)
    )


@pytest.mark.parametrize(
    ("encoding", "body", "value"),
    [
        ("", "n=7&l=1&l=2", {"n": 7, "l": [1, 2]}),
        ("", "o=%7B%22x%22%3A1.0%7D", {"o": {"x": Decimal("1.0")}}),
        ("", "l=%5B1%2C2%5D", {"l": [1, 2]}),
        ("", "o[x]=1&l[]=1&l[]=2", {"o": {"x": 1}, "l": [1, 2]}),
        ("", "other=1", {"other": "1"}),
        ("{o: {contentType: application/json}}", "o=%7B%22x%22%3A1%7D", {"o": {"x": 1}}),
        ("{l: {contentType: application/json}}", "l=%5B1%5D", {"l": [1]}),
        ("{l: {style: pipeDelimited, explode: false}}", "l=1%7C2", {"l": [1, 2]}),
        ("{o: {style: deepObject, explode: true}}", "o%5Bx%5D=1", {"o": {"x": 1}}),
        ("{o: {style: form, explode: true}}", "x=1", {"o": {"x": 1}}),
        ("{o: {contentType: application/json}}", "x=1", {"x": "1"}),
    ],
)
def test_form_fields(tmp_path: Path, encoding: str, body: str, value: object) -> None:
    more = (
        f", encoding: {encoding}".replace(", encoding", "}, encoding").removesuffix("}") if encoding else ""
    )
    spec = BODY.format(media=FORM[1], schema=FIELDS, more="", required="false")
    if more:
        spec = spec.replace(f"schema: {FIELDS}", f"schema: {FIELDS}, encoding: {encoding}")
    found = opened(document(tmp_path, spec)).checker.check_request(
        HttpRequest("POST", "/b", (FORM,), body.encode())
    )
    assert (found.refusal, found.body) == (None, value)


def test_multipart_parts(tmp_path: Path) -> None:
    parts = {
        'name="n"': b"7",
        'name="l"': b"1",
        'filename="a b.bin"; name="f"': bytes(range(256)),
        'name="o"': b'{"x": 1}',
    }
    body = b"preamble\r\n" + b"".join(
        b"--B\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + data + b"\r\n"
        for head, data in parts.items()
    )
    found = body_of(
        tmp_path, "multipart/form-data", FIELDS, "", 'multipart/form-data; boundary="B"', body + b"--B--\r\n"
    )
    assert (found.refusal, found.body) == (None, {"n": 7, "l": [1], "f": bytes(range(256)), "o": {"x": 1}})


@pytest.mark.parametrize(
    ("contents", "more", "rows"),
    [
        ([b'["a"]', b'["b","c"]'], "", [["a"], ["b", "c"]]),
        ([b'["a"]'], "", [["a"]]),
        ([b'[["a"],["b"]]'], "", [["a"], ["b"]]),
        ([b'[["a"]]'], ", encoding: {rows: {contentType: application/json}}", [["a"]]),
    ],
)
def test_nested_arrays_are_parts_or_one_part_of_json(
    tmp_path: Path, contents: list[bytes], more: str, rows: object
) -> None:
    schema = "{type: object, properties: {rows: {type: array, items: {type: array, items: {type: string}}}}}"
    body = b"".join(
        b'--B\r\nContent-Disposition: form-data; name="rows"\r\nContent-Type: application/json\r\n\r\n'
        + one
        + b"\r\n"
        for one in contents
    )
    found = body_of(
        tmp_path, "multipart/form-data", schema, more, "multipart/form-data; boundary=B", body + b"--B--\r\n"
    )
    assert (found.findings, found.body) == ((), {"rows": rows})


@pytest.mark.parametrize("schema", ["{type: array, items: {type: string}}", "{type: string}"])
def test_a_form_whose_schema_has_no_fields_is_any_object(tmp_path: Path, schema: str) -> None:
    found = body_of(tmp_path, FORM[1], schema, "", FORM[1], b"a=1&b=2")
    assert (found.findings, found.body) == ((), {"a": "1", "b": "2"})


LENGTH = ("Content-Length", "0")


@pytest.mark.parametrize(
    ("media", "headers", "refusal"),
    [
        ("application/octet-stream", (LENGTH, ("Content-Type", "application/octet-stream")), None),
        ("application/octet-stream", (LENGTH,), None),
        ("image/*", (LENGTH,), None),
        ("text/plain", (LENGTH,), None),
        ("application/octet-stream", (("Transfer-Encoding", "chunked"),), None),
        ("application/octet-stream", (), "body"),
        ("application/json", (LENGTH,), "body"),
        ("application/json", (LENGTH, JSON), "body"),
    ],
)
def test_a_required_body_of_length_0_is_a_body(
    tmp_path: Path, media: str, headers: tuple[tuple[str, str], ...], refusal: str | None
) -> None:
    """RFC 9112 section 6: the presence of a body is signalled by its length or its transfer coding."""
    spec = document(tmp_path, BODY.format(media=media, schema="{type: string}", more="", required="true"))
    found = opened(spec).checker.check_request(HttpRequest("POST", "/b", headers))
    assert found.refusal == refusal
    assert refusal is not None or not found.body


@pytest.mark.parametrize(
    ("media", "schema", "expected"),
    [
        ("'*/*'", "{type: string, format: binary}", b"\xff"),
        ("application/*", "{type: string, format: binary}", b"\xff"),
        ("application/*", "{type: object}", b"\xff"),
    ],
)
def test_bytes_of_a_range_are_bytes(tmp_path: Path, media: str, schema: str, expected: bytes) -> None:
    found = body_of(tmp_path, media, schema, "", "application/octet-stream", b"\xff")
    assert (found.findings, found.body) == ((), expected)


@pytest.mark.parametrize(
    ("media", "content", "message"),
    [
        ("application/*+json", "application/x.any+json", b"{}"),
        ("'*/*'", "application/octet-stream", b"string"),
    ],
)
def test_an_answer_is_of_a_type_in_its_range(
    tmp_path: Path, media: str, content: str, message: bytes
) -> None:
    schema = "{type: string, format: binary}" if "+" not in media else "{type: object}"
    answer = f"{{description: ok, content: {{{media}: {{schema: {schema}}}}}}}"
    spec = document(tmp_path, f"\n  /g: {{get: {{responses: {{'200': {answer}}}}}}}\n")
    response = opened(spec).respond(HttpRequest("GET", "/g")).response
    assert (response.header("content-type"), response.body) == (content, message)


@pytest.mark.parametrize(
    ("media", "content_type", "body", "message"),
    [
        ("multipart/form-data", "multipart/form-data", b"x", "the Content-Type names no boundary"),
        ("multipart/form-data", "multipart/form-data; boundary=B", b"--B\r\n", "the last boundary is missing"),
        ("multipart/form-data", "multipart/form-data; boundary=B", b"--B\r\nX: y\r\n\r\n\r\n--B--", "a part has no name"),
        ("text/plain", "text/plain; charset=utf-8", b"\xff", "this is not text in utf-8"),
        ("application/json", "application/json", b"\xff", "this is not JSON: byte 0 is not UTF-8"),
        ("application/json", "application/json", b"[" * 100_000, "this nests too deep"),
        ("application/json", "application/json", b"9" * 5000, "an integer in this has too many digits"),
        ("application/json", "application/json", b"1e99999", "the number 1e99999 is out of every range"),
        ("application/json", "application/json", b'"\\ud800"', "a \\u escape in this is half of a pair and stands for no character"),
        ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded", b"a=\xff",
         "this is not a form: it holds bytes that are not percent-encoded"),
    ],
)  # fmt: skip
def test_a_body_that_is_not_what_it_says(
    tmp_path: Path, media: str, content_type: str, body: bytes, message: str
) -> None:
    found = body_of(tmp_path, media, "{}", "", content_type, body)
    assert (found.refusal, found.findings[0].message) == ("body", message)


@pytest.mark.parametrize(
    ("declared", "sent", "refusal"),
    [
        ("application/json", "application/json; charset=utf-8", None),
        ("application/*", "application/json", None),
        ("'*/*'", "application/json", None),
        ("application/*+json", "application/vnd.a+json", None),
        ("application/json", "application/jsonx", "media-type"),
        ("application/json", "", "media-type"),
    ],
)
def test_media_types_are_matched_as_ranges(
    tmp_path: Path, declared: str, sent: str, refusal: str | None
) -> None:
    assert body_of(tmp_path, declared, "{}", "", sent, b"1").refusal == refusal


def test_no_body_and_an_empty_form_ask_for_the_same(tmp_path: Path) -> None:
    spec = document(tmp_path, BODY.format(media=FORM[1], schema=FIELDS, more="", required="false"))
    checker = opened(spec).checker
    none = checker.check_request(HttpRequest("POST", "/b"))
    empty = checker.check_request(HttpRequest("POST", "/b", (FORM,), b""))
    assert none.refusal is empty.refusal is None
    assert none.key == empty.key


def test_true_and_one_are_not_the_same(tmp_path: Path) -> None:
    spec = document(tmp_path, BODY.format(media="application/json", schema="{}", more="", required="false"))
    checker = opened(spec).checker
    keys = [
        checker.check_request(HttpRequest("POST", "/b", (JSON,), body)).key
        for body in (b"[true]", b"[1]", b"[1.0]")
    ]
    assert keys[0] != keys[1] == keys[2]


@pytest.mark.parametrize(
    ("content_type", "refusal"),
    [("image/png", None), ("text/plain", None), ("application/json", "body"), (None, "body")],
)
def test_a_file_without_bytes_is_a_body(
    tmp_path: Path, content_type: str | None, refusal: str | None
) -> None:
    offered = "{'image/*': {}, text/plain: {}, application/json: {}}"
    spec = document(
        tmp_path,
        f"""
  /b:
    put:
      requestBody: {{required: true, content: {offered}}}
      responses: {{'204': {{description: ok}}}}
""",
    )
    stated = () if content_type is None else (("Content-Type", content_type),)
    assert opened(spec).checker.check_request(HttpRequest("PUT", "/b", stated, b"")).refusal == refusal
