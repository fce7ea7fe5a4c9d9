"""Faults put into a copy of our package, one at a time: each has to be found, and by the part that it belongs to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.power_faults import FAULTS
from clientsmith.conform.client.package import PackageError
from tests.conformance.suites import PACKAGE, first_failure, suite


def _faulty(folder: Path, file: str, old: str, new: str) -> str:
    copy = folder / "twilio_marketplace"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text, f"{file} has changed: this fault cannot be put into it"
    (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    return str(copy)


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
    result = first_failure(suite("marketplace").with_package(_faulty(tmp_path, file, old, new)), part, likely)
    assert result is not None, "nothing was found by the part that the fault belongs to"


@pytest.mark.parametrize("part", ["surface", "request", "promises"])
def test_a_copy_of_the_package_without_a_fault_has_none(part: str, tmp_path: Path) -> None:
    assert (
        first_failure(suite("marketplace").with_package(_faulty(tmp_path, "models.py", "", "")), part) is None
    )


def test_a_package_that_does_not_import_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="does not import: SyntaxError"):
        suite("marketplace").with_package(_faulty(tmp_path, "models.py", "class Listing(", "class Listing(("))
