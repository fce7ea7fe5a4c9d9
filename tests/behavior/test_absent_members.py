"""Answers without what they must have: absent in lenient and warn mode, an error in strict mode and for billing calls."""

from __future__ import annotations

import copy
import json
import pickle
import warnings
from typing import Any

import pytest

from tests.behavior.calls import call, json_answer
from tests.behavior.packages import Package, both_ways, package_of, spec

DOCUMENT = spec("""
paths:
  /node:
    get:
      operationId: fetch
      tags: [r]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Node'}}}}}
    post:
      operationId: bill
      tags: [r]
      x-clientsmith-bills: true
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Node'}}}}}
    put:
      operationId: send
      tags: [r]
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Node'}}}}}
      responses: {'204': {description: ok}}
  /either:
    get:
      operationId: either
      tags: [r]
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}}
components:
  schemas:
    Node:
      type: object
      required: [name, tax-rate, next]
      properties:
        name: {type: string}
        tax-rate: {type: number}
        note: {type: string}
        next: {anyOf: [{$ref: '#/components/schemas/Node'}, {type: 'null'}]}
        kids: {type: array, items: {$ref: '#/components/schemas/Node'}}
    Cat: {type: object, required: [kind, lives], properties: {kind: {type: string, enum: [cat]}, lives: {type: integer}}}
    Dog: {type: object, required: [kind, good], properties: {kind: {type: string, enum: [dog]}, good: {type: boolean}}}
""")
WHOLE = {"name": "a", "tax-rate": 1, "next": None}


def fetched(
    value: Any, method: str = "r.fetch", mode: str = "lenient", package: Package | str = DOCUMENT
) -> Any:
    return call(package, method, answer=json_answer(value), settings={"validation": mode}).result


@pytest.mark.parametrize("mode", ["lenient", "warn"])
@pytest.mark.parametrize(
    ("value", "names"),
    [
        ({"tax-rate": 1, "next": None}, {"name": "name"}),
        (WHOLE | {"name": None}, {"name": "name"}),
        ({}, {"name": "name", "tax_rate": "tax-rate", "next": "next"}),
    ],
    ids=repr,
)
def test_reading_an_absent_member_names_it(mode: str, value: Any, names: dict[str, str]) -> None:
    package = package_of(DOCUMENT)
    result = fetched(value, mode=mode)
    assert type(result) is package.models.Node
    for name, wire in names.items():
        with pytest.raises(package.module.AbsentMemberError, match=f"no '{wire}'.*Node must have") as caught:
            getattr(result, name)
        assert caught.value.member == wire
        assert isinstance(caught.value, package.errors.ClientError)
        assert not hasattr(result, name) and getattr(result, name, "else") == "else"
    assert result.note is None and result.kids is None


def test_absence_is_found_at_any_depth() -> None:
    package = package_of(DOCUMENT)
    result = fetched(WHOLE | {"next": {"name": "b", "new": 1}, "kids": [WHOLE, {"tax-rate": 2.5}]})
    assert (result.name, result.next.name, result.next.new, result.kids[1].tax_rate) == ("a", "b", 1, 2.5)
    assert result.kids[0].next is None
    for read in (lambda: result.next.next, lambda: result.kids[1].name):
        with pytest.raises(package.module.AbsentMemberError):
            read()


def test_an_optional_member_reads_as_none_and_a_name_that_nobody_knows_is_no_attribute() -> None:
    package = package_of(DOCUMENT)
    result = fetched({"note": None})
    assert result.note is None
    with pytest.raises(AttributeError) as caught:
        result.nope  # noqa: B018
    assert not isinstance(caught.value, package.errors.ClientError)


@pytest.mark.parametrize(
    "value", [{"name": 5}, {"next": "x"}, {"kids": [{"tax-rate": "1"}]}, {"kids": [None]}, []], ids=repr
)
def test_a_wrong_type_stays_an_error(value: Any) -> None:
    package = package_of(DOCUMENT)
    with pytest.raises(package.errors.ResponseDecodeError, match="wrong shape"):
        fetched(value)


def test_strict_mode_and_calls_that_bill_bind() -> None:
    package = package_of(DOCUMENT)
    with pytest.raises(package.module.InvalidResponseError):
        fetched({"name": "a"}, mode="strict")
    for mode in ("lenient", "warn"):
        with pytest.raises(package.errors.ResponseDecodeError, match="tax-rate: Field required") as caught:
            fetched({"name": "a", "next": None}, "r.bill", mode)
        assert str(caught.value.outcome) == "unknown"
    assert fetched(WHOLE, "r.bill").name == "a"


def test_such_an_instance_can_be_written_shown_compared_copied_and_pickled() -> None:
    result = fetched({"name": "a", "next": {"tax-rate": 1}, "new": [1]})
    assert result.model_dump(by_alias=True, exclude_unset=True) == {
        "name": "a",
        "next": {"tax-rate": 1.0},
        "new": [1],
    }
    assert "tax-rate" not in result.model_dump(by_alias=True)
    assert result.model_fields_set == {"name", "next"}
    assert repr(result).startswith("Node(name='a', next=Node(tax_rate=1.0")
    for other in (
        copy.copy(result),
        copy.deepcopy(result),
        result.model_copy(),
        pickle.loads(pickle.dumps(result)),
    ):
        assert other == result and repr(other) == repr(result)
    assert result != fetched(WHOLE) and result != fetched({"name": "a"})
    assert call(DOCUMENT, "r.send", body=[]).json == []


def test_what_is_absent_is_missed_when_it_is_sent() -> None:
    package = package_of(DOCUMENT)
    with pytest.raises(package.errors.RequestValidationError, match="tax-rate: Field required"):
        call(package, "r.send", body=[fetched({"name": "a", "next": None})])


def test_the_variant_that_is_marked_is_read_although_it_lacks_something() -> None:
    package = package_of(DOCUMENT)
    cat, dog = fetched([{"kind": "cat", "lives": 9}, {"kind": "dog"}], "r.either")
    assert (type(cat), type(dog)) == (package.models.Cat, package.models.Dog)
    with pytest.raises(package.module.AbsentMemberError, match="good"):
        dog.good  # noqa: B018


def test_the_error_can_be_pickled() -> None:
    package = package_of(DOCUMENT)
    with pytest.raises(package.module.AbsentMemberError) as caught:
        fetched({}).name  # noqa: B018
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.member) == (str(caught.value), "name")


ANY_SUCCESS = spec("""
paths:
  /x:
    get:
      operationId: x
      tags: [r]
      responses: {default: {description: problem, content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}}
components:
  schemas:
    Problem: {type: object, required: [code], properties: {code: {type: integer}}}
""")


def test_a_success_that_nothing_describes_is_not_taken_for_one_with_gaps() -> None:
    package = package_of(ANY_SUCCESS)
    assert fetched({"id": 1}, "r.x", package=package) == {"id": 1}
    assert type(fetched({"code": 1}, "r.x", package=package)) is package.models.Problem


def test_an_error_about_a_union_names_its_members() -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.ResponseDecodeError) as caught:
        fetched([{"kind": "cat", "lives": "x"}, {"lives": 1, "kind": 5}], "r.either")

    assert "Cat" in str(caught.value)
    assert " at 0x" not in str(caught.value)


UNIONS = both_ways("""
    Root:
      type: object
      properties:
        u: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
        t: {$ref: '#/components/schemas/T'}
        l: {type: array, items: {anyOf: [{$ref: '#/components/schemas/A'}, {type: string}]}}
        n: {type: object, required: [z], properties: {z: {type: integer}, u: {oneOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]}}}
        e: {$ref: '#/components/schemas/E'}
        m: {type: object, additionalProperties: {$ref: '#/components/schemas/T'}}
    A: {type: object, required: [a, x], properties: {a: {type: string}, x: {type: number}}}
    B: {type: object, required: [b], properties: {b: {type: string}}}
    T: {oneOf: [{$ref: '#/components/schemas/C'}, {$ref: '#/components/schemas/D'}], discriminator: {propertyName: k, mapping: {c: '#/components/schemas/C', d: '#/components/schemas/D'}}}
    C: {type: object, required: [k, q], properties: {k: {type: string}, q: {type: string}, in: {$ref: '#/components/schemas/T'}}}
    D: {type: object, required: [k, r], properties: {k: {type: string}, r: {type: string}}}
    E: {type: object, required: [kind], discriminator: {propertyName: kind}, properties: {kind: {type: string}}}
    F: {allOf: [{$ref: '#/components/schemas/E'}, {type: object, required: [own], properties: {own: {type: integer}}}]}
""")


@pytest.mark.parametrize(
    "value",
    [
        {"u": {"x": 1.5}},
        {"u": {"a": "1", "x": 2, "more": [1]}},
        {"t": {"k": "c", "in": {"k": "d"}}},
        {"l": [{"a": "1"}, "s", {"x": 12345678901234567890}]},
        {"n": {"u": {"a": "1"}}},
        {"n": {"u": None}},
        {"e": {"kind": "F"}},
        {"m": {"a": {"k": "d"}, "b": {"k": "c", "q": "1"}}},
    ],
)
def test_a_member_of_a_union_with_absent_members_is_written_without_a_warning(value: dict[str, Any]) -> None:
    result = call(UNIONS, "things.send", answer=json_answer(value)).result

    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert result.model_dump(by_alias=True, exclude_unset=True) == value
        assert result.model_dump(mode="json", exclude_unset=True) == value
        assert json.loads(result.model_dump_json(exclude_unset=True)) == value
        assert result.model_copy(deep=True) == result


DEPRECATED = spec("""
paths:
  /show:
    get:
      operationId: fetch
      tags: [r]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Show'}}}}}
components:
  schemas:
    Show:
      type: object
      required: [name, old, publisher]
      properties:
        name: {type: string}
        old: {type: string, deprecated: true}
        publisher: {type: string, deprecated: true}
        gone: {type: string, deprecated: true}
        next: {$ref: '#/components/schemas/Show'}
""")


@pytest.mark.parametrize(
    "value", [{}, {"name": "a"}, {"name": "a", "next": {"publisher": "b", "old": "c"}}], ids=repr
)
def test_a_deprecated_member_that_is_absent_is_named(value: dict[str, Any]) -> None:
    errors = package_of(DEPRECATED).module
    result = fetched(value, package=DEPRECATED)
    for name in ("old", "publisher"):
        with pytest.raises(errors.AbsentMemberError, match=name):
            getattr(result, name)
    with pytest.warns(DeprecationWarning, match="deprecated"):
        assert result.gone is None


def test_a_deprecated_member_that_is_there_beside_an_absent_one_still_warns_at_its_reader() -> None:
    result = fetched({"name": "a", "old": "b"}, package=DEPRECATED)
    with pytest.warns(DeprecationWarning, match="deprecated") as caught:
        assert result.old == "b"
    assert caught[0].filename == __file__
    assert result.name == "a"


@pytest.mark.parametrize("use", ["model_dump", "model_dump_json", "model_json_schema"])
def test_a_deprecated_absent_member_is_named_whatever_was_done_before(use: str) -> None:
    document = DEPRECATED.replace(
        "operationId: fetch", f"operationId: fetch  # {use}"
    )  # a package of its own
    result = fetched({"name": "a"}, package=document)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        getattr(result, use)()
    for one in (result, fetched({"name": "a"}, package=document)):
        with pytest.raises(package_of(document).module.AbsentMemberError, match="old"):
            one.old  # noqa: B018 - reading is what is tested


SEVERAL = both_ways("""
    Root:
      type: object
      required: [must]
      properties:
        must: {type: string}
        any: {anyOf: [{$ref: '#/components/schemas/Narrow'}, {$ref: '#/components/schemas/Wide'}]}
        one: {oneOf: [{$ref: '#/components/schemas/Narrow'}, {$ref: '#/components/schemas/Wide'}]}
        many: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Narrow'}, {$ref: '#/components/schemas/Wide'}, {type: string}]}}
        map: {type: object, additionalProperties: {anyOf: [{$ref: '#/components/schemas/Narrow'}, {$ref: '#/components/schemas/Wide'}]}}
    Narrow: {type: object, required: [k, a], properties: {k: {type: string}, a: {type: string}, z: {type: integer}}}
    Wide: {type: object, required: [k], properties: {k: {type: string}, a: {type: string}, kids: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Narrow'}, {$ref: '#/components/schemas/Wide'}]}}}}
""")


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "gap-elsewhere"])
@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"any": {"k": "1"}}, lambda root: root.any),
        ({"one": {"k": "1"}}, lambda root: root.one),
        ({"many": ["s", {"k": "1"}]}, lambda root: root.many[1]),
        ({"map": {"x": {"k": "1"}}}, lambda root: root.map["x"]),
        ({"any": {"k": "0", "kids": [{"k": "1"}]}}, lambda root: root.any.kids[0]),
    ],
)
def test_a_gap_elsewhere_changes_no_member_of_a_union(value: dict[str, Any], read: Any, whole: bool) -> None:
    package = package_of(SEVERAL)
    given = {**value, **({"must": "x"} if whole else {})}
    found = read(call(package, "things.send", must="x", answer=json_answer(given)).result)
    assert type(found) is package.models.Wide
    assert (found.k, found.a) == ("1", None)


def test_of_members_that_all_lack_something_the_one_that_declares_most_is_read() -> None:
    package = package_of(SEVERAL)
    answer = {"must": "x", "many": [{"a": "2", "z": 3}, {"a": "2", "kids": []}, {}]}
    narrow, wide, empty = call(package, "things.send", must="x", answer=json_answer(answer)).result.many
    assert (type(narrow), type(wide)) == (package.models.Narrow, package.models.Wide)
    assert (narrow.a, wide.a, wide.kids) == ("2", "2", [])
    for lacking, name in ((narrow, "k"), (wide, "k"), (empty, "k")):
        with pytest.raises(package.module.AbsentMemberError, match=f"no '{name}'"):
            getattr(lacking, name)


def test_a_refusal_of_an_answer_with_gaps_names_each_member_once() -> None:
    package = package_of(SEVERAL)
    with pytest.raises(package.errors.ResponseDecodeError) as caught:
        call(package, "things.send", must="x", answer=json_answer({"any": {"k": 5}}))
    shown = (
        "any.k: Input should be a valid string (as Narrow); any.k: Input should be a valid string (as Wide) ("
    )
    assert shown in str(caught.value)
