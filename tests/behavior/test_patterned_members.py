"""`patternProperties`: a pattern types the members whose names match it and no others (JSON Schema Core 10.3.2.2)."""

from __future__ import annotations

import datetime
import warnings
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from tests.behavior.calls import call, json_answer, plain, text_answer
from tests.behavior.packages import both_ways, package_of, spec

MAPS = both_ways("""
    Root:
      type: object
      properties:
        open: {type: object, patternProperties: {'^x-': {type: integer}}}
        allowed: {type: object, patternProperties: {'^x-': {type: integer}}, additionalProperties: true}
        others: {type: object, patternProperties: {'^x-': {type: integer}}, additionalProperties: {type: string}}
        unevaluated: {type: object, patternProperties: {'^x-': {type: integer}}, unevaluatedProperties: {type: string}}
        closed: {type: object, patternProperties: {'^x-': {type: integer}}, additionalProperties: false}
        two: {type: object, patternProperties: {'^a': {$ref: '#/components/schemas/A'}, '^b': {$ref: '#/components/schemas/B'}}, additionalProperties: false}
        both: {type: object, patternProperties: {'^x-': {$ref: '#/components/schemas/A'}, '-y$': {$ref: '#/components/schemas/B'}}}
        apart: {type: object, patternProperties: {'^x-': {type: integer}, '-id$': {type: string}}}
        bounds: {type: object, patternProperties: {'^x-': {type: integer, minimum: 5}, '-id$': {type: integer, maximum: 3}}}
        values: {type: object, patternProperties: {'^x-': {type: integer}, '-id$': {enum: [a, b]}}}
        joined: {allOf: [{type: object, patternProperties: {'^x-': {type: integer}}}, {patternProperties: {'^x-': {maximum: 5}, '^d': {type: boolean}}, additionalProperties: {type: integer}}]}
        beside: {type: object, properties: {'x-own': {type: string}}, patternProperties: {'^x-o': {type: string}, '^y-': {$ref: '#/components/schemas/A'}}}
        listed: {type: array, items: {type: [object, 'null'], patternProperties: {'^x-': {type: [integer, 'null']}}}}
        either: {oneOf: [{type: string}, {type: object, patternProperties: {'^x-': {type: integer}}}]}
        tree: {$ref: '#/components/schemas/Tree'}
        local: {$ref: '#/components/schemas/Local'}
        hidden: {type: object, patternProperties: {'^_': false, '^x-': {type: integer}}}
        unread: {type: object, patternProperties: {'^(?=x)x-': {type: integer}}}
    A: {type: object, required: [n], properties: {n: {type: integer}}}
    B: {type: object, properties: {t: {type: string}}}
    Tree: {type: object, patternProperties: {'^sub': {$ref: '#/components/schemas/Tree'}, '^v': {type: [integer, 'null']}}}
    Local: {$defs: {Inner: {type: object, patternProperties: {'^x-': {type: integer}}}}, type: object, properties: {inner: {$ref: '#/components/schemas/Local/$defs/Inner'}}}
""")  # fmt: skip
ANYTHING: dict[str, Any] = {"n": "text", "other": [1, {"x-a": "s"}], "null": None, "X-a": False}


@pytest.mark.parametrize(
    "value",
    [
        {"open": {"x-a": 1, **ANYTHING}},
        {"allowed": {"x-a": 1, **ANYTHING}},
        {"others": {"x-a": 1, "n": "text"}},
        {"unevaluated": {"x-a": 1, "n": "text"}},
        {"closed": {"x-a": 1}},
        {"two": {"a1": {"n": 1}, "b1": {"t": "s"}}},
        {"both": {"x-": {"n": 1}, "-y": {"t": "s"}, "x-y": {"n": 1, "t": "s"}, **ANYTHING}},
        {"apart": {"x-": 1, "my-id": "s", **ANYTHING}},
        {"bounds": {"x-": 5, "-id": 3, **ANYTHING}},
        {"values": {"x-": 5, "-id": "b", **ANYTHING}},
        {"joined": {"x-a": 5, "d": True, "n": 6}},
        {"beside": {"x-own": "s", "x-other": "s", "y-a": {"n": 1}, **ANYTHING}},
        {"listed": [None, {"x-a": None, "x-b": 1, **ANYTHING}, {}]},
        {"either": {"x-a": 1, **ANYTHING}},
        {"tree": {"v1": None, "sub1": {"v2": 2, "sub2": {}, **ANYTHING}, **ANYTHING}},
        {"local": {"inner": {"x-a": 1, **ANYTHING}}},
        {"hidden": {"x-a": 1, **ANYTHING}},
        {"unread": {"x-a": 1, **ANYTHING}},
    ],
    ids=lambda value: next(iter(value)),
)
def test_members_of_no_pattern_are_sent_and_read_as_they_are(value: dict[str, Any]) -> None:
    exchange = call(MAPS, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value
    strict = call(MAPS, "things.send", answer=json_answer(value), settings={"validation": "strict"})
    assert plain(strict.result) == value


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"open": {"x-a": "s"}}, "open.x-a"),
        ({"allowed": {"x-a": 1.5}}, "allowed.x-a"),
        ({"others": {"x-a": "s"}}, "others.x-a"),
        ({"others": {"n": 1}}, "others.n"),
        ({"unevaluated": {"n": 1}}, "unevaluated.n"),
        ({"closed": {"n": 1}}, "closed.n"),
        ({"two": {"a1": {"t": "s"}}}, "two.a1"),
        ({"two": {"c": {}}}, "two.c"),
        ({"both": {"x-y": {"t": "s"}}}, "both.x-y"),
        ({"both": {"-y": {"t": 1}}}, "both.-y.t"),
        ({"apart": {"x-id": 1}}, "apart.x-id"),
        ({"bounds": {"x-id": 4}}, "bounds.x-id"),
        ({"values": {"x-id": "a"}}, "values.x-id"),
        ({"joined": {"x-a": 6}}, "joined.x-a"),
        ({"joined": {"d": 1}}, "joined.d"),
        ({"joined": {"n": "s"}}, "joined.n"),
        ({"beside": {"y-a": {"n": "s"}}}, "beside.y-a.n"),
        ({"listed": [{"x-a": "s"}]}, "listed.0.x-a"),
        ({"tree": {"sub1": {"sub2": {"v": "s"}}}}, "tree.sub1.sub2.v"),
        ({"local": {"inner": {"x-a": "s"}}}, "local.inner.x-a"),
        ({"hidden": {"_a": 1}}, "hidden._a"),
    ],
    ids=str,
)
def test_a_member_that_breaks_its_pattern_is_refused_with_its_place(value: Any, place: str) -> None:
    with pytest.raises(package_of(MAPS).errors.RequestValidationError) as refused:
        call(MAPS, "things.send", **value)

    assert f" {place}" in str(refused.value)
    assert "-1" not in str(refused.value) and "-2" not in str(refused.value)


@pytest.mark.parametrize(
    "value",
    [{"open": {"x-a": "s"}}, {"others": {"n": 1}}, {"two": {"a1": {}}}, {"tree": {"sub": {"v": "s"}}}],
)
def test_an_answer_that_breaks_a_pattern_is_not_a_result(value: Any) -> None:
    errors = package_of(MAPS).errors
    with pytest.raises(errors.ResponseDecodeError):
        call(MAPS, "things.send", answer=json_answer(value), settings={"validation": "strict"})


def test_matching_members_are_models_and_a_missing_member_of_one_is_absent() -> None:
    package = package_of(MAPS)
    answer = {
        "two": {"a1": {"n": 1}, "b1": {"t": "s"}},
        "both": {"x-y": {"n": 2, "t": "u"}, "x-": {}, "q": {"n": 3}},
    }

    result = call(package, "things.send", answer=json_answer(answer)).result

    assert isinstance(result.two["a1"], package.models.A) and result.two["a1"].n == 1
    assert isinstance(result.two["b1"], package.models.B) and result.two["b1"].t == "s"
    assert (result.both["x-y"].n, result.both["x-y"].t) == (2, "u")
    assert result.both["q"] == {"n": 3}
    with pytest.raises(package.errors.AbsentMemberError):
        _ = result.both["x-"].n
    assert call(package, "things.send", two=result.two, answer=json_answer({})).json == {"two": answer["two"]}


def test_what_is_read_of_a_map_is_written_in_json_without_a_warning() -> None:
    text = '{"both":{"x-y":{"n":2,"t":"u"},"q":null},"others":{"x-a":1,"n":"s"}}'

    result = call(MAPS, "things.send", answer=text_answer(text)).result

    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert result.model_dump_json(exclude_unset=True) == text


def test_the_types_say_what_a_map_holds() -> None:
    package = package_of(MAPS)
    models, inputs = package.files["models.py"].decode(), package.files["inputs.py"].decode()

    assert 'Annotated[dict[str, int], ByName({(): Any, ("^x-",): int}, forbidden=((),))]' in models
    assert "    closed: dict[str, int] | None = None\n" in models.partition("class RootInput")[2]
    assert 'Annotated[dict[str, Any], ByName({(): Any, ("^x-",): int})]' in models
    assert 'Annotated[dict[str, str | int], ByName({(): str, ("^x-",): int})]' in models
    assert 'Annotated[dict[str, A | B], ByName({(): Any, ("^a",): A, ("^b",): B}, forbidden=((),))]' in models
    assert "RootOpenInputDict: TypeAlias = Mapping[str, Any]" in inputs
    assert "RootOthersInputDict: TypeAlias = Mapping[str, Union[str, int]]" in inputs
    assert not {"unsatisfiable-schema", "contradicting-keywords"} & package.ids


def test_maps_that_hold_themselves_come_before_the_classes_that_name_them() -> None:
    """In the other order pyright refuses their statements (reportInvalidTypeForm)."""
    text = both_ways("""
    Root: {type: object, properties: {tree: {$ref: '#/components/schemas/Tree'}, wood: {$ref: '#/components/schemas/Wood'}}}
    Tree: {type: object, patternProperties: {'^sub': {$ref: '#/components/schemas/Tree'}}, additionalProperties: {type: integer, minimum: 3}}
    Wood: {type: object, additionalProperties: {anyOf: [{type: string}, {$ref: '#/components/schemas/Wood'}]}}
""")  # fmt: skip
    value: dict[str, Any] = {"tree": {"sub": {"sub": {"n": 4}}, "n": 3}, "wood": {"a": "s", "b": {"c": {}}}}
    models = package_of(text).files["models.py"].decode()

    exchange = call(text, "things.send", **value, answer=json_answer(value))

    assert exchange.json == plain(exchange.result) == value
    starts = [models.index(f"\n{name} = TypeAliasType(") for name in ("Tree", "TreeInput", "Wood")]
    assert max(starts) < models.index("\nclass Root")
    with pytest.raises(package_of(text).errors.RequestValidationError):
        call(text, "things.send", tree={"sub": {"sub": {"n": 2}}})


VALUES = both_ways("""
    Root:
      type: object
      patternProperties:
        '^date': {type: string, format: date}
        '^amount': {type: number, format: decimal}
        '^bytes': {type: string, format: byte}
        '^pair': {type: array, prefixItems: [{type: string}, {type: integer}], minItems: 2, maxItems: 2}
        '^at': {type: string, format: date-time}
""")


def test_values_take_the_form_that_their_pattern_says() -> None:
    body = {
        "date": datetime.date(2024, 5, 6),
        "amount": Decimal("1.50"),
        "bytes": b"GIF89a",
        "pair": ["s", 1],
        "x": 1.5,
    }
    text = '{"date":"2024-05-06","amount":1.50,"bytes":"R0lGODlh","pair":["s",1],"x":1.5}'

    exchange = call(VALUES, "things.send", body=body, answer=text_answer(text))

    assert exchange.content.decode() == text
    assert exchange.result == {
        "date": "2024-05-06", "amount": Decimal("1.50"), "bytes": "R0lGODlh", "pair": ("s", 1), "x": 1.5
    }  # fmt: skip
    assert isinstance(exchange.result["amount"], Decimal) and isinstance(exchange.result["x"], float)
    assert call(VALUES, "things.send", body=exchange.result, answer=json_answer({})).content.decode() == text


@pytest.mark.parametrize(
    "body",
    [{"x": b"GIF"}, {"amount": 1.5}, {"at": datetime.datetime(2024, 5, 6)}, {"pair": ["s"]}, {"date": 5}],
    ids=str,
)
def test_values_in_the_form_of_another_pattern_are_refused(body: Any) -> None:
    with pytest.raises(package_of(VALUES).errors.RequestValidationError):
        call(VALUES, "things.send", body=body)


QUERY = spec("""
    security: []
    paths:
      /x:
        get:
          operationId: get
          tags: [things]
          parameters:
            - {name: deep, in: query, style: deepObject, schema: {type: object, patternProperties: {'^n': {type: integer}}}}
          responses: {'204': {description: ok}}
        post:
          operationId: fill
          tags: [things]
          requestBody:
            content:
              application/x-www-form-urlencoded: {schema: {type: object, patternProperties: {'^n': {type: integer}}}}
          responses: {'204': {description: ok}}
""")


def test_maps_in_parameters_and_forms_tell_their_members_apart() -> None:
    value = {"n1": 5, "s": "text"}

    assert call(QUERY, "things.get", deep=value).query == [("deep[n1]", "5"), ("deep[s]", "text")]
    assert call(QUERY, "things.fill", body=value).form == [("n1", "5"), ("s", "text")]
    refused: list[tuple[str, dict[str, Any]]] = [
        ("things.get", {"deep": {"n1": "five"}}),
        ("things.fill", {"body": {"n1": "five"}}),
    ]
    for method, given in refused:
        with pytest.raises(package_of(QUERY).errors.RequestValidationError):
            call(QUERY, method, **given)


NAMES = both_ways("""
    Root:
      type: object
      properties:
        pets: {type: object, patternProperties: {'^p': {$ref: '#/components/schemas/Pet'}}}
        tree: {$ref: '#/components/schemas/Tree'}
        either: {anyOf: [{$ref: '#/components/schemas/Pet'}, {$ref: '#/components/schemas/Zoo'}]}
        listed: {$ref: '#/components/schemas/Listed'}
    Pet: {type: object, properties: {n: {type: integer}}}
    Tree: {type: object, patternProperties: {'^sub': {$ref: '#/components/schemas/Tree'}, '^p': {$ref: '#/components/schemas/Pet'}}}
    Zoo: {type: object, required: [z], properties: {z: {type: integer}, root: {$ref: '#/components/schemas/Root'}}}
    Listed: {type: array, items: {$ref: '#/components/schemas/Zoo'}}
""")  # fmt: skip


def test_names_of_the_calling_code_are_not_taken_for_those_of_models() -> None:
    class Pet:
        pass

    PetInput = Tree = TreeInput = Zoo = ZooInput = Listed = ListedInput = int  # noqa: N806
    RootPets = RootPetsInput = RootEither = RootEitherInput = bytes  # noqa: N806
    names = {Pet, PetInput, Tree, TreeInput, Zoo, ZooInput, Listed, ListedInput}
    assert names | {RootPets, RootPetsInput, RootEither, RootEitherInput} == {Pet, int, bytes}
    models = package_of(NAMES).models
    value = {
        "pets": {"p": {"n": 1}},
        "tree": {"sub": {"p": {"n": 2}}},
        "either": {"z": 3},
        "listed": [{"z": 4}],
    }

    read, sent = models.Root.model_validate(value), models.RootInput(**value)

    assert isinstance(read.pets["p"], models.Pet) and isinstance(sent.pets["p"], models.PetInput)
    assert isinstance(read.tree["sub"]["p"], models.Pet)
    assert isinstance(read.either, models.Zoo) and isinstance(read.listed[0], models.Zoo)
    assert sent.model_dump(exclude_unset=True) == value


CHOICES = both_ways("""
    Root:
      type: object
      properties:
        either:
          oneOf:
            - {type: object, patternProperties: {'^x': {type: integer}, '^y': {type: string}}, additionalProperties: false}
            - {type: object, patternProperties: {'^a': {$ref: '#/components/schemas/A'}, '^b': {type: string}}, additionalProperties: false}
        named: {anyOf: [{$ref: '#/components/schemas/Closed'}, {$ref: '#/components/schemas/Hidden'}]}
        listed: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Closed'}, {type: string}]}}
        alone: {$ref: '#/components/schemas/Closed'}
        odd: {anyOf: [{type: array, items: {type: integer}}, {enum: ['2024-01-01', other]}]}
    A: {type: object, properties: {n: {type: integer}}}
    Closed: {type: object, patternProperties: {'^x': {type: integer}, '^y': {type: string}}, additionalProperties: false}
    Hidden: {type: object, patternProperties: {'^_': false, '^a': {$ref: '#/components/schemas/A'}}}
""")  # fmt: skip


@pytest.mark.parametrize(
    ("value", "member"),
    [
        ({"either": {"a": {"n": 1}}}, "either"),
        ({"named": {"a": {"n": 1}}}, "named"),
        ({"named": {"a": {"n": 1}, "other": [1]}}, "named"),
    ],
    ids=str,
)
def test_in_a_choice_a_map_does_not_take_an_object_with_names_that_it_forbids(
    value: Any, member: str
) -> None:
    models = package_of(CHOICES).models

    exchange = call(CHOICES, "things.send", **value, answer=json_answer(value))

    assert isinstance(getattr(exchange.result, member)["a"], models.A)
    assert exchange.json == plain(exchange.result) == value
    assert isinstance(getattr(models.RootInput(**value), member)["a"], models.AInput)


@pytest.mark.parametrize(
    "value",
    [
        {"alone": {"x": 1, "n": [1]}},
        {"either": {"n": 1}},
        {"named": {"_": 1}},
        {"listed": [{"n": 1}, "s", {"y": "s"}]},
    ],
    ids=str,
)
def test_an_answer_with_a_forbidden_name_that_nothing_else_fits_is_still_read(value: Any) -> None:
    assert plain(call(CHOICES, "things.send", answer=json_answer(value)).result) == value
    with pytest.raises(package_of(CHOICES).errors.RequestValidationError):
        call(CHOICES, "things.send", **value)


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ({"alone": {"x": "s"}}, ["alone.x"]),
        ({"alone": {"y": 5}}, ["alone.y"]),
        ({"either": {"x": "s", "a": 5}}, ["either.dict.x", "either.dict.a.AInput"]),
        ({"named": 5}, ["named.dict"]),
        ({"odd": "none"}, ["odd.list", "odd.literal"]),
    ],
    ids=str,
)
def test_the_place_of_a_problem_names_types_and_no_functions(value: Any, places: list[str]) -> None:
    package = package_of(CHOICES)
    with pytest.raises(package.errors.RequestValidationError) as refused:
        call(CHOICES, "things.send", **value)
    with pytest.raises(ValidationError) as direct:
        package.models.RootInput.model_validate(value)

    for text in (str(refused.value), str(direct.value)):
        assert "function" not in text and "-2" not in text and "-3" not in text and "-4" not in text
    shown = {".".join(map(str, one["loc"])) for one in direct.value.errors()}
    assert shown & set(places), shown


ALIKE = both_ways("""
    Root:
      type: object
      properties:
        first: {oneOf: [{$ref: '#/components/schemas/Whole'}, {$ref: '#/components/schemas/One'}]}
        last: {anyOf: [{$ref: '#/components/schemas/One'}, {type: object, patternProperties: {'^x_': {type: number}}, additionalProperties: false}]}
        any: {oneOf: [{type: 'null'}, {$ref: '#/components/schemas/One'}, {type: object, patternProperties: {'^x_': true}, additionalProperties: false}]}
        maps: {oneOf: [{$ref: '#/components/schemas/Whole'}, {type: object, patternProperties: {'^y_': {type: integer}}, additionalProperties: false}]}
        models: {type: object, patternProperties: {'^x_': {$ref: '#/components/schemas/One'}}, additionalProperties: false}
        wide: {anyOf: [{$ref: '#/components/schemas/One'}, {type: object, patternProperties: {'^[a-z_]+$': {type: integer}}, additionalProperties: false}]}
    One: {type: object, properties: {id: {type: integer}, name: {type: integer}}, additionalProperties: false}
    Whole: {type: object, patternProperties: {'^x_': {type: integer}}, additionalProperties: false}
""")  # fmt: skip


@pytest.mark.parametrize("mode", ["lenient", "strict"])
@pytest.mark.parametrize("member", ["first", "last", "any"])
def test_a_closed_map_takes_the_objects_of_its_names_and_a_class_those_of_its_own(
    member: str, mode: str
) -> None:
    models = package_of(ALIKE).models
    for value, kind in (({"id": 1}, models.One), ({"x_a": 1}, dict)):
        exchange = call(
            ALIKE, "things.send", **{member: value}, answer=json_answer({member: value}),
            settings={"validation": mode},
        )  # fmt: skip
        assert type(getattr(exchange.result, member)) is kind
        assert exchange.json == plain(exchange.result) == {member: value}


@pytest.mark.parametrize("value", [{"x_a": 1}, {"y_a": 1}])
def test_of_two_closed_maps_the_names_decide(value: Any) -> None:
    assert call(ALIKE, "things.send", maps=value, answer=json_answer({})).json == {"maps": value}
    with pytest.raises(package_of(ALIKE).errors.RequestValidationError, match="maps"):
        call(ALIKE, "things.send", maps={**value, "z": 1})


def test_names_that_a_class_declares_are_the_class_if_a_map_allows_them_too() -> None:
    models = package_of(ALIKE).models
    for value, kind in (({"id": 1, "name": 2}, models.One), ({"id": 1, "other": 2}, dict)):
        read = call(ALIKE, "things.send", answer=json_answer({"wide": value})).result.wide
        assert type(read) is kind and plain(read) == value


@pytest.mark.parametrize(
    "value",
    [
        {"models": {"x_a": {"id": 1}, "other": 5}},
        {"first": {"x_a": 1, "other": "s"}},
        {"last": {"other": [1]}},
        {"any": {"x_a": "s", "id": "s"}},
        {"maps": {"x_a": 1, "y_a": "s"}},
    ],
    ids=str,
)
def test_an_answer_with_an_unknown_name_in_a_closed_map_is_read_in_lenient_mode_alone(value: Any) -> None:
    assert plain(call(ALIKE, "things.send", answer=json_answer(value)).result) == value
    with pytest.raises(package_of(ALIKE).errors.InvalidResponseError):
        call(ALIKE, "things.send", answer=json_answer(value), settings={"validation": "strict"})
