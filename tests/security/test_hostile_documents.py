"""Small documents made to keep a command busy: the work grows with the document, or it is refused at its place."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientsmith.api.model.types import Constraints
from clientsmith.cli import main as cli
from clientsmith.diagnostics.model import Severity
from clientsmith.document.budget import TOO_COSTLY
from clientsmith.emit.reference.example_limits import text_within
from clientsmith.jsonschema.instances import Instances, NoInstanceError
from clientsmith.jsonschema.pattern_syntax import finds
from clientsmith.jsonschema.validators import Schemas
from tests.properties.packages import deterministic
from tests.security.dear_documents import (
    LEAF,
    calls,
    document,
    errors,
    ladder,
    linted,
    meshes,
    ref,
    resolved,
    written,
)

KEYWORDS = (
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "items",
    "properties",
    "additionalProperties",
    "prefixItems",
)


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_twice_the_levels_are_twice_the_work(keyword: str, tmp_path: Path) -> None:
    def work(levels: int) -> int:
        tree = document(ref("D0"), ladder(keyword, levels))
        return calls(lambda: linted(tree, tmp_path))

    work(2)  # what is imported and compiled once is not what this is about
    fixed, once, twice = work(2), work(9), work(16)
    assert twice - once <= 2 * (once - fixed), (fixed, once, twice)


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf", "items"])
def test_an_example_that_would_be_looked_at_for_ever_is_refused_at_its_place(
    keyword: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep: Any = {"z": "x"}
    for _ in range(40 if keyword == "items" else 0):
        deep = [deep]
    path = written(document(ref("D0"), ladder(keyword, 40), example=deep), tmp_path)
    assert cli.main(["lint", str(path)]) == 2
    output = capsys.readouterr().out
    assert f"error[{TOO_COSTLY}]" in output or TOO_COSTLY in output
    assert "/paths/~1things/post/re" in output
    assert "Traceback" not in output


def test_a_default_that_would_be_looked_at_for_ever_is_refused(tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "properties": {"p": {"$ref": "#/components/schemas/D0", "default": {"z": "x"}}},
    }
    done, found = linted(document(schema, ladder("allOf", 40)), tmp_path)
    assert not done
    assert [one.id for one in errors(found)] == [TOO_COSTLY]
    assert errors(found)[0].place.pointer == "/components/schemas/Root/properties/p/default"


@deterministic(12)
@given(meshes())
def test_whatever_schemas_lead_to_the_work_is_bounded_by_the_size(tree: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        size = written(tree, Path(folder)).stat().st_size
        assert calls(lambda: linted(tree, Path(folder))) < 400_000 + 300 * size


LOOPS = ("(a|a)*", "(a+)+", "(a|aa)+", "([a-z]+)*", "(?:a?){30}a*", r"([a-z]+\s?)*", "(a*)*b?")


@deterministic(40)
@given(st.lists(st.sampled_from(LOOPS), min_size=1, max_size=3), st.integers(40, 3000))
def test_no_text_keeps_a_pattern_busy(loops: list[str], length: int) -> None:
    pattern = f"^{''.join(loops)}$"
    assert finds(pattern, "a" * length)
    assert not finds(pattern, "a" * length + "!")


@pytest.mark.parametrize("pattern", ["^(a|a)*$", "^(a+)+$", "^([a-z]+)*$"])
def test_a_default_does_not_keep_the_published_validator_busy(pattern: str, tmp_path: Path) -> None:
    schema = {"type": "string", "pattern": pattern, "default": "a" * 60 + "!"}
    done, found = linted(document({"type": "object", "properties": {"p": schema}}), tmp_path)
    assert done
    assert {one.id for one in found if one.severity is not Severity.NOTE} == {"example-mismatch"}


@pytest.mark.parametrize(
    "pattern", ["(a{1000}){1000}", "a{99999999999}", r"\p{L}{400}", r"(a+)+\1$", "^(?=(a+)+b)a"]
)
def test_what_the_engine_cannot_do_matches_nothing_and_costs_nothing(pattern: str) -> None:
    assert not finds(pattern, "a" * 500)
    assert calls(lambda: text_within(Constraints(pattern=pattern))) < 5_000


@pytest.mark.parametrize("pattern", ["^((?=a)a|a)*$", "^((?!x)a|(?=a)a)*$", r"(?=a)(a|a|aa)*\b$(?!y)"])
def test_a_text_that_takes_too_many_steps_is_not_called_a_mismatch(pattern: str, tmp_path: Path) -> None:
    schema = {"type": "string", "pattern": pattern}
    _, found = linted(document(schema, example="a" * 60 + "!"), tmp_path)
    assert "example-mismatch" not in {one.id for one in found}
    _, found = linted(document(schema, example="!"), tmp_path)
    assert "example-mismatch" in {one.id for one in found}


def test_patterns_that_take_too_long_to_compile_are_refused_at_the_one_too_many(tmp_path: Path) -> None:
    def of(count: int) -> dict[str, Any]:
        return document(
            {
                "type": "object",
                "properties": {
                    f"p{n:02}": {"type": "string", "pattern": rf"\p{{L}}{{300}}{n}"} for n in range(count)
                },
            }
        )

    done, found = linted(of(40), tmp_path)
    assert not done
    assert [one.id for one in errors(found)] == [TOO_COSTLY]
    place = errors(found)[0].place
    assert place.span is not None
    assert str(place.pointer).endswith("/pattern")
    assert TOO_COSTLY not in {one.id for one in linted(of(2), tmp_path)[1]}


@pytest.mark.parametrize("where", ["patternProperties", "pattern"])
def test_nested_repetitions_count_as_what_they_expand_to(where: str, tmp_path: Path) -> None:
    texts = [f"((a{{100}}){{100}}){{{100 + number}}}" for number in range(30)]
    named: dict[str, Any] = {text: {"type": "string"} for text in texts}
    listed = {f"p{number}": {"type": "string", "pattern": text} for number, text in enumerate(texts)}
    schema = {
        "type": "object",
        **({where: named} if where == "patternProperties" else {"properties": listed}),
    }
    done, found = linted(document(schema), tmp_path)
    assert not done
    assert TOO_COSTLY in {one.id for one in found}


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf", "items", "properties"])
def test_a_value_is_made_for_schemas_that_multiply(keyword: str, tmp_path: Path) -> None:
    node = resolved(document(ref("D0"), ladder(keyword, 24)), tmp_path)

    def work() -> None:
        with suppress(NoInstanceError):
            Instances(node, Schemas(node)).make(node.node("/components/schemas/Root"), "request")

    assert calls(work) < 400_000


def test_a_value_that_holds_one_part_again_and_again_is_not_made(tmp_path: Path) -> None:
    rungs = {
        f"D{n}": {
            "type": "object",
            "required": ["a", "b"],
            "properties": {"a": ref(f"D{n + 1}"), "b": ref(f"D{n + 1}")},
        }
        for n in range(40)
    }
    node = resolved(document(ref("D0"), {**rungs, "D40": LEAF}), tmp_path)
    with pytest.raises(NoInstanceError):
        Instances(node, Schemas(node)).make(node.node("/components/schemas/Root"), "request")


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_a_validator_leaves_unchecked_what_it_would_look_at_too_often(keyword: str, tmp_path: Path) -> None:
    node = resolved(document(ref("D0"), ladder(keyword, 40)), tmp_path)
    assert Schemas(node).check(node.node("/components/schemas/Root"), {"z": 1}, "request") == []
    few = resolved(document(ref("D0"), ladder("allOf", 4)), tmp_path)
    assert Schemas(few).check(few.node("/components/schemas/Root"), {"z": 1}, "request")
