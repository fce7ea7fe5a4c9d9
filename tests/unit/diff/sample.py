"""Changes made by hand, and reports of them, for the tests of what is made of changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from clientsmith.config.model import ChangedLevel
from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.diff.judged import Judged
from clientsmith.diff.model import Change, Level, ReachedOperation
from clientsmith.diff.report.model import Report
from clientsmith.diff.sides import Side, open_sides
from clientsmith.diff.step import step_of
from clientsmith.document.load import Policies
from tests.security.test_terminal_text import HOSTILE

RULES = """\
[operation-removed]
title = "An operation is gone."
reason = "A deployed client that calls it gets 404."
example = "DELETE /pets is gone"
text = "{name} is gone"
hint = "say since when it is gone"
request = ["breaking"]
counterpart = "operation-added"

[operation-added]
title = "An operation is new."
reason = "It can be called."
example = "GET /toys is new"
text = "{name} is new"
hint = ""
request = ["info"]
counterpart = "operation-removed"

[bound-narrowed]
title = "A bound is narrower."
reason = "What was valid is refused."
example = "maximum: 10 -> 5"
text = "{name} was {was} and is {now}"
hint = "send no more"
request = ["breaking", "warning"]
response = ["info"]
one_way = "Widening is another rule."
"""
OLD = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: after, in: query, schema: {type: string}}
      responses: {"200": {description: ok}}
    delete: {operationId: dropPets, responses: {"200": {description: ok}}}
components:
  schemas:
    Pet: {type: object, maxProperties: 6}
"""
NEW = """\
openapi: 3.1.0
info: {title: Pets, version: "2"}
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: after, in: query, schema: {type: string}}
      responses: {"200": {description: ok}}
  /toys:
    get: {operationId: listToys, responses: {"200": {description: ok}}}
components:
  schemas:
    Pet: {type: object, maxProperties: 5}
"""
LIST_PETS = ReachedOperation("/pets", "get", "listPets")
LIST_TOYS = ReachedOperation("/toys", "get", "listToys")
DROP_PETS = ReachedOperation("/pets", "delete", "dropPets")


def place(file: str, line: int, pointer: str) -> Place:
    return Place(pointer, Span(file, line, 5))


REMOVED = Change(
    "operation-removed",
    Level.BREAKING,
    Level.NONE,
    "DELETE /pets is gone",
    "say since when it is gone",
    "DELETE /pets",
    (),
    place("old.yaml", 11, "/paths/~1pets/delete"),
    None,
    (DROP_PETS,),
)
ADDED = Change(
    "operation-added",
    Level.INFO,
    Level.NONE,
    "GET /toys is new",
    "",
    "GET /toys",
    (),
    None,
    place("new.yaml", 11, "/paths/~1toys/get"),
    (LIST_TOYS,),
)
NARROWED = Change(
    "bound-narrowed",
    Level.WARNING,
    Level.INFO,
    "maxProperties of Pet was 6 and is 5",
    "send no more than 5",
    "/components/schemas/Pet",
    ("maxProperties", "6", "5"),
    place("old.yaml", 14, "/components/schemas/Pet"),
    place("new.yaml", 14, "/components/schemas/Pet"),
    (LIST_PETS, LIST_TOYS),
)
CHANGES = (REMOVED, ADDED, NARROWED)


def many(number: int) -> list[Change]:
    levels = (Level.BREAKING, Level.WARNING, Level.INFO)
    return [
        replace(
            NARROWED,
            request=levels[index % 3],
            response=Level.NONE,
            at=f"/components/schemas/Schema{index // 4}/properties/property{index}",
            text=f"/components/schemas/Schema{index // 4}/properties/property{index}: maximum is {index} instead of "
            f"{index + 1000}, which is less than before",
            old=place("old.yaml", index + 1, f"/components/schemas/Schema{index // 4}"),
            new=place("new.yaml", index + 10, f"/components/schemas/Schema{index // 4}"),
            operations=tuple(ReachedOperation(f"/resource/{n}", "get", f"operation{n}") for n in range(30)),
        )
        for index in range(number)
    ]


def hostile() -> list[Change]:
    at = Place(f"/{HOSTILE}", Span(f"{HOSTILE}.yaml", 1, 1))
    texts = (
        HOSTILE,
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "::error::forged\n::stop-commands::x\r%0A::warning::x",
        "]]> --> </failure> {{ 7*7 }} {% raw %}",
        "`` ` ``` [x](javascript:alert(1)) ![x](http://x.example/y) https://x.example <b> | \n\n# h\n- [ ] x",
        "\x1b]0;title\x07\x1b[2J",
    )
    return [
        replace(
            REMOVED,
            text=text,
            hint=text,
            at=f"/components/schemas/{text}",
            values=(text,),
            old=at,
            operations=(ReachedOperation(f"/{text}", text, text), ReachedOperation(f"/{text}2", text, text)),
        )
        for text in texts
    ]


def sides(folder: Path, old: str = OLD, new: str = NEW) -> tuple[Side, Side]:
    """Both documents as files of the folder, which is the working directory."""
    (folder / "old.yaml").write_text(old)
    (folder / "new.yaml").write_text(new)
    found = open_sides("old.yaml", "new.yaml", Policies(), Diagnostics())
    assert found is not None
    return found


def report(
    of: tuple[Side, Side],
    judged: Iterable[Judged] = tuple(map(Judged, CHANGES)),
    *,
    notes: Diagnostics | None = None,
    levels: Iterable[ChangedLevel] = (),
    fail_on: Level = Level.BREAKING,
    today: date | None = None,
) -> Report:
    listed = list(judged)
    step = step_of((one.change.level for one in listed), differs=True)
    return Report.of(of, listed, notes or Diagnostics(), levels, step, fail_on, today)
