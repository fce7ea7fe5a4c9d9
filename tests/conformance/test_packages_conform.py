"""Every unit of the suite over our own package, and over packages of documents that have what ours has not."""

from __future__ import annotations

import pytest

from clientsmith.conform.model import DIRECTIONS, MODES, Cell
from tests.conformance.suites import DOCUMENTS, suite

_NAMES = {
    "marketplace": ("fetchListing", "reportUsage", "updateListing"),
    "styles": ("findItems", "findMore"),
    "bodies": ("addNote", "dropNotes", "sendBytes", "sendFields", "sendForm", "sendParts", "sendText"),
    "schemas": ("getShape", "getThing", "sendNumbers"),
    "security": (
        "askOptions",
        "getBeside",
        "getBoth",
        "getByQuery",
        "getElsewhere",
        "getOpen",
        "headOpen",
        "patchOpen",
        "traceOpen",
    ),
    "implied": ("addFields", "addPlace", "findPlaces"),
    "variants": ("addPet", "plantTree", "putLists", "putMap"),
}
_UNITS = [
    (document, f"{part}:{operation}")
    for document, operations in _NAMES.items()
    for operation in operations
    for part in ("surface", "request", "response", "promises", "tapes")
    if part != "tapes" or document == "marketplace"
] + [
    (document, f"{part}:{mode}") for document in _NAMES for part in ("package", "both-ends") for mode in MODES
]


@pytest.mark.parametrize(("document", "name"), _UNITS)
def test_the_package_holds(document: str, name: str) -> None:
    unit = next(one for one in suite(document).units if one.name == name)
    result = unit.run()
    assert not result.failures, [
        f"{one.id} {one.mode} {one.status}: {one.message} {one.drawn}" for one in result.failures
    ]
    assert result.checks > 0


@pytest.mark.parametrize("document", _NAMES)
def test_no_unit_is_left_out_of_the_tests(document: str) -> None:
    assert {unit.name for unit in suite(document).units} == {
        name for owner, name in _UNITS if owner == document
    }


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
    assert due == set(found.expected_cells()) and len(due) == 112


def test_the_documents_cover_what_ours_lacks() -> None:
    assert set(DOCUMENTS) | {"marketplace"} == set(_NAMES)
