"""Laws of the comparison on the wire, over drawn schemas and documents, and over the corpus where it is present."""

from __future__ import annotations

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
from tests.cases.diff.descriptions import of_schema, opened
from tests.cases.diff.rewrites import REWRITES, rewritten
from tests.cases.diff.test_pairs import PAIRS, LabelledPair, description
from tests.properties.documents import documents
from tests.properties.schemas import Schema, edited, schemas, values

DRAWN = settings(
    max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True, database=None,
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SMALL = sorted(path for path in CORPUS.rglob("*.*") if path.suffix in (".yaml", ".json") and path.stat().st_size < 60_000)


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
def test_no_value_contradicts_what_is_called_compatible(pair: tuple[Schema, Schema], drawn: list[Any]) -> None:
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
    sides = [open_document(path, Diagnostics(), Policies(allow_invalid=True), validation="none") for _ in range(2)]
    if sides[0] is not None and sides[1] is not None:
        assert compare(sides[0], sides[1]) == []


@pytest.mark.parametrize("name", sorted(REWRITES))
@given(documents(), st.randoms(use_true_random=False))
@DRAWN
def test_what_is_written_in_another_way_does_not_differ(name: str, document: dict[str, Any], chance: random.Random) -> None:
    other = rewritten(document, name, chance)
    found = compare(opened(document), opened(other))
    assert found == [], [one.text for one in found]


@given(schema_pairs())
@DRAWN
def test_the_way_back_has_the_mirrored_rules(pair: tuple[Schema, Schema]) -> None:
    there, back = changes(*pair), changes(*pair[::-1])
    mirrored = Counter(rules()[one.rule].counterpart or one.rule for one in there)
    assert mirrored == Counter(one.rule for one in back), ([one.text for one in there], [one.text for one in back])


def _breaking(pair: LabelledPair) -> bool:
    return pair.at == "schema" and pair.version == "3.1" and any(label.split()[1] == "breaking" for label in pair.label)


_NEEDS_MORE = ("content-encoding-changed", "discriminator")
"""What no validator sees: the bytes or the class of a call show it."""


@pytest.mark.parametrize("pair", [pytest.param(one, id=one.name) for one in PAIRS if _breaking(one)])
def test_a_breaking_change_comes_with_a_value_that_is_refused(pair: LabelledPair) -> None:
    if any(label.startswith(_NEEDS_MORE) for label in pair.label):
        pytest.skip("not seen by a validator")
    from clientsmith.jsonschema.validators import Schemas

    sides = [opened(description(pair, part)) for part in (pair.old, pair.new)]
    chance = random.Random(1)
    accepted = [Schemas(side) for side in sides]
    nodes = [side.components("schemas")["Thing"] for side in sides]

    def is_refused(value: Any) -> bool:
        return accepted[0].is_valid(nodes[0], value, "request") and not accepted[1].is_valid(nodes[1], value, "request")

    assert any(is_refused(drawn_value(chance, 0)) for _ in range(20_000))


_NAMES = ["a", "b", "c", "x", "xa", "y", "kind", "lives", "breed", "p", "q", "child", "n", "water", "other"]
_TEXTS = ["", "a", "b", "c", "bb", "ab", "abcd", "abcdef", "cat", "dog", "fish", "x", "1", "aaz"]
_NUMBERS: list[Any] = [0, 1, 2, 3, 4, 5, 6, 99, 100, -1, 0.1, 0.2, 0.5, 1.5, 0.001]


def drawn_value(chance: random.Random, depth: int) -> Any:
    """A value of any type, with the names and values that the labelled pairs use."""
    kind = chance.randrange(4 if depth > 1 else 7)
    if kind < 3:
        return chance.choice([_TEXTS, _NUMBERS, [None, True, False]][kind])
    if kind == 3 or kind > 4:
        names = chance.sample(_NAMES, chance.randrange(4))
        return {name: drawn_value(chance, depth + 1) for name in names}
    return [drawn_value(chance, depth + 1) for _ in range(chance.randrange(12))]


def test_a_cycle_of_a_hundred_schemas_has_one_change_for_one_cause() -> None:
    def cycle(bound: int) -> dict[str, Any]:
        parts: dict[str, Any] = {
            f"S{number}": {
                "type": "object",
                "properties": {
                    "next": {"$ref": f"#/components/schemas/S{(number + 1) % 100}"},
                    "back": {"type": "array", "items": {"$ref": f"#/components/schemas/S{(number + 57) % 100}"}},
                },
            }
            for number in range(100)
        }
        parts["S42"]["properties"]["size"] = {"type": "string", "maxLength": bound}
        return of_schema("3.1", {"$ref": "#/components/schemas/S0"}, parts)

    found = compare(opened(cycle(5)), opened(cycle(4)))
    assert [(one.rule, one.at) for one in found] == [("bound-narrowed", "/components/schemas/S42/properties/size")]
