"""Which lines of a package the suite runs: a fault in any other line says nothing about what the suite compares."""

from __future__ import annotations

import ast
from pathlib import Path

from coverage import Coverage

from clientsmith.conform.suite import Suite


def reached_lines(suite: Suite) -> tuple[dict[str, set[int]], str]:
    """Lines by file, and the first failure where the suite fails; the package has to be one not imported before."""
    folder = Path(suite.package.folder)
    measured = Coverage(data_file=None, config_file=False, include=[f"{folder}/*"], concurrency=["thread"])
    measured.start()
    try:
        again = suite.with_package(suite.package.folder)
        failures = [failure for unit in again.units for failure in unit.run().failures]
        again.close()
    finally:
        measured.stop()
    data = measured.get_data()
    found: dict[str, set[int]] = {}
    for file in data.measured_files():
        found[Path(file).relative_to(folder).as_posix()] = _statements(
            Path(file), set(data.lines(file) or ())
        )
    return found, f"{failures[0].id}: {failures[0].message}" if failures else ""


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
