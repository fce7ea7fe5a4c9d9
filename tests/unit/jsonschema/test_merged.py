"""Merged schemas are those that the specifications describe."""

from __future__ import annotations

from tests.unit.jsonschema.floor import loaded
from tests.unit.jsonschema.merged import ROWS, wrong_shapes


def test_merged_schemas_are_those_of_the_specifications() -> None:
    assert wrong_shapes(loaded()) == []


def test_every_row_has_a_name_of_its_own() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)
