"""Type-checks the generated caller of an old package against a new one: what breaks for those who call it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from clientsmith.api.model.api import Api
from clientsmith.callers.caller import caller_of
from clientsmith.callers.elements import Caller, Element
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.package.manifest import NAME, read_manifest
from clientsmith.package.runtime import owner_of
from clientsmith.type_checkers import CHECKERS, CheckerError, TypeFinding, findings, installed

_UNKNOWN = "reportUnknown"
"""How pyright says that it does not know a type: because of a mistake elsewhere, or of an alias within itself."""


@dataclass(frozen=True, slots=True)
class CallerError:
    """An error of a type checker in the caller; `element` is what its line uses, `source` the line."""

    line: int
    checker: str
    code: str
    message: str
    source: str
    element: Element | None


def check_callers(old: Api, new_package: Path, diagnostics: Diagnostics) -> list[CallerError] | None:
    """The errors of mypy and pyright in a caller of everything in the old package, when it calls the new one.

    None after reporting that the type checkers are missing, or gave no verdict.
    """
    if missing := sorted({*CHECKERS} - {*installed()}):
        message = f"old callers cannot be checked: {' and '.join(missing)} is not installed"
        diagnostics.error("callers-not-checked", message, hint="pip install 'clientsmith[types]'")
        return None
    try:
        name, bases = _imported(new_package)
        with tempfile.TemporaryDirectory(prefix="clientsmith-callers-") as folder:
            return check_all({"caller": caller_of(old, name)}, bases, Path(folder))["caller"]
    except (CheckerError, OSError, ValueError) as error:
        message = f"old callers cannot be checked: {error!s:.500}"
        diagnostics.error("callers-not-checked", message)
        return None


def check_all(
    callers: Mapping[str, Caller], bases: Sequence[Path], work: Path
) -> dict[str, list[CallerError]]:
    """The errors by caller, after one run of each checker over all of them. Raises CheckerError, OSError.

    The packages are in the folders `bases`; `work` is an empty folder.
    """
    work = work.resolve()
    files = {name: work / f"{name}.py" for name in callers}
    for name, file in files.items():
        file.write_text(callers[name].text, encoding="utf-8")
    found: dict[str, list[TypeFinding]] = {}
    for checker in CHECKERS:
        for one in findings(checker, list(files.values()), list(bases), work):
            found.setdefault(Path(one.file).stem, []).append(one)
    return {name: list(_errors(caller, found.get(name, ()))) for name, caller in callers.items()}


def _errors(caller: Caller, found: Sequence[TypeFinding]) -> Iterator[CallerError]:
    lines = caller.text.splitlines()
    mistakes = (one for one in found if not one.code.startswith(_UNKNOWN))
    for one in sorted(mistakes, key=lambda one: (one.line, one.checker, one.code, one.message)):
        source, element = lines[one.line - 1].strip(), caller.elements.get(one.line)
        yield CallerError(one.line, one.checker, one.code, one.message, source, element)


def _imported(package: Path) -> tuple[str, list[Path]]:
    """The name that a package is imported by so that it finds the runtime it shares, and where imports start."""
    package = package.resolve()
    shared = read_manifest((package / NAME).read_bytes()).needs.runtime or ""
    name = shared.lstrip(".")
    depth = max(len(shared) - len(name) - 1, 0)
    bases = [package.parents[depth]]
    owner = owner_of(package, shared) if name and not depth else None
    if owner is not None:
        bases.append(owner.parents[name.count(".")])
    return ".".join(package.parts[-depth - 1 :]), bases
