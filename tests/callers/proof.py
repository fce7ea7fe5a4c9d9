"""Old callers against new packages: type checkers and the Python level of diff agree, in both directions.

All pairs are checked in one run of each type checker; `make callers` prints the table.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from clientsmith.callers.agreement import OUTSIDE, disagreements
from clientsmith.callers.check import CallerError, check_all, check_callers
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.model import Level
from clientsmith.diff.python.compare import compare
from clientsmith.diff.python.finding import PythonFinding
from clientsmith.diff.wire.messages.identity import match_operations
from clientsmith.type_checkers import CHECKERS
from tests.behavior.packages import package_of
from tests.callers.packages import Packages, Side
from tests.callers.pairs import pairs
from tests.unit.callers.documents import DOCUMENTS
from tests.unit.diff.pets import described

_WHOLE = "a property is gone"


def findings(old: Side, new: Side) -> list[PythonFinding]:
    """What changes for callers."""
    both = match_operations(old.document, new.document).both
    return compare(old.api, new.api, {one.id: other.id for one, other in both})


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="clientsmith-callers-") as name:
        folder = Path(name).resolve()
        packages, work = Packages(folder / "packages"), folder / "work"
        work.mkdir()
        sides = {
            title: (packages.of(json.dumps(old)), packages.of(json.dumps(new)))
            for title, (old, new) in pairs().items()
        }
        for title, text in DOCUMENTS.items():
            own = packages.of(text)
            sides[f"{title} against itself"] = own, own
        files = {title: f"caller_{number}" for number, title in enumerate(sides)}
        callers = {files[title]: old.caller(new.package) for title, (old, new) in sides.items()}
        errors = check_all(callers, [packages.folder], work)
        wrong, table = 0, list[str]()
        for title, (old, new) in sides.items():
            changes, found = findings(old, new), errors[files[title]]
            disagree = disagreements(old.api, new.api, changes, callers[files[title]], found)
            wrong += bool(disagree)
            table += [_row(title, changes, found), *(f"    {text}" for text in disagree)]
        wrong += _of_package(errors[files[_WHOLE]])
    table.append(f"{len(sides)} pairs, {len(DOCUMENTS)} of them a document and itself; {wrong} disagree")
    table += (f"outside: {rule}: {reason}" for rule, reason in OUTSIDE.items())
    sys.stdout.write("\n".join(table) + "\n")
    return 1 if wrong else 0


def _of_package(expected: list[CallerError]) -> bool:
    """Whether a package by itself, as `update` has it, gives other errors than among all others."""
    old, new = pairs()[_WHOLE]
    errors = check_callers(described(old)[1], package_of(json.dumps(new)).folder, Diagnostics())
    sides = [
        Counter((one.element, one.checker, one.code) for one in side or ()) for side in (expected, errors)
    ]
    return not expected or sides[0] != sides[1]


def _row(title: str, changes: list[PythonFinding], errors: list[CallerError]) -> str:
    breaking = sum(one.level is Level.BREAKING for one in changes)
    by_checker = Counter(one.checker for one in errors)
    counts = "  ".join(f"{checker} {by_checker[checker]:3}" for checker in CHECKERS)
    return f"{title:58} breaking {breaking:2} of {len(changes):2}  {counts}"


if __name__ == "__main__":
    sys.exit(main())
