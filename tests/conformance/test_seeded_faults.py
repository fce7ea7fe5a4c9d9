"""Faults put into a copy of our package, one at a time: each has to be found, and by the part that it belongs to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.power_faults import FAULTS
from clientsmith.conform.client.package import PackageError
from clientsmith.conform.promises.arguments_part import check_arguments
from clientsmith.conform.promises.promise_case import PromiseCase
from clientsmith.conform.promises.settings_part import check_client_settings
from clientsmith.conform.run.findings import Findings
from tests.conformance.suites import fails, faulty, suite


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_found(fault: str, tmp_path: Path) -> None:
    file, old, new, part = FAULTS[fault]
    likely = (
        "reportUsage"
        if file.endswith("usages.py")
        else "updateListing"
        if "304" in fault or file.endswith("listings.py")
        else ""
    )
    found = fails(suite("marketplace").with_package(faulty(tmp_path, file, old, new)), part, likely)
    assert found, "nothing was found by the part that the fault belongs to"


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        ("amounts written as JSON strings", ("invalid-on-the-wire", "")),
        ("error without its body", ("error-loses-body", "400")),
    ],
)
def test_the_first_input_of_a_unit_that_fails_is_made_small(
    fault: str, shown: tuple[str, str], tmp_path: Path
) -> None:
    file, old, new, part = FAULTS[fault]
    found = suite("marketplace").with_package(faulty(tmp_path, file, old, new))
    failures = next(one for one in found.units if one.name == f"{part}:reportUsage").run().failures
    found.close()
    assert "unexpected-error" not in {one.id for one in failures}
    drawn = next(one.drawn for one in failures if (one.id, one.status, one.mode) == (*shown, "sync"))
    if part == "response":
        assert drawn == "{}"
    else:
        assert json.loads(drawn)["body"]["billable_items"] == [
            {"sid": "BI00000000000000000000000000000000", "quantity": 1}
        ]


@pytest.mark.parametrize("part", ["surface", "request", "promises"])
def test_a_copy_of_the_package_without_a_fault_has_none(part: str, tmp_path: Path) -> None:
    assert not fails(suite("marketplace").with_package(faulty(tmp_path, "models.py", "", "")), part)


def test_a_package_that_does_not_import_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="does not import: SyntaxError"):
        suite("marketplace").with_package(faulty(tmp_path, "models.py", "class Listing(", "class Listing(("))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{", "", "_surface.json: it is not JSON"),
        ('"api"', '"ape"', "the api in _surface.json is not an object"),
        ('"schemas":[\n', '"schemas":[\n1,', "the schema in _surface.json is not an object"),
    ],
)
def test_a_package_whose_surface_is_damaged_is_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=said):
        suite("marketplace").with_package(faulty(tmp_path, "_surface.json", old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return Redirect(status, location)", "return None"),
        ("operation.redirects(status)", "False"),
        ("operation.takes_any_success", "False"),
        ("if value is not _NOTHING), response.content)", "if value is not _NOTHING), None)"),
        ("[_ANY_JSON] if actual is None", "[] if actual is None"),
    ],
)
def test_a_fault_in_what_is_not_described_is_found(old: str, new: str, tmp_path: Path) -> None:
    sound = suite("unsaid")
    file = "_runtime/messages/response.py"
    copy = faulty(tmp_path, file, old, new, sound.package.folder)
    assert fails(sound.with_package(copy), "response")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("    bills=True,\n", "    bills=False,\n", {"connection-left"}),
        ("    bills=True,\n", "", {"connection-left"}),
        ("allow_http: bool = False", "allow_http: bool = True", {"setting-accepted", "error-says-nothing"}),
        ("                allow_http=allow_http,\n", "", {"base-url-ignored"}),
        ("import", "import", set[str]()),
    ],
)
def test_what_a_client_forgot_of_its_package_is_found(
    old: str, new: str, found: set[str], tmp_path: Path
) -> None:
    context = suite("marketplace").with_package(faulty(tmp_path, "_client.py", old, new)).context
    operation = next(iter(context.operations()))
    inputs = context.usual_inputs(operation)
    assert inputs is not None
    case = PromiseCase(context, operation, Findings(context, "package", operation), inputs, "sync")

    check_arguments(case)
    check_client_settings(case)

    assert {id for id, *_ in case.findings.found} == found
