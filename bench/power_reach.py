"""Which lines of a package the suite runs: a fault in any other line says nothing about what the suite compares."""

from __future__ import annotations

import ast
from pathlib import Path

from coverage import Coverage

from clientsmith.conform.model import Failure
from clientsmith.conform.suite import Suite


def reached_lines(suites: list[Suite], *, measure: bool) -> tuple[dict[str, set[int]], str]:
    """Lines by file, and the first failure where a suite fails; no file of the packages may be imported before.

    Without `measure` the suites are run, which is quicker, and there are no lines.
    """
    folders = [Path(suite.package.folder) for suite in suites]
    measured = Coverage(data_file=None, config_file=False, include=[f"{folder}/*" for folder in folders])
    if measure:
        measured.start()
    try:
        again = [suite.with_package(suite.package.folder) for suite in suites]
        failures = [failure for suite in again for unit in suite.units for failure in unit.run().failures]
        for suite in again:
            suite.close()
    finally:
        if measure:
            measured.stop()
    if not measure:
        return {}, _told(failures)
    data = measured.get_data()
    found: dict[str, set[int]] = {}
    for file in map(Path, data.measured_files()):
        folder = next(one for one in folders if file.is_relative_to(one))
        path = file.relative_to(folder).as_posix()
        if folder == folders[0] or path.startswith("_runtime/"):
            found.setdefault(path, set()).update(_statements(file, set(data.lines(str(file)) or ())))
    return found, _told(failures)


def _told(failures: list[Failure]) -> str:
    return f"{failures[0].id}: {failures[0].message}" if failures else ""


def _statements(file: Path, lines: set[int]) -> set[int]:
    """All lines of the statements that ran, not only their first ones."""
    found = set(lines)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.stmt) or node.lineno not in lines:
            continue
        if not hasattr(node, "body") and node.end_lineno is not None:
            found |= set(range(node.lineno, node.end_lineno + 1))
        if isinstance(node, ast.If | ast.While) and node.test.end_lineno is not None:
            found |= set(range(node.lineno, node.test.end_lineno + 1))
    return found
