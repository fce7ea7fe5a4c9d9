"""Sizes and circles of the tool's source, which no linter of ours counts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "generator"
MODULES = sorted((ROOT / "clientsmith").rglob("*.py"))
MOST_MODULES, MOST_LINES, LONGEST_FUNCTION = 15, 300, 40
CONFORM = ROOT / "clientsmith" / "conform"
"""Every row of a table in it is on a line of its own, as the formatter puts it."""
NAMES_ALL_OF = (
    "clientsmith.document.grammar",
    "clientsmith.jsonschema.",
    "clientsmith.runtime.json_schema.",
    "clientsmith.conform.",
)
"""Where schemas are put together; `conform` judges on its own."""


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {_name(path): path for path in MODULES}


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def _imported(name: str) -> Iterator[str]:
    """The modules of the tool that a module imports, anywhere in it."""
    path = NAMES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in NAMES)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                if inner in NAMES:
                    yield inner
                elif base in NAMES:
                    yield base


def _circle() -> list[str]:
    """The modules that import each other in a circle, one circle at most. Packages' own files import what they export."""
    done: set[str] = set()

    def walk(name: str, above: list[str]) -> list[str]:
        if name in above:
            return [*above[above.index(name) :], name]
        if name in done or NAMES[name].name == "__init__.py":
            return []
        found = (walk(inner, [*above, name]) for inner in _imported(name))
        circle = next((circle for circle in found if circle), [])
        done.add(name)
        return circle

    return next((circle for name in NAMES if (circle := walk(name, []))), [])


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert _circle() == []


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=lambda path: path.name)
def test_no_folder_has_more_modules_than_fit_a_page(folder: Path) -> None:
    modules = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES


def test_no_file_is_longer_than_a_reader_holds_in_mind() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {_name(path): count for path, count in lines.items() if count > MOST_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{_name(path)}.{name}": count
        for path in MODULES
        for name, count in _functions(path)
        if count > LONGEST_FUNCTION
    }
    assert long == {}


def test_tables_are_written_as_the_formatter_writes_them() -> None:
    by_hand = [path for path in CONFORM.rglob("*.py") if "# fmt: skip" in path.read_text(encoding="utf-8")]
    assert [_name(path) for path in by_hand] == []


def test_schemas_are_put_together_in_one_place() -> None:
    named = {_name(path) for path in MODULES if '"allOf"' in path.read_text(encoding="utf-8")}
    assert {name for name in named if not name.startswith(NAMES_ALL_OF)} == set()
    assert len(named) > 2
