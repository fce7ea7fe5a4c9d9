"""What the generated package promises to type checkers: good code passes, and every mistake is found on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.typing import checkers

SNIPPETS = Path(__file__).parent / "snippets"


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_exactly_the_marked_lines_are_errors(checker: str, package_folder: Path, tmp_path: Path) -> None:
    run = checkers.mypy if checker == "mypy" else checkers.pyright
    found, wanted = run(SNIPPETS, package_folder, tmp_path), checkers.wanted(SNIPPETS, checker)
    assert wanted
    assert sorted((found - wanted).elements()) == [], "reported, not marked"
    assert sorted((wanted - found).elements()) == [], "marked, not reported"


def test_both_checkers_are_asked_about_every_mistake() -> None:
    marked = [
        {finding[:2] for finding in checkers.wanted(SNIPPETS, checker)} for checker in ("mypy", "pyright")
    ]
    assert marked[0] == marked[1]
    comments = sum(path.read_text().count("# error:") for path in SNIPPETS.glob("*.py"))
    assert len(marked[0]) == comments
