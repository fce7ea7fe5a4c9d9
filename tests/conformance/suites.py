"""Suites over our own package and over packages of small documents that have what ours has not; opened once each."""

from __future__ import annotations

import compileall
import contextlib
import functools
import shutil
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from clientsmith.conform.model import MODES
from clientsmith.conform.run.findings import Findings
from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from tests.behavior.packages import package_of

ROOT = Path(__file__).parents[2]
SPEC = str(ROOT / "spec/marketplace.yaml")
PACKAGE = str(ROOT / "generated/twilio_marketplace")
TAPES = str(ROOT / "spec/recordings")
EXAMPLES = 4

OPERATIONS = {
    "marketplace": ("fetchListing", "reportUsage", "updateListing"),
    "styles": ("findItems", "findMore"),
    "bodies": (
        "addNote",
        "dropNotes",
        "sendBytes",
        "sendFields",
        "sendForm",
        "sendParts",
        "sendRelated",
        "sendText",
    ),
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
    "mixed": ("addAnimal", "findBy", "putImage", "sendCode", "sendMixed", "sendVehicle"),
    "implied": ("addFields", "addPlace", "findPlaces"),
    "once": ("chargeItems", "sendForm"),
    "placed": ("addPlaced", "findPlaced", "formPlaced", "listPlaced", "partsPlaced"),
    "unsaid": ("doIt", "getMoved", "getRefused", "getUsual"),
    "variants": ("addPet", "plantTree", "putLists", "putMap"),
    "pairs": ("findPairs",),
    "renamed": ("getItem", "putItem"),
    "wire": ("addAny", "addRows", "dropFiles", "findPlaces", "putFile", "sendMail"),
}

DOCUMENTS = {path.stem: path for path in sorted((Path(__file__).parent / "documents").glob("*.yaml"))}


def unit_names(document: str) -> list[str]:
    """Every unit that the suite of a document has to have."""
    parts = ["surface", "request", "response", "promises", *(["tapes"] if document == "marketplace" else [])]
    of_operations = [f"{part}:{operation}" for operation in OPERATIONS[document] for part in parts]
    return [*of_operations, *(f"package:{mode}" for mode in MODES), "both-ends"]


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


@functools.cache
def _compiled() -> tuple[tempfile.TemporaryDirectory[str], Path]:
    """Our package with its bytecode, so that copies of it compile only what is changed in them."""
    folder = tempfile.TemporaryDirectory(prefix="clientsmith-conformance-")
    copy = Path(folder.name, "twilio_marketplace")
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert compileall.compile_dir(copy, quiet=1)
    return folder, copy


def faulty(folder: Path, file: str, old: str, new: str, package: str | None = None) -> str:
    """A copy of our package, or of another one, in which one text of one file is another."""
    source = Path(package or _compiled()[1])
    copy = folder / source.name
    shutil.copytree(source, copy)
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} has changed: this fault cannot be put into it"
    path.write_text(text.replace(old, new), encoding="utf-8")
    for stale in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        stale.unlink()
    return str(copy)


class _FoundError(BaseException):
    """What ends a unit at its first failure; nothing takes it for an error of the package."""


def fails(found: Suite, part: str, likely: str = "") -> bool:
    """Whether some unit of a part fails; nothing is run any more once one does, and no input is made small.

    Units of an operation that is likely to fail go first.
    """
    units = [unit for unit in found.units if unit.part == part]
    units.sort(key=lambda unit: unit.operation != likely)
    try:
        # A unit of the package may fail in a thread or in a callback, and waits for all of them before it ends.
        with mock.patch.object(Findings, "fail", _stop) if part != "package" else contextlib.nullcontext():
            return any(unit.run().failures for unit in units)
    except _FoundError:
        return True
    finally:
        found.close()


def _stop(findings: Findings, id: str, message: str, **_: Any) -> None:
    raise _FoundError(f"{id}: {message}")


def check_holds(document: str, part: str) -> None:
    """Check that a part makes comparisons on the package of a document, and that none of them fails."""
    package = package_of(document)
    diagnostics = Diagnostics()
    path = package.folder.parent / "openapi.yaml"
    path.write_text(document)
    opened = Suite.open(str(path), str(package.folder), [], diagnostics, Settings(examples=1))
    assert opened is not None, [one.message for one in diagnostics]
    results = [unit.run() for unit in opened.units if unit.part == part]
    opened.close()
    assert results and all(one.checks for one in results)
    assert [f"{one.id}: {one.message}" for result in results for one in result.failures] == []
