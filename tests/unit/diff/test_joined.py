"""Both levels together: one change for one cause, with its level in requests, in responses and for callers."""

from __future__ import annotations

import copy
import json

import pytest

from clientsmith.diff.joined import Description, joined
from clientsmith.diff.model import Change as Found
from clientsmith.diff.wire.compare import compare_wire
from clientsmith.diff.wire.messages.identity import match_operations
from tests.unit.diff.pets import BASE, Tree, changed, described, get, pet
from tests.unit.diff.test_python_level import ROWS

EXPECTED = {
    "nothing": [],
    "documentation": [],
    "a property is required": ["property-required breaking info breaking"],
    "a property is optional": ["property-optional info breaking breaking"],
    "a value is listed": ["enum-value-added info warning info"],
    "a value is not listed any more": ["enum-value-removed breaking info breaking"],
    "null": ["null-allowed info breaking breaking"],
    "whole numbers only": ["type-narrowed breaking info breaking"],
    "text instead of a date": ["format-removed info warning breaking"],
    "items of a list": ["type-changed breaking breaking breaking"],
    "a property is gone": ["property-removed warning warning breaking"],
    "a property is new": ["property-added info info info"],
    "another operation id": ["method-renamed none none breaking"],
    "an argument is required": ["parameter-required breaking none breaking"],
    "an argument takes text": ["type-widened info none breaking"],
    "an argument is gone": ["parameter-removed warning none breaking"],
    "one body for many arguments": ["type-changed breaking none breaking"],
    "another result": ["success-status-added none breaking breaking"],
    "credentials": ["security-narrowed breaking none breaking"],
    "an operation bills": ["billing-mark-added none none warning"],
    "the version moves from the server to the paths": ["base-url-moved none none breaking"],
    "a component has another key": ["class-renamed none none breaking"],
}


def changes(old: Tree, new: Tree) -> list[Found]:
    (before, old_api), (after, new_api) = described(old), described(new)
    operations = {one.id: other.id for one, other in match_operations(before, after).both}
    return joined(
        compare_wire(before, after), Description(before, old_api), Description(after, new_api), operations
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_one_cause_is_one_change(name: str) -> None:
    found = changes(BASE, changed(ROWS[name][0]))

    shown = [f"{one.rule} {one.request.word} {one.response.word} {one.python.word}" for one in found]
    assert shown == EXPECTED[name]


def test_the_class_of_a_body_that_is_spread_over_arguments_goes_with_the_operation() -> None:
    (change,) = changes(BASE, changed(lambda tree: tree["paths"]["/pets/{id}"].pop("put")))

    assert change.rule == "operation-removed" and change.callers[0] == "`client.pets.put()` is gone"


def test_operations_have_the_names_of_their_methods() -> None:
    (change,) = changes(BASE, changed(ROWS["a property is required"][0]))

    assert [one.python for one in change.operations] == ["pets.get", "pets.put"]


def test_a_change_that_only_callers_notice_has_its_places() -> None:
    (change,) = changes(BASE, changed(ROWS["another operation id"][0]))

    assert change.at == "GET /pets/{}"
    assert [None if one is None else one.pointer for one in (change.old, change.new)] == [
        "/paths/~1pets~1{id}/get"
    ] * 2


def test_callers_notice_another_type_that_makes_the_same_bytes() -> None:
    def of_type(kind: str, values: list[object]) -> Tree:
        page = {"name": "page", "in": "query", "schema": {"type": kind, "enum": values}}
        return changed(lambda tree: get(tree)["parameters"].append(page))

    (change,) = changes(of_type("integer", [1, 2]), of_type("string", ["1", "2"]))

    assert (change.request.word, change.response.word, change.python.word) == ("none", "none", "breaking")


TOGETHER = {
    "another operation id and an argument that is required": (
        ("another operation id", "an argument is required"),
        ["method-renamed none none breaking", "parameter-required breaking none breaking"],
    ),
    "another key of a component and a property that is gone": (
        ("a component has another key", "a property is gone"),
        ["class-renamed none none breaking", "property-removed warning warning breaking"],
    ),
    "a call that bills and a property that is required": (
        ("an operation bills", "a property is required"),
        ["billing-mark-added none none warning", "property-required breaking info breaking"],
    ),
    "another key of a component and a property that is new": (
        ("a component has another key", "a property is new"),
        ["class-renamed none none breaking", "property-added info info info"],
    ),
    "another value and null in one class": (
        ("a value is not listed any more", "null"),
        ["enum-value-removed breaking info breaking", "null-allowed info breaking breaking"],
    ),
}


@pytest.mark.parametrize("name", TOGETHER)
def test_one_change_does_not_hide_another(name: str) -> None:
    rows, expected = TOGETHER[name]
    tree = BASE
    for row in rows:
        tree = copy.deepcopy(tree)
        ROWS[row][0](tree)

    shown = [
        f"{one.rule} {one.request.word} {one.response.word} {one.python.word}" for one in changes(BASE, tree)
    ]
    assert sorted(shown) == expected


@pytest.mark.parametrize("now", [{}, {"type": "string"}, {"type": "array", "items": {}}], ids=str)
def test_a_component_of_another_type_is_one_change_however_many_properties_refer_to_it(now: Tree) -> None:
    pet = {"$ref": "#/components/schemas/Pet"}
    box = {"type": "object", "properties": {"first": pet, "others": {"type": "array", "items": pet}}}
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": box}}}}
    old = {
        "openapi": "3.1.0",
        "info": {"title": "Boxes", "version": "1"},
        "paths": {"/box": {"get": {"operationId": "getBox", "tags": ["boxes"], "responses": answer}}},
        "components": {"schemas": {"Pet": {"type": "object"}}},
    }
    new = copy.deepcopy(old)
    new["components"]["schemas"]["Pet"] = now  # type: ignore[index]

    (found,) = changes(old, new)

    assert (found.response.word, found.python.word) == ("breaking", "breaking")


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_members_of_a_union_may_have_another_order(keyword: str) -> None:
    members = [
        {"title": title, "type": "object", "required": [name], "properties": {name: {"type": "string"}}}
        for title, name in (("Company", "company"), ("Person", "person"), ("Club", "club"))
    ]

    def owned_by(order: list[Tree]) -> Tree:
        return changed(lambda tree: tree["components"]["schemas"].update(Owner={keyword: order}))

    assert changes(owned_by(members), owned_by(members[::-1])) == []


def test_an_operation_with_another_id_is_reached_once() -> None:
    def rename(tree: Tree) -> None:
        ROWS["another operation id"][0](tree)
        ROWS["a component has another key"][0](tree)

    found = changes(BASE, changed(rename))

    reached = [[(one.method, one.path) for one in change.operations] for change in found]
    assert [sorted(set(one)) for one in reached] == [sorted(one) for one in reached]


@pytest.mark.parametrize("is_gone", [False, True])
def test_the_journal_goes_with_the_call_that_bills(is_gone: bool) -> None:
    def bill(tree: Tree) -> None:
        tree["paths"]["/pets/{id}"]["put"]["x-clientsmith-bills"] = True

    def remove(tree: Tree) -> None:
        del tree["paths"]["/pets/{id}"]["put"]

    found = changes(changed(bill), changed(remove) if is_gone else BASE)

    (change,) = [one for one in found if "journal" in " ".join(one.callers).lower()]
    assert change.rule == ("operation-removed" if is_gone else "billing-mark-removed")
    assert change.python.word == "breaking"


OWNER_CHANGES = {
    "a new property": (
        lambda owner: owner["properties"].update(z={"type": "integer"}),
        ["property-added info info info"],
    ),
    "a property that is required": (
        lambda owner: owner.update(required=[*owner.get("required", []), "mail"]),
        ["property-required breaking info breaking"],
    ),
    "a property of another type": (
        lambda owner: owner["properties"].update(mail={"type": "integer"}),
        ["type-changed breaking breaking breaking"],
    ),
    "a property that is null": (
        lambda owner: owner["properties"].update(mail={"type": ["string", "null"]}),
        ["null-allowed info breaking breaking"],
    ),
}


@pytest.mark.parametrize("name", OWNER_CHANGES)
@pytest.mark.parametrize("key", ["Owner", "Pet"])
def test_a_rename_stands_beside_what_else_changes_in_the_class(name: str, key: str) -> None:
    """Results, arguments and fields whose type only has the new name of the class are not told apart."""
    change, expected = OWNER_CHANGES[name]
    old = changed(
        lambda tree: (
            pet(tree)["properties"].update(mail={"type": "string"}),
            tree["paths"].update(
                {"/pets": {"get": {"operationId": "listPets", "tags": ["pets"], "responses": {"200": {
                    "description": "",
                    "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": f"#/components/schemas/{key}"}}}},
                }}}}}
            ),
        )
    )  # fmt: skip
    text = json.dumps(old).replace(f'"{key}":', '"Changed":').replace(f"schemas/{key}", "schemas/Changed")
    new = json.loads(text)
    change(new["components"]["schemas"]["Changed"])

    found = changes(old, new)

    shown = [f"{one.rule} {one.request.word} {one.response.word} {one.python.word}" for one in found]
    assert sorted(shown) == sorted(["class-renamed none none breaking", *expected])
    (renamed,) = [one for one in found if one.rule == "class-renamed"]
    assert renamed.hint.startswith(f"import Changed instead of {key}")
    assert f"class `{key}` is now `Changed`" in renamed.callers


def test_another_class_in_the_place_of_one_is_no_rename() -> None:
    def replace(tree: Tree) -> None:
        del tree["components"]["schemas"]["Owner"]
        tree["components"]["schemas"]["Shop"] = {
            "type": "object",
            "properties": {"street": {"type": "string"}},
        }
        pet(tree)["properties"]["owner"] = {"$ref": "#/components/schemas/Shop"}

    assert "class-renamed" not in {one.rule for one in changes(BASE, changed(replace))}


def _secured(tree: Tree, order: list[str]) -> None:
    tree["components"]["securitySchemes"] = {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "b": {"type": "http", "scheme": "basic"},
        "token": {"type": "http", "scheme": "bearer"},
    }
    tree["security"] = [{key: []} for key in order]


ORDERS = {
    "of the document": (
        lambda tree: _secured(tree, ["key", "b", "token"]),
        lambda tree: tree["security"].reverse(),
        [("/security", "token, username and password, api_key instead of api_key, username and password, token", ["get", "put"])],
    ),
    "of one operation": (
        lambda tree: (_secured(tree, ["token"]), get(tree).update(security=[{"key": []}, {"token": []}])),
        lambda tree: get(tree)["security"].reverse(),
        [("GET /pets/{} /security", "token, api_key instead of api_key, token", ["get"])],
    ),
    "of both apart": (
        lambda tree: (_secured(tree, ["key", "token"]), get(tree).update(security=[{"key": []}, {"token": []}])),
        lambda tree: (tree["security"].reverse(), get(tree)["security"].reverse()),
        [
            ("/security", "token, api_key instead of api_key, token", ["put"]),
            ("GET /pets/{} /security", "token, api_key instead of api_key, token", ["get"]),
        ],
    ),
    "of an operation that takes its own": (
        lambda tree: _secured(tree, ["key", "token"]),
        lambda tree: get(tree).update(security=[{"token": []}, {"key": []}]),
        [("GET /pets/{} /security", "token, api_key instead of api_key, token", ["get"])],
    ),
    "of no credential": (
        lambda tree: (_secured(tree, ["key"]), tree["security"].append({})),
        lambda tree: tree["security"].reverse(),
        [("/security", "none, api_key instead of api_key, none", ["get", "put"])],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ORDERS)
def test_another_order_of_credentials_is_one_change_with_both_orders(name: str) -> None:
    prepare, change, expected = ORDERS[name]
    old = changed(prepare)
    new = copy.deepcopy(old)
    change(new)

    found = changes(old, new)

    assert {one.rule for one in found} == {"credential-order-changed"}
    assert [(one.at, one.text, [op.python for op in one.operations]) for one in found] == [
        (at, f"the alternatives of credentials are {text}", [f"pets.{method}" for method in methods])
        for at, text, methods in expected
    ]


def _takes(tree: Tree, *alternatives: str) -> None:
    """Credentials by their keys; clients take them in the order of these."""
    _secured(tree, [])
    tree["components"]["securitySchemes"]["a"] = {"type": "apiKey", "in": "header", "name": "X-A"}
    used = " ".join(alternatives).split()
    schemes = tree["components"]["securitySchemes"]
    tree["components"]["securitySchemes"] = {key: one for key, one in schemes.items() if key in used}
    tree["security"] = [{key: [] for key in one.split()} for one in alternatives]


POSITIONS = {
    "exchanged for one in front": (["key token"], ["b token"], "security-changed breaking breaking", True),
    "exchanged for one in its place": (
        ["key token"],
        ["a token"],
        "security-changed breaking breaking",
        False,
    ),
    "exchanged for one behind": (["a key"], ["a token"], "security-changed breaking breaking", False),
    "one more in front": (["token"], ["token", "key"], "security-widened info breaking", True),
    "one more behind": (["key"], ["key", "token"], "security-widened info info", False),
    "one less in front": (["key", "token"], ["token"], "security-narrowed breaking breaking", False),
}


@pytest.mark.parametrize("name", POSITIONS)
def test_credentials_get_other_positions_with_the_one_that_comes(name: str) -> None:
    old, new, expected, is_moved = POSITIONS[name]
    sides = (changed(lambda tree, used=one: _takes(tree, *used)) for one in (old, new))
    (found,) = changes(*sides)

    assert f"{found.rule} {found.request.word} {found.python.word}" == expected
    assert any("takes credentials in the order" in text for text in found.callers) is is_moved


def test_another_default_address_is_one_change_whether_or_not_clients_have_to_name_one() -> None:
    def served_by(*urls: str) -> Tree:
        return changed(lambda tree: tree.update(servers=[{"url": url} for url in urls]))

    a, b, relative = "https://a.example/v1", "https://b.example/v1", "/v1"
    levels = {
        served: [f"{one.rule} {one.request.word} {one.python.word}" for one in changes(served_by(a, b), new)]
        for served, new in {"swapped": served_by(b, a), "behind": served_by(a, b, relative)}.items()
    }
    (due,) = changes(served_by(a, relative), served_by(relative, a))

    assert levels == {"swapped": ["server-changed warning none"], "behind": []}
    assert (due.rule, due.request.word, due.python.word) == ("server-changed", "warning", "breaking")
