"""Every unit of the suite over packages of documents that have what ours has not.

Those over our own package are run, each once, by `test_command`.
"""

from __future__ import annotations

import pytest

from clientsmith.conform.model import DIRECTIONS, MODES, Cell
from clientsmith.conform.suite_report import expected_cells
from tests.conformance.suites import DOCUMENTS, OPERATIONS, suite, unit_names

_SMALL = sorted(set(OPERATIONS) - {"marketplace"})
# What holds whatever the API is tried with both clients where calls bill or need credentials, else with one in turn.
_IN_BOTH_MODES = ("once", "security")
_IN_TURN = {
    one: f"package:{MODES[number % 2]}" for number, one in enumerate(_SMALL) if one not in _IN_BOTH_MODES
}
_UNITS = [
    (one, name)
    for one in _SMALL
    for name in unit_names(one)
    if not name.startswith("package:") or name == _IN_TURN.get(one, name)
]


@pytest.mark.parametrize(("document", "name"), _UNITS)
def test_the_package_holds(document: str, name: str) -> None:
    unit = next(one for one in suite(document).units if one.name == name)
    result = unit.run()
    assert not result.failures, [
        f"{one.id} {one.mode} {one.status}: {one.message} {one.drawn}" for one in result.failures
    ]
    assert result.checks > 0


@pytest.mark.parametrize("document", OPERATIONS)
def test_no_unit_is_left_out_of_the_tests(document: str) -> None:
    assert {unit.name for unit in suite(document).units} == set(unit_names(document))


def test_every_status_of_the_document_is_due_in_both_directions_by_both_clients() -> None:
    """That each is looked at is what `test_command` sees in the report of a whole run."""
    found = suite("marketplace")
    due = {
        Cell(operation.id, status, direction, mode)
        for operation in found.checker.operations
        for status in operation.responses
        for direction in DIRECTIONS
        for mode in MODES
    }
    assert due == set(expected_cells(found, found.units)) and len(due) == 112


def test_the_documents_cover_what_ours_lacks() -> None:
    assert set(DOCUMENTS) | {"marketplace"} == set(OPERATIONS)
