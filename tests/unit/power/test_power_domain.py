"""Each operator of the domain: a piece of generated code in, the faults out."""

from __future__ import annotations

import json

import pytest

from power_domain import (
    bodies,
    constructors,
    media,
    methods,
    operations,
    parameters,
    partials,
    responses,
    schemes,
)
from power_models import classes, fields, schemas
from power_sites import File, seeded
from power_tables import outcomes, tables

OPERATION = """\
from .. import models
_FETCH: Final = Operation(
    method="GET", path="/v1/Items/{id}", security=(("basic",),), bills=False,
    parameters=(Parameter("id", "path", Annotated[str, Field(pattern="^a$")], required=True),),
    body=JsonBody("application/json", models.Item, required=True),
    responses=(
        Response("202", (Media("application/json", "json", models.Item, "Item"),), partial=PartialDeclaration(
            sent=("a",), received=("a",), accepted="ok", match=("sid", "n"), item=models.Item, amount="n", total=("t",))),
        Response("429", (Media("application/json", "json", models.Error, "Error"),), not_processed=True),
        Response("default"),
    ),
)
_OTHER: Final = None
class Items:
    def fetch(self, id, *, one=UNSET, two=None, options=None):
        return self._call(_FETCH, (id,), {"one": one, "two": two}, options=options)
class AsyncItems:
    async def fetch(self, id, *, one=UNSET, two=None, options=None):
        return await self._call(_FETCH, (id,), {"one": one, "two": two}, options=options)
"""
CLIENT = """\
C = Configuration(base_url="https://a.b", user_agent="u", schemes=(
    SecurityScheme("basic", "basic", arguments=("a", "b"), environment=(("A", "B"), ("C", "D"))),))
class Client:
    def __init__(self):
        super().__init__(credentials={"basic": (a, b)}, settings=Settings(timeout=timeout), journal=journal)
        self.items = Items(self)
"""
MODELS = """\
class Item(RequestModel):
    sid: Annotated[str, Field(pattern="^a$")]
    amount: Annotated[Decimal, Field(gt=0)]
    note: str | None = None
    more: str | None = None
"""


def _found(operator, source: str) -> dict[str, list[str]]:
    file = File("a.py", source)
    found: dict[str, list[str]] = {}
    for one in seeded(file, operator(file), "domain"):
        found.setdefault(one.id.split("::")[2], []).append(one.source)
    return found


@pytest.mark.parametrize(
    ("operator", "name", "written"),
    [
        (operations, "method is POST", "method='POST'"),
        (operations, "path segment altered", "path='/v1s/Items/{id}'"),
        (operations, "path parameter moved", "path='/v1/{id}/Items'"),
        (operations, "billing flipped", "bills=True"),
        (parameters, "parameter renamed", "Parameter('idX', 'path'"),
        (parameters, "pattern of parameter lost", "Annotated[str, Field()]"),
        (parameters, "pattern without its end", "Field(pattern='^a')"),
        (bodies, "body written in the other codec, labelled as before", "FormBody('application/json', models.Item"),
        (bodies, "body required flipped", "required=False)"),
        (responses, "other status declared", "Response('203'"),
        (responses, "default for one status only", "Response('599')"),
        (media, "wrong model for a status", "Media('application/json', 'json', models.Error, 'Item')"),
        (media, "schema of another response", "models.Item, 'Error')"),
        (partials, "items matched by one property only", "match=('sid',)"),
        (partials, "accepted under another name", "accepted='elsewhere'"),
        (methods, "operation of another method", "self._call(_OTHER, (id,)"),
        (methods, "wire names swapped", "{'two': one, 'one': two}"),
        (methods, "property dropped", "{'two': two}"),
        (methods, "null sent for what was not given", "one=None, two=None"),
        (schemes, "kind of credentials wrong", "SecurityScheme('basic', 'bearer'"),
        (schemes, "environment in another order", "environment=(('C', 'D'), ('A', 'B'))"),
        (constructors, "credentials swapped", '"basic": (b, a)'),
        (constructors, "timeout ignored", "Settings()"),
        (fields, "Decimal is float", "Annotated[float, Field(gt=0)]"),
        (fields, "gt is ge", "Field(ge=0)"),
        (fields, "required is optional", "Field(pattern=\"^a$\")] | None = None"),
        (fields, "optional is required", "    more: str | None\n"),
        (fields, "two wire names swapped", "Annotated[str | None, Field(alias='note')]"),
        (classes, "unknown keys: ignore", "Item(RequestModel, extra='ignore')"),
    ],
)  # fmt: skip
def test_an_operator_writes_its_fault(operator, name: str, written: str) -> None:
    source = (
        CLIENT
        if operator in (schemes, constructors)
        else MODELS
        if operator in (fields, classes)
        else OPERATION
    )
    found = _found(operator, source)
    assert any(_flat(written) in _flat(one) for one in found[name]), found[name]


def _flat(text: str) -> str:
    return text.replace('"', "'")


def test_each_client_gets_its_own_fault() -> None:
    found = _found(methods, OPERATION)["called twice"]
    calls = [(one.count("self._call("), one.count("await self._call(")) for one in found]
    assert calls == [(3, 1), (3, 2)]


def test_schemas_are_loosened_keyword_by_keyword() -> None:
    text = json.dumps({"type": "object", "properties": {"sid": {"type": "string", "pattern": "^a$"}}})
    found = _found(schemas, f"SCHEMAS = {{'Item': {text!r}}}\n")
    assert set(found) == {
        "schema missing",
        "schema of anything",
        "type lost",
        "sid.type lost",
        "sid.pattern lost",
    }
    assert "pattern" not in found["sid.pattern lost"][0]


def test_tables_of_classes_and_outcomes_are_changed_entry_by_entry() -> None:
    source = "T = {400: BadRequest, 401: Unauthorized, 500: ServerError}\nclass A:\n    outcome = Outcome.UNKNOWN\n"
    assert len(_found(tables, source)["class of another status"]) == 3
    (changed,) = _found(outcomes, source)["outcome of another kind"]
    assert "Outcome.UNKNOWN" not in changed
