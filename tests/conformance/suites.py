"""Suites over our own package and over packages of small documents that have what ours has not; opened once each."""

from __future__ import annotations

import functools
from pathlib import Path

from clientsmith.conform.model import UnitResult
from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from tests.behavior.packages import package_of

ROOT = Path(__file__).parents[2]
SPEC = str(ROOT / "spec/marketplace.yaml")
PACKAGE = str(ROOT / "generated/twilio_marketplace")
TAPES = str(ROOT / "spec/recordings")
EXAMPLES = 4


DOCUMENTS = {path.stem: path for path in sorted((Path(__file__).parent / "documents").glob("*.yaml"))}


@functools.cache
def suite(name: str) -> Suite:
    """The suite of a document by name; `marketplace` is our own, with its tapes."""
    if name == "marketplace":
        return opened(SPEC, PACKAGE, [TAPES])
    package = package_of(DOCUMENTS[name].read_text(encoding="utf-8"))
    return opened(str(DOCUMENTS[name]), str(package.folder), [])


def opened(document: str, package: str, tapes: list[str]) -> Suite:
    """A suite that draws little."""
    diagnostics = Diagnostics()
    found = Suite.open(document, package, tapes, diagnostics, Settings(examples=EXAMPLES))
    assert found is not None, [str(one) for one in diagnostics]
    return found


def first_failure(found: Suite, part: str | None = None, likely: str = "") -> UnitResult | None:
    """The first unit that fails, of one part or of all; None if everything holds.

    Cheap ones go first, before them those of an operation that is likely to fail.
    """
    units = [unit for unit in found.units if part in (None, unit.part)]
    units.sort(key=lambda unit: unit.operation != likely)
    try:
        return next((result for result in (unit.run() for unit in units) if result.failures), None)
    finally:
        found.close()
