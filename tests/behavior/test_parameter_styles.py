"""Every parameter style, exploded and not, for scalars, arrays and objects: a server reads back what was passed."""

from __future__ import annotations

import itertools

import pytest

from tests.behavior.calls import call
from tests.behavior.packages import spec
from tests.behavior.styles import read_header, read_pairs, read_path

SCHEMAS = {
    "scalar": "{type: string}",
    "array": "{type: array, items: {type: string}}",
    "object": "{type: object, additionalProperties: {type: string}}",
}
# Delimiters of every style, percent signs, spaces, and text beyond ASCII; what reads back was escaped rightly.
VALUES = {
    "scalar": "a,b;c=d.e f/g?h#i|j&k%20l+m é",
    "array": ["one,two", "a b|c", "é;=&%2C", "x.y/z"],
    "object": {"a,b": "c=d", "k l": "m|n", "é": "p&q;r.s", "plain": "1"},
}
# What a style itself cannot tell apart, by RFC 6570 and by OpenAPI: headers are not percent-encoded, a dot never is,
# and an encoded delimiter is the delimiter.
INEXPRESSIBLE = {"simple-header": ",=", "label": ".", "spaceDelimited": " ", "pipeDelimited": "|"}


def _value(kind: str, location: str, style: str) -> str | list[str] | dict[str, str]:
    gone = str.maketrans(
        "", "", INEXPRESSIBLE.get(f"{style}-{location}" if location == "header" else style, "")
    )
    value = VALUES[kind]
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return [item.translate(gone) for item in value]
    return {key.translate(gone): item.translate(gone) for key, item in value.items()}


STYLES = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited"),
    "header": ("simple",),
    "cookie": ("form",),
}
GRID = [
    (location, style, explode, kind)
    for location, styles in STYLES.items()
    for style, explode, kind in itertools.product(styles, (True, False), SCHEMAS)
    if not (style.endswith("Delimited") and (explode or kind == "scalar"))
]


def _operation(number: int, location: str, style: str, explode: bool, kind: str) -> str:
    path = f"/p{number}/{{v}}" if location == "path" else f"/p{number}"
    return f"""
  {path}:
    get:
      operationId: p{number}
      tags: [grid]
      parameters:
        - {{name: v, in: {location}, required: true, style: {style}, explode: {str(explode).lower()}, schema: {SCHEMAS[kind]}}}
      responses: {{'204': {{description: ok}}}}
"""


DOCUMENT = spec("paths:" + "".join(_operation(number, *row) for number, row in enumerate(GRID)))


def _cell(row: tuple[str, str, bool, str]) -> str:
    location, style, explode, kind = row
    return f"{location}-{style}-{'exploded' if explode else 'joined'}-{kind}"


@pytest.mark.parametrize(("number", "row"), list(enumerate(GRID)), ids=[_cell(row) for row in GRID])
def test_a_server_reads_back_what_was_passed(number: int, row: tuple[str, str, bool, str]) -> None:
    location, style, explode, kind = row
    value = _value(kind, location, style)
    if location == "path":
        exchange = call(DOCUMENT, f"grid.p{number}", value)
        segment = exchange.raw_path.removeprefix(f"/p{number}/")
        assert "/" not in segment
        assert read_path(segment, "v", kind, style, explode) == value
        return
    exchange = call(DOCUMENT, f"grid.p{number}", v=value)
    if location == "header":
        assert read_header(exchange.request.headers["v"], kind, explode) == value
    else:
        raw = exchange.raw_query if location == "query" else exchange.request.headers["cookie"]
        pairs = [tuple(pair.split("=", 1)) for pair in raw.split("&" if location == "query" else "; ")]
        assert read_pairs(pairs, "v", kind, style, explode) == value


DEEP = spec("""
paths:
  /deep:
    get:
      operationId: deep
      tags: [grid]
      parameters:
        - name: f
          in: query
          style: deepObject
          explode: true
          schema:
            type: object
            properties:
              a: {type: string}
              b: {type: integer}
              c: {type: object, properties: {d: {type: boolean}}}
              e: {type: array, items: {type: string}}
        - {name: s, in: query, style: deepObject, schema: {type: string}}
      responses: {'204': {description: ok}}
""")


def test_deep_objects_use_one_pair_of_brackets_for_each_level() -> None:
    exchange = call(DEEP, "grid.deep", f={"a": "x&y", "b": 2, "c": {"d": True}, "e": ["p", "q"]})

    assert exchange.query == [
        ("f[a]", "x&y"), ("f[b]", "2"), ("f[c][d]", "true"), ("f[e][0]", "p"), ("f[e][1]", "q"),
    ]  # fmt: skip


def test_a_scalar_in_deep_object_style_is_sent_plainly() -> None:
    assert call(DEEP, "grid.deep", s="v").query == [("s", "v")]


def test_parameters_that_were_not_given_are_not_sent() -> None:
    assert call(DEEP, "grid.deep").raw_query == ""
