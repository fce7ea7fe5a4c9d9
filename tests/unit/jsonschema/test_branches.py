"""What some branch of a schema says is what a reader of text may go by."""

from __future__ import annotations

from tests.unit.jsonschema.branched import wrong_branches, wrong_places
from tests.unit.jsonschema.floor import loaded


def test_every_branch_is_heard() -> None:
    assert wrong_branches(loaded()) == []


def test_schemas_are_found_by_the_place_inside_a_value() -> None:
    assert wrong_places(loaded()) == []
