"""Lines of a changelog: in names of callers, for every kind of place, bounded, and nothing but text."""

from __future__ import annotations

import copy
import json
import re
from datetime import date

import cmarkgfm
import mistune
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from clientsmith.diff.changelog.entry import ChangelogError, Entry, Line, read_entries
from clientsmith.diff.changelog.lines import entry_of, first_entry
from clientsmith.diff.changelog.page import render
from clientsmith.diff.model import Level
from clientsmith.package.parts import composed, read_parts
from tests.security.test_terminal_text import HOSTILE, safe
from tests.unit.diff.pets import BASE, Change, Tree, get, pet, put
from tests.unit.diff.sample import CHANGES, many
from tests.unit.diff.test_joined import changes

LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
KEPT = "; once there is a release, its state file keeps the old name"
MARK = "<!-- clientsmith: end 1.0.0 changes -->"


def share_limit(tree: Tree) -> None:
    """The parameter is a component that two methods use, and that is called `if_` in Python."""
    tree["components"]["parameters"] = {"Limit": {"name": "if", "in": "query", "schema": {"type": "integer"}}}
    for operation in (get(tree), put(tree)):
        operation["parameters"] = [operation["parameters"][0], {"$ref": "#/components/parameters/Limit"}]


def inline_body(tree: Tree) -> None:
    schema = {"type": "object", "properties": {"class": {"type": "string"}, "age": {"type": "integer"}}}
    put(tree)["requestBody"]["content"] = {"application/json": {"schema": schema}}


def body(tree: Tree) -> Tree:
    return put(tree)["requestBody"]["content"]["application/json"]["schema"]["properties"]


def rename_id(tree: Tree) -> None:
    item = tree["paths"].pop("/pets/{id}")
    for operation in item.values():
        operation["parameters"] = [
            {**operation["parameters"][0], "name": "pet"},
            *operation["parameters"][1:],
        ]
    tree["paths"]["/pets/{pet}"] = item


def rename_owner(tree: Tree) -> None:
    schemas = tree["components"]["schemas"]
    schemas["Person"] = schemas.pop("Owner")
    schemas["Person"]["properties"]["age"] = {"type": "integer"}
    pet(tree)["properties"]["owner"] = {"$ref": "#/components/schemas/Person"}


def secured(tree: Tree) -> None:
    tree["components"]["securitySchemes"] |= {
        "two": {"type": "apiKey", "in": "header", "name": "X-Two"},
        "login": {"type": "http", "scheme": "basic"},
    }
    tree["security"] = [{"key": []}]


def member(title: str = "") -> Tree:
    name = (title or "Tree").lower()
    titled = {"title": title} if title else {}
    return {**titled, "type": "object", "required": [name], "properties": {name: {"type": "string"}}}


def lines(prepare: Change, change: Change) -> list[str]:
    old = copy.deepcopy(BASE)
    prepare(old)
    new = copy.deepcopy(old)
    change(new)
    return [
        f"{one.section}{' !' if one.breaking else ''}: {one.text}"
        for one in entry_of("2.0.0", changes(old, new)).lines
    ]


def nothing(_: Tree) -> None:
    """The document as it is."""


ROWS = {
    "a bound of an inline parameter": (
        nothing,
        lambda tree: get(tree)["parameters"][1]["schema"].update(maximum=5),
        ["changed !: Argument `limit` of `client.pets.get()`: maximum is 5 instead of none. Send values within the new bound."],
    ),
    "a bound of a shared parameter": (
        share_limit,
        lambda tree: tree["components"]["parameters"]["Limit"]["schema"].update(maximum=5),
        ["changed !: Argument `if_` of `client.pets.get()`, `client.pets.put()`: maximum is 5 instead of none. Send values within the new bound."],
    ),
    "a bound of a field that is sent and read": (
        nothing,
        lambda tree: pet(tree)["properties"]["name"].update(maxLength=5),
        ["changed !: `Pet.name` and `PetInput.name` (used by `client.pets.get()`, `client.pets.put()`): maxLength is 5 instead of none. Send values within the new bound."],
    ),
    "a bound of items of a field": (
        nothing,
        lambda tree: pet(tree)["properties"]["tags"]["items"].update(maxLength=5),
        ["changed !: `Pet.tags` and `PetInput.tags` (used by `client.pets.get()`, `client.pets.put()`): maxLength is 5 instead of none. Send values within the new bound."],
    ),
    "a field that is only read": (
        nothing,
        lambda tree: pet(tree)["properties"]["seen"].update(format="date"),
        ["changed: `Pet.seen` (used by `client.pets.get()`): the format date is new."],
    ),
    "a bound of an inline body": (
        inline_body,
        lambda tree: body(tree)["class"].update(maxLength=5),
        ["changed !: Argument `class_` of `client.pets.put()`: maxLength is 5 instead of none. Send values within the new bound."],
    ),
    "a value that is no longer listed": (
        nothing,
        lambda tree: pet(tree)["properties"]["kind"]["enum"].remove("dog"),
        ["removed !: `Pet.kind` and `PetInput.kind` (used by `client.pets.get()`, `client.pets.put()`): the value \"dog\" is no longer allowed. Send another value."],
    ),
    "a field that is required now where it is sent and where it is read": (
        nothing,
        lambda tree: pet(tree)["required"].append("kind"),
        ["changed !: Argument `kind` of `client.pets.put()` is required now; `PetInput.kind` is required now. Send it with every message. Nothing has to be done for the rest: `Pet.kind` is required now."],
    ),
    "a field that is optional now where it is sent and where it is read": (
        nothing,
        lambda tree: pet(tree)["required"].remove("name"),
        ["changed !: `Pet.name` is optional now. Be ready to read messages without it. Nothing has to be done for the rest: argument `name` of `client.pets.put()` is optional now; `PetInput.name` is optional now."],
    ),
    "a field with a class that is sent and read": (
        nothing,
        lambda tree: pet(tree)["properties"].update(chip={"title": "Chip", "type": "object", "properties": {"no": {"type": "string"}}}),
        ["added: `client.pets.put()` has a new argument `chip`; `Pet.chip` is new; `PetInput.chip` is new; class `PetChip` is new; class `PetChipInput` is new."],
    ),
    "an error status": (
        nothing,
        lambda tree: put(tree)["responses"].update({"409": {"description": "no"}}),
        ["added: `client.pets.put()`: the status 409 is new."],
    ),
    "a new method": (
        nothing,
        lambda tree: tree["paths"].update({"/toys": {"get": {"operationId": "listToys", "tags": ["toys"], "responses": {"204": {"description": ""}}}}}),
        ["added: `client.toys.list()` is new: GET /toys."],
    ),
    "a method that is gone": (
        nothing,
        lambda tree: tree["paths"]["/pets/{id}"].pop("put"),
        ["removed !: `client.pets.put()` is gone; class `OwnerInput` is gone; class `PetInput` is gone. Stop calling it before the change."],
    ),
    "a new argument that is required": (
        nothing,
        lambda tree: get(tree)["parameters"].append({**LIMIT, "name": "q", "required": True}),
        ["changed !: `client.pets.get()` has a new required argument `q`. Send it with every message."],
    ),
    "an argument that is deprecated": (
        nothing,
        lambda tree: get(tree)["parameters"][1].update(deprecated=True),
        ["deprecated: Argument `limit` of `client.pets.get()`: the parameter query.limit is deprecated now."],
    ),
    "an address": (
        nothing,
        lambda tree: tree["servers"][0].update(url="https://b.example/v1"),
        ["changed: `client.pets.get()`, `client.pets.put()`: the address is https://b.example/v1 instead of https://a.example/v1. Send requests to the new address."],
    ),
    "another name of an argument": (
        nothing,
        rename_id,
        [f"changed !: Argument `id` of `client.pets.{method}()` is now `pet`. Pass it as `pet`{KEPT}." for method in ("get", "put")],
    ),
    "another key of a component and a new property": (
        nothing,
        rename_owner,
        [
            f"changed !: Class `Owner` is now `Person`; class `OwnerInput` is now `PersonInput`. Import `Person` instead of `Owner`{KEPT}.",
            "added: `Person.age` is new; `PersonInput.age` is new.",
        ],
    ),
    "another title": (
        nothing,
        lambda tree: tree["info"].update(title="Zoo"),
        [f"changed !: `PetsClient` is now `ZooClient`; `AsyncPetsClient` is now `AsyncZooClient`. Import `ZooClient` instead of `PetsClient`{KEPT}."],
    ),
    "one more credential": (
        secured,
        lambda tree: tree["security"].append({"two": []}),
        ["added: `PetsClient` has a new argument `two`."],
    ),
    "more credentials of one scheme": (
        secured,
        lambda tree: tree["security"].append({"login": []}),
        ["added: `PetsClient` has new arguments `username`, `password`."],
    ),
    "another order of credentials": (
        lambda tree: (secured(tree), tree["security"].append({"login": []})),
        lambda tree: tree["security"].reverse(),
        [
            "changed: The alternatives of credentials are `username` and `password`, `api_key` instead of `api_key`, `username` and `password` for `client.pets.get()`, `client.pets.put()`. Pass only those to be sent."
        ],
    ),
    "a member without a title in front": (
        lambda tree: pet(tree)["properties"].update(home={"oneOf": [member("Flat"), member("House")]}),
        lambda tree: pet(tree)["properties"]["home"]["oneOf"].insert(0, member()),
        ["changed !: `Pet.home` and `PetInput.home` (used by `client.pets.get()`, `client.pets.put()`): the union has a member in addition; class `PetHomeOption1` is new; class `PetHomeOption1Input` is new. Be ready to read the new member."],
    ),
    "a member with a title": (
        lambda tree: pet(tree)["properties"].update(home={"oneOf": [member("Flat"), member("House")]}),
        lambda tree: pet(tree)["properties"]["home"]["oneOf"].append(member("Tent")),
        ["changed !: `Pet.home` and `PetInput.home` (used by `client.pets.get()`, `client.pets.put()`): the union has the member Tent in addition; class `PetHomeTent` is new; class `PetHomeTentInput` is new. Be ready to read the new member."],
    ),
    "documentation": (nothing, lambda tree: get(tree).update(summary="Other."), ["changed: Nothing that callers notice."]),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_lines_are_told_in_names_of_callers(name: str) -> None:
    prepare, change, expected = ROWS[name]
    assert lines(prepare, change) == expected


OAUTH = {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://a.example/t", "scopes": {}}}}
SECURITY: dict[str, tuple[list[Tree], list[Tree], str]] = {
    "a scope": (
        [{"Login": ["read"]}], [{"Login": ["read", "key"]}],
        "`token` (read) no longer suffices for `client.pets.get()`, `client.pets.put()`. "
        "Get the credentials that are asked for now."),
    "both at once": (
        [{"key": []}, {"Login": ["read"]}], [{"key": [], "Login": ["read"]}],
        "`api_key` no longer suffices for `client.pets.get()`, `client.pets.put()`. "
        "Get the credentials that are asked for now."),
    "another scope": (
        [{"key": [], "Login": ["read"]}], [{"key": [], "Login": ["read"]}, {"key": [], "Login": ["key"]}],
        "`token` (key) and `api_key` suffices in addition for `client.pets.get()`, `client.pets.put()`."),
}  # fmt: skip


@pytest.mark.parametrize("name", SECURITY)
def test_credentials_are_called_what_callers_pass_them_as(name: str) -> None:
    sides = [copy.deepcopy(BASE) | {"security": security} for security in SECURITY[name][:2]]
    for side in sides:
        side["components"]["securitySchemes"]["Login"] = OAUTH

    assert SECURITY[name][2] in [line.text for line in entry_of("2.0.0", changes(*sides)).lines]


def test_what_has_no_name_in_python_has_its_effective_place() -> None:
    (first, *_) = entry_of(
        "2.0.0", [change for change in CHANGES if change.rule == "operation-removed"]
    ).lines
    assert first.text == "DELETE /pets is gone. Say since when it is gone."


def test_breaking_changes_come_first_and_others_that_weigh_nothing_are_left_out() -> None:
    entry = entry_of("2.0.0", [*reversed(many(6))])
    assert [one.breaking for one in entry.lines] == [True, True, False, False, False, False]
    none = [change for change in many(3) if change.level is Level.NONE]
    assert entry_of("2.0.0", none).lines == (Line("changed", "Nothing that callers notice."),)


def test_two_thousand_changes_stay_readable() -> None:
    entry = entry_of("2.0.0", many(2000))
    assert len(entry.lines) == 301
    assert entry.lines[-1].text.startswith("1,700 more changes are not listed")
    text = composed(render([entry] * 1))
    assert len(text) < 200_000


HOSTILE_TEXTS = [
    HOSTILE.replace("\ud800", "").replace("\udfff", ""), f"\n{MARK}\n", "<script>alert(1)</script>", "[x](javascript:alert(1))", "# a\n## b", "`" * 7, "a\n\n- b", "x" * 100_000,
    "www.example.com", "<!-- open", "**Breaking:** no",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE_TEXTS)
def test_texts_of_documents_stay_text(hostile: str) -> None:
    def change(tree: Tree) -> None:
        pet(tree)["properties"]["kind"]["enum"].append(hostile)
        pet(tree)["properties"][hostile] = {"type": "string", "default": hostile}
        get(tree)["parameters"][1]["schema"]["pattern"] = hostile

    old, new = copy.deepcopy(BASE), copy.deepcopy(BASE)
    change(new)
    entry = entry_of("1.0.0", changes(old, new))
    assert all(len(one.text) <= 500 and safe(one.text) and "\n" not in one.text for one in entry.lines)
    data = composed(render([entry]))
    assert list(read_parts(data)) == ["title", "1.0.0 heading", "1.0.0 changes"]
    text = data.decode()
    for html in (
        cmarkgfm.github_flavored_markdown_to_html(text),
        MarkdownIt().render(text),
        str(mistune.html(text)),
    ):
        shown = re.sub(r"<!--.*?-->", "", html)
        assert re.findall(r"<h[1-6]>", shown)[:2] == ["<h1>", "<h2>"]
        assert shown.count("<h2>") == 1 and shown.count("<li>") == len(entry.lines)
        assert "<script" not in shown
        assert set(re.findall(r'href="([^"]*)"', shown)) == {
            "https://keepachangelog.com/en/1.1.0/",
            "https://semver.org/spec/v2.0.0.html",
        }


TEXT = st.text(max_size=60)
LINES = st.builds(Line, st.sampled_from(["removed", "changed", "added", "deprecated"]), TEXT, st.booleans())
ENTRIES = st.builds(
    Entry,
    st.from_regex(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}", fullmatch=True),
    st.lists(LINES, max_size=5).map(tuple),
    st.none() | st.dates(),
)


@given(st.lists(ENTRIES, max_size=4, unique_by=lambda one: one.version))
@settings(derandomize=True, database=None, max_examples=60)
def test_entries_survive_json_and_any_line_stays_in_its_part(entries: list[Entry]) -> None:
    values = json.loads(json.dumps([one.to_json() for one in entries]))
    assert read_entries(values) == entries
    parts = read_parts(composed(render(entries)))
    assert list(parts) == [
        "title",
        *(f"{one.version} {part}" for one in entries for part in ("heading", "changes")),
    ]


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ([1], ("0",)),
        ([{"version": "1.0.0", "date": None}], ("0",)),
        ([{"version": "1.0.0", "date": None, "changes": [], "x": 1}], ("0",)),
        ([{"version": "1.0", "date": None, "changes": []}], ("0", "version")),
        ([{"version": "1.0.0", "date": "x", "changes": []}], ("0", "date")),
        ([{"version": "1.0.0", "date": None, "changes": [{"section": "added", "text": "a", "breaking": 1}]}], ("0", "changes", "0", "breaking")),
        ([{"version": "1.0.0", "date": None, "changes": [{"section": "added", "text": 1, "breaking": True}]}], ("0", "changes", "0", "text")),
        ([{"version": "1.0.0", "date": None, "changes": [{"section": [], "text": "a", "breaking": True}]}], ("0", "changes", "0", "section")),
        ([{"version": "1.0.0", "date": None, "changes": {}}], ("0", "changes")),
        ([{"version": 1, "date": 1, "changes": []}], ("0", "version")),
        ([{"version": "1.0.0", "date": None, "changes": [{"section": "new", "text": "a", "breaking": True}]}], ("0", "changes", "0", "section")),
        ([first_entry("1.0.0").to_json(), first_entry("1.0.0", date(2026, 1, 2)).to_json()], ("1", "version")),
    ],
)  # fmt: skip
def test_damaged_entries_are_refused_with_their_place(value: list[object], pointer: tuple[str, ...]) -> None:
    with pytest.raises(ChangelogError) as refused:
        read_entries(value)
    assert refused.value.pointer == pointer
