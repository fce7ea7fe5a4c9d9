"""What Python has and the wire has not: refused before anything is sent, or sent as the value that it stands for."""

from __future__ import annotations

import array
import collections
import enum
import io
from collections.abc import Callable, Iterator
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import unquote_plus

import pytest
from pydantic import BaseModel, ConfigDict

from tests.behavior.calls import Exchange, call
from tests.behavior.packages import Package, package_of, spec


class Shout(str):
    """Text that hides what it is, as members of `(str, Enum)` and masked secrets do."""

    def __str__(self) -> str:
        return "WRONG"

    __repr__ = __str__

    def __format__(self, _: str, /) -> str:
        return "WRONG"


class Count(int):
    def __int__(self) -> int:
        return 99

    def __str__(self) -> str:
        return "WRONG"

    __repr__ = __str__


class Ratio(float):
    def __float__(self) -> float:
        return 99.5

    def __repr__(self) -> str:
        return "WRONG"


class Price(Decimal):
    def __format__(self, *_: Any) -> str:
        return "WRONG"

    def __str__(self) -> str:
        return "WRONG"


class Words(list[Any]):
    pass


class Table(dict[str, Any]):
    pass


class Level(enum.IntEnum):
    ONE = 1


class Color(str, enum.Enum):  # noqa: UP042 (a StrEnum prints its value)
    RED = "red"


class Kind(enum.Enum):
    LISTED = ("a", "b")
    NESTED = Color.RED
    NOTHING = float("nan")


SCHEMAS = {
    "any": "{}",
    "text": "{type: string}",
    "number": "{type: number}",
    "whole": "{type: integer}",
    "amount": "{type: number, format: decimal}",
    "base64": "{type: string, format: byte}",
    "moment": "{type: string, format: date-time}",
    "clock": "{type: string, format: time}",
    "texts": "{type: array, items: {type: string}}",
    "wholes": "{type: array, items: {type: integer}}",
    "numbers": "{type: array, items: {type: number}}",
    "either": "{anyOf: [{type: array, items: {type: integer}}, {type: array, items: {type: string}}]}",
    "map": "{type: object, additionalProperties: {type: string}}",
}
_MEDIA = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data",
}
PLACES = ("path", "query", "header", "cookie", "content", *_MEDIA, "nested")


def _operation(place: str, name: str) -> str:
    schema = SCHEMAS[name]
    head = f"  /{place}/{name}{'/{v}' if place == 'path' else ''}:\n    post:\n      operationId: {place}_{name}\n      tags: [s]\n"
    if place == "content":
        place, schema = "query", f"content: {{application/json: {{schema: {schema}}}}}"
    elif place not in ("nested", *_MEDIA):
        schema = f"schema: {schema}"
    else:
        inner = f"{{type: object, properties: {{v: {schema}}}}}"
        inner = (
            inner
            if place != "nested"
            else f"{{type: object, properties: {{o: {{type: array, items: {inner}}}}}}}"
        )
        media = _MEDIA.get(place, "application/json")
        return head + f"      requestBody: {{required: true, content: {{{media}: {{schema: {inner}}}}}}}\n"
    return head + f"      parameters: [{{name: v, in: {place}, required: true, {schema}}}]\n"


DOCUMENT = spec(
    "paths:\n"
    + "".join(
        _operation(place, name) + "      responses: {'204': {description: ok}}\n"
        for place in PLACES
        for name in SCHEMAS
    )
    + """
  /filter:
    get:
      operationId: filter
      tags: [s]
      parameters:
        - {name: f, in: query, style: deepObject, schema: {type: object, additionalProperties: {}}}
        - {name: H, in: header, content: {application/json: {schema: {}}}}
        - {name: c, in: cookie, content: {application/json: {schema: {type: array, items: {type: string}}}}}
      responses: {'204': {description: ok}}
"""
)


def send(place: str, name: str, value: Any) -> Exchange:
    given = {"o": [{"v": value}]} if place == "nested" else {"v": value}
    return call(DOCUMENT, f"s.{place}_{name}", **given)


def text(place: str, exchange: Exchange) -> str:
    """What is sent of the one value."""
    if place == "path":
        return unquote_plus(exchange.raw_path.rpartition("/")[2])
    if place == "header":
        return str(exchange.request.headers["v"])
    if place == "cookie":
        return unquote_plus(exchange.request.headers["cookie"])
    if place in ("query", "content", "form"):
        return unquote_plus(exchange.content.decode() if place == "form" else exchange.raw_query)
    return exchange.content.decode()


STANDING: list[tuple[str, Any, Any]] = [
    *((name, Shout("red"), "red") for name in ("any", "text", "base64")),
    *((name, Color.RED, "red") for name in ("any", "text", "base64")),
    *((name, Count(1), 1) for name in ("any", "number", "whole", "amount")),
    *((name, Level.ONE, 1) for name in ("any", "number", "whole", "amount")),
    *((name, Ratio(0.5), 0.5) for name in ("any", "number")),
    *((name, Price("1.10"), Decimal("1.10")) for name in ("any", "number", "amount")),
    *((name, Words(["a", "b"]), ["a", "b"]) for name in ("any", "texts", "either")),
    *((name, Words([Shout("a"), Color.RED]), ["a", "red"]) for name in ("any", "texts")),
    *((name, Table({Shout("k"): Shout("b")}), {"k": "b"}) for name in ("any", "map")),
    *((name, {Color.RED: "b"}, {"red": "b"}) for name in ("any", "map")),
    *((name, Kind.LISTED, ["a", "b"]) for name in ("any", "texts", "either")),
    ("any", Kind.NESTED, "red"),
    ("wholes", array.array("i", [1, 2]), [1, 2]),
    ("wholes", range(1, 3), [1, 2]),
    ("texts", collections.deque(["a", "b"]), ["a", "b"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "meant"), STANDING, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("place", PLACES)
def test_what_stands_for_a_value_is_sent_as_that_value(place: str, name: str, value: Any, meant: Any) -> None:
    got = send(place, name, value)
    assert "WRONG" not in text(place, got)
    assert text(place, got) == text(place, send(place, name, meant))


def _numbers(*values: Any) -> list[tuple[str, Callable[[], Any]]]:
    names = ("any", "number", "whole", "amount", "text", "moment")
    return [(name, lambda value=value: value) for value in values for name in names]


def _each(value: Any, *names: str) -> list[tuple[str, Callable[[], Any]]]:
    return [(name, lambda: value) for name in names]


def _made(make: Callable[[], Any], *names: str) -> list[tuple[str, Callable[[], Any]]]:
    return [(name, make) for name in names]


REFUSED: list[tuple[str, Callable[[], Any]]] = [
    *_numbers(float("nan"), float("-inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Ratio("nan")),
    *_each(Kind.NOTHING, "any", "number", "amount"),
    *_each([1, float("nan")], "any", "numbers"),
    *_each(True, "number", "whole", "amount", "text"),
    *_each([True], "numbers", "wholes"),
    *_each("a\ud800", "any", "text", "base64", "moment"),
    *_each(Shout("\udfff"), "any", "text", "base64"),
    *_each(["\udfff"], "any", "texts"),
    *_each({"\ud800": "x"}, "any", "map"),
    *_each({"k": "\ud800"}, "any", "map"),
    *_each(b"7", "text", "number", "whole", "amount", "moment", "texts", "wholes"),
    *_each(bytearray(b"7"), "text", "number", "texts", "wholes"),
    *_each(memoryview(b"7"), "text", "numbers", "texts", "wholes", "either"),
    *_each(datetime(2026, 2, 3), "any", "text", "moment", "clock"),
    *_each(time(4, 5), "any", "text", "moment", "clock"),
    *_made(lambda: (one for one in "ab"), "any", "texts", "either"),
    *_made(lambda: iter([1, 2]), "any", "wholes", "numbers", "either"),
    *_made(lambda: map(str, [1, 2]), "any", "texts", "either"),
    *_made(lambda: io.StringIO("a\nb\n"), "text", "texts", "either"),
    *_each({1: "b"}, "any", "map"),
    *_each({None: "b"}, "any", "map"),
    *_each({Level.ONE: "b"}, "any", "map"),
    *_each({b"k": "b"}, "any", "map"),
    *_each({("k",): "b"}, "any", "map"),
    *_each({1: "a", "1": "b"}, "any", "map"),
    *_each(Fraction(1, 2), "any", "number", "amount"),
    *_each(1j, "any", "number", "amount"),
    *_each([Fraction(1, 2)], "any", "numbers"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make"), REFUSED)
@pytest.mark.parametrize("place", PLACES)
def test_what_no_message_can_hold_is_refused(place: str, name: str, make: Callable[[], Any]) -> None:
    package = package_of(DOCUMENT)
    value = make()
    given: dict[str, Any] = {"o": [{"v": value}]} if place == "nested" else {"v": value}

    with pytest.raises(package.errors.RequestValidationError) as refused:
        call(package, f"s.{place}_{name}", **given)
    assert refused.value.outcome == "not_sent"
    assert refused.value.operation == f"{place}_{name}"


@pytest.mark.parametrize("key", [1, None, True, b"k", ("k",), float("nan"), Level.ONE], ids=repr)
def test_a_key_that_is_no_str_is_refused_in_a_deep_object(key: Any) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "s.filter", f={"inner": {key: 1}})


@pytest.mark.parametrize(
    "given",
    [{"h": "\ud800"}, {"h": {"\udfff": 1}}, {"h": ["a", {"b": "\ud83d"}]}, {"c": ["\ud800"]}],
    ids=ascii,
)
def test_no_escape_of_json_in_a_header_says_half_of_a_surrogate_pair(given: Any) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.RequestValidationError, match="lone surrogate"):
        call(package, "s.filter", **given)


def test_a_whole_pair_is_escaped_in_a_header() -> None:
    assert call(DOCUMENT, "s.filter", h="\U0001f600").request.headers["h"] == '"\\ud83d\\ude00"'


def test_a_key_of_a_subclass_of_str_is_its_text_in_a_deep_object() -> None:
    assert call(DOCUMENT, "s.filter", f={"i": {Color.RED: 1, Shout("k"): 2}}).query == [
        ("f[i][red]", "1"),
        ("f[i][k]", "2"),
    ]


class Told(BaseModel):
    """A model of another kind, whose unknown keys are sent as well."""

    model_config = ConfigDict(extra="allow")

    word: str


def _words() -> Iterator[str]:
    yield from ("a", "b", "c")


PATCHED = spec("""
paths:
  /p:
    post:
      operationId: patch
      tags: [s]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {'204': {description: ok}}
components:
  schemas:
    Thing:
      type: object
      properties:
        any: {}
        one: {$ref: '#/components/schemas/Part'}
        either: {anyOf: [{type: array, items: {type: integer}}, {type: array, items: {type: string}}]}
        words: {type: array, items: {type: string}}
        wholes: {type: array, items: {type: integer}}
    Part: {type: object, properties: {word: {type: string}}}
""")


@pytest.fixture(scope="module")
def things() -> Package:
    return package_of(PATCHED)


@pytest.mark.parametrize("field", ["either", "words"])
def test_a_model_takes_no_iterator_of_which_a_part_could_be_lost(things: Package, field: str) -> None:
    with pytest.raises(ValueError, match="an iterator can be read only once; pass a list"):
        things.models.Thing(**{field: _words()})


def test_a_model_takes_no_bytes_for_a_list_of_numbers(things: Package) -> None:
    with pytest.raises(ValueError, match="valid list"):
        things.models.Thing(wholes=memoryview(b"ab"))


def test_an_iterator_beside_a_model_with_unknown_keys_is_not_read_twice(things: Package) -> None:
    with pytest.raises(things.errors.RequestValidationError, match="read only once"):
        call(things, "s.patch", one=Told.model_validate({"word": "a", "more": 1}), words=_words())


@pytest.mark.parametrize(
    "value",
    [{1: 2}, {"a": {None: 1}}, Fraction(1, 2), [Fraction(1, 2)], float("nan"), datetime(2026, 2, 3)],
    ids=repr,
)
def test_what_an_untyped_member_of_a_model_holds_is_refused_when_it_is_sent(
    things: Package, value: Any
) -> None:
    holder = things.models.Thing(any=value)

    with pytest.raises(things.errors.RequestValidationError):
        call(things, "s.patch", any=holder)


@pytest.mark.parametrize(
    ("value", "sent"),
    [(Shout("red"), '"red"'), ([Count(1)], "[1]"), ({Color.RED: Ratio(0.5)}, '{"red":0.5}')],
    ids=["text", "number", "key"],
)
def test_what_an_untyped_member_of_a_model_stands_for_is_sent(things: Package, value: Any, sent: str) -> None:
    holder = things.models.Thing(any=value)

    exchange = call(things, "s.patch", any=holder)
    assert exchange.content.decode() == f'{{"any":{{"any":{sent}}}}}'


@pytest.mark.parametrize(
    "value", [{1: 2}, Fraction(1, 2), Decimal("sNaN"), iter([1]), b"x", "\ud800"], ids=repr
)
def test_extra_members_are_refused_as_well(things: Package, value: Any) -> None:
    options = things.module.CallOptions(extra_body={"more": value})

    with pytest.raises(things.errors.RequestValidationError):
        call(things, "s.patch", words=["a"], options=options)


def test_extra_members_are_sent_as_what_they_stand_for(things: Package) -> None:
    options = things.module.CallOptions(
        extra_body={Shout("more"): [Shout("a"), Count(1), {Color.RED: Price("1.0")}]}
    )

    assert call(things, "s.patch", options=options).content == b'{"more":["a",1,{"red":1.0}]}'


SECURED = spec("""
paths:
  /bearer: {get: {operationId: bearer, tags: [s], security: [{b: []}], responses: {'204': {description: ok}}}}
  /basic: {get: {operationId: basic, tags: [s], security: [{p: []}], responses: {'204': {description: ok}}}}
  /key: {get: {operationId: key, tags: [s], security: [{k: []}], responses: {'204': {description: ok}}}}
components:
  securitySchemes:
    b: {type: http, scheme: bearer}
    p: {type: http, scheme: basic}
    k: {type: apiKey, in: cookie, name: k}
""")


@pytest.mark.parametrize("method", ["bearer", "basic", "key"])
def test_a_credential_that_hides_itself_as_text_is_sent(method: str) -> None:
    names = ("token", "api_key", "username", "password")

    hidden, plain = (
        call(SECURED, f"s.{method}", settings={name: kind(f"long-{name}") for name in names}).request.headers
        for kind in (Shout, str)
    )
    assert hidden == plain
    assert plain.get("authorization") or plain.get("cookie")


FILES = spec("""
paths:
  /f:
    post:
      operationId: put
      tags: [s]
      requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, properties: {f: {type: string, format: binary}}}}}}
      responses: {'204': {description: ok}}
""")


def test_the_name_and_the_type_of_a_file_are_their_text() -> None:
    content = call(FILES, "s.put", f=(Shout("a.txt"), b"x", Shout("text/x"))).content

    assert b'filename="a.txt"' in content and b"Content-Type: text/x" in content and b"WRONG" not in content
