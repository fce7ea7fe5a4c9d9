"""Laws of the comparison on the wire, over drawn schemas and documents, and over the corpus where it is present."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.model import Change, Level
from clientsmith.diff.rules import rules
from clientsmith.diff.wire.compare import compare
from clientsmith.document.load import Policies, open_document
from clientsmith.jsonschema.validators import Schemas
from diff_rewrites import SCHEMA_REWRITES, rewritten
from diff_rewrites_messages import MESSAGE_REWRITES
from tests.cases.diff.descriptions import of_schema, opened
from tests.cases.diff.test_pairs import PAIRS, LabelledPair, description
from tests.properties.documents import documents
from tests.properties.schemas import Schema, edited, schemas, values
from tests.properties.telling_values import TellingValues
from tests.security.dear_documents import calls

DRAWN = settings(
    max_examples=40, suppress_health_check=list(HealthCheck), derandomize=True, database=None,
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SMALL = sorted(
    path for path in CORPUS.rglob("*.*") if path.suffix in (".yaml", ".json") and path.stat().st_size < 60_000
)


def changes(old: Schema, new: Schema) -> list[Change]:
    """What changes between two schemas that requests and responses have as their bodies."""
    return compare(opened(of_schema("3.1", old)), opened(of_schema("3.1", new)))


@st.composite
def schema_pairs(draw: st.DrawFn) -> tuple[Schema, Schema]:
    """A schema, and the same one with a change, or another one."""
    old = draw(schemas())
    return old, draw(st.one_of(edited(old), schemas()))


def _declares(schema: Any) -> bool:
    return "properties" in schema or any(
        _declares(inner)
        for value in schema.values()
        for inner in (value if isinstance(value, list) else [value])
        if isinstance(inner, dict)
    )


@given(schema_pairs(), st.lists(values(), min_size=200, max_size=200))
@DRAWN
def test_no_value_contradicts_what_is_called_compatible(
    pair: tuple[Schema, Schema], drawn: list[Any]
) -> None:
    found = changes(*pair)
    validators = [jsonschema_rs.Draft202012Validator(one) for one in pair]
    undecided = any(rules()[one.rule].undecided for one in found)
    request = max((one.request for one in found), default=Level.NONE)
    response = max((one.response for one in found), default=Level.NONE)
    # Names that only one side declares promise nothing: such objects say nothing of the pair.
    is_told_by_name = [_declares(one) for one in pair] in ([True, False], [False, True])
    for value in drawn:
        fits = [one.is_valid(value) for one in validators]
        if is_told_by_name and isinstance(value, dict | list):
            continue
        if fits == [True, False]:
            assert request is Level.BREAKING or undecided, (value, [one.text for one in found])
        if fits == [False, True]:
            assert response >= Level.WARNING, (value, [one.text for one in found])


@given(documents())
@DRAWN
def test_a_description_does_not_differ_from_itself(document: dict[str, Any]) -> None:
    assert compare(opened(document), opened(document)) == []


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.name)
def test_a_description_of_the_corpus_does_not_differ_from_itself(path: Path) -> None:
    sides = [
        open_document(path, Diagnostics(), Policies(allow_invalid=True), validation="none") for _ in range(2)
    ]
    if sides[0] is not None and sides[1] is not None:
        assert compare(sides[0], sides[1]) == []


REWRITES = {**SCHEMA_REWRITES, **MESSAGE_REWRITES}


@pytest.mark.parametrize("name", sorted(REWRITES))
@given(documents(), st.randoms(use_true_random=False))
@settings(DRAWN, max_examples=15)
def test_what_is_written_in_another_way_does_not_differ(
    name: str, document: dict[str, Any], chance: random.Random
) -> None:
    other = rewritten(document, REWRITES[name], chance)
    found = compare(opened(document), opened(other))
    assert found == [], [one.text for one in found]


@given(schema_pairs())
@DRAWN
def test_the_way_back_has_the_mirrored_rules(pair: tuple[Schema, Schema]) -> None:
    there, back = changes(*pair), changes(*pair[::-1])
    mirrored = Counter(rules()[one.rule].counterpart or one.rule for one in there)
    assert mirrored == Counter(one.rule for one in back), (
        [one.text for one in there],
        [one.text for one in back],
    )


def _breaking(pair: LabelledPair) -> bool:
    is_breaking = any(label.split()[1] == "breaking" for label in pair.label)
    return (
        pair.at == "schema"
        and pair.versions == ("3.1", "3.1")
        and is_breaking
        and not any(label.startswith(_NEEDS_MORE) for label in pair.label)
    )


_NEEDS_MORE = ("content-encoding-changed", "discriminator")
"""What no validator sees: the bytes or the class of a call show it."""


@pytest.mark.parametrize("pair", [pytest.param(one, id=one.name) for one in PAIRS if _breaking(one)])
def test_a_breaking_change_comes_with_a_value_that_is_refused(pair: LabelledPair) -> None:
    sides = [opened(description(pair, side)) for side in (0, 1)]
    accepted = [Schemas(side) for side in sides]
    nodes = [side.components("schemas")["Thing"] for side in sides]
    told = TellingValues(random.Random(1), [pair.schemas, pair.old, pair.new])

    def is_refused(value: Any) -> bool:
        return accepted[0].is_valid(nodes[0], value, "request") and not accepted[1].is_valid(
            nodes[1], value, "request"
        )

    assert any(is_refused(told.value(0)) for _ in range(60_000))


def test_a_cycle_of_a_hundred_schemas_has_one_change_for_one_cause() -> None:
    def cycle(bound: int) -> dict[str, Any]:
        parts: dict[str, Any] = {
            f"S{number}": {
                "type": "object",
                "properties": {
                    "next": {"$ref": f"#/components/schemas/S{(number + 1) % 100}"},
                    "back": {
                        "type": "array",
                        "items": {"$ref": f"#/components/schemas/S{(number + 57) % 100}"},
                    },
                },
            }
            for number in range(100)
        }
        parts["S42"]["properties"]["size"] = {"type": "string", "maxLength": bound}
        return of_schema("3.1", {"$ref": "#/components/schemas/S0"}, parts)

    found = compare(opened(cycle(5)), opened(cycle(4)))
    assert [(one.rule, one.at) for one in found] == [
        ("bound-narrowed", "/components/schemas/S42/properties/size")
    ]


def _chain(length: int, schema: Any) -> dict[str, Any]:
    return of_schema(
        "3.1", {"$ref": "#/components/schemas/S0"}, {f"S{number}": schema(number) for number in range(length)}
    )


def _next(number: int) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/S{number + 1}"}


BOMBS = {
    "a chain of unions": _chain(3000, lambda number: {"anyOf": [_next(number), {"type": "string"}]} if number < 2999 else {}),
    "unions that double": _chain(12, lambda number: {"anyOf": [_next(number), {"allOf": [_next(number)], "minProperties": number + 2}]} if number < 11 else {"type": "object"}),
    "a chain of negations": _chain(3000, lambda number: {"not": _next(number)} if number < 2999 else {"type": "string"}),
    "unions beside each other": of_schema("3.1", {"allOf": [{"oneOf": [{"required": [f"a{one}"]}, {"required": [f"b{one}"]}]} for one in range(60)]}),
    "a large union": of_schema("3.1", {"anyOf": [{"type": "object", "properties": {f"p{number}": {"type": "string"}, "q": {"type": "integer"}}} for number in range(500)]}),
    "properties that double": _chain(40, lambda number: {"type": "object", "properties": {"a": _next(number), "b": _next(number)}} if number < 39 else {"type": "string"}),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_the_work_follows_the_size_of_a_description(name: str) -> None:
    changed = json.loads(json.dumps(BOMBS[name]))
    changed["components"]["schemas"]["Thing"] = {
        "allOf": [changed["components"]["schemas"]["Thing"]],
        "maxProperties": 7,
    }
    old, new = opened(BOMBS[name]), opened(changed)
    found: list[list[Change]] = []
    calls(lambda: found.extend([compare(old, old), compare(old, new)]), most=20_000_000)
    assert found[0] == [] and len(found[1]) < 200


_JUNK: list[Any] = [None, True, 5, "x", [], {}, ["a"], {"a": 1}, {"$ref": "#/nope"}, 1.5, [{}], [None]]


def _spoiled(value: Any, chance: random.Random) -> Any:
    """The value with something in it replaced by what does not belong there."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.1:
        return chance.choice(_JUNK)
    if isinstance(value, dict):
        key = chance.choice(sorted(value))
        return {**value, key: _spoiled(value[key], chance)}
    place = chance.randrange(len(value))
    return [*value[:place], _spoiled(value[place], chance), *value[place + 1 :]]


@pytest.mark.parametrize("seed", range(20))
def test_invalid_descriptions_are_compared_as_far_as_they_can_be_read(seed: int) -> None:
    chance = random.Random(seed)
    for pair in chance.sample(PAIRS, 20):
        whole = description(pair, 0)
        spoiled = whole | {
            key: _spoiled(whole[key], chance) for key in ("paths", "components") if key in whole
        }
        compare(opened(whole), opened(spoiled))
        compare(opened(spoiled), opened(whole))
